"""The pages of docs/ that are made from the code: ``python -m release.pages`` writes them."""

from __future__ import annotations

from pathlib import Path

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
    lines += [
        "",
        "Keys that belong to a pane and stay as they are:",
        "",
        "| Key | What it does |",
        "|---|---|",
    ]
    lines += [f"| {' '.join(f'`{key}`' for key in keys.split())} | {text} |" for keys, text in MOVES]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "keys.md").write_text(keys_page(), encoding="utf-8")
