"""Any bytes, any cut, any interleaving: no exception, and time that grows with the text only."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.klog.events import read_log
from parsers.klog.rules import RULES
from parsers.text import to_lines
from rca.diagnosis.subsystems import built_in
from rca.evidence import Evidence, Kind
from rca.triage import triage
from tests.parsers.klog.klog_samples import SAMPLES

CUTS = st.tuples(st.integers(0, 60), st.integers(0, 60))


def said(lines: tuple[str, ...]) -> dict[str, Any]:
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
    for cited in verdict["citations"]:
        assert clean[cited["line"] - 1].strip() == cited["text"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.sampled_from(SAMPLES),
    st.lists(st.booleans(), max_size=120),
    st.integers(0, 80),
)
def test_nothing_is_said_that_the_text_does_not_hold(
    one: str, other: str, turns: list[bool], cut: int
) -> None:
    """Two logs line by line in any order, cut anywhere: every name in the verdict stands in the text."""
    first, second = one.splitlines(), other.splitlines()[cut:]
    mixed = [(first if turn else second).pop(0) for turn in turns if (first if turn else second)]
    text = "\n".join((*mixed, *first, *second))
    verdict = said(to_lines(text.encode()))
    rip, guilty, task = verdict["rip"] or {}, verdict["guilty"], verdict["process"]
    names = [rip.get("function"), rip.get("module"), guilty["function"], task["comm"], *verdict["trace"]]
    names += [verdict["kernel_release"], verdict["node"], *verdict["modules_out_of_tree"]]
    for name in names:
        assert not name or name.startswith("0x") or name in text
    module = guilty["module"]
    assert module in text or any(built_in(name) == module for name in verdict["trace"])
    assert all(
        text.splitlines()[cited["line"] - 1].strip() == cited["text"] for cited in verdict["citations"]
    )
    assert verdict["crash_time"] is None or verdict["crash_time_from"] in ("stamp", "reckoned")


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
    "panics": [
        "Kernel panic - not syncing: Fatal exception",
        "INFO: task a:1 blocked for more than 120 seconds.",
    ],
    "interleaved callers": [
        "[  1.0][ T1] Oops: 0000 [#1]",
        "[  1.0][ T2]  f+0x1/0x2",
        "[  1.0][ C3] RIP: 0010:",
    ],
    "prefixes upon prefixes": ["> > <4>Nov 23 09:49:30 n kernel: [    1.000000] <6>[    1.000000] kernel: x"],
    "journal fields": ["MESSAGE=BUG: kernel NULL pointer dereference", "__CURSOR=1", '{"MESSAGE":"x'],
}


def test_one_line_without_end_costs_no_more_than_its_length() -> None:
    def line(times: int) -> list[str]:
        return ["> " * times + "<4>[" * times + "BUG: " + "a+0x1/0x2 " * times + "[" * times]

    assert _steps(line(40_000)) <= 2 * _steps(line(10_000)) + 200


@pytest.mark.parametrize("name", WORST)
def test_work_grows_with_the_text_only(name: str) -> None:
    def text(times: int) -> list[str]:
        return [line.replace("{n}", str(n)) for n in range(times) for line in WORST[name]]

    times = max(1, 400 // len(WORST[name]))
    assert _steps(text(times * 4)) <= 6 * _steps(text(times)) + 2000


def test_an_endless_row_of_headings_is_one_report_with_few() -> None:
    (event,) = read_log(["BUG: unable to handle kernel paging request", *["Oops: 0000 [#1]"] * 5_000]).events
    assert len(event.headings) <= 64
    assert len(event.notes) <= 64
