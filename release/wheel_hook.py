"""Hatchling's hook: wheel and sdist carry the commit that they are made of."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import (  # type: ignore[import-not-found,unused-ignore]
    BuildHookInterface,
)


class CommitHook(BuildHookInterface):  # type: ignore[type-arg,misc,unused-ignore]
    """Adds the file that `rca.build` reads; an editable install reads the tree, which is of no one commit."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file where hatchling takes it from."""
        root = Path(self.root)
        told = runpy.run_path(str(root / "release" / "commit.py"))
        commit = told["commit"](root)
        if not commit or version == "editable" or (root / told["KEPT"]).exists():  # an sdist has it already
            return
        file = root / "build" / "commit.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{commit}\n", encoding="ascii")
        build_data["force_include"][str(file)] = str(told["KEPT"])
