"""Step 5: does the dump open in crash?"""

from __future__ import annotations

from rca.crash.base import SessionState
from rca.crash.drgn import check as second
from rca.crash.drgn.compare import PANIC
from rca.crash.drgn.engine import ID as DRGN
from rca.evidence import Evidence, first
from rca.sources.base import DumpState
from rca.steps.base import Facts, Step
from rca.steps.common import HAS_CORE, listed
from rca.steps.titles import TITLES
from rca.steps.trust import doubts, mismatch, touched
from rca.verdict import Badge, Verdict

_WRONG_BUILD = (
    "Give the vmlinux of exactly this build with --vmlinux; compare the VERSION line of `sys` with the log's."
)


def judge(facts: Facts) -> Verdict:
    """Pass: a prompt, and the dump's own release behind it. Warn: doubts. Fail: no prompt."""
    crash = facts.crash
    if crash.state is None:
        return _not_begun(facts)
    if crash.state is SessionState.STARTING:
        found = second.answered(facts.evidence)
        details = tuple(f"drgn, already: {words}." for words in second.summary(found)) if found else ()
        told = second.proof(facts.evidence, "panic")
        remedy = "R gives this way up and tries the next, with less." if facts.crash.program else ""
        return Verdict(Badge.RUN, crash.message or "crash is loading symbols", told, remedy, details)
    report = facts.evidence.get("sys")
    if crash.state is SessionState.DEAD and report is None:
        return Verdict(
            Badge.FAIL,
            f"crash ended without a prompt: {crash.message.rstrip('.') or 'it said nothing'}",
            remedy="Read its last lines in the pane; step 8 works without crash.",
            details=(*_tried(facts), *_second(facts)),
        )
    proof = mismatch(facts)
    if proof is not None:
        return Verdict(
            Badge.FAIL,
            "vmlinux and dump are of different builds: nothing here can be trusted",
            proof,
            _WRONG_BUILD,
        )
    if report is None:
        return Verdict(Badge.RUN, "crash has a prompt; `sys` tells what was opened")
    return _opened(facts)


def _opened(facts: Facts) -> Verdict:
    report = facts.evidence["sys"]
    line = first(report.grep(r"^\s*RELEASE: \S"))
    release = line[0].text.partition(":")[2].strip() if line else ""
    wanted = facts.crashed_release
    if not release:
        return Verdict(
            Badge.WARN, "crash has a prompt, but `sys` names no release", (), "Type `sys` once more."
        )
    if wanted and release != wanted:
        text = f"crash opened {release}, but the dump is of {wanted}"
        return Verdict(Badge.FAIL, text, line, _WRONG_BUILD)
    doubted = doubts(facts)
    details = tuple(f"{doubt.text[:1].upper()}{doubt.text[1:]}." for doubt in doubted)
    details = (*details, *_partial(report), *_second(facts))
    proof = (*line, *(citation for doubt in doubted for citation in doubt.citations))
    if any("incomplete" in doubt.text for doubt in doubted):
        text = f"crash opened {release}, but the dump is incomplete: a command that fails may lack its pages"
        return Verdict(Badge.WARN, text, proof, "Trust what is there, not what seems absent.", details)
    if "minimal mode" in facts.crash.message or first(report.grep(r"minimal mode")):
        text = f"crash opened {release} in minimal mode: only log, dis, rd, sym, eval and set work"
        return Verdict(Badge.WARN, text, proof, "", details)
    if facts.crash.state is SessionState.DEAD:
        text = f"crash opened {release} and has ended since: {facts.crash.message.rstrip('.') or 'no reason given'}"
        return Verdict(Badge.WARN, text, proof, "Start it again.", details)
    if doubted:
        names = touched(doubted)
        text = f"crash opened {release}, but {listed(names)} {'is' if len(names) == 1 else 'are'} not trustworthy"
        remedy = "Look at the same thing another way: the log, drgn, or a newer crash."
        return Verdict(Badge.WARN, text, proof, remedy, details)
    if facts.crash.stand_in:
        text = f"drgn-crash opened {release} in crash's place: no other reader checks what it says"
        return Verdict(Badge.WARN, text, proof, "Install crash as well: step 4.", details)
    if not wanted:
        text = f"crash opened {release}; which release the dump itself names is not known"
        remedy = "Compare the RELEASE and VERSION lines of `sys` with the first lines of `log`."
        return Verdict(Badge.WARN, text, line, remedy, details)
    return Verdict(Badge.PASS, f"crash opened {release}, the release that the dump names", line, "", details)


