"""The verdict on a log is the same in every form in which the log reaches an engineer."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable

import pytest

from rca.diagnosis.diagnose import diagnose
from tests.rca.diagnosis.diagnosis_samples import LOGS, log

STAMP = re.compile(r"^(\[ *\d+\.\d+\]) ?")


def bare(line: str) -> str:
    return STAMP.sub("", line)


def each(change: Callable[[str], str]) -> Callable[[Iterable[str]], str]:
    return lambda lines: "\n".join(change(line) for line in lines)


def wrapped(lines: Iterable[str]) -> str:
    return "\n".join(
        part for line in lines for part in textwrap.wrap(line, 76, break_long_words=False) or [""]
    )


def entry(line: str) -> str:
    return json.dumps({"SYSLOG_IDENTIFIER": "kernel", "MESSAGE": bare(line)})


FORMS: dict[str, Callable[[Iterable[str]], str]] = {
    "without stamps": each(bare),
    "CR LF": "\r\n".join,
    "quoted": each(lambda line: f"> {line}"),
    "quoted twice": each(lambda line: f">> {line}"),
    "indented": each(lambda line: f"    {line}"),
    "kdump's priorities": each(lambda line: f"<4>{line}"),
    "crash log -m": each(lambda line: STAMP.sub(r"\1 <4>", line)),
    "crash log -T": each(lambda line: f"[Mon Nov 23 09:49:30 UTC 2026] {bare(line)}"),
    "dmesg -T": each(lambda line: f"[Mon Nov 23 09:49:30 2026] {bare(line)}"),
    "dmesg -x": each(lambda line: f"kern  :warn  : {line}"),
    "journalctl -k": each(lambda line: f"Nov 23 09:49:30 worker-07 kernel: {bare(line)}"),
    "journalctl -o short-monotonic": each(lambda line: STAMP.sub(r"\1 worker-07 kernel: ", line)),
    "journalctl -o short-iso": each(lambda line: f"2026-11-23T09:49:30+0000 worker-07 kernel: {bare(line)}"),
    "journalctl -o json": each(entry),
    "journalctl -o export": each(lambda line: f"__CURSOR=s\nPRIORITY=4\nMESSAGE={bare(line)}\n"),
    "/var/log/messages": each(lambda line: f"Nov 23 09:49:30 worker-07 kernel: {line}"),
    "serial console with callers": each(lambda line: STAMP.sub(r"\1[   T77] ", line)),
    "serial console in colour": each(lambda line: f"\x1b[32m{line[:15]}\x1b[0m{line[15:]}"),
    "/dev/kmsg": each(lambda line: f"4,12,34567,-;{bare(line)}"),
    "broken by a mailer": wrapped,
    "broken and quoted": lambda lines: "\n".join(f"> {line}" for line in wrapped(lines).split("\n")),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(path.stem for path in LOGS.glob("*.txt")))
def test_every_form_gives_the_same_verdict(name: str, form: str) -> None:
    text = (LOGS / f"{name}.txt").read_text(encoding="utf-8")
    plain, other = diagnose(log(text), ()), diagnose(log(FORMS[form](text.splitlines())), ())
    assert (other.title, other.kind, other.guilty) == (plain.title, plain.kind, plain.guilty)
    assert (other.rip, other.taint, other.kernel_release) == (plain.rip, plain.taint, plain.kernel_release)
    assert (other.trace, other.modules_out_of_tree) == (plain.trace, plain.modules_out_of_tree)
    assert other.signatures == plain.signatures
    assert other.confidence == plain.confidence


def test_another_program_s_line_in_a_whole_journal_is_no_crash() -> None:
    text = "[    4.3] worker-07 app[12]: BUG: unable to handle kernel NULL pointer dereference\n"
    assert diagnose(log(text), ()).title == ""


def test_a_boot_message_is_no_frame() -> None:
    text = (LOGS / "null-function.txt").read_text(encoding="utf-8")
    trace = diagnose(log(text.replace("Call Trace:", "Call Trace:\nBooting from ROM..")), ()).trace
    assert "Booting" not in trace


@pytest.mark.parametrize("cut", ["Oops: 0000", "RIP: 0010:"])
@pytest.mark.parametrize(
    ("end", "kind"),
    [("", "null-deref"), ("[    9.000000] ---[ end trace 0000000000000000 ]---\n", "unknown")],
)
def test_a_report_without_its_heading_is_still_read(cut: str, end: str, kind: str) -> None:
    text = (LOGS / "mlx5-napi-null.txt").read_text(encoding="utf-8")
    tail = text[text.rindex("\n", 0, text.index(cut)) + 1 :]
    if end:
        tail = tail[: tail.rindex("CR2: ")] + "\n" + end
        kind = "null-deref" if cut.startswith("Oops") else kind
    whole, found = diagnose(log(text), ()), diagnose(log(tail), ())
    assert found.kind == kind
    assert (found.guilty, found.rip) == (whole.guilty, whole.rip)


@pytest.mark.parametrize("name", sorted(path.stem for path in LOGS.glob("*.txt")))
def test_a_log_cut_at_any_line_blames_no_other_module(name: str) -> None:
    lines = (LOGS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    whole = diagnose(log("\n".join(lines)), ())
    modules = {whole.guilty.module, *(item.guilty.module for item in whole.hypotheses), ""}
    for at in range(0, len(lines), 3):
        for part in (lines[:at], lines[at:]):
            assert diagnose(log("\n".join(part)), ()).guilty.module in modules
