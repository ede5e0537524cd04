"""Prefixes come off in every form in which a log reaches an engineer; wrapped lines come together again."""

from __future__ import annotations

import pytest

from parsers.klog.records import read_records

TEXT = "BUG: kernel NULL pointer dereference, address: 0000000000000030"


@pytest.mark.parametrize(
    "line",
    [
        TEXT,
        f"[    4.324819] {TEXT}",
        f"[    4.324819][  T102] {TEXT}",
        f"[    4.324819][    C1] {TEXT}",
        f"<4>[    4.324819] {TEXT}",
        f"<1>{TEXT}",
        f"> [    4.324819] {TEXT}",
        f"> > {TEXT}",
        f"[Mon Nov 23 09:49:30 2026] {TEXT}",
        f"Nov 23 09:49:30 worker-07 kernel: {TEXT}",
        f"Nov 23 09:49:30 worker-07 kernel: [    4.324819] {TEXT}",
        f"2026-11-23T09:49:30+0000 worker-07 kernel: {TEXT}",
        f"2026-11-23T09:49:30.123456+00:00 worker-07 kernel: [    4.324819] {TEXT}",
        f"Mon 2026-11-23 09:49:30 UTC worker-07 kernel: {TEXT}",
        f"1795427370.123456 worker-07 kernel: {TEXT}",
        f"[    4.324819] worker-07 kernel: {TEXT}",
        f"kernel: {TEXT}",
        f"[Mon Nov 23 09:49:30 UTC 2026] {TEXT}",
        f"[Mon Nov 23 09:49:30 +03 2026] {TEXT}",
        f"[    4.324819] [  T102] {TEXT}",
        f"[    4.324819] <1>{TEXT}",
        f"[Nov23 09:49] {TEXT}",
        f"[  +0.000012] {TEXT}",
        f"2026-11-23T09:49:30,123456+00:00 {TEXT}",
        f"kern  :alert : [    4.324819] {TEXT}",
        f"1,1234,4324819,-;{TEXT}",
        f"1,1234,4324819,-,caller=T102;{TEXT}",
        f"<1>Nov 23 09:49:30 worker-07 kernel: {TEXT}",
        f"<1>1 2026-11-23T09:49:30.123456Z worker-07 kernel - - - {TEXT}",
        f"worker-07 login: [    4.324819] {TEXT}",
        f"** 23 printk messages dropped ** [    4.324819][  T102] {TEXT}",
        f"\\x1b[32m[    4.324819] \\x1b[0m\\x1b[31m{TEXT}\\x1b[0m",
        f"[    4.324819] {TEXT}\r",
        f"[    4.324819] {TEXT}\\x0d",
    ],
)
def test_prefix_comes_off(line: str) -> None:
    records, _ = read_records([line])
    assert [record.text for record in records] == [TEXT]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "__CURSOR=s=1",
            "__REALTIME_TIMESTAMP=1795427370123456",
            "PRIORITY=1",
            f"MESSAGE={TEXT}",
            "",
            "__CURSOR=s=2",
        ],
        [
            "Mon 2026-11-23 09:49:30.123456 UTC [s=ab12;i=7;b=9]",
            "    _TRANSPORT=kernel",
            f"    MESSAGE={TEXT}",
        ],
        [
            '{"__CURSOR":"s","SYSLOG_IDENTIFIER":"kernel","MESSAGE":"' + TEXT + '"}',
            '{"MESSAGE":"x", "SYSLOG_IDENTIFIER":"a"}',
        ],
    ],
)
def test_a_journal_in_fields_is_read_by_its_messages(lines: list[str]) -> None:
    assert [record.text for record in read_records(lines)[0]] == [TEXT]


def test_caller_and_node_are_kept() -> None:
    assert read_records([f"[  1.5][ T7] {TEXT}"])[0][0].caller == "T7"
    assert read_records([f"Nov 23 09:49:30 worker-07 kernel: {TEXT}"])[1] == "worker-07"


def test_other_programs_do_not_speak_for_the_kernel() -> None:
    lines = [f"Nov 23 09:49:30 worker-07 sshd[812]: {TEXT}", "Nov 23 09:49:31 worker-07 kernel: fine"]
    assert [record.text for record in read_records(lines)[0]] == ["fine"]


def test_numbers_are_those_of_the_text() -> None:
    records, _ = read_records(["Nov 23 09:49:30 n cron[1]: x", "Nov 23 09:49:31 n kernel: a"])
    assert [record.number for record in records] == [2]


def test_a_mailer_s_break_is_mended() -> None:
    lines = [
        "[  300.000001] PGD 0",
        "[  300.000002] Oops: 0000 [#1] SMP",
        "[  300.000003] CPU: 5 PID: 71 Comm: kworker/5:1 Kdump: loaded Tainted: G",
        "           OE  ------------   3.10.0-957.el7.x86_64 #1",
        "[  300.000004] Workqueue: events some_task [driver]",
    ]
    texts = [record.text for record in read_records(lines)[0]]
    assert len(texts) == 4
    assert texts[2].split()[-2:] == ["3.10.0-957.el7.x86_64", "#1"]


def test_whole_lines_stay_apart() -> None:
    lines = [f"[    1.00000{n}] short line" for n in range(6)] + ["console text without a stamp"]
    assert len(read_records(lines)[0]) == 7
