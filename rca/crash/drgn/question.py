"""What drgn is asked: ``drgn -c VMCORE -s VMLINUX question.py`` prints one JSON object. Never imported by the rest.

Each answer is tried by itself: a helper that fails on this kernel leaves its key out and its reason under ``failed``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
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
_OWNERS = 20
"""Owners of locks whose own stacks are told."""


def answer(prog: Any) -> dict[str, Any]:
    """All that can be told, JSON-ready."""
    said: dict[str, Any] = {}
    failed: dict[str, str] = {}
    _name_modules(prog)
    questions: dict[str, Callable[[Any], Any]] = {
        "release": lambda prog: prog["init_uts_ns"].name.release.string_().decode("utf-8", "replace"),
        "panic": _panic,
        "crashed": _crashed,
        "tasks": _tasks,
        "sleeping": _sleeping,
        "waits": _waits,
        "owners": _owners,
    }
    for name, ask in questions.items():
        try:
            said[name] = ask(prog)
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
    return {**said, "failed": failed}


def _name_modules(prog: Any) -> None:
    """Name the functions of modules without their debuginfo, out of the dump's own table of symbols (drgn 0.0.31)."""
    try:
        from drgn.helpers.linux.kallsyms import load_module_kallsyms

        prog.register_symbol_finder("module_kallsyms", load_module_kallsyms(prog), enable_index=-1)
    except Exception:  # an older drgn, or a kernel that it does not know: their frames stay addresses
        return


def _panic(prog: Any) -> str:
    from drgn.helpers.linux.panic import panic_message

    return (panic_message(prog) or b"").decode("utf-8", "replace")


def _crashed(prog: Any) -> dict[str, Any]:
    thread = prog.crashed_thread()
    return {"pid": thread.tid, "command": thread.name or "", "frames": _frames(thread.stack_trace(), prog)}


def _frames(trace: Any, prog: Any) -> list[dict[str, Any]]:
    """Frames from the top; one that has no name has its address alone. Inlined ones are left out, as crash does."""
    return [
        {
            "function": "" if frame.name.startswith("0x") else frame.name,
            "address": frame.pc,
            "module": _module(prog, frame.pc),
        }
        for frame in trace
        if not frame.is_inline
    ]


def _module(prog: Any, address: int) -> str:
    """The loaded module in which an address lies; empty for the kernel proper and where drgn cannot tell."""
    try:
        name = str(prog.module(address).name)
    except (AttributeError, LookupError):
        return ""
    return "" if name == "kernel" else name


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
    return [
        {**_name(task), "lock": lock.value_(), "owner": _name(owner) if owner else None}
        for task, lock, owner in _locked(prog)
    ]


def _owners(prog: Any) -> list[dict[str, Any]]:
    """The owners of these locks, each once, with where they stand."""
    owners = {owner.value_(): owner for _, _, owner in _locked(prog) if owner}
    return [
        {**_name(owner), "frames": _frames(prog.stack_trace(owner), prog)}
        for owner in list(owners.values())[:_OWNERS]
    ]


def _locked(prog: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Waiting task, lock, and owner, which is a null pointer where nobody owns it."""
    from drgn.helpers.linux.locking import mutex_owner, rwsem_owner

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
            yield task, lock, owner
            break


if __name__ == "__main__":
    print(json.dumps(answer(prog), indent=1))  # type: ignore[name-defined]  # noqa: F821  (drgn gives it to its scripts)
