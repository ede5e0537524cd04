"""Imports point down only: tui → rca → parsers. The lower floors carry no screen, and no file grows too long."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("parsers", "rca", "tui")
"""From the ground up: each may import itself and what stands before it."""
SCREEN = {"textual", "rich", "tui", "pyperclip"}
TERMINAL = "rca.crash.process"
"""The only module that may import pexpect by itself."""
LONGEST = 400

_LOADED = """
import importlib, json, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def sources(*floors: str) -> list[Path]:
    return sorted(path for floor in floors for path in (ROOT / floor).rglob("*.py"))


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """What a file names in its imports, wherever they stand: for ``from a import b`` both a and a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = module(path).split(".")
            if path.name != "__init__.py":
                above.pop()
            base = above[: len(above) - node.level + 1] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            names |= {whole} | {f"{whole}.{alias.name}" for alias in node.names}
    return names


def loaded(modules: list[str]) -> set[str]:
    """The top-level packages that a fresh interpreter holds after importing these modules."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, json.dumps(modules)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def bringing_in(target: str) -> set[str]:
    """The modules of rca that import `target`, directly or through others of rca."""
    wants = {module(path): imported(path) for path in sources("rca")}
    found = {target}
    while more := {name for name, names in wants.items() if names & found} - found:
        found |= more
    return found


def test_the_parsers_need_nothing() -> None:
    modules = [module(path) for path in sources("parsers")]
    assert loaded(modules) & (SCREEN | {"rca", "pexpect", "ptyprocess", "platformdirs"}) == set()


def test_what_happens_needs_no_screen() -> None:
    assert loaded([module(path) for path in sources("rca")]) & SCREEN == set()


def test_pexpect_comes_with_the_terminal_only() -> None:
    direct = {module(path) for path in sources("rca") if "pexpect" in imported(path)}
    assert direct <= {TERMINAL}
    others = {module(path) for path in sources("rca")} - bringing_in(TERMINAL)
    assert "pexpect" not in loaded(sorted(others))


@pytest.mark.parametrize("path", sources(*FLOORS), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    floor = FLOORS.index(path.relative_to(ROOT).parts[0])
    forbidden = {*FLOORS[floor + 1 :], "tests", "benchmarks"}
    if floor < FLOORS.index("tui"):
        forbidden |= SCREEN
    assert {name for name in imported(path) if name.partition(".")[0] in forbidden} == set()


def test_what_lies_beside_the_code_is_read_where_the_code_is_a_zip_file_too() -> None:
    """A path made of ``__file__`` is none on a disk there: `rca.shipped` finds it."""
    users = [path for path in sources(*FLOORS) if "__file__" in path.read_text(encoding="utf-8")]
    assert users and [module(p) for p in users if "rca.shipped" not in imported(p)] == []


def test_no_file_grows_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(*FLOORS, "tests", "benchmarks", "release")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
