"""Any bytes, any cut, any interleaving: no exception, and time that grows with the text only."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.klog.events import read_log
from parsers.klog.rules import RULES
from parsers.text import to_lines
from rca.evidence import Evidence, Kind
from rca.triage import triage
from tests.parsers.klog.klog_samples import SAMPLES

CUTS = st.tuples(st.integers(0, 60), st.integers(0, 60))


def said(lines: tuple[str, ...]) -> dict[str, object]:
    evidence = Evidence("vmcore-dmesg", Kind.FILE, "x", "x", datetime(2026, 1, 1, tzinfo=UTC), lines)
    return triage({evidence.id: evidence})


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(CUTS, max_size=6), st.binary(max_size=40), st.integers(0, 4000))
def test_mutations_never_raise(sample: str, cuts: list[tuple[int, int]], junk: bytes, at: int) -> None:
    lines = sample.splitlines()
    for first, second in cuts:
        if lines:
            one, two = first % len(lines), second % len(lines)
            lines[one], lines[two] = lines[two][: second * 2], lines[one] + lines[two]
    raw = "\n".join(lines).encode()
    raw = raw[: at % (len(raw) + 1)] + junk + raw[at % (len(raw) + 1) :]
    clean = to_lines(raw)
    verdict = said(clean)
    for cited in verdict["citations"]:  # type: ignore[attr-defined]
        assert clean[cited["line"] - 1].strip() == cited["text"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=80), st.sampled_from([rule.needle for rule in RULES])), max_size=30)
)
def test_noise_never_raises(lines: list[str]) -> None:
    said(to_lines("\n".join(lines).encode("utf-8", "replace")))


def _steps(lines: list[str]) -> int:
    """Function calls and lines of ours that are run: a clock that does not depend on the machine."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        read_log(lines)
    finally:
        sys.setprofile(None)
    return count


WORST = {
    "one heading after another": ["BUG: unable to handle kernel NULL pointer dereference at 0"],
    "a caller for every line": ["[  1.0][ T{n}] BUG: kernel NULL pointer dereference, address: 00"],
    "every needle": [rule.needle for rule in RULES],
    "frames without end": ["Call Trace:", " f+0x1/0x2 [m]", " ? g+0x3/0x4"],
    "module lists": ["Modules linked in: a b c", "d e f"],
    "broken CPU lines": ["CPU: 1 PID: 2 Comm: x Tainted: G"],
}


@pytest.mark.parametrize("name", WORST)
def test_work_grows_with_the_text_only(name: str) -> None:
    def text(times: int) -> list[str]:
        return [line.replace("{n}", str(n)) for n in range(times) for line in WORST[name]]

    times = max(1, 400 // len(WORST[name]))
    assert _steps(text(times * 4)) <= 6 * _steps(text(times)) + 2000
