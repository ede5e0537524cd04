"""Every class of secret, in every spelling, planted in evidence, form and audit: none leaves in any format."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rca.audit import FILE as AUDIT
from rca.case import Case, new_subject
from rca.evidence import Kind
from rca.report.bundle import Attachment, pack
from rca.report.export import NAMES, Request, export
from rca.report.redaction.known import redactor_of
from rca.report.redaction.patterns import PATTERNS
from rca.report.redaction.places import Text
from rca.report.redaction.redactor import Redactor
from rca.report.redaction.shapes import SHAPES
from rca.verdict import Badge, own_verdict
from tests.rca.report.report_samples import NOW, filled, item, runbook_example

PLANTED = {
    "MAC": "link is up, peer 52:54:00:ab:cd:ef",
    "MAC, capitals": "peer 52:54:00:AB:CD:EF up",
    "MAC, dashes": "peer 52-54-00-ab-cd-ef up",
    "MAC, underscores": "dev_52_54_00_AB_CD_EF connected",
    "MAC, dots": "arp 5254.00ab.cdef timed out",
    "MAC, short groups": "arp 8:0:2b:ab:c:ef timed out",
    "MAC, bare": "mac 525400abcdef",
    "MAC, interface": "enx525400abcdef: renamed from eth0",
    "MAC, InfiniBand": "ib0: 80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1",
    "MAC, boot": "BOOTIF=01-52-54-00-ab-cd-ef",
    "IPv4": "from 10.20.30.41 port 22",
    "IPv6": "from fe80::5054:ff:feab:cdef",
    "IPv6, zone": "from fe80::5054:ff:feab:cdee%eth0",
    "IPv6, whole": "from 2001:0db8:85a3:0000:0000:8a2e:0370:7334",
    "IPv6, mapped": "from ::ffff:10.20.30.42",
    "IPv6, long mapped": "from 64:ff9b:0:0:0:7:10.20.30.43",
    "UUID": "root=UUID=0f5a7c3e-1111-4222-8333-abcdefabcdef ro",
    "UUID, capitals": "Array 0F5A7C3E-1111-4222-8333-ABCDEFABCDE0",
    "UUID, bare": "machine-id 0f5a7c3e11114222833344445555aaaa",
    "UUID, md": "mdadm: uuid 3aaa0122:29827cfa:5331ad66:ca767371",
    "UUID, LVM": "pv Hn6qPE-4lQz-Ab3d-9xYz-KlMn-0pQr-StUvWx",
    "UUID, FAT": "boot=UUID=7C3E-11AB ro",
    "WWN, naa": "sda: naa.5000c500a1b2c3d4",
    "WWN, udev": "wwn-0x5000c500a1b2c3d5",
    "WWN, bare": "sas 5000c500a1b2c3d6 attached",
    "WWN, hexadecimal": "port 0x500605b0a1b2c3d4 lost",
    "WWN, by-path": "pci-0000:3b:00.0-fc-0x500a0982a1b2c3d4-lun-0",
    "WWN, host": "qla2xxx: wwpn 2100001b32a1b2c3",
    "WWN, colons": "lpfc: WWPN 10:00:00:00:c9:a1:b2:c3",
    "WWID": "multipath: 3600508b400105e210000900000490000 failed",
    "SAS": "mpt3sas: sas_address(0x4433221101a2b3c4)",
    "NQN": "nqn.2014-08.org.nvmexpress:uuid:acme-7",
    "IQN": "iqn.1994-05.com.acme:vault7",
    "NVMe": "nvme.8086-50484b53373330333030-494e54454c-00000001",
    "disk": "/dev/disk/by-id/ata-ST4000NM0035_ZC1ABCDE",
    "serial": "Serial Number: ZC1ABCDF",
    "serial, USB": "usb 1-1: SerialNumber: 4C530001",
    "serial, DMI": "BOARD_SERIAL: .7XKQ2M2.CN74",
    "serial, blank": "drive serial number WD-WCC4N0123",
    "serial, SN": "SN: FCH2233V0AB",
    "asset": "Chassis asset tag: ACME-00417",
    "user, home": "/home/jdoe7/core",
    "user, sudo": "sudo: jdoe8 : TTY=pts/0 ; PWD=/tmp ; USER=root",
    "user, pam": "pam_unix(sshd:session): session opened for user jdoe9 by (uid=0)",
    "user, id": "uid=1007(jdoe6) gid=100(users)",
    "user, session": "New session 5 of user jdoe5.",
    "user, audit": 'auid="jdoe4" comm="bash"',
    "mail": "jane.doe@acme.example.com",
    "namespace": 'namespace="ledgers-eu" level=warn',
    "namespace, JSON": '{"namespace": "ledgers-us"}',
    "host": "db7.acme.internal went away",
    "URL": "https://vault7.acme.example/x?sig=Zq81kKq",
    "key": "rd.iscsi.password=Zq81kKr ro",
    "key, option": "mount.cifs --password Zq81kKs /mnt",
    "key, colon": "password: Zq81kKt",
    "key, JSON": '{"api_key": "Zq81kKu"}',
    "key, bearer": "Authorization: Bearer Zq81kKvZq81",
    "key, wpa": "wifi.psk=Zq81kKw ro",
}  # fmt: skip
SECRETS = (
    "52:54:00:ab:cd", "52-54-00-ab", "52_54_00", "5254.00ab", "8:0:2b:ab", "525400abcdef", "f4:52:14", "10.20.30.4",
    "5054:ff:feab", "85a3", "64:ff9b", "0f5a7c3e", "29827cfa", "4lqz", "7c3e-11ab", "5000c500", "500605b0", "500a0982",
    "2100001b32", "c9:a1", "600508b4", "4433221101", "acme", "50484b53", "494e54454c", "zc1abcd", "4c530001", "7xkq2m2",
    "wcc4n0123", "fch2233v0ab", "00417", "jdoe", "jane", "ledgers-", "zq81k", "vault7", "auditor7", "judge7",
)  # fmt: skip
"""What must not be found in any case. Each line above holds at least one."""
KEPT = (
    "RIP: 0010:mlx5e_poll_rx_cq+0x5a/0x8e0 [mlx5_core]",
    "RAX: 5001c500a1b2c3d4 RBX: 6b6b6b6b6b6b6b93 RCX: 5a5a5a5a5a5a5a5a",
    "x5 : 5001c500a1b2c3d4 x6 : 6000c500a1b2c3d4",
    "page:ffffea0004000000 flags: 0x57ffffc001003c(locked|dirty)",
    "general protection fault, probably for non-canonical address 0x5001c5006b6b6b93: 0000 [#1] SMP",
    "mlx5_core 0000:3b:00.0: firmware version: 16.35.3006 (MT_0000000080)",
    "BIOS 1.16.2-debian-1.16.2-1 04/01/2014",
    "kernel-4.18.0-553.el8_10.x86_64 crash 8.0.4-2.el8",
    "Modules linked in: mlx5_core(OE) nvme dm_multipath ib_core",
    "Code: 48 8b 7f 28 cc 0f 0b eb fe 90 90 <48> 8b 47",
    "copy of user pages for user space",
    "serial8250: ttyS0 at I/O 0x3f8 (irq = 4) is a 16550A",
    "saved in 127.0.0.1-2025-12-22-14:32:05",
)


def leaked(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.casefold()]


def test_each_planted_line_holds_a_secret() -> None:
    assert [name for name, line in PLANTED.items() if not leaked(line)] == []


@pytest.mark.parametrize("name", PLANTED)
def test_no_class_survives_in_a_line(name: str) -> None:
    assert leaked(Redactor({})(f"[ 12.345678] x {PLANTED[name]}\nnext")) == []


@pytest.mark.parametrize("line", KEPT)
def test_the_kernel_s_words_stay(line: str) -> None:
    assert (
        Redactor({"worker-07": "host"})(f"{line}\n[    1.234567] {line}") == f"{line}\n[    1.234567] {line}"
    )


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The runbook's example with every secret in its log, its form and what else a case keeps."""
    facts, _ = runbook_example()
    case = Case.create(tmp_path / "worker-07.1", new_subject("node", "/var/crash/x", "this node (worker-07)"))
    log = facts.evidence["vmcore-dmesg"]
    planted = "".join(f"[ 86400.{n:06}] {line}\n" for n, line in enumerate(PLANTED.values()))
    for one in {
        **facts.evidence,
        "vmcore-dmesg": item(log.id, planted + log.text + "\n" + "\n".join(KEPT)),
    }.values():
        case.put(one)
    case.put(
        replace(item("said", "\n".join(PLANTED.values())), kind=Kind.CRASH, what="log | jane.doe@acme.org")
    )
    case.save_desk({"history": list(PLANTED.values())})
    case.save_own(3, own_verdict(Badge.WARN, "as told", NOW, "judge7"))
    (case.directory / AUDIT).write_text(json.dumps({"user": "root", "sudo_user": "auditor7"}) + "\n")
    return case


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("provenance", [False, True])
def test_nothing_planted_leaves_in_any_format(name: str, short: bool, provenance: bool, case: Case) -> None:
    facts, verdicts = runbook_example()
    facts = replace(facts, evidence=case.evidence)
    form = filled(facts, verdicts)
    for field in ("Impact", "Alternatives", "Author"):
        form = form.type(field, "\n".join((*PLANTED.values(), "auditor7 and judge7 saw it")))
    redactor = redactor_of(facts, case.directory)
    text = export(form, facts, verdicts, Request(name, short, provenance, redactor))
    assert leaked(text) == []
    assert "mlx5e_napi_poll" in text and "4.18.0-553.el8_10.x86_64" in text


