"""The demo's screens as text frames, compared with those that somebody looked at.

``PANICDESK_SNAPSHOTS=write`` writes them anew (and the README's pictures): look at the difference before committing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from rca.investigation import Investigation
from rca.opening import DEMO, open_path
from rca.steps.registry import STEPS
from tests.tui.waiting import come_to_rest, until
from tui.app import Panicdesk

SNAPSHOTS = Path(__file__).resolve().parents[2] / "snapshots"
WRITE = os.environ.get("PANICDESK_SNAPSHOTS") == "write"


PICTURED = (120, 36)
"""The size of the pictures in README.md and docs/."""

_BLOCKS = dict.fromkeys(range(0x2580, 0x25A0), " ")


def frame(app: Panicdesk) -> str:
    """What the terminal shows, as text; the scrollbars' blocks, which depend on timing, become blanks."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.translate(_BLOCKS).rstrip() for strip in strips) + "\n"


def looked_at(name: str) -> str:
    """The frame that somebody looked at; nothing where there is none yet."""
    path = SNAPSHOTS / "frames" / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def draw(app: Panicdesk, name: str, title: str) -> None:
    """Write the picture that stands beside a frame; it fetches no font from the network."""
    drawn = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title=title), flags=re.DOTALL)
    drawn = _INDENTED.sub(_moved, drawn)
    (SNAPSHOTS / f"{name}.svg").write_text(drawn, encoding="utf-8")


_INDENTED = re.compile(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)(?=[^<&])')
_CELL = 12.2
"""Units of the picture's width."""


def _moved(found: re.Match[str]) -> str:
    """Not every viewer draws the blanks that a text begins with: it begins behind them instead."""
    x, y, length, rest, blanks = found.groups()
    by = blanks.count(";") * _CELL
    return f'x="{float(x) + by:.1f}" y="{y}" textLength="{float(length) - by:.1f}"{rest}>'


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
@pytest.mark.parametrize("keys", ["", "7", "f"])
async def test_the_demo_looks_as_it_did(size: tuple[int, int], keys: str) -> None:
    desk = Investigation(open_path(DEMO))
    app = Panicdesk(lambda: desk, "demo")
    try:
        async with app.run_test(size=size) as pilot:
            name = f"demo{'-' + keys if keys else ''}-{size[0]}x{size[1]}"
            await until(pilot, lambda: app.workbench and desk.wait(0))
            await pilot.pause()
            await pilot.press(*keys)
            seen = await come_to_rest(pilot, lambda: frame(app), looked_at(name))
            if WRITE:
                (SNAPSHOTS / "frames" / f"{name}.txt").write_text(seen, encoding="utf-8")
                if not keys or size == PICTURED:
                    draw(app, name, "panicdesk demo")
    finally:
        desk.close()
    assert all(len(line) <= size[0] for line in seen.splitlines()) and seen.count("\n") == size[1]
    assert all(step.title in seen for step in STEPS) or keys or size[0] < 120
    assert seen == looked_at(name)
