"""A cpio archive in the "newc" format, which is what the kernel unpacks as its first file system."""

import stat
from pathlib import PurePosixPath

_TRAILER = "TRAILER!!!"


class Cpio:
    """Collects files for an archive, makes the folders above them, and gives the bytes of it all."""

    def __init__(self) -> None:
        """Start with an empty archive."""
        self._entries: dict[str, tuple[int, bytes, tuple[int, int]]] = {}

    def folder(self, path: str) -> None:
        """Add a folder (an absolute path in the guest) and those above it."""
        for part in [*reversed(PurePosixPath(path).parents), PurePosixPath(path)]:
            if str(part) != "/":
                self._entries.setdefault(str(part), (stat.S_IFDIR | 0o755, b"", (0, 0)))

    def file(self, path: str, content: bytes, mode: int = 0o755) -> None:
        """Add a file with its permission bits; its folders are made as needed."""
        self.folder(str(PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFREG | mode, content, (0, 0))

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        self.folder(str(PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFLNK | 0o777, target.encode(), (0, 0))

    def character_device(self, path: str, major: int, minor: int) -> None:
        """Add a device node; no privilege is needed, as it exists in the archive only."""
        self.folder(str(PurePosixPath(path).parent))
        self._entries[path] = (stat.S_IFCHR | 0o600, b"", (major, minor))

    def to_bytes(self) -> bytes:
        """The whole archive. All owners are root and all times zero, so that equal content gives equal bytes."""
        out = bytearray()
        for number, (path, (mode, content, device)) in enumerate(self._entries.items(), start=1):
            _append(out, number, path.lstrip("/"), mode, content, device)
        _append(out, 0, _TRAILER, 0, b"", (0, 0))
        return bytes(out)


def _append(
    out: bytearray, inode: int, name: str, mode: int, content: bytes, device: tuple[int, int]
) -> None:
    raw = name.encode() + b"\0"
    fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(raw), 0)
    out += b"070701" + b"".join(b"%08x" % field for field in fields) + raw
    out += bytes(-len(out) % 4)
    out += content
    out += bytes(-len(out) % 4)
