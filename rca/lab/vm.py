"""One virtual machine: its disk, its run under a hard time limit, and the files that it leaves on its disk."""

import shutil
import subprocess
from pathlib import Path

from rca.lab.build import Build
from rca.lab.errors import LabError
from rca.lab.kernels import Kernel
from rca.lab.tools import need, run
from rca.lab.ways import Way

# The crashed kernel gets 512 MB of these 768, the capture kernel 256.
_MEMORY = "768M"
_CMDLINE = "root=/dev/nvme0n1 ro console=ttyS0 crashkernel=256M"
_DISK = "256M"


def make_disk(disk: Path, way: Way, kernel: Kernel, build: Build, hostname: str) -> None:
    """Make an ext4 image that tells the guest its name and how to die. The kernel command line does not: it is in
    the log, and would give the answer away. Raises LabError."""
    root = disk.with_suffix(".root")
    node = root / ".node"
    node.mkdir(parents=True)
    (node / "hostname").write_text(hostname, encoding="utf-8")
    (node / "run.sh").write_text(way.run.strip() + "\n", encoding="utf-8")
    shutil.copy(kernel.vmlinuz, node / "vmlinuz")
    shutil.copy(build.initramfs, node / "initramfs")
    run([need("mke2fs"), "-q", "-F", "-t", "ext4", "-J", "size=4", "-d", str(root), str(disk), _DISK])
    shutil.rmtree(root)


def boot(disk: Path, way: Way, kernel: Kernel, build: Build, console: Path, limit: float) -> None:
    """Run the machine until it powers off, its console going to a file. Raises LabError after `limit` seconds."""
    cmdline = f"BOOT_IMAGE=/boot/vmlinuz-{kernel.release} {_CMDLINE} {way.cmdline}".strip()
    argv = [
        need("qemu-system-x86_64"),
        "-accel",
        "tcg,thread=multi",
        "-cpu",
        "max",
        "-m",
        _MEMORY,
        "-smp",
        "2",
    ]
    argv += ["-display", "none", "-no-reboot", "-nodefaults", "-monitor", "none"]
    argv += ["-serial", f"file:{_escaped(console)}"]
    argv += ["-drive", f"file={_escaped(disk)},if=none,id=disk,format=raw,cache=unsafe"]
    argv += ["-device", "nvme,serial=lab,drive=disk"]
    argv += ["-kernel", str(kernel.vmlinuz), "-initrd", str(build.initramfs), "-append", cmdline]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(argv, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE, text=True) as machine:
        try:
            _, complaint = machine.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            why = f"{way.name}: the machine was not done after {limit:.0f} s"
            raise LabError(f"{why}{last_lines(console)}") from None
        finally:
            machine.kill()  # also on an interrupt: no machine outlives its test
    if machine.returncode:
        raise LabError(
            f"{way.name}: qemu ended with {machine.returncode}: {complaint.strip()}{last_lines(console)}"
        )


def extract(disk: Path, out: Path) -> list[Path]:
    """Copy the crash directories out of a disk image, without a mount, and return them as paths in `out`."""
    work = disk.with_suffix(".files")
    work.mkdir()
    # debugfs splits its request at blanks: hence a relative path.
    run([need("debugfs"), "-R", "rdump / .", str(disk)], cwd=work)
    found = []
    for folder in sorted(work.glob("127.0.0.1-*")):
        target = out / folder.name
        if target.exists():
            raise LabError(f"{target} is already there: two machines in one folder in the same second")
        shutil.move(folder, target)
        found.append(target)
    return found


def last_lines(console: Path, count: int = 40) -> str:
    """The end of a console log, indented, for an error's text; control characters are shown, not sent."""
    if not console.is_file():
        return "; it wrote nothing to its console"
    lines = console.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    shown = ("    " + "".join(c if c.isprintable() or c == "\t" else "·" for c in line) for line in lines)
    return f"; the end of its console:\n{chr(10).join(shown)}"


def _escaped(path: Path) -> str:
    return str(path).replace(",", ",,")
