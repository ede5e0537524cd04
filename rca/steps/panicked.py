"""Step 1: was it a kernel panic at all?"""

from __future__ import annotations

from parsers.host.bootlog import orderly_end, previous_boot, unclean_signs
from parsers.host.fatal import shuts_down
from parsers.host.journal import Notice, boot_of, notices, parse_boots
from parsers.host.lastlog import Boot, parse_last
from rca.evidence import Citation
from rca.sources.base import Command, Dump, DumpState, File, Probe, Where
from rca.sources.files import DENIED
from rca.steps import quick
from rca.steps.base import Facts, Step
from rca.steps.common import (
    cite,
    collecting,
    fatal_citations,
    has_panic_line,
    held,
    lines_of,
    of_two_crashes,
    other_node,
    problems,
    saved_by_kdump,
    survived,
    utc,
    words,
)
from rca.steps.dumptimes import is_later
from rca.steps.titles import TITLES
from rca.verdict import Badge, Verdict

LIST_BOOTS = Command("list-boots", ("journalctl", "--list-boots", "--no-pager"), timeout=20, root=True)
LAST = Command("last", ("last", "-xFw", "reboot", "shutdown"))
THIS_BOOT = Command(
    "journal-boot", ("journalctl", "-b", "0", "-k", "--no-pager", "-o", "short-monotonic"), 20, root=True
)
"""The running boot's kernel log: what it found broken, and what it set aside for kdump."""
MESSAGES = File("messages", ("/var/log/messages", "/var/log/kern.log"), limit=16 << 20, tail=True)

NO_PANIC_LINE = (
    "The log has no line “Kernel panic - not syncing”, and needs none: kdump takes over while the oops is still being "
    "reported, before the kernel comes to print it."
)
_SURVIVED = "It survived: that report may still be what made somebody reboot it."
_ELSEWHERE = (
    "Look where the kernel writes without a disk: the serial console, netconsole, the BMC's event log, "
    "/sys/fs/pstore and /var/lib/systemd/pstore. Their silence proves nothing: the BMC's log gets the panic text only "
    "where kdump did not take over."
)


def probes(facts: Facts) -> tuple[Probe, ...]:
    """The log of the boot that crashed, the list of boots, and the record of reboots."""
    base: tuple[Probe, ...] = (LIST_BOOTS, LAST, *quick.probes(facts))
    boots = facts.evidence.get("list-boots")
    if boots is None or (facts.dumps is None and boots.ok):
        return base  # which boot to ask for is known only when both are here
    base = (*base, journal(facts))
    answer = facts.evidence.get("journal")
    if answer is None or facts.dumps is None or saved_by_kdump(facts.dump) or fatal_citations(answer):
        return base
    return (*base, THIS_BOOT, MESSAGES)  # no dump, and a journal that does not tell: look further


def journal(facts: Facts) -> Command:
    """The command for the kernel log of the boot that crashed: the one before this, unless the dump says otherwise."""
    boots = parse_boots(lines_of(facts, "list-boots"))
    crashed_at = facts.crash_time
    which = "-1"
    if boots and crashed_at and (boot := boot_of(boots, crashed_at)):
        which = str(boot.offset) if boot.offset else "-1"
    argv = ("journalctl", "-b", which, "-k", "--no-pager", "-o", "short-monotonic")
    return Command("journal", argv, timeout=30, limit=32 << 20, root=True)


def judge(facts: Facts) -> Verdict:
    """Pass: a fatal signature or a dump. Warn: unclean, or no evidence. Fail: an orderly shutdown."""
    log = facts.evidence.get("vmcore-dmesg")
    proof = fatal_citations(log)
    if proof or saved_by_kdump(facts.dump):
        if (facts.dump and facts.dump.dmesg and log is None) or "last" not in facts.evidence:
            return Verdict(Badge.RUN, "A dump is there; reading its log and the record of reboots")
        return _dumped(facts, proof)
    if waiting := collecting(facts, probes(facts)):
        return waiting
    if facts.dumps is None:
        return Verdict(Badge.RUN, "Looking for dumps")
    if not held(facts, "journal", "last", "messages"):
        return _not_held(facts)
    return _from_host(facts)


