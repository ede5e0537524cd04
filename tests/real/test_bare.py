"""The real crash in the bare terminal and back, in a real terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rca import lab
from rca.audit import read_audit
from rca.case import Case
from rca.evidence import Evidence
from tests.real.tmux import Terminal

pytestmark = pytest.mark.real
SYMBOL = "sym mlx5e_napi_poll"


def test_the_same_session_goes_to_the_bare_terminal_and_comes_back(
    panics: dict[str, lab.Panic], tmp_path: Path, terminal: Terminal
) -> None:
    state = tmp_path / "state"
    terminal.start([sys.executable, "-m", "tui", str(panics["mlx5-napi-null"].directory)], state)
    terminal.until(lambda seen: "─ ready" in seen and "kmem-s" in seen)
    terminal.tmux("send-keys", "F9")
    terminal.until(lambda seen: "Safe mode cannot watch a bare terminal" in seen)
    terminal.tmux("send-keys", "y")
    terminal.until(lambda seen: "the same session" in seen and "crash>" in seen)
    terminal.tmux("send-keys", "-l", "set -p")
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "COMMAND:" in seen)
    terminal.tmux("send-keys", "-l", SYMBOL)
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "(t) mlx5e_napi_poll" in seen)
    terminal.tmux("send-keys", "-l", "!echo out of $((6 * 7))")
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "out of 42" in seen)
    terminal.tmux("send-keys", "C-]")
    terminal.until(lambda seen: "Checklist" in seen and "SAFE MODE OFF" in seen)
    terminal.tmux("send-keys", "c", "G")
    terminal.until(lambda seen: "crash> bare terminal" in seen and "(t) mlx5e_napi_poll" in seen)
    (directory,) = (state / "cases").iterdir()
    said = Case.load(directory).evidence["bare-terminal"]
    assert f"crash> {SYMBOL}" in said.lines and "out of 42" in said.lines
    audit = [(entry.data["what"], entry.data["problem"]) for entry in read_audit(directory)]
    assert ("safe mode off", "switched by a person for this case") in audit
    typed = [what for what, why in audit if why == "typed in the bare terminal"]
    assert typed == ["set -p", SYMBOL]
    assert any(what.startswith("!echo") and why.startswith("unsafe") for what, why in audit)
    only_one_crash(Case.load(directory).evidence)
    terminal.tmux("send-keys", "!")
    terminal.until(lambda seen: "SAFE MODE OFF" not in seen)
    terminal.tmux("send-keys", "i")
    terminal.tmux("send-keys", "-l", "!echo again")
    terminal.tmux("send-keys", "Enter")
    terminal.until(lambda seen: "hands text to a shell" in seen)


def only_one_crash(evidence: dict[str, Evidence]) -> None:
    assert [name for name in evidence if name.partition(".")[0] == "crash"] == ["crash"]
