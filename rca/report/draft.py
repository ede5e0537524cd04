"""What evidence alone says of the nine fields. A field that nothing proves stays empty: UNKNOWN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from parsers.host.lastlog import parse_last
from parsers.host.osrelease import parse_os_release
from parsers.text import visible
from rca.diagnosis.blame import NOT_CODE
from rca.diagnosis.model import Confidence, Diagnosis
from rca.diagnosis.sources import best_log
from rca.diagnosis.titles import NO_FRAME
from rca.evidence import Citation, first
from rca.report.form import FIELDS, UNKNOWN, Draft
from rca.report.markdown import DEFINITIONS
from rca.sources.base import Where
from rca.steps.base import Facts
from rca.steps.common import cite, crash_time, fatal_citations, lines_of, saved_by_kdump, value_of
from rca.verdict import Badge, Verdict

_EL = re.compile(r"\.el(\d+)(?:_(\d+))?(?!\d)")


def draft(facts: Facts, verdicts: Mapping[int, Verdict]) -> dict[str, Draft]:
    """Draft each of `FIELDS` from what is known now; an empty text means UNKNOWN. Never raises."""
    found = facts.diagnosis or Diagnosis()
    start = [_incident(facts, found, verdicts), _system(facts), _kernel(facts), _time(facts), _cause(found)]
    middle = [_evidence(found), _impact(facts, found, verdicts)]
    proposals = [_proposed(found, items) for items in (found.fixes, found.preventions)]
    return dict(zip(FIELDS, start + middle + proposals, strict=True))


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _title(found: Diagnosis) -> str:
    return found.title.replace(f" in {NO_FRAME}", " (no trustworthy frame)")


def _died(facts: Facts, verdicts: Mapping[int, Verdict]) -> bool:
    """Whether it is proven that the kernel died, and did not only report something and go on."""
    if saved_by_kdump(facts.dump):
        return True
    log = best_log(facts.evidence)
    if log is not None and log.id == "journal":
        return 1 in verdicts and verdicts[1].badge is Badge.PASS
    return bool(fatal_citations(log))


def _incident(facts: Facts, found: Diagnosis, verdicts: Mapping[int, Verdict]) -> Draft:
    died = _died(facts, verdicts)
    if not died and not found.title:
        return Draft()
    header = facts.dump.header if facts.dump else None
    node = (header.node if header else "") or found.node
    proof = found.citations[:1]
    if not node and facts.where is not Where.FOLDER and (node := value_of(facts, "uname-n")):
        proof += cite(facts, "uname-n", 1)
    what = "Kernel panic" if died else "Kernel report"
    title = _title(found).removeprefix("kernel panic: ") if died else _title(found)
    head = f"{what} on {node}" if node else what
    return Draft(_one_line(f"{head}: {title}" if title else head), proof)


def _system(facts: Facts) -> Draft:
    """The node's own word. A directory from elsewhere has none: there only the release's family is proven."""
    if facts.where is not Where.FOLDER:
        system = parse_os_release(lines_of(facts, "os-release"))
        if system.title:
            return Draft(_one_line(system.title), cite(facts, "os-release", system.line, system.version_line))
    match = _EL.search(facts.crashed_release)
    if not match:
        return Draft()
    version = f"{match[1]}.{match[2]}" if match[2] else match[1]
    return Draft(f"Enterprise Linux {version} family (from the kernel release)", _release_lines(facts))


def _kernel(facts: Facts) -> Draft:
    release = _one_line(facts.crashed_release)
    return Draft(release, _release_lines(facts)) if release else Draft()


def _release_lines(facts: Facts) -> tuple[Citation, ...]:
    """Where crash and the log print the crashed release."""
    pattern = re.escape(facts.crashed_release)
    items = (facts.evidence.get("sys"), best_log(facts.evidence))
    return tuple(cited for item in items if item for cited in first(item.grep(pattern)))


def _time(facts: Facts) -> Draft:
    moment = _moment(facts)
    if moment is None:
        return Draft()
    text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    local = _local(moment) if facts.where is Where.NODE else ""
    proof = first(item.grep(r"^\s*DATE: ")) if (item := facts.evidence.get("sys")) else ()
    return Draft(text + local, proof)


def _moment(facts: Facts) -> datetime | None:
    moment = crash_time(facts)
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


def _local(moment: datetime) -> str:
    """The same time by this machine's clock; empty where that has no answer."""
    try:
        here = moment.astimezone()
    except (OverflowError, OSError, ValueError):
        return ""
    return "" if here.tzname() == "UTC" else f" ({here:%Y-%m-%d %H:%M:%S %Z, UTC%z} local time)"


