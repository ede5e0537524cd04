"""Real panics: a virtual machine dies in a chosen way, a real kdump saves its memory."""

import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rca.lab import vm
from rca.lab.build import build
from rca.lab.errors import LabError
from rca.lab.kernels import Kernel, kernel
from rca.lab.ways import Way, way

LIMIT = 180.0
"""Seconds that a machine may take from power-on to power-off. Ten to thirty are usual."""


@dataclass(frozen=True, slots=True)
class Panic:
    """One panic and the files that tell of it."""

    way: Way
    hostname: str
    release: str
    directory: Path
    """As kdump names it: ``127.0.0.1-YYYY-MM-DD-HH:MM:SS``."""
    vmcore: Path
    """The dump, in makedumpfile's compressed format, level 31."""
    dmesg: Path
    """The crashed kernel's log (vmcore-dmesg.txt)."""
    console: Path
    """What both kernels wrote to the serial line."""
    vmlinux: Path
    """The symbols that crash needs for this vmcore."""
    modules: Path
    """The folder of the modules with their debug symbols."""
    seconds: float
    """How long the machine ran, by this machine's clock."""


def panic(way_name: str, out: Path, hostname: str = "worker-07", limit: float = LIMIT) -> Panic:
    """Let a fresh machine die in that way; put its crash directory and console.log into `out` (made if needed).

    Raises LabError, with the end of the console, if no complete dump came out within `limit` seconds.
    """
    chosen, used = way(way_name), kernel()
    return _panic(chosen, used, out, hostname, limit)


def panics(names: Iterable[str], out: Path, jobs: int = 2, hostname: str = "worker-07") -> list[Panic]:
    """Several panics, `jobs` machines at a time, each in the subfolder of `out` that its way names.

    The answers stand in the order of the names. Raises the first LabError, after the others have ended.
    """
    chosen, used = [way(name) for name in names], kernel()
    build(used)  # once, before several threads want it
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        running = [pool.submit(_panic, each, used, out / each.name, hostname, LIMIT) for each in chosen]
    return [each.result() for each in running]


def _panic(chosen: Way, used: Kernel, out: Path, hostname: str, limit: float) -> Panic:
    built = build(used)
    out.mkdir(parents=True, exist_ok=True)
    console = out / "console.log"
    console.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="lab-vm-") as name:
        disk = Path(name) / "disk.img"
        vm.make_disk(disk, chosen, used, built, hostname)
        started = time.monotonic()
        vm.boot(disk, chosen, used, built, console, limit)
        seconds = time.monotonic() - started
        found = vm.extract(disk, out)
    complete = [folder for folder in found if (folder / "vmcore").is_file()]
    if len(complete) != 1:
        raise LabError(
            f"{chosen.name}: the machine left {len(complete)} complete dumps{vm.last_lines(console)}"
        )
    folder = complete[0]
    return Panic(
        way=chosen,
        hostname=hostname,
        release=used.release,
        directory=folder,
        vmcore=folder / "vmcore",
        dmesg=folder / "vmcore-dmesg.txt",
        console=console,
        vmlinux=used.vmlinux,
        modules=built.modules,
        seconds=seconds,
    )
