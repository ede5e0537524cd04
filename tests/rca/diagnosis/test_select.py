"""Which event of a log is taken for the fatal one."""

from __future__ import annotations

import pytest

from parsers.klog.events import read_log
from rca.diagnosis.select import fatal

WARNING = """\
WARNING: CPU: 2 PID: 77 at drivers/acme/a.c:12 acme_do+0x12/0x34 [acme]
CPU: 2 PID: 77 Comm: worker Kdump: loaded Tainted: G           OE    --------- -  - 4.18.0-553.el8_10.x86_64 #1
RIP: 0010:acme_do+0x12/0x34 [acme]
Call Trace:
 acme_work+0x1/0x2 [acme]
---[ end trace 5f2c1d8e9a7b6c5d ]---
"""


def died_of(panic: str) -> str:
    """The rule of the fatal event where a warning stands long before this panic."""
    text = WARNING + "eth0: link up\n" * 400 + f"Kernel panic - not syncing: {panic}".rstrip()
    chosen = fatal(read_log(text.splitlines()).events)
    assert chosen is not None
    return chosen.rule


@pytest.mark.parametrize(
    ("panic", "rule"),
    [
        ("Timeout: Not all CPUs entered broadcast exception handler", "panic-mce"),
        ("Fatal machine check on current CPU", "panic-mce"),
        ("Fatal hardware error!", "panic-hw"),
        ("UE row 1, channel-a= 0", "panic-hw"),
        ("NMI: Not continuing", "panic-nmi"),
        ("EXT4-fs (device dm-3): panic forced after error", "panic-ext4"),
        ("sysrq triggered crash", "panic-sysrq"),
        ("System is deadlocked on memory", "panic-oom"),
        ("Out of memory: system-wide panic_on_oom is enabled", "panic-oom"),
        ("Hard LOCKUP", "panic-hard"),
        ("hung_task: blocked tasks", "panic-hung"),
        ("RCU Stall", "panic-rcu"),
        ("softlockup: hung tasks", "panic-soft"),
    ],
)
def test_a_panic_that_names_its_cause_is_not_laid_to_an_old_warning(panic: str, rule: str) -> None:
    assert died_of(panic) == rule


@pytest.mark.parametrize("panic", ["Fatal exception", "panic_on_warn set ...", "panic_on_taint set ...", ""])
def test_a_panic_that_names_no_cause_ends_the_report_before_it(panic: str) -> None:
    assert died_of(panic) == "warn"
