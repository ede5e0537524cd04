"""What the guest boots from, built once for each kernel and state of the sources: modules and first file system."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from rca.lab.cpio import Cpio
from rca.lab.errors import LabError
from rca.lab.kernels import Kernel
from rca.lab.tools import GUEST_PROGRAMS, libraries, need, run
from rca.shipped import shipped

_HERE = Path(__file__).parent
_SOURCES = ("modules", "guest", "build.py", "cpio.py")


@dataclass(frozen=True, slots=True)
class Build:
    """The built parts."""

    initramfs: Path
    modules: Path
    """The folder of modules with debug symbols, for crash's `mod -S`."""


def cache_folder() -> Path:
    """Where builds are kept: $PANICDESK_LAB_CACHE, or "lab" in this user's cache folder for panicdesk."""
    told = os.environ.get("PANICDESK_LAB_CACHE")
    return Path(told).absolute() if told else user_cache_path("panicdesk") / "lab"


def build(kernel: Kernel) -> Build:
    """Build modules and initramfs for a kernel, or take them from the cache. Raises LabError if a build fails."""
    if not isinstance(shipped(_HERE), Path) or not _HERE.is_dir():
        raise LabError(
            "the one file cannot build a panic: install panicdesk with pip, or take its repository"
        )
    programs = [Path(need(name)) for name in ("busybox", *GUEST_PROGRAMS)]
    folder = cache_folder() / f"{kernel.release}-{_fingerprint(programs)}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as name:
            made = Path(name) / "made"
            _build_modules(kernel, made / "modules")
            (made / "initramfs").write_bytes(_initramfs(programs, made / "modules"))
            try:
                made.rename(folder)
            except OSError as error:
                # Another process built the same at the same time and was first: its result is as good.
                if not folder.is_dir():
                    raise LabError(f"cannot keep the build in {folder}: {error}") from error
    return Build(folder / "initramfs", folder / "modules")


def _fingerprint(programs: list[Path]) -> str:
    digest = hashlib.sha256()
    roots = [_HERE / name for name in _SOURCES]
    ours = [path for root in roots for path in ([root] if root.is_file() else sorted(root.rglob("*")))]
    for path in [*ours, *programs]:
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)} {os.access(path, os.X_OK)}\n".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def _build_modules(kernel: Kernel, out: Path) -> None:
    out.mkdir(parents=True)
    # Not in the cache: the kernel's makefiles cannot stand a path with a blank in it.
    with tempfile.TemporaryDirectory(prefix="lab-modules-") as name:
        work = Path(name) / "src"
        shutil.copytree(_HERE / "modules", work)
        run([need("make"), "-s", "-C", str(kernel.headers), f"M={work}", "modules"])
        for built in sorted(work.glob("*.ko")):
            shutil.copy(built, out)


def _initramfs(programs: list[Path], modules: Path) -> bytes:
    archive = Cpio()
    archive.character_device("/dev/console", 5, 1)
    for folder in ("/proc", "/sys", "/tmp", "/var/crash", "/run"):
        archive.folder(folder)
    archive.file("/init", (_HERE / "guest" / "init").read_bytes())
    archive.file("/lib/capture", (_HERE / "guest" / "capture").read_bytes(), 0o644)
    for script in sorted((_HERE / "guest" / "bin").iterdir()):
        archive.file(f"/bin/{script.name}", script.read_bytes())
    archive.link("/bin/sh", "busybox")
    for program in programs:
        archive.file(f"/bin/{program.name}", program.read_bytes())
        for library in libraries(program):
            archive.file(str(library), library.read_bytes())
    with tempfile.TemporaryDirectory(prefix="lab-strip-") as name:
        for module in sorted(modules.glob("*.ko")):
            slim = Path(name) / module.name
            run([need("strip"), "--strip-debug", "-o", str(slim), str(module)])
            archive.file(f"/lib/modules/{module.name}", slim.read_bytes(), 0o644)
    return archive.to_bytes()
