"""Changes to a node with the real programs: a flattened dump is rebuilt by makedumpfile and opens as before."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from rca import lab
from rca.changing.plan import plans
from rca.changing.run import carry_out
from rca.lab.tools import need
from rca.sources.base import DumpState, Where
from rca.sources.dumps import find_dumps, lone_file
from rca.sources.folder import FolderSource
from rca.steps.base import Facts
from rca.verdict import Badge

pytestmark = pytest.mark.real


def flattened(vmcore: Path, place: Path) -> Path:
    """What kdump leaves where it sends a dump over ssh."""
    flat = place / "vmcore.flat"
    with flat.open("wb") as out:
        argv = [need("makedumpfile"), "-F", "-c", "-d", "31", str(vmcore)]
        subprocess.run(argv, stdout=out, stderr=subprocess.DEVNULL, check=True)
    return flat


def test_a_flattened_dump_is_rebuilt(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    died = panics["mlx5-napi-null"]
    flattened(died.vmcore, tmp_path)
    dumps = find_dumps([tmp_path])
    assert dumps[0].state is DumpState.FLATTENED
    (plan,) = plans(Facts(Where.FOLDER, "x", dumps=dumps, dump=dumps[0]))
    done = carry_out(plan, FolderSource(tmp_path))
    assert done.verdict.badge is Badge.PASS, done.evidence.text
    (made,) = lone_file(tmp_path / "vmcore.rebuilt")
    assert made.state is DumpState.COMPLETE and made.header and made.header.release == died.release


def test_a_flattened_dump_that_was_cut_is_left_alone(panics: dict[str, lab.Panic], tmp_path: Path) -> None:
    """makedumpfile -R would wait ten minutes for the rest of it."""
    flat = flattened(panics["mlx5-napi-null"].vmcore, tmp_path)
    flat.write_bytes(flat.read_bytes()[:3_000_000])
    dumps = find_dumps([tmp_path])
    assert dumps[0].state is DumpState.INCOMPLETE and "the mark at the end" in dumps[0].problem
    assert plans(Facts(Where.FOLDER, "x", dumps=dumps, dump=dumps[0])) == ()