def _cause(found: Diagnosis) -> Draft:
    if not found.title:
        return Draft()
    points = "Candidate" if found.confidence is Confidence.UNKNOWN else "Points to"
    lines = (
        f"What died: {_title(found)}",
        f"{points}: {_blamed(found)}",
        f"Subsystem: {found.subsystem or UNKNOWN}",
        f"Context: {found.context or UNKNOWN}",
        f"Trigger: {found.trigger or UNKNOWN}",
        f"Mechanism: {found.mechanism or UNKNOWN}",
        f"Confidence: {found.confidence} ({DEFINITIONS[found.confidence]})",
        *_standing(found),
    )
    return Draft("\n".join(map(_one_line, lines)), found.citations)


def _blamed(found: Diagnosis) -> str:
    guilty = found.guilty
    if guilty.function:
        return f"function {guilty.function}, " + (
            f"module {guilty.module}" if guilty.module else "core kernel"
        )
    if guilty.module:
        return f"module {guilty.module}, function unknown"
    return "no kernel code" if found.kind in NOT_CODE else "function and module unknown"


def _standing(found: Diagnosis) -> tuple[str, ...]:
    if found.confidence is Confidence.UNKNOWN:
        return ("The root cause is not known; nothing here may be taken for one.",)
    proven = found.confidence is Confidence.CONFIRMED
    return () if proven else ("This is a hypothesis: the component it points to is not yet the root cause.",)


def _evidence(found: Diagnosis) -> Draft:
    """The findings, and what speaks against the first hypothesis. What cites no line is no evidence."""
    against = found.hypotheses[0].contra if found.hypotheses else ()
    told = [("", item) for item in found.statements] + [("Against: ", item) for item in against]
    mark = {True: " (inference)", False: ""}
    said = [_bullet(lead + x.text + mark[x.inferred], x.citations) for lead, x in told if x.citations]
    proof = (cited for item in (*found.statements, *against) for cited in item.citations)
    return Draft("\n".join(dict.fromkeys(said)), tuple(dict.fromkeys(proof)))


def _bullet(text: str, proof: Iterable[Citation]) -> str:
    return _one_line(f"- {text} {' '.join(f'[{cited}]' for cited in proof)}")


def _impact(facts: Facts, found: Diagnosis, verdicts: Mapping[int, Verdict]) -> Draft:
    said: list[tuple[str, tuple[Citation, ...]]] = []
    died = _died(facts, verdicts)
    if died and found.context:
        proof = tuple(
            c for item in found.statements if item.text.startswith("Context: ") for c in item.citations
        )
        said.append((f"The kernel died in {found.context}", proof or found.citations[:1]))
    if died and (proof := _rebooted(facts)):
        said.append(("Node rebooted", proof))
    cluster = verdicts.get(9)
    if cluster and any(cited.evidence == "k8s-events" for cited in cluster.citations):
        said.append((f"Kubernetes: {cluster.summary}", cluster.citations))
    citations = dict.fromkeys(cited for _, proof in said for cited in proof)
    return Draft("\n".join(_bullet(text, proof) for text, proof in said), tuple(citations))


def _rebooted(facts: Facts) -> tuple[Citation, ...]:
    """The record of a boot that came after the crash; dumps of other machines may lie here too."""
    header = facts.dump.header if facts.dump else None
    name = value_of(facts, "uname-n")
    if facts.where is Where.FOLDER or (header and header.node and name and header.node != name):
        return ()
    moment = _moment(facts)
    boots = parse_last(lines_of(facts, "last"))
    later = [boot.line for boot in boots if moment and boot.started and boot.started >= moment]
    return cite(facts, "last", *later[-1:])


def _proposed(found: Diagnosis, items: Iterable[str]) -> Draft:
    text = "\n".join(f"Proposed: {_one_line(item)}" for item in items)
    return Draft(text, found.citations[:1] if text else ())
