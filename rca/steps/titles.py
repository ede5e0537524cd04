"""The steps' titles by number, apart from the steps: a screen can name them before anything else is loaded."""

TITLES = (
    "Baseline",
    "Panic confirmed",
    "kdump armed",
    "Dump located",
    "crash and debuginfo",
    "crash session",
    "Mandatory commands",
    "Root cause",
    "Quick RCA from dmesg",
    "Kubernetes",
    "RCA report",
)
