"""Steps 1 to 3 where a dump is of an earlier crash, or may be."""

from __future__ import annotations

import pytest

from rca.steps import located
from rca.verdict import Badge
from tests.rca.steps.step_facts import check, dump, evidence, facts, text

NFS, SSH = (text(f"written/kdump.conf-{kind}.txt") for kind in ("nfs", "ssh"))
EXT4, LOCAL = "ext4 UUID=0a1b\npath /crash\n", "path /var/crash\n"


@pytest.mark.parametrize(
    ("conf", "mounted", "badge"),
    [
        (SSH, "", Badge.WARN),
        (NFS, "", Badge.WARN),
        (NFS, "/mnt/dumps\n", Badge.WARN),
        (EXT4, "/data\n", Badge.WARN),
        ("ext4 /dev/sda1\npath /crash\n", "/\n/var\n", Badge.PASS),
        (LOCAL, "", Badge.PASS),
    ],
)
def test_a_dump_that_does_not_lie_where_kdump_saves_now_may_be_an_old_one(
    conf: str, mounted: str, badge: Badge
) -> None:
    verdict = located.judge(facts(evidence(kdump_conf=conf, kdump_mount=mounted), dump()))
    check(verdict, badge, *(["a newer crash may lie there"] if badge is Badge.WARN else []))


def test_where_the_target_is_mounted_is_asked_before_that_is_said() -> None:
    asked = facts(evidence(kdump_conf=EXT4), dump())
    check(located.judge(asked), Badge.RUN, "--source=UUID=0a1b")
    assert "kdump-mount" in [probe.id for probe in located.probes(asked)]