def test_nothing_planted_leaves_in_the_tarball(case: Case, tmp_path: Path) -> None:
    facts, verdicts = runbook_example()
    facts = replace(facts, evidence=case.evidence)
    form = filled(facts, verdicts).type("Impact", "\n".join(PLANTED.values()))
    redactor = redactor_of(facts, case.directory)
    attached = [Attachment("rca.md", export(form, facts, verdicts, Request(redactor=redactor)))]
    pack(case.directory, tmp_path / "out.tar.gz", form, attached, redactor)
    with tarfile.open(tmp_path / "out.tar.gz") as tar:
        data = {member.name: (tar.extractfile(member) or io.BytesIO()).read().decode() for member in tar}
    assert {name: found for name, text in data.items() if (found := leaked(name + text))} == {}
    for line in KEPT:
        assert line in data["case/evidence/vmcore-dmesg.txt"]


PIECES = st.sampled_from(
    (*PLANTED.values(), *KEPT, "\n", " ", "x", ":", ".", "-", "é", "\N{KELVIN SIGN}", "=", "0", "f")
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_signs_lose_nothing(text: str) -> None:
    where = Text(text)
    for pattern in PATTERNS:
        whole = [
            (*match.span("x" if "x" in pattern.find.groupindex else 0), pattern.kind)
            for match in pattern.find.finditer(text)
            if pattern.is_one is None or pattern.is_one(text, match)
        ]
        assert list(pattern.matches(where)) == whole
    for shape in SHAPES:
        whole = [(*m.span(), shape.kind) for m in shape.find.finditer(text) if shape.is_one(text, m)]
        assert sorted(shape.matches(where)) == whole


@given(st.lists(PIECES, max_size=8).map("".join))
def test_lines_are_redacted_alike_wherever_they_stand(text: str) -> None:
    redactor = Redactor({"worker-07": "host"})
    once = redactor(text)
    stamped = "\n".join(f"[    1.000000] {line}" for line in text.split("\n"))
    assert redactor(stamped) == "\n".join(f"[    1.000000] {line}" for line in once.split("\n"))
    assert len(once.split("\n")) == len(text.split("\n"))
