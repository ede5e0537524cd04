"""The badges of a training, until the debrief: what the learner is to find out or to ask stays open."""

from __future__ import annotations

from collections.abc import Mapping

from rca.steps.titles import BASELINE, CAUSE, KUBERNETES, MANDATORY, PANICKED, QUICK, SESSION
from rca.verdict import Badge, Verdict

_JUDGING = (BASELINE, PANICKED, CAUSE, QUICK, KUBERNETES)
"""Steps whose sentence is an answer that the learner is to find."""


def withheld(verdicts: Mapping[int, Verdict], recording_open: bool) -> dict[int, Verdict]:
    """The badges without the answers. Nothing runs by itself: where commands are due, it is the learner's turn."""
    yours = Verdict(Badge.WAIT, "Yours to find: the coach (F2) asks for it")
    shown = {**verdicts, **dict.fromkeys(_JUDGING, yours)}
    if recording_open and shown[SESSION].badge is Badge.RUN:
        shown[SESSION] = Verdict(Badge.PASS, "The recording is open; `sys` tells what it is of")
    if shown[MANDATORY].badge is Badge.RUN:
        shown[MANDATORY] = Verdict(Badge.WAIT, f"Yours to ask (i): {shown[MANDATORY].summary}")
    return shown
