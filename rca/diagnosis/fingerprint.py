"""Signatures of a crash at several granularities: equal on two nodes that died of the same thing.

Made of function names and of the kind alone: no address, offset, CPU, pid or task name. Names are cut at the first
dot, as compilers append ``.isra.0`` and ``.cold``; unreliable frames, helpers of the core kernel and entry code are
left out, so that a stack out of the log and the same stack out of the dump give the same signature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from parsers.klog.frames import nowhere
from parsers.klog.model import Frame
from rca.diagnosis.blame import NOT_CODE
from rca.diagnosis.frames import generic_reason, is_entry, own_name


def fingerprints(title: str, kind: str, rip: str, chain: Iterable[Frame]) -> Mapping[str, str]:
    """One signature per granularity: ``title``, ``type_rip``, ``rip``, ``top3``, ``top5`` and ``full``.

    Args:
        title: The canonical title; its signature is that of the words.
        kind: The kind of the fatal event.
        rip: The function of the instruction pointer; empty when there is none.
        chain: The fatal instruction and its reliable callers, innermost first.

    Returns:
        SHA-256 in hex; empty where there is nothing to tell by. Whose stack a machine check or a sysrq happens to show
        tells nothing, so those have no signature of frames.
    """
    telling = kind not in NOT_CODE
    names = _names(chain) if telling else []
    rip = own_name(rip) if rip and telling else ""
    return {
        "title": _hash([title] if title else []),
        "type_rip": _hash([kind, rip] if rip else []),
        "rip": _hash([rip] if rip else []),
        "top3": _hash(names[:3]),
        "top5": _hash(names[:5]),
        "full": _hash(names),
    }


def _names(chain: Iterable[Frame]) -> list[str]:
    return [
        own_name(frame.function)
        for frame in chain
        if not nowhere(frame)
        and (frame.module or not generic_reason(frame.base))
        and not is_entry(frame.base)
    ]


def _hash(parts: list[str]) -> str:
    return sha256("".join(f"{part}\n" for part in parts).encode()).hexdigest() if parts else ""
