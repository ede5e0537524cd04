"""What the two lines above everything claim."""

from __future__ import annotations

from rca.diagnosis.diagnose import diagnose
from tests.rca.steps.step_facts import OOPS, evidence, facts
from tui.widgets.verdict_strip import verdict_lines

HUNG = (
    "INFO: task acme:300 blocked for more than 120 seconds.\nCall Trace:\n __schedule+0x1/0x2\n"
    " __mutex_lock+0x39d/0x720\n acme_get+0x3/0x4 [acme]\n"
)


def told(text: str) -> str:
    return verdict_lines(facts({}, diagnosis=diagnose(evidence(vmcore_dmesg=text)))).plain


def test_a_waiter_is_not_called_guilty() -> None:
    assert "waits in: acme_get in acme" in told(HUNG) and "guilty" not in told(HUNG)
    assert "guilty: mlx5e_poll_rx_cq" in told(OOPS)
