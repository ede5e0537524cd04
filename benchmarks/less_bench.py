"""The crash pane beside `less` on the same lines, each on a terminal of 80x24: what a page-down and a typed key cost.

Taken in turn in one run, at rest and under full output: while the pane takes in one flood of lines after another, and
while the same program floods a terminal that is read and thrown away beside `less`. A bare Textual list shows what of
it is the toolkit's.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.screen import Screen
from benchmarks.session_bench import PROGRAM, Ratio

ROWS, COLUMNS = 24, 80
LINES = 20_000
FLOOD = 500_000
FLOODS = 4
"""So many floods of so many lines come in meanwhile: more than there is time for."""
KEYS = 20
LETTERS = "QXZJKVWYUH"
_NUMBER = re.compile(r"some_function_(\d+) ")
_BREAK = 0.06
"""Seconds between two keys under full output."""


def line(number: int) -> str:
    """As the flooding program of `session_bench` writes it."""
    address = f"ffffc90000003e{number & 0xFFFF:04x}"
    return f" #{number} [{address}] some_function_{number} at ffffffff81000000 [some_module]"


@contextmanager
def _pane() -> Iterator[Screen]:
    """The crash pane with the lines in it, at their top."""
    with tempfile.TemporaryDirectory() as state:
        argv = [sys.executable, "-m", "benchmarks.flood"]
        with closing(Screen(argv, ROWS, COLUMNS, PANICDESK_STATE=state)) as screen:
            screen.until("Baseline")
            screen.drain(1.5)  # another screen shows the same until the case is open
            screen.press(b"c")
            screen.until("type a crash command")
            screen.press(f"iflood {LINES}\r".encode())
            screen.until(f"some_function_{LINES - 1} ")
            screen.press(b"\x1b")
            screen.drain(1.0)
            screen.press(b"g")
            screen.until("some_function_1 ")
            screen.drain(0.5)
            yield screen


@contextmanager
def _bare() -> Iterator[Screen]:
    """A bare Textual app on the same lines."""
    with closing(Screen([sys.executable, "-m", "benchmarks.bare_scroll"], ROWS, COLUMNS)) as screen:
        screen.until("some_function_1 ")
        screen.drain(1.0)
        yield screen


@contextmanager
def _less() -> Iterator[Screen]:
    """`less` on the same lines, at their top."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines")
        path.write_text("".join(f"{line(number)}\n" for number in range(LINES)), encoding="ascii")
        with closing(Screen(["less", str(path)], ROWS, COLUMNS, LESS="", LESSHISTFILE="-")) as screen:
            screen.until("some_function_1 ")
            screen.drain(0.5)
            yield screen


@contextmanager
def _flood_beside() -> Iterator[None]:
    """The flooding program on a terminal that is read as fast as it can be."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM])
    over = threading.Event()

    def read() -> None:
        while not over.is_set() and select.select([fd], [], [], 1)[0]:
            os.read(fd, 65_536)

    reader = threading.Thread(target=read)
    reader.start()
    os.write(fd, f"flood {FLOOD}\n".encode() * FLOODS)
    try:
        yield
    finally:
        over.set()
        reader.join()
        os.kill(pid, 9)
        os.close(fd)
        os.waitpid(pid, 0)


@dataclass(slots=True)
class _Cost:
    """What keys cost in one program."""

    sizes: list[int] = field(default_factory=list)
    """Bytes of each page-down."""
    resting: list[float] = field(default_factory=list)
    """Seconds from each page-down at rest to its last byte."""
    paging: list[float] = field(default_factory=list)
    """Seconds from each page-down under full output until the page's last line is there."""
    typing: list[float] = field(default_factory=list)
    """Seconds from each letter under full output until it is there."""

    def rest(self, screen: Screen) -> tuple[int, int]:
        """Page down at rest. Returns the lines of a page and the number of the last line that is seen."""
        bottoms = []
        for _ in range(KEYS):
            began = screen.press(b" ")
            drawn, ended = screen.answer()
            self.sizes.append(drawn)
            self.resting.append(ended - began)
            bottoms.append(max(map(int, _NUMBER.findall("\n".join(screen.rows)))))
        return round((bottoms[-1] - bottoms[0]) / (KEYS - 1)), bottoms[-1]

    def pages(self, screen: Screen, lines: int, bottom: int) -> None:
        """Page down under full output."""
        for _ in range(KEYS):
            screen.drain(_BREAK)
            bottom += lines
            last = f"some_function_{bottom} "
            began = screen.press(b" ")
            self.paging.append(screen.until(last) - began)

    def letters(self, screen: Screen) -> None:
        """Type under full output."""
        typed = ""
        for letter in (LETTERS * KEYS)[:KEYS]:
            screen.drain(_BREAK)
            typed += letter
            began = screen.press(letter.encode())
            self.typing.append(screen.until(typed) - began)


def _measure_pane(cost: _Cost) -> None:
    with _pane() as screen:
        lines, _ = cost.rest(screen)
        screen.press(b"i" + f"flood {FLOOD}\r".encode() * FLOODS)
        screen.drain(0.5)
        screen.press(b"\x1b")
        screen.drain(0.3)
        screen.press(b"g")
        screen.until("some_function_1 ")
        cost.pages(screen, lines, lines - 3)  # over the first line stand two headings
        screen.press(b"i")
        cost.letters(screen)


def _measure_less(cost: _Cost) -> None:
    with _less() as screen:
        lines, bottom = cost.rest(screen)
        with _flood_beside():
            screen.drain(0.5)
            cost.pages(screen, lines, bottom)
            screen.press(b"/")
            cost.letters(screen)


def _slow(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1000


def measure(repeats: int = 4) -> tuple[Ratio, ...]:
    """All of it, taken alternately; nothing where `less` is missing."""
    if not shutil.which("less"):
        return ()
    pane, bare, less = _Cost(), _Cost(), _Cost()
    for _ in range(repeats):
        with _bare() as screen:
            bare.rest(screen)
        _measure_pane(pane)
        _measure_less(less)
    median = statistics.median
    return (
        Ratio("page-down at 80x24, over less", median(pane.sizes), median(less.sizes), "bytes", 1.5),
        Ratio(
            "page-down at rest, 95th percentile, over less",
            _slow(pane.resting),
            _slow(less.resting),
            "ms",
            2.0,
        ),
        Ratio(
            "page-down at rest, median, over a bare Textual list",
            median(pane.resting) * 1000,
            median(bare.resting) * 1000,
            "ms",
            3.0,
        ),
        Ratio(
            "page-down under full output, 95th percentile, over less",
            _slow(pane.paging),
            _slow(less.paging),
            "ms",
            2.0,
        ),
        Ratio(
            "typed key under full output, 95th percentile, over less",
            _slow(pane.typing),
            _slow(less.typing),
            "ms",
            2.0,
        ),
    )


if __name__ == "__main__":
    for result in measure():
        print(result)
