"""Where all tests must run, none may be skipped, for whatever reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

@pytest.mark.skipif(True, reason="needs root")
def test_one(): ...

def test_other():
    pytest.skip("not here")

@pytest.mark.xfail(strict=True)
def test_expected():
    assert False
"""


@pytest.mark.parametrize(
    ("everything", "status", "summary"),
    [("", 0, "2 skipped, 1 xfailed"), ("required", 1, "1 failed, 1 xfailed, 1 error")],
)
def test_a_skip_fails_where_all_must_run(tmp_path: Path, everything: str, status: int, summary: str) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    words = ["-q", "-p", "tests.conftest", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        env={**os.environ, "CI": "", "PANICDESK_REAL": everything},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, summary in done.stdout) == (status, True), done.stdout
    assert not everything or "nothing may be skipped here: needs root" in done.stdout
