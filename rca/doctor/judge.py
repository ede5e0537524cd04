"""What the machine's answers mean for each step, and the command that mends what is lacking. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parsers.host.osrelease import EL_IDS
from rca.doctor.machine import Machine
from rca.steps.packages import debuginfo_package
from rca.verdict import Badge


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that steps need."""

    name: str
    steps: str
    """For whom: ``5, 6``; empty where it is no step's."""
    badge: Badge
    """PASS; FAIL where a step cannot be taken; WARN where it says less; N/A where nothing needs it here."""
    summary: str
    """One sentence without its full stop."""
    remedy: str = ""
    """A command to copy, or what to do; empty where nothing is to be mended."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What the screen will be drawn on."""

    tty: bool = False
    term: str = ""
    colours: str = ""
    """``true colour``, ``256``, ``16`` or ``none``."""
    columns: int = 0
    lines: int = 0
    encoding: str = ""
    """As Python names it."""
    clipboard: str = ""
    """The way by which a copy would go; empty where there is none."""


_EL, _DEBIAN = "el", "debian"
_PACKAGES: Mapping[str, Mapping[str, str]] = {
    "crash": {_EL: "crash", _DEBIAN: "crash"},
    "ssh": {_EL: "openssh-clients", _DEBIAN: "openssh-client"},
    "drgn": {_EL: "drgn", _DEBIAN: "python3-drgn"},
    "kubectl": {_DEBIAN: "kubernetes-client"},
}
_SMALLEST, _ROOMY = (60, 15), (80, 24)


def judge_machine(machine: Machine) -> tuple[Check, ...]:
    """The machine, in the order of the steps."""
    return (
        _system(machine),
        _kdump(machine),
        _dumps(machine),
        _crash(machine),
        _debuginfo(machine),
        _optional(machine, "drgn", "6", "crash alone answers"),
        _kubernetes(machine),
        _optional(machine, "ssh", "", "ssh://HOST cannot be opened"),
        _lab(machine),
        _state(machine),
    )


def judge_terminal(terminal: Terminal) -> tuple[Check, ...]:
    """The terminal."""
    return (_screen(terminal), _size(terminal), _colours(terminal), _encoding(terminal), _clipboard(terminal))


def _system(machine: Machine) -> Check:
    said = f"{machine.title or 'An unknown system'}, running {machine.release or 'an unknown kernel'}"
    if machine.root:
        return Check("system", "0, 1", Badge.PASS, said)
    return Check(
        "system", "0, 1", Badge.WARN, f"{said}; not as root, so some logs are closed", "sudo panicdesk"
    )


def _kdump(machine: Machine) -> Check:
    verdict = machine.kdump
    if verdict is None or verdict.badge is Badge.RUN:
        return Check(
            "kdump", "2", Badge.WARN, "The node did not answer in time", "panicdesk, and r on step 2"
        )
    return Check("kdump", "2", verdict.badge, verdict.summary, verdict.remedy)


def _dumps(machine: Machine) -> Check:
    if machine.dumps:
        return Check("dumps", "3, 8", Badge.PASS, f"{machine.dumps} found")
    remedy = "panicdesk PATH opens a dump from elsewhere; panicdesk demo opens a recorded one"
    return Check("dumps", "3, 8", Badge.NA, "None here", remedy)


def _crash(machine: Machine) -> Check:
    if machine.crash and machine.crash.ok:
        return Check("crash", "4-7", Badge.PASS, str(machine.crash.path))
    return Check("crash", "4-7", Badge.FAIL, "Not installed", _install(machine.system, "crash"))


def _debuginfo(machine: Machine) -> Check:
    found = machine.vmlinux
    if found and found.ok:
        said = f"{found.path}, of the running kernel: a dump of another one needs its own"
        return Check("debuginfo", "4-7", Badge.PASS, said)
    said = found.problem.rstrip(".") if found else "Not looked for"
    package = debuginfo_package(machine.release, machine.system)
    remedy = (
        package.command or package.note
        if package
        else "Give the crashed kernel's: panicdesk --vmlinux FILE PATH"
    )
    return Check("debuginfo", "4-7", Badge.WARN, said, remedy)


