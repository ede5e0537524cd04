"""When a line of a log was printed, in UTC: told by its own stamp, or reckoned from a line that tells both clocks.

Most stamps do not say when: printk counts seconds since boot, syslog leaves out year and zone, ``dmesg -T`` the zone.
But a kernel now and then prints the time of day itself: audit records carry the seconds since 1970, and at boot the
kernel tells what it read from the hardware clock. The distance to the nearest such line, on the stamps that both lines
bear, gives the time. Nothing is assumed: without a zone and without such a line there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from parsers.klog.patterns import compiled

_LONGEST = 400
_FIELDS = 40
"""Lines of one journal entry in fields."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEAR = timedelta(days=366).total_seconds()

_ISO = (
    r"(?:<\d+>1? ?)?(?:[A-Z][a-z]{2} )?(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,]\d+)? ?"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d)\b"
)
_EPOCH = r"(\d{10})\.\d{6} \S+ kernel"
_DATED = (
    r"\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)? "
    r"(?:(UTC|GMT|[A-Z]{2,5}|[+-]\d{2,4}) )?(\d{4})\]"
)
_SYSLOG = r"(?:<\d+>)?([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)? "
_PRINTK = r".{0,120}?\[ *(\d+\.\d{6})\]"
_TOLD = r"audit\((\d{10})\.\d{1,3}:\d+\)|setting system clock to .{10,40} \((\d{10})\)"
_REALTIME = r'"?__REALTIME_TIMESTAMP"?(?:=|\s?:\s?")(\d{10})\d{6}'


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was printed."""

    when: datetime
    """UTC."""
    told: bool
    """The line's own stamp says so. False: reckoned from another line."""


def moment(lines: Sequence[str], number: int) -> Moment | None:
    """When the line of this 1-based number was printed; None when the log does not tell."""
    if not 0 < number <= len(lines):
        return None
    line = lines[number - 1][:_LONGEST]
    when = _stamp(line) or _entry(lines, number)
    if when is not None:
        return Moment(when, True)
    for kind in ("printk", "syslog", "dated"):
        at = _place(kind, line)
        anchor = None if at is None else _anchor(kind, lines, number)
        if at is not None and anchor is not None:
            distance = at - anchor[0]
            if kind == "syslog" and abs(distance) > _YEAR / 2:
                distance += _YEAR if distance < 0 else -_YEAR
            return Moment(_utc(anchor[1] + distance), False)
    return None


def _utc(seconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))


def _stamp(line: str) -> datetime | None:
    """A stamp with date, time and zone; a zone's letters other than UTC name no zone for sure."""
    try:
        if found := compiled(_ISO).match(line):
            return _date(*found.groups()[:6], zone=found[7])
        if found := compiled(_DATED).match(line):
            month, day, hour, minute, second, zone, year = found.groups()
            if (zone and not zone.isalpha()) or zone in ("UTC", "GMT"):
                return _date(year, str(_month(month)), day, hour, minute, second, zone=zone)
    except (ValueError, OverflowError):
        return None
    if found := compiled(_EPOCH).match(line) or compiled(_REALTIME).search(line):
        return _utc(int(found[1]))
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name) + 1


def _date(*parts: str, zone: str) -> datetime:
    offset = UTC
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = timezone(
            (-1 if zone[0] == "-" else 1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        )
    year, month, day, hour, minute, second = (int(part) for part in parts)
    return datetime(year, month, day, hour, minute, second, tzinfo=offset).astimezone(UTC)


def _entry(lines: Sequence[str], number: int) -> datetime | None:
    """The time of the journal entry whose MESSAGE field this line is."""
    if not lines[number - 1].lstrip().startswith("MESSAGE="):
        return None
    for line in reversed(lines[max(0, number - _FIELDS) : number - 1]):
        if when := _stamp(line[:_LONGEST]):
            return when
        if not line.strip():
            break
    return None


def _place(kind: str, line: str) -> float | None:
    """Where a line stands on a clock that has no known zero, in seconds."""
    try:
        if kind == "printk":
            found = compiled(_PRINTK).match(line)
            return float(found[1]) if found else None
        found = compiled(_SYSLOG if kind == "syslog" else _DATED).match(line)
        if found is None:
            return None
        year = 2000 if kind == "syslog" else int(found[7])
        day, hour, minute, second = (int(found[index]) for index in (2, 3, 4, 5))
        return datetime(year, _month(found[1]), day, hour, minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def _anchor(kind: str, lines: Sequence[str], number: int) -> tuple[float, int] | None:
    """The nearest line of this boot that tells the time of day: its place on the clock, and seconds since 1970."""
    boots = kind == "printk"
    return _search(kind, reversed(lines[: number - 1]), boots) or _search(kind, lines[number:], boots)


def _search(kind: str, lines: Iterable[str], boots: bool) -> tuple[float, int] | None:
    for line in lines:
        if ("audit(" in line or "system clock" in line) and (
            found := compiled(_TOLD).search(line[:_LONGEST])
        ):
            at = _place(kind, line[:_LONGEST])
            if at is not None:
                return at, int(found[1] or found[2])
        if boots and "Linux version " in line:
            return None
    return None
