"""Why crash ended, in words: its last messages, its exit status, and what these are known to mean."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.crash.messages import Severity, read_messages

_SIGNALS = {
    6: "aborted",
    7: "a bus error",
    9: "killed, often by the kernel for lack of memory",
    11: "a fault of its own",
}
_TAIL = 400
"""Lines from the end that are searched for a reason."""


def status_words(exit_status: int | None, signal: int | None) -> str:
    """``exit status 1``, ``signal 9: killed, often …``."""
    if signal is not None:
        return f"signal {signal}" + (f": {_SIGNALS[signal]}" if signal in _SIGNALS else "")
    return f"exit status {exit_status}" if exit_status is not None else "no exit status"


def explain(lines: Sequence[str], exit_status: int | None, signal: int | None, starting: bool) -> str:
    """One or two sentences on an end that nobody asked for. `lines` is what it printed, the last ones suffice."""
    when = "while it was starting" if starting else "in the middle of the session"
    sentence = f"crash ended {when} ({status_words(exit_status, signal)})"
    recent = [line for line in lines[-_TAIL:] if not line.startswith("$ ")]  # our own words
    fatal = [m for m in read_messages(recent) if m.severity is Severity.FATAL]
    if fatal:
        return f"{sentence}: {fatal[-1].text}. {fatal[-1].meaning}".rstrip()
    said = [line.strip() for line in recent if line.strip()]
    if said:
        return f"{sentence}; the last it said: {said[-1]}"
    if starting and signal is None:
        return f"{sentence} and said nothing: this is how it ends on a dump that was cut short."
    return f"{sentence}."
