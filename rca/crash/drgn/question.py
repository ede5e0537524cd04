"""What drgn is asked: ``drgn -c VMCORE -s VMLINUX question.py`` prints one JSON object. Never imported by the rest.

Each answer is tried by itself: a helper that fails on this kernel leaves its key out and its reason under ``failed``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

_LOCKED_IN = (
    "__mutex_lock",
    "__mutex_lock_common",
    "mutex_lock",
    "rwsem_down_write_slowpath",
    "rwsem_down_read_slowpath",
)
_MOST = 500
"""Waiting tasks whose stacks are walked."""


def answer(prog: Any) -> dict[str, Any]:
    """All that can be told, JSON-ready."""
    said: dict[str, Any] = {}
    failed: dict[str, str] = {}
    questions: dict[str, Callable[[Any], Any]] = {
        "release": lambda prog: prog["init_uts_ns"].name.release.string_().decode("utf-8", "replace"),
        "panic": _panic,
        "crashed": _crashed,
        "tasks": _tasks,
        "sleeping": _sleeping,
        "waits": _waits,
    }
    for name, ask in questions.items():
        try:
            said[name] = ask(prog)
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    return {**said, "failed": failed}


def _panic(prog: Any) -> str:
    from drgn.helpers.linux.panic import panic_message

    return (panic_message(prog) or b"").decode("utf-8", "replace")


def _crashed(prog: Any) -> dict[str, Any]:
    thread = prog.crashed_thread()
    return {"pid": thread.tid, "command": thread.name or "", "frames": _frames(thread.stack_trace())}


def _frames(trace: Any) -> list[dict[str, Any]]:
    """Frames from the top; one that has no name has its address alone. Inlined ones are left out, as crash does."""
    return [
        {"function": "" if frame.name.startswith("0x") else frame.name, "address": frame.pc}
        for frame in trace
        if not frame.is_inline
    ]


def _tasks(prog: Any) -> int:
    from drgn.helpers.linux.pid import for_each_task

    return sum(1 for _ in for_each_task(prog))


def _in_d_state(prog: Any) -> list[Any]:
    from drgn.helpers.linux.pid import for_each_task
    from drgn.helpers.linux.sched import task_state_to_char

    return [task for task in for_each_task(prog) if task_state_to_char(task) == "D"]


def _name(task: Any) -> dict[str, Any]:
    return {"pid": task.pid.value_(), "command": task.comm.string_().decode("utf-8", "replace")}


def _sleeping(prog: Any) -> list[dict[str, Any]]:
    return [_name(task) for task in _in_d_state(prog)]


def _waits(prog: Any) -> list[dict[str, Any]]:
    """D-state tasks that wait for a mutex or rwsem, and its owner."""
    from drgn.helpers.linux.locking import mutex_owner, rwsem_owner

    found = []
    for task in _in_d_state(prog)[:_MOST]:
        for frame in prog.stack_trace(task):
            if frame.name not in _LOCKED_IN:
                continue
            name = "sem" if frame.name.startswith("rwsem") else "lock"
            try:
                lock = frame[name]
                owner = (rwsem_owner if name == "sem" else mutex_owner)(lock)
            except (KeyError, LookupError, ValueError):
                continue  # the compiler kept no trace of it in this frame; a caller's may have it
            found.append({**_name(task), "lock": lock.value_(), "owner": _name(owner) if owner else None})
            break
    return found


if __name__ == "__main__":
    print(json.dumps(answer(prog), indent=1))  # type: ignore[name-defined]  # noqa: F821  (drgn gives it to its scripts)
