"""The closed list of crash kinds that triage reports."""

from __future__ import annotations

KINDS = (
    "null-deref", "page-fault", "gpf", "bad-ip", "bug-on", "divide-error", "invalid-opcode", "double-fault",
    "stack-overflow", "stack-corruption", "soft-lockup", "hard-lockup", "rcu-stall", "hung-task",
    "workqueue-stall", "list-corruption", "slab-corruption", "bad-page", "use-after-free", "usercopy",
    "refcount", "atomic-sleep", "lockdep", "kasan", "warning", "oom", "alloc-failure", "mce",
    "hardware-error", "nmi", "sysrq", "init-killed", "root-fs", "fs-corruption", "driver-error", "panic",
    "unknown",
)  # fmt: skip
