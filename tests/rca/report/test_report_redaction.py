"""Redaction: nothing that names a machine, a place or a person survives; the kernel's own words do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rca.report.export import NAMES, Request, export
from rca.report.redaction.known import known_names, redactor_of
from rca.report.redaction.redactor import FILE, Redactor, read_names, save_names
from tests.rca.report.report_samples import BOOT, filled, item, runbook_example

HEX = "0123456789abcdef"
byte = st.text(HEX, min_size=2, max_size=2)
number = st.integers(0, 255)

addresses = st.one_of(
    st.ip_addresses(v=4).filter(lambda a: not (a.is_loopback or a.is_unspecified)).map(str),
    st.ip_addresses(v=6).filter(lambda a: not (a.is_loopback or a.is_unspecified)).map(str),
    st.lists(byte, min_size=6, max_size=6).map(":".join),
    st.lists(byte, min_size=8, max_size=8).map(":".join),
    st.uuids().map(str),
    st.uuids().map(lambda uuid: uuid.hex),
    st.text(HEX, min_size=16, max_size=16).map(lambda name: f"naa.{name}"),
    st.from_regex(r"\A[a-z][a-z0-9]{2,8}(-[0-9]{1,2})?\.[a-z]{3,9}\.(com|net|internal|de|local|corp)\Z"),
)
given_in_words = st.one_of(
    st.from_regex(r"\A[A-Z0-9]{7,12}\Z").map(lambda s: (f"Serial Number: {s}", s)),
    st.from_regex(r"\A[A-Z0-9]{7,12}\Z").map(lambda s: (f"usb 1-1: SerialNumber: {s}", s)),
    st.from_regex(r"\A[A-Z0-9]{7,12}\Z").map(lambda s: (f"asset tag={s}", s)),
    st.from_regex(r"\Azq[a-z]{4,9}\Z").map(lambda s: (f"/home/{s}/core", s)),
    st.from_regex(r"\Azq[a-z]{4,9}\Z").map(lambda s: (f"USER={s} cmd", s)),
    st.from_regex(r"\Azq[a-z]{4,9}\Z").map(lambda s: (f"{s}@example.com", s)),
    st.from_regex(r"\Azq[A-Za-z0-9]{4,20}\Z").map(lambda s: (f"rd.iscsi.password={s} quiet", s)),
    st.from_regex(r"\Azq[A-Za-z0-9]{4,20}\Z").map(lambda s: (f'vendor.api_key="{s} x"', s)),
    st.from_regex(r"\Azq[A-Za-z0-9]{4,20}\Z").map(lambda s: (f"https://h.example/x?token={s}", s)),
    st.from_regex(r"\Azq[a-z]{4,9}\Z").map(lambda s: (f"nqn.2014-08.org.{s}:uuid", s)),
)
before = st.sampled_from(["", "node:", " ", "=", "(", "[", '"', "addr: ", "from ", "/", ", ", "<", "at\t"])
after = st.sampled_from(["", " ", ")", "]", '"', ", port", ". Next", "/24", ";", ">", "\n", ": up"])
kernel_words = st.one_of(
    st.from_regex(r"\A0000:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\Z"),
    st.from_regex(r"\A[0-9a-f]{2}:[01][0-9a-f]\.[0-7]\Z"),
    st.from_regex(r"\A[3-6]\.[0-9]{1,2}\.[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,2}){0,3}\.el[789](_[0-9]{1,2})?\.x86_64\Z"),
    st.from_regex(r"\A[a-z_][a-z0-9_]{2,20}(\.isra\.[0-9]|\.part\.[0-9]|\.cold)?\+0x[0-9a-f]{1,4}/0x[0-9a-f]{1,4}\Z"),
    st.from_regex(r"\A\[(mlx5_core|nvme|qla2xxx|dm_multipath|bnxt_en)\]\Z"),
    st.from_regex(r"\A[A-Z]{3}: [0-9a-f]{16}\Z"),
    st.from_regex(r"\A\[ {0,3}[0-9]{1,5}\.[0-9]{6}\]\Z"),
    st.from_regex(r"\A2025-(0[1-9]|1[0-2])-[0-2][1-9] [01][0-9]:[0-5][0-9]:[0-5][0-9]Z?\Z"),
    st.sampled_from(
        [
            "RIP: 0010:mlx5e_napi_poll+0x13c/0xc60", "net/core/dev.c:6403", "Code: cc 48 8b 07 <8b> 40 30 39 f0",
            "BIOS 1.16.2-debian-1.16.2-1 04/01/2014", "firmware version: 16.35.30.06", "vmcore-dmesg.txt", "log:12",
            "OFED 5.8-2.0.3.0", "crash 8.0.4-2.el8", "kernel.hung_task_panic", "ha-fence.sh", "mlx5_core.ko.xz",
            "CR2: 0000000000000028", "srcversion: 1A2B3C4D5E6F708192A3B4C", "crashkernel=128M@16M",
            "Linux 2.6.32.9", "bnx2x-e2-7.13.1.0.fw", "bnx2x-e1h-7.13.1.0.fw",
            "usb usb1: SerialNumber: 0000:00:1a.0", "root@localhost", "list_del+0x5", "std::string", "127.0.0.1",
        ]
    ),
)  # fmt: skip


@given(before, addresses, after)
@example("node:", "::ffff:0:0", "")
def test_no_address_survives(ahead: str, secret: str, behind: str) -> None:
    text = f"{ahead}{secret}{behind}"
    redacted = Redactor({})(text)
    assert secret not in redacted, redacted
    assert redacted.startswith(ahead) and redacted.endswith(behind)


@given(given_in_words)
def test_no_secret_that_its_words_give_away_survives(said: tuple[str, str]) -> None:
    text, secret = said
    redacted = Redactor({})(f"x {text} y")
    assert secret not in redacted and redacted.startswith("x ") and redacted.endswith(" y")


@given(st.lists(kernel_words, min_size=1, max_size=4))
def test_the_kernel_s_own_words_survive(words: list[str]) -> None:
    text = " ".join(words)
    assert Redactor({"worker-07": "host"})(text) == text


@given(st.text(max_size=80))
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    once = Redactor({"worker-07": "host"})(text)
    assert Redactor({"worker-07": "host"})(once) == once


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a:", ":", "1.", "a-", "key", "serial", "u@", "aa:", "x://", "=", "f\n"]
)
def test_a_hostile_paste_is_gone_through_once(piece: str) -> None:
    """A megabyte of what a pattern begins with: were one of them quadratic, this would not end."""
    text = piece * (1_000_000 // len(piece))
    assert "worker-07" not in Redactor({"worker-07": "host"})(f"{text} worker-07")


@pytest.mark.parametrize(
    "text", ["node:fe80::1", "pad:fe80::1", "addr:fe80::1%eth0", "src=fe80::1", "[fe80::1]:443"]
)
def test_an_address_behind_a_word(text: str) -> None:
    assert Redactor({})(text) == text.replace("fe80::1", "ip-1")


def test_names_are_stable_and_of_the_right_kind() -> None:
    redactor = Redactor({"worker-07": "host", "payments": "ns", "ledger-0": "pod"})
    text = "worker-07 WORKER-07 10.1.2.3 payments/ledger-0 10.1.2.4 10.1.2.3 aa:bb:cc:dd:ee:ff"
    assert redactor(text) == "host-1 host-1 ip-1 ns-1/pod-1 ip-2 ip-1 mac-1"
    assert [str(item) for item in redactor.replacements][:2] == [
        "host-1  worker-07  (2 times)",
        "ip-1  10.1.2.3  (2 times)",
    ]
    again = Redactor({"worker-07": "host"}, redactor.names)
    assert again("10.1.2.9 at 10.1.2.4 of worker-07") == "ip-3 at ip-2 of host-1"


def test_a_machine_that_is_called_like_a_name_of_ours() -> None:
    redactor = Redactor({"host-1": "host", "worker-07": "host"})
    assert redactor("worker-07 host-1") == "host-2 host-3"


def test_what_the_evidence_names_is_known() -> None:
    facts, _ = runbook_example()
    known = known_names(facts)
    assert known["worker-07"] == "host" and known["payments"] == "ns" and known["ledger-1"] == "pod"
    named = replace(facts, evidence={**facts.evidence, "uname-n": item("uname-n", "db1.corp.example\n")})
    assert known_names(named)["db1"] == "host"
    local = replace(facts, evidence={"uname-n": item("uname-n", "localhost\n")}, dump=None, dumps=())
    assert known_names(local) == {}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("short", [False, True])
def test_every_format_redacts_and_alike(name: str, short: bool, tmp_path: Path) -> None:
    facts, verdicts = runbook_example()
    form = filled(facts, verdicts).type("Impact", "- worker-07 (10.20.30.40) lost payments")
    redactor = redactor_of(facts, tmp_path)
    text = export(form, facts, verdicts, Request(name, short, redactor=redactor))
    for secret in ("worker-07", "10.20.30.40", "payments", BOOT, "ledger-0", "mockbuild"):
        assert secret not in text
    assert "mlx5e_napi_poll" in text and "4.18.0-553.el8_10.x86_64" in text
    save_names(tmp_path, redactor.names)
    other = export(form, facts, verdicts, Request("text", redactor=redactor_of(facts, tmp_path)))
    names = read_names(tmp_path)
    assert f"- {names['worker-07']} ({names['10.20.30.40']}) lost {names['payments']}\n" in other
    assert json.loads((tmp_path / FILE).read_text())["schema"] == 1
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"names": 1}', "\x00", "[" * 100_000])
def test_a_damaged_key_starts_anew(damage: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(damage)
    assert read_names(tmp_path) == {} == read_names(None)
