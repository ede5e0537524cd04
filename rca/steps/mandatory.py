"""Step 6: the runbook's six commands."""

from __future__ import annotations

import re

from parsers.crash.messages import read_messages
from rca.crash.base import MANDATORY, SessionState, evidence_id
from rca.evidence import Citation, Evidence, first
from rca.steps.base import Facts, Step
from rca.steps.common import HAS_CORE, listed
from rca.steps.titles import TITLES
from rca.steps.trust import doubts, touched
from rca.verdict import Badge, Verdict

SIX = tuple(command for command in MANDATORY if command != "sys")

_FAILED = (
    r"seek error|read error|page excluded|page incomplete|invalid kernel virtual address|invalid structure member|"
    r"command not found|gdb request failed|not available in minimal mode|cannot |can't |failed|ambiguous|invalid option"
)
_SLAB = re.compile(
    r"^kmem: \S+: (?:slab: [0-9a-f]+ (?:invalid freepointer|bad next pointer)|duplicate freelist|invalid partial)|"
    r"^kmem: .*corrupt"
)


def judge(facts: Facts) -> Verdict:
    """Pass: six outputs without an error of crash. Warn: one failed, or crash cannot be believed."""
    outputs = {command: facts.evidence.get(evidence_id(command)) for command in SIX}
    got = {command: evidence for command, evidence in outputs.items() if evidence is not None}
    state = facts.crash.state
    tally = f"{len(got)}/{len(SIX)}"
    if len(got) < len(SIX):
        if state in (SessionState.READY, SessionState.BUSY):
            now = f", {facts.crash.running} runs" if facts.crash.running else ""
            return Verdict(Badge.RUN, f"{tally} captured{now}")
        if not got and facts.dumps is not None and (facts.dump is None or facts.dump.state not in HAS_CORE):
            return Verdict(Badge.NA, "There is no vmcore that crash could open")
        if not got and state is None and (lacking := facts.crash.lacking):
            text = f"None was run: crash was not started: {lacking}"
            return Verdict(Badge.WARN, text, remedy="See step 4; step 8 works without crash.")
        if not got and state is SessionState.DEAD:
            text = f"None was run: crash ended without a prompt: {facts.crash.message.rstrip('.')}"
            return Verdict(Badge.WARN, text, remedy="See step 5; step 8 works without crash.")
        if not got or state is SessionState.STARTING:
            return Verdict(Badge.WAIT, "Needs a crash session (step 5)")
        lacking = ", ".join(command for command in SIX if command not in got)
        return Verdict(
            Badge.WARN, f"{tally} captured; missing: {lacking}", remedy="Start crash again and repeat them."
        )
    failed = {command: why for command, evidence in got.items() if (why := _failure(command, evidence))}
    found = tuple(citation for citation in got["kmem -s"].grep(_SLAB))[:3]
    details = tuple(f"{command}: {why}." for command, (why, _) in failed.items())
    meant = (
        message.meaning for _, cited in failed.values() for message in read_messages(c.text for c in cited)
    )
    details = (*details, *dict.fromkeys(text for text in meant if text))
    if found:
        details = (*details, "kmem -s reports slab corruption: that is a finding, not a failed command.")
    if failed:
        proof = tuple(citation for _, cited in failed.values() for citation in cited)
        what = ", ".join(failed)
        return Verdict(
            Badge.WARN, f"6/6 run, but not whole: {what}", (*proof, *found), "Repeat it in the pane.", details
        )
    if doubted := doubts(facts):
        proof = tuple(citation for doubt in doubted for citation in doubt.citations)
        gravest = doubted[0].text
        details = (*details, *(f"{doubt.text[:1].upper()}{doubt.text[1:]}." for doubt in doubted[1:]))
        names = touched(doubted)
        stand = [command for command in SIX if command not in names]
        return Verdict(
            Badge.WARN,
            f"6/6 captured, but {listed(names)} {'is' if len(names) == 1 else 'are'} not trustworthy: {gravest}",
            (*proof, *found),
            f"{listed(stand)} {'stands' if len(stand) == 1 else 'stand'}. For the others ask drgn or a newer crash.",
            details,
        )
    proof = tuple(citation for evidence in got.values() for citation in _opening(evidence))
    return Verdict(Badge.PASS, "6/6 captured without an error of crash", (*found, *proof), "", details)


def tally(facts: Facts) -> str:
    """How many of the six are captured: ``2/6``; nothing where none is."""
    got = sum(1 for command in SIX if (item := facts.evidence.get(evidence_id(command))) and item.ok)
    return f"{got}/{len(SIX)}" if got else ""


def _failure(command: str, evidence: Evidence) -> tuple[str, tuple[Citation, ...]] | None:
    """Why a command's output is not whole, or None."""
    if evidence.problem:
        return evidence.problem.rstrip("."), ()
    if not any(line.strip() for line in evidence.lines):
        return "it printed nothing", ()
    name = re.escape(command.split()[0])
    proof = first(
        c for c in evidence.grep(rf"^(?:{name}|crash|gdb): .*(?:{_FAILED})") if not _SLAB.search(c.text)
    )
    return (proof[0].text, proof) if proof else None


def _opening(evidence: Evidence) -> tuple[Citation, ...]:
    return first(evidence.grep(r"\S")) if evidence.id == "bt" else ()


STEP = Step(
    number=6,
    title=TITLES[6],
    why="log shows the reason and RIP, bt the stack that died, bt -a all CPUs (locks), mod the modules, kmem -i the "
    "memory, kmem -s the slabs. A clean kmem -s does not rule corruption out: read the log first.",
    judge=judge,
    commands=tuple(f"crash> {command}" for command in SIX),
)
