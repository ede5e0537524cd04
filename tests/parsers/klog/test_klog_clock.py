"""When a line was printed: told by its stamp, reckoned from a line that tells the time of day, or not known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.klog.clock import Moment, moment

WHEN = datetime(2026, 11, 23, 9, 49, 30, tzinfo=UTC)
TEXT = "BUG: kernel NULL pointer dereference, address: 0000000000000030"


@pytest.mark.parametrize(
    "lines",
    [
        [f"2026-11-23T09:49:30+0000 worker-07 kernel: {TEXT}"],
        [f"2026-11-23T15:19:30.123456+05:30 worker-07 kernel: {TEXT}"],
        [f"2026-11-23T09:49:30,123456+00:00 {TEXT}"],
        [f"Mon 2026-11-23 09:49:30 UTC worker-07 kernel: {TEXT}"],
        [f"<1>1 2026-11-23T09:49:30.123456Z worker-07 kernel - - - {TEXT}"],
        [f"1795427370.123456 worker-07 kernel: {TEXT}"],
        [f"[Mon Nov 23 09:49:30 UTC 2026] {TEXT}"],
        [f"[Mon Nov 23 12:49:30 +03 2026] {TEXT}"],
        ['{"__REALTIME_TIMESTAMP":"1795427370123456","MESSAGE":"' + TEXT + '"}'],
        ["__CURSOR=s=1", "__REALTIME_TIMESTAMP=1795427370123456", "PRIORITY=1", f"MESSAGE={TEXT}"],
        ["Mon 2026-11-23 09:49:30.123456 UTC [s=ab12;i=7]", "    PRIORITY=1", f"    MESSAGE={TEXT}"],
    ],
)
def test_a_stamp_with_date_and_zone_tells(lines: list[str]) -> None:
    assert moment(lines, len(lines)) == Moment(WHEN, True)


@pytest.mark.parametrize(
    "line",
    [
        TEXT,
        f"[    4.324819] {TEXT}",
        f"Nov 23 09:49:30 worker-07 kernel: {TEXT}",
        f"[Mon Nov 23 09:49:30 2026] {TEXT}",
        f"[Mon Nov 23 09:49:30 IST 2026] {TEXT}",
        f"2026-11-23 09:49:30 worker-07 kernel: {TEXT}",
        f"2026-19-43T09:49:30Z worker-07 kernel: {TEXT}",
        f"[Mon Foo 23 09:49:30 UTC 2026] {TEXT}",
    ],
)
def test_without_zone_or_year_nothing_is_invented(line: str) -> None:
    assert moment([line], 1) is None


AUDIT = "audit: type=1400 audit(1795427360.360:363): avc:  denied  { read } for  pid=91"
CLOCK = "rtc_cmos 00:03: setting system clock to 2026-11-23T09:49:20 UTC (1795427360)"


@pytest.mark.parametrize("told", [AUDIT, CLOCK])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[    4.000000] ", "[   14.000000] "),
        ("[    4.000000][    T1] ", "[   14.000000][  T102] "),
        ("Nov 23 15:19:20 worker-07 kernel: ", "Nov 23 15:19:30 worker-07 kernel: "),
        ("[Mon Nov 23 15:19:20 2026] ", "[Mon Nov 23 15:19:30 2026] "),
    ],
)
def test_the_distance_to_a_line_that_tells_the_time_of_day_is_reckoned(
    told: str, before: str, after: str
) -> None:
    assert moment([before + told, after + TEXT], 2) == Moment(WHEN, False)


def test_the_nearest_such_line_of_the_same_boot_counts() -> None:
    early = "[    1.000000] audit: type=2000 audit(1700000000.123:1): state=initialized"
    near = "[    4.000000] " + AUDIT
    assert moment([early, near, "[   14.000000] " + TEXT], 3) == Moment(WHEN, False)
    assert moment([near, "[    0.000000] Linux version 4.18.0", "[   14.000000] " + TEXT], 3) is None


def test_a_year_s_end_lies_between() -> None:
    told = "Dec 31 23:59:50 n kernel: " + AUDIT
    assert moment([told, "Jan  1 00:00:00 n kernel: " + TEXT], 2) == Moment(WHEN, False)


@given(st.lists(st.one_of(st.text(max_size=60), st.just("[ 1.0] " + AUDIT)), max_size=5), st.integers(-1, 6))
def test_any_text_gives_a_moment_or_none(lines: list[str], number: int) -> None:
    found = moment(lines, number)
    assert found is None or found.when.tzinfo is UTC
