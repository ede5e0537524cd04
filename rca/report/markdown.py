"""The RCA as markdown. Text of kernels and people is inert in it: it is shown, never obeyed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from parsers.text import visible
from rca.diagnosis.model import Confidence
from rca.evidence import Citation
from rca.report.form import UNKNOWN, Form
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.verdict import Badge, Verdict

DEFINITIONS = {
    Confidence.CONFIRMED: "the mechanism is explained by code or data, and something independent corroborates it",
    Confidence.PROBABLE: "trace and context agree; the mechanism is not proven",
    Confidence.POSSIBLE: "consistent with the evidence, but competing explanations stand",
    Confidence.UNKNOWN: "the evidence does not tell",
}
"""What each word means, as it stands on every RCA."""

_BLOCK = re.compile(r"(#|>|\+|=|~|\||-(?! )|\*|:)")
"""What would make a line something else than text. A dash and a blank is a list's item, and may be."""
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_INLINE = re.compile(r"[\\`*~|]|(?<![^\W_])_|_(?![^\W_])|(?<=\])[(:\[]")
"""What begins code, emphasis or a link; an underscore inside a name does not."""


def markdown(form: Form, facts: Facts, verdicts: Mapping[int, Verdict]) -> str:
    """Write the whole RCA: the nine fields, how sure it is, its proof, and how every step came out.

    Args:
        form: The nine fields and the stated confidence.
        facts: What is known; its diagnosis gives the warnings.
        verdicts: By step number. A step without one is WAIT.

    Returns:
        CommonMark without any HTML, ending with one newline.
    """
    heading = _flat(form["Incident"].text) or UNKNOWN
    parts = [f"# RCA: {_inline(heading)}"]
    for field in form.fields:
        parts += [f"## {field.name}", _paragraphs(field.text) or UNKNOWN]
    parts += ["## Confidence", _confidence(form)]
    if facts.diagnosis and facts.diagnosis.warnings:
        parts += ["## Warnings", "\n".join(f"- {_line(_flat(w))}" for w in facts.diagnosis.warnings)]
    parts += ["## Citations", _citations(form, facts, verdicts), "## Steps", _steps(verdicts)]
    return "\n\n".join(parts) + "\n"


def _flat(text: str) -> str:
    return visible(" ".join(text.split()))


def _inline(text: str) -> str:
    """Text that stays text inside a line."""
    text = _INLINE.sub(lambda match: "\\" + match[0], text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(text: str) -> str:
    """Text that stays text at the beginning of a line too."""
    if text.startswith("- "):
        return f"- {_line(text[2:].strip())}"
    safe = _inline(text)
    if match := _NUMBERED.match(safe):
        return f"{match[1]}\\{safe[match.end(1) :]}"
    return f"\\{safe}" if _BLOCK.match(safe) else safe


def _paragraphs(text: str) -> str:
    """A field's lines, each on its own line when rendered too."""
    lines = [line.strip() for line in visible(text).strip().split("\n")]
    safe = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        breaks = bool(line and after) and not line.startswith("- ") and not after.startswith("- ")
        safe.append(_line(line) + ("  " if breaks else ""))
    return "\n".join(safe).rstrip()


def _confidence(form: Form) -> str:
    stated = form.confidence or Confidence.UNKNOWN
    by = " (stated by a person)" if form.confidence_by_person else ""
    scale = "\n".join(f"- {word}: {meaning}" for word, meaning in DEFINITIONS.items())
    return f"**{stated}**{by}: {DEFINITIONS[stated]}.\n\nThe words mean:\n\n{scale}"


def _citations(form: Form, facts: Facts, verdicts: Mapping[int, Verdict]) -> str:
    found: dict[Citation, None] = {}
    for field in form.fields:
        found.update(dict.fromkeys(field.citations))
    if facts.diagnosis:
        found.update(dict.fromkeys(facts.diagnosis.citations))
    for number in sorted(verdicts):
        found.update(dict.fromkeys(verdicts[number].citations))
    if not found:
        return "None."
    names = list(dict.fromkeys(cited.evidence for cited in found))
    ordered = sorted(found, key=lambda cited: (names.index(cited.evidence), cited.line))
    text = "\n".join(
        f"{_flat(str(cited))}  {visible(' '.join(cited.text.splitlines()))}" for cited in ordered
    )
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"


def _steps(verdicts: Mapping[int, Verdict]) -> str:
    rows = ["| Step | Title | Verdict | Summary |", "| ---: | --- | --- | --- |"]
    for step in STEPS:
        verdict = verdicts.get(step.number) or Verdict(Badge.WAIT, "")
        cells = (str(step.number), _inline(step.title), verdict.badge.value, _inline(_flat(verdict.summary)))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)
