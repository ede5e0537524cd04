"""Whether the log beside a dump and the dump's own log are of one crash."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rca.diagnosis.agreement import missing_end
from rca.evidence import Evidence, Kind

DEATH = "[    4.324819] BUG: kernel NULL pointer dereference, address: 0000000000000030"


def log(name: str, *lines: str) -> Evidence:
    return Evidence(name, Kind.FILE, name, "here", datetime(2026, 1, 2, tzinfo=UTC), lines)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ((DEATH,), False),
        (("[    9.000000] BUG: unable to handle page fault for address: ffff888000000000",), True),
        (("", "WARNING: cannot read prb_text_data_ring contents"), False),
        (("[    0.000000] Linux version 6.1.0", "[    1.000000] fine until here"), False),
    ],
)
def test_only_another_death_is_another_crash(own: tuple[str, ...], other: bool) -> None:
    assert (missing_end(log("vmcore-dmesg", DEATH), log("log", *own)) is not None) == other
