"""The JSON object that scripts read, and the line that people read."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from parsers.dumpheader import DumpFormat, DumpHeader
from parsers.text import to_lines
from rca.evidence import Evidence, Kind
from rca.triage import one_line, triage

LOG = Path(__file__).parent / "diagnosis" / "logs" / "mlx5-napi-null.txt"
KEYS = [
    "schema", "path", "kernel_release", "crash_time", "crash_time_from", "node", "title", "kind", "rip", "guilty", "subsystem",
    "confidence", "process", "taint", "modules_out_of_tree", "trace", "citations", "warnings",
]  # fmt: skip


def given(text: bytes) -> dict[str, Evidence]:
    return {"vmcore-dmesg": Evidence("vmcore-dmesg", Kind.FILE, "f", "x", datetime.now(UTC), to_lines(text))}


def test_the_object() -> None:
    found = triage(given(LOG.read_bytes()), path="/var/crash/x")
    assert list(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    assert found["rip"] == {"function": "mlx5e_poll_rx_cq", "offset": 8, "size": 0x20, "module": "mlx5_core"}
    assert found["guilty"] == {"function": "mlx5e_poll_rx_cq", "module": "mlx5_core"}
    assert found["process"] == {"pid": 0, "comm": "swapper/1", "cpu": 1}
    assert found["citations"][0]["evidence"] == "vmcore-dmesg"


def test_absent_things_are_null_or_empty() -> None:
    found = triage(given(b"nothing here\n"))
    assert (found["rip"], found["crash_time"], found["node"], found["trace"]) == (None, None, "", [])
    assert found["guilty"] == {"function": "", "module": ""}
    assert (found["kind"], found["confidence"]) == ("unknown", "unknown")
    assert "no crash" in one_line(found)


def test_the_dump_s_header_is_believed_first() -> None:
    header = DumpHeader(
        DumpFormat.KDUMP,
        release="4.18.0-1.el8.x86_64",
        node="worker-07",
        crash_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    found = triage(given(LOG.read_bytes()), header=header)
    assert (found["kernel_release"], found["node"], found["crash_time"]) == (
        "4.18.0-1.el8.x86_64",
        "worker-07",
        "2026-01-02T03:04:05Z",
    )
    assert any("4.18.0-1.el8.x86_64" in warning for warning in found["warnings"])


def test_one_line() -> None:
    line = one_line(triage(given(LOG.read_bytes()), path="/var/crash/x"))
    assert line.startswith("/var/crash/x: ")
    assert line.endswith("in mlx5e_poll_rx_cq [null-deref; mlx5_core, probable]")
    cut = one_line(triage(given(b"BUG: unable to handle kernel paging request at ffffc90001234000\n")))
    assert "corrupted" not in cut
    assert one_line({"path": "x", "error": "no such file"}) == "x: no such file"


def test_it_stays_headless() -> None:
    code = "import sys, rca.triage; print([m for m in ('textual', 'rich', 'pexpect', 'tomllib') if m in sys.modules])"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
