"""The command line, run as a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def panicdesk(*words: str, state: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end, without a terminal."""
    environment = {**os.environ, "PANICDESK_STATE": str(state), **variables}
    return subprocess.run(
        [sys.executable, "-m", "tui", *words],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
