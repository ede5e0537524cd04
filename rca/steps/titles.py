"""The steps in the order of the runbook, apart from their code: a screen names them before that is loaded."""

_STEPS = (
    ("baseline", "Baseline"),
    ("panicked", "Panic confirmed"),
    ("kdump", "kdump armed"),
    ("located", "Dump located"),
    ("tools", "crash and debuginfo"),
    ("session", "crash session"),
    ("mandatory", "Mandatory commands"),
    ("cause", "Root cause"),
    ("quick", "Quick RCA from dmesg"),
    ("kubernetes", "Kubernetes"),
    ("report", "RCA report"),
)

MODULES = tuple(module for module, _ in _STEPS)
"""Modules of this package, by number."""
TITLES = tuple(title for _, title in _STEPS)
"""By number."""
(
    BASELINE,
    PANICKED,
    KDUMP,
    LOCATED,
    TOOLS,
    SESSION,
    MANDATORY,
    CAUSE,
    QUICK,
    KUBERNETES,
    REPORT,
    *_,
) = range(len(_STEPS))
"""The runbook's numbers. A step that a team adds stands behind them, and needs none here."""
