"""The pages of docs/ that are made from the code: ``python -m release.pages`` writes them."""

from __future__ import annotations

from pathlib import Path

from tui.coach_keys import COACH_KEYS
from tui.commands import COMMANDS, MOVES, shown

DOCS = Path(__file__).resolve().parents[1] / "docs"


def keys_page() -> str:
    """docs/keys.md: the registry of commands as a table."""
    lines = [
        "# Keys",
        "",
        "Made from `tui/commands.py` by `make docs`. The name stands for the command in the settings: with",
        '`export = "E"` under `[keys]` in `config.toml` the key is another ([settings.md](settings.md)).',
        "",
        "| Key | Name | What it does |",
        "|---|---|---|",
    ]
    lines += [f"| `{shown(c.key)}` | {'' if c.priority else f'`{c.name}`'} | {c.help} |" for c in COMMANDS]
    lines += _fixed("Keys that belong to a pane and stay as they are:", MOVES)
    lines += _fixed("Keys that only a training has, and that stay as they are:", COACH_KEYS)
    return "\n".join(lines) + "\n"


def _fixed(title: str, rows: tuple[tuple[str, str], ...]) -> list[str]:
    keys = [f"| {' '.join(f'`{key}`' for key in keys.split())} | {text} |" for keys, text in rows]
    return ["", title, "", "| Key | What it does |", "|---|---|", *keys]


if __name__ == "__main__":
    (DOCS / "keys.md").write_text(keys_page(), encoding="utf-8")
