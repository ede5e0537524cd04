"""Which package brings the vmlinux of a kernel release, and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAFE = re.compile(r"[A-Za-z0-9._+~-]{1,128}")
_EL = re.compile(r"\.el(\d+)")
_DEBIAN = re.compile(r"-(?:amd64|arm64|686-pae|ppc64el|s390x|riscv64|cloud-\w+|rt-\w+)$")
_UBUNTU = re.compile(r"-(?:generic|lowlatency|aws|azure|gcp|gke|kvm|oracle|ibm|nvidia)(?:-\w+)?$")

NEEDED = 5 << 30
"""Bytes that kernel-debuginfo takes up, download and unpacked files together."""


@dataclass(frozen=True, slots=True)
class Package:
    """What to install, as a line to copy, and what to know about it."""

    name: str
    command: str
    note: str = ""


def debuginfo_package(release: str, system: str = "") -> Package | None:
    """The package that holds the vmlinux of `release`; `system` is os-release's ID where it is known.

    None: the release is empty, is none that one should paste into a command line, or is of no known family.
    """
    if not _SAFE.fullmatch(release) or release.startswith("-"):
        return None
    if _EL.search(release):
        return _enterprise(release, system)
    if _UBUNTU.search(release):
        name = f"linux-image-{release}-dbgsym"
        return Package(
            name, f"apt-get install {name}", "It lies in Ubuntu's ddebs repository, off by default."
        )
    if _DEBIAN.search(release):
        name = f"linux-image-{release}-dbg"
        return Package(name, f"apt-get install {name}")
    return None


def _enterprise(release: str, system: str) -> Package:
    if "elrepo" in release:
        name = "kernel-ml-debuginfo" if release.startswith(("5", "6", "7")) else "kernel-lt-debuginfo"
        return Package(
            name, "", "ELRepo publishes no debuginfo for it; build the package with debuginfo yourself."
        )
    base, _, variant = release.partition("+")
    stem = {"debug": "kernel-debug-debuginfo", "rt": "kernel-rt-debuginfo"}.get(variant, "kernel-debuginfo")
    if ".rt" in release:
        stem = "kernel-rt-debuginfo"
    name = f"{stem}-{base}"
    match = _EL.search(release)
    major = match[1] if match else "8"
    machine = base.rpartition(".")[2]
    repository = "baseos-debuginfo"
    if system == "rhel":
        repository = f"rhel-{major}-for-{machine}-baseos-debug-rpms"
    elif stem.startswith("kernel-rt"):
        repository = "rt-debuginfo"
    note = ""
    if "lustre" in release:
        note = "A Lustre-patched kernel: the package is in the Lustre repository, not in the distribution's."
    elif system in ("", "rocky"):
        note = (
            f"An older point release is in the vault: https://dl.rockylinux.org/vault/rocky/{major}.x/BaseOS/"
            f"{machine}/debug/tree/Packages/k/"
        )
    return Package(name, f"dnf --enablerepo={repository} install {name}", note)
