"""What a terminal sends, as text in which a paste is data from its first character to its last.

Textual's parser leaves a bracketed paste at an escape character inside it and takes the rest for keys (8.2), so pasted
text could press them. Here such a character becomes visible before the parser sees it.
"""

from __future__ import annotations

import codecs

from parsers.text import visible

_START, _END = "\x1b[200~", "\x1b[201~"


class PasteDecoder:
    """An incremental decoder, as `codecs` has them: bytes that are no text become U+FFFD."""

    def __init__(self, encoding: str) -> None:
        """Outside a paste."""
        self._bytes = codecs.getincrementaldecoder(encoding)(errors="replace")
        self._pasting = False
        self._behind = ""
        """The end of what was said, in which a paste may begin."""
        self._held = ""
        """The beginning of what may become the end of the paste."""

    def decode(self, data: bytes, final: bool = False) -> str:
        """The next bytes as text. Nothing while all of them may be the end of a paste."""
        text, self._held = self._held + self._bytes.decode(data, final), ""
        said: list[str] = []
        while text:
            text = self._paste(text, said, final) if self._pasting else self._keys(text, said)
        return "".join(said)

    def _keys(self, text: str, said: list[str]) -> str:
        """Say what stands before a paste, and its begin. Returns the rest."""
        whole = self._behind + text
        at = whole.find(_START)
        self._pasting = at >= 0
        end = at + len(_START) - len(self._behind) if self._pasting else len(text)
        self._behind = "" if self._pasting else whole[1 - len(_START) :]
        said.append(text[:end])
        return text[end:]

    def _paste(self, text: str, said: list[str], final: bool) -> str:
        """Say what was pasted, and its end. Returns the rest."""
        pasted, end, rest = text.partition(_END)
        self._pasting = not end
        if self._pasting and not final:
            self._held = _beginning(pasted)
            pasted = pasted.removesuffix(self._held)
        said += (pasted.replace("\x1b", visible("\x1b")), end)
        return rest


def _beginning(text: str) -> str:
    """The longest end of a text with which the end of a paste begins."""
    return next((_END[:size] for size in range(len(_END) - 1, 0, -1) if text.endswith(_END[:size])), "")
