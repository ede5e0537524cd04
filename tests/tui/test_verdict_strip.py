"""What the two lines above everything claim."""

from __future__ import annotations

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.model import Diagnosis
from rca.verdict import Badge, Verdict
from tests.rca.steps.step_facts import OOPS, evidence, facts
from tui.widgets.verdict_strip import verdict_lines

HUNG = (
    "INFO: task acme:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n"
    " __mutex_lock+0x39d/0x720\n acme_get+0x3/0x4 [acme]\n"
)


def told(text: str) -> str:
    found = diagnose(evidence(vmcore_dmesg=text))
    return verdict_lines(facts({}, diagnosis=found), Verdict(Badge.WARN, "")).plain


def test_nothing_is_ruled_out_while_the_log_is_read() -> None:
    """Also when the log is here and the diagnosis of it is not: the badge is of the same moment as the diagnosis."""
    known = facts(evidence(vmcore_dmesg="all is well"), diagnosis=Diagnosis())
    reading = verdict_lines(known, Verdict(Badge.RUN, "Collecting: vmcore-dmesg.txt")).plain
    assert "No crash found" not in reading and "Collecting: vmcore-dmesg.txt" in reading
    assert "No crash found in what was read" in verdict_lines(known, Verdict(Badge.WARN, "")).plain


def test_a_waiter_is_not_called_guilty() -> None:
    assert "waits in: acme_get in acme" in told(HUNG) and "guilty" not in told(HUNG)
    assert "guilty: mlx5e_poll_rx_cq" in told(OOPS)
