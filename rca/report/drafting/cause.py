"""Root Cause, in the runbook's manner: module and driver class, way to die, function, context, trigger."""

from __future__ import annotations

from rca.diagnosis.blame import CORRUPTION, NOT_CODE, WAITING
from rca.diagnosis.frames import own_name
from rca.diagnosis.model import About, Confidence
from rca.report.drafting.knowledge import kind_words, phase
from rca.report.drafting.situation import Situation
from rca.report.form import UNKNOWN
from rca.report.sentences import Sentence, inference, proven

_CAUSED = {
    Confidence.CONFIRMED: "caused by",
    Confidence.PROBABLE: "probably caused by",
    Confidence.POSSIBLE: "possibly caused by",
}
_SHOWN = "the report's own words, its address and registers"


def root_cause(now: Situation) -> tuple[Sentence, ...]:
    """A line for each part, the first as the runbook words it; nothing where no crash was found."""
    found = now.found
    if not found.title:
        return ()
    said = [_headline(now), _death(now), *_titled(now)]
    first = found.hypotheses[0] if found.hypotheses else None
    why = first.pro[0].text if first and first.pro else "no hypothesis stands"
    if first and (found.kind in CORRUPTION or found.kind in WAITING):
        said.append(inference(f"Hypothesis: {first.claim}", why, found.citations[:1]))
    for about, text in ((About.MECHANISM, found.mechanism), (About.CONTEXT, found.context)):
        item = now.statement(about)
        if item and not item.inferred:
            said.append(proven(item.text, item.citations, _SHOWN))
        else:
            said.append(inference(f"{about.lead}{text or UNKNOWN}", _SHOWN, item.citations if item else ()))
    said.append(inference(f"Trigger: {found.trigger or UNKNOWN}", "the functions on the stack", now.frames))
    weighed = (cited for item in (first.pro if first else ()) for cited in item.citations)
    said.append(inference(f"Confidence: {found.confidence} ({found.confidence.meaning})", why, weighed))
    if standing := _standing(found.confidence):
        said.append(inference(standing, "nothing independent corroborates it yet"))
    return tuple(said)


def _component(now: Situation) -> str:
    """``the mlx5_core NIC driver``, ``rdma_cm (RDMA)``, ``the core kernel (scheduler and RCU)``."""
    guilty, subsystem = now.found.guilty, now.found.subsystem
    if guilty.module:
        name = subsystem.removesuffix(f" ({guilty.module})")
        if name.endswith("driver"):
            return f"the {guilty.module} {name}"
        return (
            f"module {guilty.module}"
            if not name or name.startswith("module ")
            else f"{guilty.module} ({name})"
        )
    if not guilty.function:
        return ""
    return "the core kernel" if subsystem in ("", "core kernel") else f"the core kernel ({subsystem})"


def _headline(now: Situation) -> Sentence:
    found = now.found
    what = "Kernel panic" if now.died else "Kernel report"
    claim = found.hypotheses[0].claim if found.hypotheses else ""
    who = _component(now)
    if found.kind in NOT_CODE and claim:
        text = f"{what}: {claim[:1].lower()}{claim[1:]}"
    elif found.confidence is Confidence.UNKNOWN or not who:
        text = f"{what} of unknown cause" + (f"; a candidate is {who}" if who else "")
    else:
        text = f"{what} {_CAUSED[found.confidence]} {who}"
    points = now.statement(About.POINTS_TO)
    reason = points.text.partition(": ")[2] if points else claim or "no frame of the report can be trusted"
    return inference(text, reason, (points.citations if points else ()) or found.citations[:1])


def _death(now: Situation) -> Sentence:
    """``NULL pointer dereference during RX polling, in function mlx5e_poll_rx_cq of mlx5_core``."""
    found = now.found
    words = kind_words(found.kind)
    text = words[:1].upper() + words[1:] if words else now.title
    if during := phase(found.context):
        text += f" during {during}"
    if found.guilty.function:
        where = f"module {found.guilty.module}" if found.guilty.module else "the core kernel"
        text += f"; points to function {found.guilty.function}, {where}"
    elif found.kind in NOT_CODE:
        text += "; no kernel code is to blame"
    elif found.guilty.module:
        text += f"; points to module {found.guilty.module}, function unknown"
    else:
        text += "; function and module unknown"
    return inference(text, "the report's own words, and its frames", found.citations[:4])


def _titled(now: Situation) -> tuple[Sentence, ...]:
    """Which is which, where the title names another function of the trace than the one that is blamed."""
    found = now.found
    titled, blamed = found.title.rpartition(" in ")[2], found.guilty.function
    names = [own_name(name) for name in found.trace]
    if titled == blamed or titled not in names or not blamed:
        return ()
    if blamed not in names:
        text = f"{titled}, by which the incident is named, is where the report found its task, not who is to blame"
    elif names.index(titled) > names.index(blamed):
        text = f"{titled}, by which the incident is named, had called {blamed}"
    else:
        text = f"{titled}, by which the incident is named, was called by {blamed}"
    return (inference(text, "the order of the frames", now.frames),)


def _standing(confidence: Confidence) -> str:
    if confidence is Confidence.UNKNOWN:
        return "The root cause is not known; nothing here may be taken for one."
    if confidence is Confidence.CONFIRMED:
        return ""
    return "This is a hypothesis: the component it points to is not yet the root cause."
