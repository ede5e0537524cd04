"""Step 10: the RCA itself."""

from __future__ import annotations

from rca import practices
from rca.steps import mandatory, session
from rca.steps.base import Facts, Step
from rca.steps.common import count
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

_CONFIRM = "Write what is known into these lines, or who was asked: a draft's UNKNOWN is no person's answer."


def judge(facts: Facts) -> Verdict:
    """Pass: every field filled or knowingly UNKNOWN, a confidence stated, and crash has nothing more to say.

    Warn: all of that, but lines say UNKNOWN that no person has confirmed.
    """
    said = f"{facts.filled}/{facts.fields} fields filled"
    if facts.unfilled:
        said += f"; missing: {', '.join(facts.unfilled)}"
    said += f"; confidence {facts.stated}" if facts.stated else "; the confidence is not stated"
    details = ("Source: the form, with the diagnosis and the badges of steps 0 to 9.",)
    if facts.filled < facts.fields:
        remedy = "Fill the others in, or write UNKNOWN: a field that nobody knows is an answer too."
        return Verdict(Badge.WAIT, said, remedy=remedy, details=details)
    if not facts.stated:
        return Verdict(Badge.WAIT, said, remedy="State how sure it is.", details=details)
    if running := _running(facts):
        return Verdict(Badge.RUN, f"{said}; {running}", details=details)
    if facts.unknown:
        fields = ", ".join(dict.fromkeys(line.partition(":")[0] for line in facts.unknown))
        said += f"; {count(len(facts.unknown), 'drafted line')} still UNKNOWN, in {fields}"
        return Verdict(Badge.WARN, said, remedy=_CONFIRM, details=(*facts.unknown, *details))
    return Verdict(Badge.PASS, said, remedy="Export it, and archive the dump.", details=details)


def _running(facts: Facts) -> str:
    """Which of the steps whose answers the report rests on has not ended; empty when both have."""
    looking = facts.dump is not None and facts.dump.vmcore is not None and not facts.crash.looked
    judged = {step.number: step.judge(facts).badge for step in (session.STEP, mandatory.STEP)}
    going = [
        number for number, badge in judged.items() if badge is Badge.RUN or (looking and badge is Badge.WAIT)
    ]
    return f"step {' and '.join(map(str, going))} not ended yet" if going else ""


STEP = Step(
    number=10,
    title=TITLES[10],
    why="The report is what others act on. Each field is filled from evidence and cites it; what no evidence fills "
    "says UNKNOWN. A fix that is not done yet is called proposed.",
    judge=judge,
    probes=practices.probes,
)
