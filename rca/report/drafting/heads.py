"""Incident, OS, Kernel and Time."""

from __future__ import annotations

import re

from parsers.host.osrelease import parse_os_release
from rca.evidence import first
from rca.report.drafting.situation import Situation
from rca.report.sentences import Sentence, inference, proven
from rca.sources.base import Where
from rca.steps.common import cite, lines_of, other_node, value_of

_EL = re.compile(r"\.el(\d+)(?:_(\d+))?(?!\d)")

_BUILT = re.compile(r"#\S+-(Ubuntu) |#\d+ SMP [\w ]*?\b(Debian) \d")


def incident(now: Situation) -> tuple[Sentence, ...]:
    """``Kernel panic on worker-07: …``; nothing where nothing was found."""
    if not now.died and not now.found.title:
        return ()
    facts = now.facts
    node = facts.crashed_node
    proof = now.fatal
    told = facts.evidence.get("sys")
    if node and told:
        proof += first(told.grep(r"^\s*NODENAME: "))
    if not node and facts.where is not Where.FOLDER and (node := value_of(facts, "uname-n")):
        proof += cite(facts, "uname-n", 1)
    what = "Kernel panic" if now.died else "Kernel report"
    title = now.title.removeprefix("kernel panic: ") if now.died else now.title
    head = f"{what} on {node}" if node else what
    text = f"{head}: {title}" if title else head
    return (proven(text, proof, "a dump of memory was saved"),)


def system(now: Situation) -> tuple[Sentence, ...]:
    """The node's own word. A directory from elsewhere has none: there only the release's family is proven."""
    facts = now.facts
    if facts.where is not Where.FOLDER and not other_node(facts):
        told = parse_os_release(lines_of(facts, "os-release"))
        if told.title:
            lines = cite(facts, "os-release", told.line, told.version_line)
            return (proven(told.title, lines, "the node's own os-release"),)
    match = _EL.search(facts.crashed_release)
    if not match:
        return _builder(now)
    version = f"{match[1]}.{match[2]}" if match[2] else match[1]
    text = f"Enterprise Linux {version} family (from the kernel release)"
    return (inference(text, "its kernels alone are named so", now.release_lines),)


def _builder(now: Situation) -> tuple[Sentence, ...]:
    """Who built the kernel, by its own banner."""
    banner = first(now.log.grep(r"\bLinux version \d")) if now.log else ()
    match = _BUILT.search(banner[0].text) if banner else None
    if not match:
        return ()
    text = f"{match[1] or match[2]} (from the kernel's own banner)"
    return (inference(text, "the distribution that builds a kernel names itself there", banner),)


def kernel(now: Situation) -> tuple[Sentence, ...]:
    """The crashed release, as the dump or the log has it."""
    release = now.facts.crashed_release
    if not release:
        return ()
    proof = now.release_lines
    return (proven(release, proof, "the dump's own header says so"),)


def time(now: Situation) -> tuple[Sentence, ...]:
    """When the kernel died, in UTC and by the node's clock, or that its zone is not known."""
    if now.moment is None:
        return ()
    text, proof = now.in_words(now.moment), now.moment_lines
    text += "" if now.zone_known else " (the node's own zone is not known)"
    return (proven(text, proof, "the dump's own header or the log says so"),)
