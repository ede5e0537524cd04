"""A dump as a case remembers it, so that a recording can show it without the vmcore."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parsers.dumpheader import DumpFormat, DumpHeader
from rca.encoding import DAMAGE, from_iso
from rca.sources.base import Dump, DumpState


def dump_from_json(data: Mapping[str, Any]) -> Dump | None:
    """Read back what `rca.encoding.plain` made of a dump; None where there was none or it is damaged."""
    try:
        return Dump(
            directory=Path(data["directory"]),
            state=DumpState(data["state"]),
            vmcore=_path(data["vmcore"]),
            dmesg=_path(data["dmesg"]),
            kexec_dmesg=_path(data["kexec_dmesg"]),
            header=_header(data["header"]),
            size=int(data["size"]),
            problem=str(data["problem"]),
            saved=from_iso(data["saved"]) if data["saved"] else None,
            reason=str(data["reason"]),
            zoneless=bool(data.get("zoneless")),  # cases of earlier versions do not tell
        )
    except DAMAGE:
        return None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _header(data: Mapping[str, Any] | None) -> DumpHeader | None:
    if data is None:
        return None
    return DumpHeader(
        format=DumpFormat(data["format"]),
        release=str(data["release"]),
        node=str(data["node"]),
        version=str(data["version"]),
        machine=str(data["machine"]),
        crash_time=from_iso(data["crash_time"]) if data["crash_time"] else None,
        dump_level=data["dump_level"],
        complete=bool(data["complete"]),
        compression=str(data["compression"]),
        build_id=str(data["build_id"]),
        cpus=data["cpus"],
    )
