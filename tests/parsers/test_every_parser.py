"""Each parser on damage to its own samples: missing, forbidden, empty, in another language, cut, endless, binary.

The samples came out of the real programs, but for those that only Enterprise Linux 8 prints (see the READMEs beside
them). A parser that is not in the table fails the last test.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from parsers import dumpextent, dumpheader, elf, elfsymbols, spans, text
from parsers.crash import bt, code, kmem, messages, mod, numbered, ps, stacks, stale, sysinfo
from parsers.host import (
    bootlog,
    capturelog,
    cmdline,
    dnf,
    fatal,
    journal,
    kdumpconf,
    kdumpctl,
    kubejson,
    kubepods,
    kubernetes,
    lastlog,
    osrelease,
    systemd,
)
from parsers.klog import clock, events, fields, records, taint
from tests.parsers.elf_files import make_elf

TESTS = Path(__file__).parents[1]
HOST = TESTS / "rca/steps/host"
DUMPS = TESTS / "parsers/dumps"
RECORDED = TESTS.parent / "rca/recordings"
Parse = Callable[[tuple[str, ...]], object]
_SIZE = 6_000
"""Bytes of a sample that are taken: damage is what is asked about, not length."""


def of(*patterns: str, root: Path = HOST) -> list[bytes]:
    """The samples that some globs find."""
    found = [path.read_bytes()[:_SIZE] for pattern in patterns for path in sorted(root.glob(pattern))]
    assert found, patterns
    return found


def said(command: str) -> list[bytes]:
    """What the real crash answered in our recordings."""
    return of(f"*/evidence/{command}.txt", root=RECORDED)[:3]


def each(parse: Callable[[str], object]) -> Parse:
    """A parser of single lines on all of them."""
    return lambda lines: [parse(line) for line in lines]


def within(parse: Callable[[tuple[str, ...], int], object]) -> Parse:
    """A parser that is asked about one line of several."""
    return lambda lines: [parse(lines, number) for number in range(1, min(len(lines), 50) + 1)]


LOGS = of("*.txt", root=TESTS / "rca/diagnosis/logs")[:4]
JOURNAL = of("*/journal-*.txt", "*/messages-*.txt")
CLUSTER = of("cluster.json", root=TESTS / "real")
TEXTS: dict[Callable[..., object], tuple[Parse, list[bytes]]] = {
    bt.read_bt: (bt.read_bt, said("bt") + said("bt-a")),
    stacks.group: (lambda lines: stacks.waits(stacks.group(bt.read_bt(lines))), said("bt-a")),
    stale.first_frames: (stale.first_frames, said("bt")),
    stale.is_stale: (
        lambda lines: [stale.is_stale(lines, n) for n in range(min(len(lines), 50))],
        said("bt"),
    ),
    code.read_sym: (code.read_sym, [b"ffffffff810bc8f0 (T) schedule  kernel/sched/core.c: 6742\n"]),
    code.read_dis: (code.read_dis, [b"0xffffffffc0331008 <mlx5e_poll_rx_cq+8>:\tmov    0x30(%rdi),%rax\n"]),
    kmem.read_kmem_i: (kmem.read_kmem_i, said("kmem-i")),
    kmem.read_kmem_s: (kmem.read_kmem_s, said("kmem-s")),
    messages.read_messages: (messages.read_messages, said("crash") + said("bt")),
    mod.read_mod: (mod.read_mod, said("mod")),
    numbered: (lambda lines: list(numbered(lines)), said("bt")),
    ps.read_ps_counts: (ps.read_ps_counts, [b"  RU: 5\n  IN: 259\n  UN: 31\n"]),
    ps.read_runq: (
        ps.read_runq,
        [b'CPU 0: [0 00:00:00.014]  PID: 77  TASK: ff11000100a  COMMAND: "worker"\n'],
    ),
    sysinfo.read_sys: (sysinfo.read_sys, said("sys")),
    bootlog.unclean_signs: (bootlog.unclean_signs, JOURNAL),
    bootlog.reservation: (bootlog.reservation, JOURNAL),
    bootlog.previous_boot: (bootlog.previous_boot, JOURNAL),
    bootlog.orderly_end: (lambda lines: bootlog.orderly_end(lines, range(1, len(lines) + 1)), JOURNAL),
    capturelog.failures: (capturelog.failures, of("*/kexec-dmesg*.txt")),
    cmdline.parse_crashkernel: (
        lambda lines: cmdline.parse_crashkernel(" ".join(lines)),
        [b"root=/dev/sda1 crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M@16M,high crashkernel=72M,low quiet\n"],
    ),
    cmdline.parse_size: (each(cmdline.parse_size), [b"536870912\n0\n512M\n"]),
    dnf.trouble: (dnf.trouble, of("*/dnf-*.txt")),
    fatal.fatal_lines: (fatal.fatal_lines, LOGS + JOURNAL),
    fatal.message: (each(fatal.message), JOURNAL),
    fatal.is_panic: (each(fatal.is_panic), LOGS),
    fatal.is_fatal: (each(fatal.is_fatal), LOGS),
    fatal.is_rip: (each(fatal.is_rip), LOGS),
    fatal.went_on: (fatal.went_on, LOGS + JOURNAL),
    fatal.shuts_down: (fatal.shuts_down, JOURNAL),
    journal.notices: (journal.notices, JOURNAL),
    journal.parse_boots: (journal.parse_boots, of("*/list-boots-*.txt")),
    kdumpconf.parse_kdump_conf: (kdumpconf.parse_kdump_conf, of("*/kdump.conf-*.txt")),
    kdumpctl.parse_kdumpctl: (kdumpctl.parse_kdumpctl, of("*/kdump-estimate-*.txt")),
    kdumpctl.failures: (kdumpctl.failures, of("*/kdump-failed.txt")),
    kubejson.parse_object: (kubejson.parse_object, CLUSTER),
    kubepods.parse_pods: (kubepods.parse_pods, CLUSTER),
    kubepods.parse_lease: (kubepods.parse_lease, CLUSTER),
    kubepods.parse_quantity: (each(kubepods.parse_quantity), [b"1500m\n2Gi\n"]),
    kubernetes.parse_nodes: (kubernetes.parse_nodes, CLUSTER),
    kubernetes.parse_events: (kubernetes.parse_events, CLUSTER),
    kubejson.moment: (each(kubejson.moment), [b"2025-12-22T09:09:00Z\n2025-12-22T09:01:58.000000Z\n"]),
    lastlog.parse_last: (lastlog.parse_last, of("*/last-*.txt")),
    lastlog.newest_first: (lastlog.newest_first, of("*/last-*.txt")),
    osrelease.parse_os_release: (osrelease.parse_os_release, of("*/os-release-*.txt")),
    systemd.parse_status: (systemd.parse_status, of("*/kdump-*.txt", "*/systemctl-*.txt")),
    systemd.parse_unit_files: (systemd.parse_unit_files, of("*/list-unit-files-*.txt")),
    clock.moment: (within(clock.moment), JOURNAL),
    events.read_log: (events.read_log, LOGS),
    fields.has_fields: (fields.has_fields, LOGS),
    fields.messages: (lambda lines: list(fields.messages(lines)), LOGS),
    records.read_records: (records.read_records, LOGS),
    taint.taint_letters: (each(taint.taint_letters), [b"Tainted: G        W  OE  X  -------- -  -\n"]),
    spans.spans: (each(spans.spans), said("bt") + LOGS[:1]),
    text.split_lines: (lambda lines: text.split_lines("\n".join(lines)), LOGS[:1]),
    text.visible: (each(text.visible), LOGS[:1]),
}


def _reader(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, size: data[max(0, offset) : max(0, offset) + size] if size > 0 else b""


def _elf(data: bytes) -> object:
    try:
        return elf.read_elf(_reader(data))
    except elf.ElfError:
        return None


def _symbols(data: bytes) -> object:
    try:
        return elfsymbols.symbol_names(_reader(data), elf.read_elf(_reader(data)))
    except elf.ElfError:
        return None


HEADS = of("*.head", root=DUMPS)
BYTES: dict[Callable[..., object], tuple[Callable[[bytes], object], list[bytes]]] = {
    dumpheader.read_header: (dumpheader.read_header, HEADS),
    dumpheader.further_ranges: (dumpheader.further_ranges, HEADS),
    dumpheader.parse_vmcoreinfo: (
        dumpheader.parse_vmcoreinfo,
        [b"OSRELEASE=4.18.0\nPAGESIZE=4096\nCRASHTIME=1\n"],
    ),
    dumpextent.extent_of: (lambda data: dumpextent.extent_of(_reader(data)), HEADS),
    dumpextent.hole: (
        lambda data: dumpextent.hole(dumpextent.extent_of(_reader(data)), _reader(data)),
        HEADS,
    ),
    elf.read_elf: (_elf, [make_elf()]),
    elfsymbols.symbol_names: (_symbols, [make_elf()]),
    text.to_text: (text.to_text, LOGS[:1]),
    text.to_lines: (text.to_lines, LOGS[:1]),
}

WORDS = [
    b"cat: /var/crash: Permission denied\n",
    b'Error from server (Forbidden): nodes is forbidden: User "x" cannot list resource "nodes"\n',
    b"Keine Berechtigung, um die Unit kdump.service abzurufen. Aktiv: inaktiv (tot) seit Mo 2025-12-22\n",
    "カーネルパニック: 同期していません。再起動 システムブート 月 12月 22 09:08\n".encode(),
    "Arrêt anormal du système détecté\n".encode("latin-1"),
    b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe\x00\x01 KDUMP   " + bytes(range(256)),
    b"\x1b[2J\x1b]52;c;cHdu\x07\xe2\x80\xae[bold]\n",
]


def damaged(sample: bytes, at: int, junk: bytes) -> Iterable[bytes]:
    """Everything that can become of an answer on its way."""
    at %= len(sample) + 1
    yield b""
    yield b"\n" * 50
    yield from WORDS
    yield sample[:at]
    yield sample[at:]
    yield sample[:at] + junk + sample[at:]
    yield sample[:at] + WORDS[at % len(WORDS)] + sample[at:]
    yield (sample[: at % 400] + junk) * 30
    yield sample.replace(b"\n", b" ")
    yield sample.swapcase()


CASES = st.tuples(st.integers(0, _SIZE), st.binary(max_size=30))


def _named(parser: Callable[..., object]) -> str:
    return f"{parser.__module__.removeprefix('parsers.')}.{parser.__name__}"


@pytest.mark.parametrize("parser", TEXTS, ids=_named)
@settings(max_examples=4, deadline=None)
@given(case=CASES)
def test_no_damage_makes_a_parser_of_text_raise(
    parser: Callable[..., object], case: tuple[int, bytes]
) -> None:
    parse, samples = TEXTS[parser]
    for sample in samples:
        for data in damaged(sample, *case):
            parse(text.to_lines(data))


@pytest.mark.parametrize("parser", BYTES, ids=_named)
@settings(max_examples=4, deadline=None)
@given(case=CASES)
def test_no_damage_makes_a_parser_of_bytes_raise(
    parser: Callable[..., object], case: tuple[int, bytes]
) -> None:
    parse, samples = BYTES[parser]
    for sample in samples:
        for data in damaged(sample, *case):
            parse(data)


ENDLESS = [b"a", b"0", b" ", b"[", b"crashkernel=1G-", b"kernel: ", b"#1 [ff00", b"reboot   system boot  "]


@pytest.mark.parametrize("parser", TEXTS, ids=_named)
def test_an_endless_line_comes_to_an_end(parser: Callable[..., object]) -> None:
    parse, samples = TEXTS[parser]
    for piece in (*ENDLESS, *(sample.splitlines()[0][:40] or b"x" for sample in samples[:2] if sample)):
        parse(text.to_lines(piece * (30_000 // len(piece))))


INSIDE = {
    "parsers.klog.body": events.read_log,
    "parsers.klog.frames": events.read_log,
    "parsers.klog.links": events.read_log,
    "parsers.klog.modules": events.read_log,
    "parsers.klog.reports": events.read_log,
    "parsers.klog.search": events.read_log,
    "parsers.host.kubejson": kubernetes.parse_nodes,
}
"""Modules whose functions are parts of a parser, which hands them what it has read."""
_READ_VALUES = {
    "mod.module_at",
    "offset",
    "stacks.waits",
    "host.journal.boot_of",
    "host.kubernetes.find_node",
    "host.kubernetes.about",
    "host.kubernetes.evicts",
}
"""Functions that take what a parser gave, and no text."""


def test_every_parser_is_in_the_table() -> None:
    public = set()
    for found in pkgutil.walk_packages(parsers.__path__, "parsers."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == found.name and not name.startswith("_")
            if own and found.name not in INSIDE:
                public.add(value)
    left = {_named(value).removeprefix("crash.") for value in public - TEXTS.keys() - BYTES.keys()}
    assert left == _READ_VALUES
    assert all(parser in TEXTS for parser in INSIDE.values())
