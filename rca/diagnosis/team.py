"""A team's own signatures: every ``*.toml`` in ``~/.config/panicdesk/signatures``, or where the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rca.diagnosis.signatures import Signature, SignatureError, read_signatures
from rca.private import config_dir
from rca.settings import settings

_LARGEST = 1 << 20
"""Bytes of one file; more is no list of signatures."""


@dataclass(frozen=True, slots=True)
class Team:
    """What was found in the folder."""

    signatures: tuple[Signature, ...] = ()
    warnings: tuple[str, ...] = ()
    """One sentence per file that was left out."""


def folder() -> Path:
    """Where a team's signatures lie."""
    return settings().signatures or config_dir() / "signatures"


def team() -> Team:
    """Read the folder, in the order of the files' names; a file that cannot be used is left out and named."""
    signatures: list[Signature] = []
    warnings: list[str] = []
    here = folder()
    try:
        paths = sorted(here.glob("*.toml"))
    except OSError:
        return Team()
    for path in paths:
        try:
            signatures += read_signatures(_text(path), path.name)
        except SignatureError as error:
            warnings.append(f"{path} is left out: {error}")
        except (OSError, ValueError) as error:
            warnings.append(f"{path} is left out: {getattr(error, 'strerror', None) or 'is no UTF-8 text'}")
    return Team(tuple(signatures), tuple(warnings))


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise SignatureError(f"{path.name}: is larger than 1 MiB")
    return raw.decode("utf-8")