def _dumped(facts: Facts, proof: tuple[Citation, ...]) -> Verdict:
    """A dump or its log is there: it was a panic. What remains is whether it was the last thing that happened."""
    log = facts.evidence.get("vmcore-dmesg")
    when = f" at {utc(moment)}" if (moment := facts.crash_time) else ""
    details = [*problems(facts, "vmcore-dmesg")]
    has_core = saved_by_kdump(facts.dump)
    if log and not has_core and (long := survived(log.lines)):
        text = f"The log reports {words(proof[0])}, and goes on for {long} after it: the kernel did not die of that"
        return Verdict(Badge.WARN, text, (*proof, log.cite(len(log.lines))), _ELSEWHERE, tuple(details))
    if proof:
        summary = f"The kernel died{when}: {words(proof[0])}"
        if has_core and not has_panic_line(log):
            details.append(NO_PANIC_LINE)
    else:
        summary = f"The kernel died{when}: kdump saved a dump, which only a crash makes it do"
        details.append("No fatal line could be read from a log; `log` in crash will show it.")
    if differ := of_two_crashes(facts):
        return Verdict(
            Badge.WARN,
            f"A dump and a log lie here that do not agree: {differ[0]}",
            proof,
            "Find out which file is of the crash that is asked about, and open it in a directory of its own.",
            (*differ[1:], *details),
        )
    if later := _unclean_after(facts):
        others = [is_later(dump, facts.dump) for dump in facts.dumps or () if facts.dump]
        trace = "whether one of the dumps here is of that is not known" if None in others else "left no dump"
        return Verdict(
            Badge.WARN,
            f"{summary}. But that was not the last crash: a later boot ended unclean, and {trace}",
            (*proof, *cite(facts, "last", later.line)),
            "This analysis is of the dump's crash. Look for the later one's traces apart from it.",
            tuple(details),
        )
    after = _booted_after(facts)
    if len(after) >= 2 and (last := after[0]).started and not any(b.clean is False for b in after):
        return Verdict(
            Badge.WARN,
            f"{summary}. The last reboot was an orderly one at {utc(last.started)}: "
            "this dump is of an earlier crash",
            (*proof, *cite(facts, "last", last.line, after[1].shutdown_line, after[1].line)),
            "If the last reboot is meant, it was no panic.",
            tuple(details),
        )
    return Verdict(Badge.PASS, summary, proof, "", tuple(details))


def _not_held(facts: Facts) -> Verdict:
    log = facts.evidence.get("vmcore-dmesg")
    if unread := _unread(facts):
        denied = unread[0].problem.startswith(DENIED)
        return Verdict(
            Badge.WARN,
            f"Nothing could be read of the dump: {unread[0].problem}",
            remedy="Open it with enough rights." if denied else "See step 3.",
            details=problems(facts, "vmcore-dmesg"),
        )
    if log is None or not log.lines:
        timeless = any(dump.header for dump in facts.dumps or ())
        text = (
            "No evidence of a panic here: the dump does not tell when its kernel died, and there is no log. "
            "A hypervisor saves such a dump of a running guest, too"
            if timeless
            else "No evidence of a panic here: neither a dump nor a log"
        )
        return Verdict(Badge.WARN, text, details=problems(facts, "vmcore-dmesg"))
    return Verdict(
        Badge.WARN,
        f"The log's {len(log.lines)} lines report no panic and no oops; it may end before that, or it was none",
        remedy=_ELSEWHERE,
    )


def _unread(facts: Facts) -> list[Dump]:
    """Dumps of which not even the header could be read: they prove nothing."""
    return [dump for dump in facts.dumps or () if dump.state is not DumpState.LOG_ONLY and not dump.header]


def _from_host(facts: Facts) -> Verdict:
    """No dump: the journal and the record of reboots have to tell."""
    lines = lines_of(facts, "journal")
    remarks = dict(notices(lines))
    boots = parse_last(lines_of(facts, "last"))
    # Without a persistent journal, journalctl may print the running boot's messages: they prove nothing.
    usable = not remarks.keys() & {Notice.VOLATILE, Notice.NO_SUCH_BOOT, Notice.NO_FILES}
    proof = fatal_citations(facts.evidence.get("journal")) if usable else ()
    previous = next((boot for boot in boots if boot.clean is not None), None)
    unread = (f"A dump lies here of which nothing could be read: {dump.problem}." for dump in _unread(facts))
    details = (*unread, *problems(facts, "journal", "last", "messages"), *_remarks(remarks))
    if proof:
        ended = shuts_down(lines)
        if ended or (previous and previous.clean):
            return Verdict(
                Badge.WARN,
                f"The previous boot reported {words(proof[0])}, yet was shut down in order afterwards",
                (*proof, *cite(facts, "journal", ended or 0), *_ends(facts, previous)),
                _SURVIVED,
                details,
            )
        if long := survived(lines):
            return Verdict(
                Badge.WARN,
                f"The previous boot reported {words(proof[0])}, and went on for {long}: how it ended is not told",
                (*proof, *cite(facts, "journal", len(lines)), *_ends(facts, previous)),
                _SURVIVED,
                details,
            )
        return Verdict(
            Badge.PASS, f"The previous boot's journal ends in a crash: {words(proof[0])}", proof, "", details
        )
    if verdict := _from_messages(facts, previous, details):
        return verdict
    signs = cite(facts, "journal-boot", *unclean_signs(lines_of(facts, "journal-boot")))
    if previous.clean is False if previous else signs:
        return Verdict(
            Badge.WARN,
            "The previous boot ended unclean, and no panic text was found: a panic, a power loss, a reset by the "
            "BMC or the hypervisor, or sysrq-b",
            (
                *cite(facts, "last", previous.line if previous else 0),
                *signs[:3],
                *_remark_lines(facts, remarks),
            ),
            _ELSEWHERE,
            details,
        )
    if previous and (unclean := next((boot for boot in boots if boot.clean is False), None)):
        known = (
            unclean.started and facts.where is not Where.FOLDER
        )  # a report's `last` is in the node's own zone
        began = f", begun at {utc(unclean.started)}," if known else ""
        return Verdict(
            Badge.WARN,
            f"The previous boot was shut down in order, but an earlier one{began} ended unclean: a panic, "
            "a power loss, a reset by the BMC or the hypervisor, or sysrq-b",
            (*_ends(facts, previous), *cite(facts, "last", unclean.line)),
            _ELSEWHERE,
            details,
        )
    if previous or (usable and shuts_down(lines)):
        return Verdict(
            Badge.FAIL,
            "Not a panic: the previous boot was shut down in order",
            (*_ends(facts, previous), *cite(facts, "journal", (shuts_down(lines) or 0) if usable else 0)),
            "If another reboot is meant, give its dump or log.",
            details,
        )
    return Verdict(
        Badge.WARN,
        "No evidence here: "
        + (_why(remarks) or "neither the journal nor `last` tells how the previous boot ended"),
        _remark_lines(facts, remarks),
        _ELSEWHERE,
        details,
    )


