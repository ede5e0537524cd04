"""Which lines of a transcript are hidden, and how rows on the screen and lines of the text find each other."""

from __future__ import annotations

from bisect import bisect_right, insort


class Folds:
    """Hidden stretches of lines, none touching another's heading. Each question costs a bisection, whatever the text's
    length."""

    def __init__(self) -> None:
        self._stretches: list[tuple[int, int]] = []
        self._first_rows: list[int] = []
        """Row of the heading over each stretch, the line before it."""
        self._hidden: list[int] = [0]
        """How many lines are hidden before each stretch, and at last in all of them."""

    def fold(self, start: int, end: int) -> None:
        """Hide the lines [start, end); the line before `start` is their heading and stays."""
        if start < end and not self.folded(start):
            insort(self._stretches, (start, end))
            self._count()

    def open(self, start: int) -> None:
        """Show the stretch that begins at `start` again."""
        self._stretches = [stretch for stretch in self._stretches if stretch[0] != start]
        self._count()

    def clear(self) -> None:
        """Show everything."""
        self._stretches = []
        self._count()

    def folded(self, start: int) -> bool:
        """Whether the stretch that begins at `start` is hidden."""
        at = bisect_right(self._stretches, (start, 0))
        return at < len(self._stretches) and self._stretches[at][0] == start

    def hiding(self, line: int) -> int | None:
        """Where the stretch begins that hides a line; None when it is seen."""
        at = bisect_right(self._stretches, line, key=lambda stretch: stretch[0]) - 1
        if at < 0 or line >= self._stretches[at][1]:
            return None
        return self._stretches[at][0]

    def rows(self, lines: int) -> int:
        """How many rows a text of so many lines takes."""
        return lines - self._hidden[-1]

    def row(self, line: int) -> int:
        """The row of a line; of its heading when it is hidden."""
        at = bisect_right(self._stretches, line, key=lambda stretch: stretch[0])
        if at and line < self._stretches[at - 1][1]:
            return self._first_rows[at - 1]
        return line - self._hidden[at]

    def line(self, row: int) -> int:
        """The line that stands in a row."""
        return row + self._hidden[bisect_right(self._first_rows, row - 1)]

    def _count(self) -> None:
        self._first_rows, self._hidden = [], [0]
        for start, end in self._stretches:
            self._first_rows.append(start - 1 - self._hidden[-1])
            self._hidden.append(self._hidden[-1] + end - start)