def _partial(report: Evidence) -> tuple[str, ...]:
    if not first(report.grep(r"^\s*DUMPFILE: .*\[PARTIAL DUMP\]")):
        return ()
    return (
        "The dump is partial: pages of programs, caches and free memory were left out when it was saved.",
    )


def _second(facts: Facts) -> tuple[str, ...]:
    """What drgn says to it, a sentence each."""
    answer, found = facts.evidence.get(DRGN), second.cross_check(facts.evidence)
    if answer is not None and not answer.ok:
        return (f"drgn could not read the dump: {answer.problem}.",)
    if found is None:
        return ()
    agreed = (f"drgn agrees on: {', '.join(found.agreed)}.",) if found.agreed else ()
    panics = tuple(f"The {one}: the log has the last word." for one in found.differ if one.about == PANIC)
    return (*agreed, *panics)


def _tried(facts: Facts) -> tuple[str, ...]:
    """Each way that failed, and what the pane shows instead."""
    tried = tuple(f"Tried: {way.rstrip('.')}." for way in facts.crash.tried)
    shown = facts.crash.shows
    return (*tried, f"The pane shows {shown}.") if shown else tried


def _no_stand_in(facts: Facts) -> tuple[str, ...]:
    """Why drgn-crash does not serve the pane where crash is missing."""
    crash = facts.crash
    if crash.program or crash.stand_in:
        return ()
    if crash.drgn:
        return (
            f"{crash.drgn} has no drgn-crash beside it; it comes with drgn 0.1 and could serve the pane.",
        )
    return ("With drgn (pip install panicdesk[drgn]) its drgn-crash would serve the pane.",)


def _not_begun(facts: Facts) -> Verdict:
    if facts.evidence.get("sys") is not None:
        return _opened(facts)  # a saved case: the session is over, what it said is here
    if facts.dumps is None:
        return Verdict(Badge.WAIT, "Looking for dumps")
    if facts.dump and facts.dump.state is DumpState.UNREADABLE:
        return Verdict(Badge.WARN, f"The dump cannot be opened: {facts.dump.problem}", remedy="See step 3.")
    if facts.dump is None or facts.dump.state not in HAS_CORE:
        return Verdict(Badge.NA, "There is no vmcore to open")
    if facts.crash.message and not facts.crash.looked:
        return Verdict(Badge.FAIL, f"crash was not started: {facts.crash.message}")
    if lacking := facts.crash.lacking:
        details = (*_no_stand_in(facts), *_tried(facts))
        return Verdict(Badge.WARN, f"crash was not started: {lacking}", remedy="See step 4.", details=details)
    if not facts.crash.looked:
        return Verdict(Badge.WAIT, "Looking for crash and the crashed kernel's vmlinux (step 4)")
    if facts.dump.state is DumpState.SAVING:
        return Verdict(Badge.WAIT, "crash is started when the dump is saved to its end")
    return Verdict(Badge.WAIT, "No session was begun")


STEP = Step(
    number=5,
    title=TITLES[5],
    why="crash opens the dump like a debugger opens a stopped program. With a vmlinux of another build it warns once "
    "and then shows wrong names without a word, so the release behind the prompt is compared with the dump's own.",
    judge=judge,
    commands=("crash /usr/lib/debug/lib/modules/$(uname -r)/vmlinux /var/crash/*/vmcore",),
)
