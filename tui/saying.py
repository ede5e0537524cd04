"""The one way in which a command says on standard error why something was not done."""

from __future__ import annotations

import sys

from parsers.text import visible


def complain(sentence: str) -> int:
    """Say one sentence, with or without its full stop; returns 1, the exit status of a command that failed.

    It may hold foreign words, such as ssh's or a file's name: none of them steers the terminal.
    """
    print(f"panicdesk: {visible(sentence.removesuffix('.'))}.", file=sys.stderr)
    return 1
