"""Step 4: is there a crash program, and the vmlinux of the kernel that crashed?"""

from __future__ import annotations

from collections.abc import Mapping

from parsers.host.osrelease import EL_IDS, parse_os_release
from rca.crash.base import SessionState
from rca.sources.base import DumpState
from rca.steps.base import Facts, Step
from rca.steps.common import HAS_CORE, header_said, human, lines_of
from rca.steps.packages import NEEDED, debuginfo_package
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

FREE_SPACE_PATHS = ("/usr", "/var/cache")
"""Where debuginfo goes and where it is downloaded to: `Facts.free_bytes` should know these."""

_ALIVE = (SessionState.STARTING, SessionState.READY, SessionState.BUSY)
_ELSEWHERE = "Installing moves gigabytes on this machine: an analysis host is the better place."
_RPM = (
    "vmlinux alone: rpm2cpio PACKAGE.rpm | cpio -idm './usr/lib/debug/lib/modules/*/vmlinux'; with '*.ko.debug' too, "
    "`mod -S DIR` in crash names the lines of modules.",
    "Judge by the file: dnf exits 0 with “Nothing to do” when it finds no debuginfo.",
)
_DEB = ("vmlinux alone: dpkg-deb -x PACKAGE.deb DIRECTORY.",)


def judge(facts: Facts) -> Verdict:
    """Pass: crash and the right vmlinux. Warn: crash only. Fail: no crash, or a vmlinux was given that will not do."""
    crash = facts.crash
    release = facts.crashed_release
    usable = crash.vmlinux is not None and not crash.vmlinux_problem
    if crash.program and usable:
        header = facts.dump.header if facts.dump else None
        what = (
            "build" if header and (header.build_id or header.version) else "release (the dump names no build)"
        )
        compared = f"Compared: the {what} that {crash.vmlinux} names, with the dump's own."
        text = f"crash {crash.program}, vmlinux {crash.vmlinux}"
        return Verdict(Badge.PASS, text, details=(compared, *header_said(facts)))
    if crash.state in _ALIVE and not (crash.program or crash.stand_in):
        return Verdict(Badge.PASS, "The crash session is recorded: neither crash nor debuginfo is needed")
    if facts.dumps is None:
        return Verdict(Badge.WAIT, "Looking for dumps")
    dumps = (facts.dump,) if facts.dump else facts.dumps
    if any(dump.state is DumpState.UNREADABLE for dump in dumps):
        return Verdict(Badge.NA, "The dump cannot be read (step 3): there is nothing that crash could open")
    if not any(dump.state in HAS_CORE for dump in dumps):
        return Verdict(Badge.NA, "There is no vmcore to open")
    if not crash.looked and crash.message:
        return Verdict(Badge.NA, crash.message)
    if not crash.looked:
        return Verdict(Badge.RUN, "Looking for crash and the crashed kernel's vmlinux")
    details = tuple(f"Looked for vmlinux at {path}" for path in crash.vmlinux_searched)
    system = parse_os_release(lines_of(facts, "os-release")).id
    remedy = " ".join(
        part for part in (_crash_line(facts, system), _debuginfo_line(facts, release, system)) if part
    )
    if usable and crash.stand_in:
        text = f"The crash program is not installed; {crash.stand_in} serves the pane in its place"
        return Verdict(Badge.WARN, text, (), remedy, details)
    if usable:
        return Verdict(
            Badge.FAIL, "The crash program is not installed; vmlinux is there", (), remedy, details
        )
    what = f"the vmlinux of {release}" if release else "a vmlinux (the crashed kernel's release is not known)"
    why = f": {crash.vmlinux_problem.rstrip('.')}" if crash.vmlinux_problem else ""
    if crash.vmlinux_fitting:
        remedy = " ".join(
            (f"Leave --vmlinux out: {crash.vmlinux_fitting} fits.", _crash_line(facts, system))
        ).strip()
    else:
        details = (*details, *_space(facts.free_bytes), *_installing(release, system))
    if crash.given:
        text = f"The vmlinux that was given will not do{why or f': {crash.vmlinux}'}"
        return Verdict(Badge.FAIL, text, (), remedy, details)
    if crash.program and crash.vmlinux:
        return Verdict(Badge.WARN, f"The vmlinux {crash.vmlinux} will not do{why}", (), remedy, details)
    if crash.program:
        summary = f"crash is there, {what} is not{why}"
        return Verdict(Badge.WARN, summary, (), remedy, (*details, "crash --log VMCORE works without it."))
    return Verdict(Badge.FAIL, f"Neither crash nor {what} is there{why}", (), remedy, details)


def _crash_line(facts: Facts, system: str) -> str:
    if facts.crash.program:
        return ""
    if system in ("debian", "ubuntu"):
        return "apt-get install crash."
    return "dnf install crash." if system in EL_IDS else "Install crash (dnf or apt-get install crash)."


def _debuginfo_line(facts: Facts, release: str, system: str) -> str:
    if facts.crash.vmlinux and not facts.crash.vmlinux_problem:
        return ""
    package = debuginfo_package(release, system)
    if package is None:
        return "Find the debuginfo of exactly the crashed release, or give --vmlinux."
    line = f"{package.command} (needs {human(NEEDED)}; this changes the machine)." if package.command else ""
    return " ".join(part for part in (line, package.note) if part)


def _installing(release: str, system: str) -> tuple[str, ...]:
    """What to know before a package is installed, in the words of its family."""
    package = debuginfo_package(release, system)
    if package is None:
        return ()
    return (*(_DEB if package.command.startswith("apt") else _RPM), _ELSEWHERE)


def _space(free: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"Free below {path}: {human(size)}"
        + (f", too little: {human(NEEDED)} are needed." if size < NEEDED else ".")
        for path, size in sorted(free.items())
    )


STEP = Step(
    number=4,
    title=TITLES[4],
    why="crash reads the dump with the help of vmlinux, the kernel with its debugging symbols. It must be that of the "
    "crashed kernel, the same build: uname -r of a node that rebooted into an update names the wrong one.",
    judge=judge,
    commands=(
        "yum install -y crash",
        "dnf debuginfo-install kernel-$(uname -r)",
        "ls -lh /usr/lib/debug/lib/modules/$(uname -r)/vmlinux",
    ),
)
