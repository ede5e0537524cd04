"""The knowledge that lies beside this package as TOML, read when it is first asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rca.shipped import shipped, table

_HERE = Path(__file__).parent


@cache
def read(name: str) -> dict[str, Any]:
    """The contents of ``NAME.toml``."""
    return table(_HERE / f"{name}.toml")


def texts(folder: str) -> tuple[tuple[str, str], ...]:
    """Name and text of every TOML file of a folder, in the order of their names."""
    found = {path.name: path for path in shipped(_HERE / folder).iterdir() if path.name.endswith(".toml")}
    return tuple((name, found[name].read_text(encoding="utf-8")) for name in sorted(found))
