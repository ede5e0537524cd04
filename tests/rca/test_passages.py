"""Lines that leave by themselves."""

from __future__ import annotations

import stat
from pathlib import Path

from rca.passages import Passage, write_passage


def test_lines_are_written_for_their_user_only_and_replaced(tmp_path: Path) -> None:
    path = write_passage(Passage("bt-a", ("crash> bt -a", "\u241bx")), tmp_path)
    assert path == tmp_path / "passages" / "bt-a.txt"
    assert path.read_text(encoding="utf-8") == "crash> bt -a\n\u241bx\n"
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert write_passage(Passage("bt-a", ("other",)), tmp_path).read_text(encoding="utf-8") == "other\n"