def _kubernetes(machine: Machine) -> Check:
    if "kubectl" not in machine.programs:
        said = "kubectl is not installed: needed only where the node is part of a cluster"
        return Check("kubectl", "9", Badge.NA, said, _install(machine.system, "kubectl"))
    if not machine.kubeconfig:
        remedy = "KUBECONFIG=FILE panicdesk, or kubeconfig in config.toml: one that may read nodes and events"
        return Check("kubectl", "9", Badge.WARN, f"{machine.programs['kubectl']}, but no kubeconfig", remedy)
    return Check("kubectl", "9", Badge.PASS, f"{machine.programs['kubectl']} with {machine.kubeconfig}")


def _optional(machine: Machine, program: str, steps: str, without: str) -> Check:
    if path := machine.programs.get(program):
        return Check(program, steps, Badge.PASS, path)
    return Check(program, steps, Badge.NA, f"Not installed: {without}", _install(machine.system, program))


def _lab(machine: Machine) -> Check:
    if not machine.lab_lacks:
        return Check("lab", "", Badge.PASS, "QEMU, a kernel with its symbols and all else is there")
    first, *others = machine.lab_lacks
    more = f" and {len(others)} more" if others else ""
    said = f"Lacks {first}{more}: only those who test panicdesk on real panics need it"
    remedy = (
        "In the source tree: apt-get install $(sh rca/lab/packages.sh)"
        if _family(machine.system) == _DEBIAN
        else "The lab runs on Debian 12"
    )
    return Check("lab", "", Badge.NA, said, remedy)


def _state(machine: Machine) -> Check:
    if machine.writable:
        return Check("cases", "", Badge.PASS, f"Kept in {machine.state}")
    said = f"{machine.state} cannot be written: cases are kept in a temporary directory, if at all"
    return Check("cases", "", Badge.WARN, said, "PANICDESK_STATE=DIRECTORY panicdesk")


def _screen(terminal: Terminal) -> Check:
    if terminal.tty and terminal.term not in ("", "dumb"):
        return Check("terminal", "", Badge.PASS, terminal.term)
    if not terminal.tty:
        said, remedy = "Input and output are no terminal: no workbench", "ssh -t HOST panicdesk"
    else:
        said, remedy = "TERM is empty or dumb: no workbench", "TERM=xterm-256color panicdesk"
    return Check("terminal", "", Badge.WARN, said, f"{remedy}; or panicdesk report, which needs no screen")


def _size(terminal: Terminal) -> Check:
    size = (terminal.columns, terminal.lines)
    said = f"{terminal.columns} columns, {terminal.lines} lines"
    if not all(size):
        return Check("size", "", Badge.NA, "Unknown")
    if any(is_ < needed for is_, needed in zip(size, _SMALLEST, strict=True)):
        return Check(
            "size", "", Badge.WARN, f"{said}: panes are cut", "Enlarge the window, or use panicdesk report"
        )
    if any(is_ < needed for is_, needed in zip(size, _ROOMY, strict=True)):
        return Check(
            "size", "", Badge.WARN, f"{said}: cramped", "80 columns and 24 lines show one whole pane"
        )
    return Check("size", "", Badge.PASS, said)


def _colours(terminal: Terminal) -> Check:
    if terminal.colours in ("true colour", "256"):
        return Check("colours", "", Badge.PASS, terminal.colours)
    said = f"{terminal.colours or 'unknown'}: badges are words, nothing is lost"
    return Check("colours", "", Badge.PASS, said)


def _encoding(terminal: Terminal) -> Check:
    if terminal.encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return Check("encoding", "", Badge.PASS, "UTF-8")
    said = f"{terminal.encoding or 'Unknown'}: lines and arrows are drawn in ASCII"
    return Check("encoding", "", Badge.WARN, said, "LC_ALL=C.UTF-8 panicdesk")


def _clipboard(terminal: Terminal) -> Check:
    if terminal.clipboard:
        return Check("clipboard", "10", Badge.PASS, terminal.clipboard)
    return Check("clipboard", "10", Badge.WARN, "None", "Y prints the RCA, to be marked with the mouse")


def _family(system: str) -> str:
    if system in EL_IDS or system == "fedora":
        return _EL
    return _DEBIAN if system in ("debian", "ubuntu") else ""


def _install(system: str, program: str) -> str:
    family = _family(system)
    package = _PACKAGES[program].get(family)
    if package:
        return f"{'dnf' if family == _EL else 'apt-get'} install {package}"
    return f"Install {program} by its maker's instructions"


def lacking(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Those that keep a step from being taken."""
    return tuple(check for check in checks if check.badge is Badge.FAIL)
