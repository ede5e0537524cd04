"""The programs that the lab runs or puts into the guest, and what is not installed of them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from rca.lab.errors import LabError

GUEST_PROGRAMS = ("kexec", "vmcore-dmesg", "makedumpfile")
"""Programs that the guest needs beside busybox, with the shared libraries that they need in turn."""

PACKAGES = {
    "qemu-system-x86_64": "qemu-system-x86",
    "busybox": "busybox-static",
    "kexec": "kexec-tools",
    "vmcore-dmesg": "kexec-tools",
    "makedumpfile": "makedumpfile",
    "mke2fs": "e2fsprogs",
    "debugfs": "e2fsprogs",
    "gcc": "gcc",
    "make": "make",
    "strip": "binutils",
}
"""Program → the Debian package that brings it."""


def find(program: str) -> Path | None:
    """The program's path, also where an ordinary user's PATH does not reach (sbin); None if it is not installed."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    found = shutil.which(program, path=path)
    return Path(found) if found else None


def need(program: str) -> str:
    """The program's path. Raises LabError if it is not installed."""
    found = find(program)
    if found is None:
        raise LabError(f"{program} is not installed (package {PACKAGES.get(program, program)})")
    return str(found)


def libraries(program: Path) -> list[Path]:
    """The shared libraries and the loader that a program needs, as the paths it looks for; empty if it is static."""
    told = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", told.stdout)]


def missing_programs() -> list[str]:
    """What is not installed, as "program (package)"; empty when all is there."""
    lacking = [f"{name} (package {package})" for name, package in PACKAGES.items() if find(name) is None]
    busybox = find("busybox")
    if busybox is not None and libraries(busybox):
        lacking.append("busybox that is static (package busybox-static)")
    return lacking


def run(argv: list[str], cwd: Path | None = None, limit: float = 600.0) -> str:
    """Run a program and return what it printed. Raises LabError, with its last lines, if it fails or takes
    longer than `limit` seconds."""
    name = Path(argv[0]).name
    try:
        done = subprocess.run(
            argv,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        raise LabError(f"{name} was not done after {limit:.0f} s") from None
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-30:])
        raise LabError(f"{name} ended with {done.returncode}:\n{tail}")
    return done.stdout
