"""The headings behind the nine that evidence can say something of: trigger, recurrence, hardware, taint, questions."""

from __future__ import annotations

import re
from itertools import islice

from parsers.crash.sysinfo import read_sys
from parsers.host.fatal import message
from rca.evidence import first
from rca.report.drafting.knowledge import taint_words
from rca.report.drafting.situation import Situation
from rca.report.sentences import Sentence, fact, inference, listed, proven
from rca.steps.common import count
from rca.steps.located import compared
from rca.steps.located import recurrence as same_reason
from rca.steps.openchecks import open_checks

_FIRMWARE = re.compile(r"\b(?:firmware|fw)[ -]?(?:version|ver|rev)\b", re.IGNORECASE)
_MOST_DEVICES = 4


def status(now: Situation) -> tuple[Sentence, ...]:
    """Every RCA begins as a draft."""
    return (inference("Draft, not reviewed", "nobody has said otherwise"),) if now.found.title else ()


def trigger(now: Situation) -> tuple[Sentence, ...]:
    """What set it off, which is not what was wrong."""
    found = now.found
    if not found.trigger:
        return ()
    return (inference(found.trigger, "the functions on the stack tell so", now.frames),)


def recurrence(now: Situation) -> tuple[Sentence, ...]:
    """Whether other dumps, beside this one or of earlier cases, died of the same words; nothing without any other."""
    if again := same_reason(now.facts):
        return (inference(f"- {again}", "the first fatal lines of their logs are the same"),)
    others = len(compared(now.facts))
    if not others or now.facts.dump is None or not now.facts.dump.reason:
        return ()
    known = f"{count(others, 'other dump')} known on this machine{', each' if others > 1 else ''} with another reason"
    return (inference(f"- None seen: {known}", "the first fatal lines of their logs differ"),)


def hardware(now: Situation) -> tuple[Sentence, ...]:
    """Machine and firmware, as the kernel names them; processors and memory; the firmware that drivers told of."""
    said = []
    if name := now.found.hardware:
        pattern = re.escape(name)
        proof = now.near(pattern) or (first(now.log.grep(pattern)) if now.log else ())
        said.append(proven(name, proof, "the log says so"))
    if told := now.facts.evidence.get("sys"):
        system = read_sys(told.lines)
        if system.cpus and system.memory:
            text = f"{count(system.cpus, 'processor')}, {system.memory} of memory"
            said.append(proven(text, told.grep(r"^\s*(?:CPUS|MEMORY): "), "crash's own sys"))
    firmware = islice(now.log.grep(_FIRMWARE), _MOST_DEVICES) if now.log else ()
    said += [fact(message(cited.text), (cited,)) for cited in firmware]
    return tuple(map(listed, said))


def taint(now: Situation) -> tuple[Sentence, ...]:
    """The letters in words, then the modules from elsewhere."""
    found = now.found
    said = []
    if found.taint:
        words = ", ".join(
            f"{letter} ({taint_words(letter)})" for letter in found.taint if taint_words(letter)
        )
        proof = now.near(r"\bTainted: ")
        text = f"Tainted: {words or found.taint}"
        said.append(proven(text, proof, "the report's own line of its CPU and task"))
    elif clean := now.near(r"\bNot tainted\b"):
        said.append(fact("Not tainted", clean))
    if found.modules_out_of_tree:
        text = f"Modules not of this kernel: {', '.join(found.modules_out_of_tree)}"
        proof = now.near("Modules linked in:")
        proof += first(now.log.grep(r": .{1,100} taints kernel")) if now.log else ()
        said.append(inference(text, "their letters O or P, or the kernel's words when it loaded them", proof))
    return tuple(map(listed, said))


def open_questions(now: Situation) -> tuple[Sentence, ...]:
    """What would settle what is open."""
    reason = "known to settle what such a crash leaves open"
    return tuple(inference(f"- To check: {item}", reason) for item in open_checks(now.facts))
