"""The files that are shipped beside the code: they lie in a directory, or in the one file that carries everything."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import zipfile
    from importlib.resources.abc import Traversable


def shipped(path: Path) -> Traversable:
    """What lies at a path beside the code, also where the code, and with it the path, is inside a zip file."""
    if path.exists():
        return path
    archive = next((above for above in path.parents if above.is_file()), None)
    return _opened(archive) / path.relative_to(archive).as_posix() if archive else path


@cache
def table(path: Path) -> dict[str, Any]:
    """What a TOML file beside the code holds; read once, and not to be changed."""
    import tomllib  # not at the top: who asks for no table need not pay for it

    return tomllib.loads(shipped(path).read_text(encoding="utf-8"))


@cache
def _opened(archive: Path) -> zipfile.Path:
    import zipfile  # not at the top: an installed tree need not pay for it

    return zipfile.Path(archive)
