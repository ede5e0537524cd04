"""What can stand next on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from rca.crash.completion import Vocabulary, candidates, commands, complete, describe, kernel_symbols
from rca.crash.safety import refusal
from rca.sources.disk import LOCAL
from tests.parsers.elf_files import make_elf, symbol_tables

WORDS = Vocabulary(
    ("mlx5_core", "qla2xxx"),
    ("native_safe_halt", "schedule", "schedule_idle", "schedule_timeout"),
    ("bt -a", "kmem -s mlx5_cq", "kmem -i"),
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("s", ("search", "set", "sig", "struct", "swap", "sym", "sys")),
        ("log -", ("-T", "-t", "-d", "-m", "-a", "-s")),
        ("bt -F", ("-F", "-FF")),
        ("mod -s ", ("mlx5_core", "qla2xxx")),
        ("sym -m q", ("qla2xxx",)),
        ("dis -rl sche", ("schedule", "schedule_idle", "schedule_timeout")),
        ("dis ", ()),
        ("foreach U", ("UN",)),
        ("help wha", ("whatis",)),
        ("help bt x", ()),
        ("nonsense -", ()),
        ("", tuple(commands())),
    ],
)
def test_candidates(line: str, found: tuple[str, ...]) -> None:
    assert candidates(line, WORDS) == found


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("k", "kmem -i"),
        ("kmem -s ", "kmem -s mlx5_cq"),
        ("dis schedule_t", "dis schedule_timeout"),
        ("sym schedule", "sym schedule_idle"),
        ("mod -s ml", "mod -s mlx5_core"),
        ("", ""),
        ("zzz", ""),
        ("dis -rl ", ""),
    ],
)
def test_the_line_goes_on(line: str, whole: str) -> None:
    assert complete(line, WORDS) == whole


def test_every_command_passes_safe_mode_and_is_described() -> None:
    for command in commands().values():
        words = [word for word in command.options if word[0] != "-"][:1]
        assert refusal(" ".join((command.name, *words))) == ""
        assert describe(command.name + " x").startswith(f"{command.name}: ")
        assert len(set(command.options)) == len(command.options)
    assert describe("nonsense") == ""


@pytest.mark.parametrize(("wide", "order"), [(True, "<"), (False, "<"), (True, ">")])
def test_symbols_are_those_of_the_vmlinux(tmp_path: Path, wide: bool, order: str) -> None:
    names = b"\0x.c\0__ksymtab_schedule\0do_idle.cold\0_a\0bad name\0\xff\0"
    places = (
        0,
        1,
        5,
        names.index(b"schedule"),
        *(names.index(n) for n in (b"do_idle", b"_a", b"bad", b"\xff")),
    )
    tables = symbol_tables(names, (*places, 5, 1 << 30), wide=wide, order=order)
    vmlinux = tmp_path / "vmlinux"
    vmlinux.write_bytes(make_elf(more=tables, wide=wide, order=order))
    assert kernel_symbols(str(vmlinux), LOCAL) == ("_a", "do_idle.cold", "schedule")
    vmlinux.write_bytes(make_elf())
    assert kernel_symbols(str(vmlinux), LOCAL) == ()
    vmlinux.write_bytes(b"no elf")
    assert kernel_symbols(str(vmlinux), LOCAL) == () == kernel_symbols("/nowhere", LOCAL)
