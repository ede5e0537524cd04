"""The kernel that dies: one that is installed with its headers and its debug symbols."""

import re
from dataclasses import dataclass
from pathlib import Path

from rca.lab.errors import LabError
from rca.lab.tools import missing_programs

_RELEASE = re.compile(r"6\.1\.\d+-(\d+)-cloud-amd64")


@dataclass(frozen=True, slots=True)
class Kernel:
    """An installed kernel: its release and where its image, its symbols and its build folder are."""

    release: str
    vmlinuz: Path
    vmlinux: Path
    headers: Path


def kernel() -> Kernel:
    """The newest installed 6.1 cloud kernel that has an image, symbols and headers. Raises LabError if none has."""
    releases = [entry.name for entry in Path("/lib/modules").glob("6.1.*-cloud-amd64")]
    numbered = [(int(match[1]), name) for name in releases if (match := _RELEASE.fullmatch(name))]
    for _, release in sorted(numbered, reverse=True):
        symbols = (
            Path(f"/usr/lib/debug/boot/vmlinux-{release}"),
            Path(f"/usr/lib/debug/lib/modules/{release}/vmlinux"),
        )
        vmlinux = next((path for path in symbols if path.is_file()), None)
        vmlinuz = Path(f"/boot/vmlinuz-{release}")
        headers = Path(f"/lib/modules/{release}/build")
        if vmlinux and vmlinuz.is_file() and (headers / "Makefile").is_file():
            return Kernel(release, vmlinuz, vmlinux, headers.resolve())
    raise LabError(
        "no 6.1 cloud kernel with image, headers and symbols (packages linux-image-6.1.0-NN-cloud-amd64, "
        "linux-headers-6.1.0-NN-cloud-amd64 and linux-image-6.1.0-NN-cloud-amd64-dbg of one NN)"
    )


def missing() -> list[str]:
    """What the lab lacks on this machine, one phrase each with the package that brings it; empty: it can run."""
    lacking = missing_programs()
    try:
        kernel()
    except LabError as error:
        lacking.append(str(error))
    return lacking