def _from_messages(facts: Facts, previous: Boot | None, details: tuple[str, ...]) -> Verdict | None:
    """What the system log kept of the previous boot's end, where it reports something fatal; None otherwise."""
    messages = facts.evidence.get("messages")
    before = previous_boot(messages.lines) if messages else None
    if messages is None or before is None or not (proof := fatal_citations(messages, before)):
        return None
    said = words(proof[0])
    ended = orderly_end(messages.lines, range(proof[0].line, before.stop))
    if ended or (previous and previous.clean):
        return Verdict(
            Badge.WARN,
            f"The previous boot reported {said}, yet was shut down in order afterwards",
            (*proof, *cite(facts, "messages", ended or 0), *_ends(facts, previous)),
            _SURVIVED,
            details,
        )
    if long := survived(messages.lines[proof[0].line - 1 : before.stop - 1]):
        return Verdict(
            Badge.WARN,
            f"The previous boot reported {said}, and went on for {long}: how it ended is not told",
            (*proof, messages.cite(before.stop - 1)),
            _SURVIVED,
            details,
        )
    text = f"{messages.what} shows that the previous boot ended in a crash: {said}"
    return Verdict(Badge.PASS, text, (*proof, messages.cite(before.stop)), "", details)


def _why(remarks: dict[Notice, int]) -> str:
    if Notice.VOLATILE in remarks:
        return "the journal is volatile, what the previous boot logged is gone"
    if Notice.NO_SUCH_BOOT in remarks:
        return "the journal does not hold the previous boot"
    if Notice.NO_FILES in remarks:
        return "there is no journal"
    if Notice.EMPTY in remarks:
        return "the previous boot's kernel log is empty"
    return ""


def _remarks(remarks: dict[Notice, int]) -> tuple[str, ...]:
    said = []
    if Notice.VOLATILE in remarks:
        said.append(
            "The journal is volatile: journalctl exited 0 and yet has nothing. To keep the next one, "
            "mkdir /var/log/journal and restart "
            "systemd-journald (this changes the node)."
        )
    if Notice.UNPRIVILEGED in remarks:
        said.append(
            "journalctl shows less than there is: reading the system's journal needs root or group adm."
        )
    return tuple(said)


def _remark_lines(facts: Facts, remarks: dict[Notice, int]) -> tuple[Citation, ...]:
    return cite(facts, "journal", *remarks.values())


def _ends(facts: Facts, previous: Boot | None) -> tuple[Citation, ...]:
    return cite(facts, "last", previous.shutdown_line, previous.line) if previous else ()


def _unclean_after(facts: Facts) -> Boot | None:
    """A boot that began after the crash and ended unclean itself, with no dump that is surely of it."""
    if facts.dump and any(is_later(dump, facts.dump) for dump in facts.dumps or ()):
        return None
    return next((boot for boot in _booted_after(facts) if boot.clean is False), None)


def _booted_after(facts: Facts) -> tuple[Boot, ...]:
    """The boots that began after the crash, newest first; none where `last` is not of this node and in UTC."""
    crashed_at = facts.crash_time
    if crashed_at is None or facts.where is Where.FOLDER or other_node(facts):
        return ()  # what a report kept of `last` is in the node's own zone, which need not be known
    return tuple(b for b in parse_last(lines_of(facts, "last")) if b.started and b.started > crashed_at)


STEP = Step(
    number=1,
    title=TITLES[1],
    why="A node that came back may have panicked, lost power, been reset, or been rebooted by a person. Only a fatal "
    "line of the kernel, or a dump, shows a panic; an unclean end alone does not. The journal often lacks the last "
    "lines, because nothing reaches the disk after a panic.",
    judge=judge,
    probes=probes,
    commands=("journalctl -b -1 -k | tail -50", "last -xFw reboot shutdown"),
)
