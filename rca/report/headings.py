"""The headings of the form: the runbook's nine, and what good post-mortems ask for beyond them."""

from __future__ import annotations

FIELDS = ("Incident", "OS", "Kernel", "Time", "Root Cause", "Evidence", "Impact", "Fix", "Prevention")
"""The runbook's nine headings, in its order: the short form."""

FURTHER = (
    "Status", "Author", "Severity", "Detection", "Trigger", "Alternatives", "Timeline", "Recurrence", "Workaround",
    "Action Items", "Hardware", "Taint", "Open Questions",
)  # fmt: skip
"""What the post-mortems of Google, PagerDuty, Atlassian and ITIL's problem record add."""

ABOUT = {
    "Status": "draft, reviewed, final",
    "Author": "who answers for this RCA",
    "Severity": "by your own scale",
    "Detection": "how, by whom and when it was noticed",
    "Trigger": "what set it off, as distinct from what was wrong",
    "Alternatives": "other explanations: which were ruled out and by what, which still stand",
    "Timeline": "what happened when, in UTC and local time",
    "Recurrence": "whether it happened before, here or on other nodes",
    "Workaround": "what keeps it from happening until the fix is in",
    "Action Items": "what is to be done: - what (owner: who, due: YYYY-MM-DD)",
    "Hardware": "machine, firmware and devices",
    "Taint": "what tainted the kernel, and which modules are not of the distribution",
    "Open Questions": "what nobody knows yet, and how to find out",
}
"""What belongs under each further heading, for people."""


def key(heading: str) -> str:
    """A heading as templates name it: ``root_cause``."""
    return heading.lower().replace(" ", "_")
