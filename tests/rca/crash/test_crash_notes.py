"""Remarks on lines."""

from __future__ import annotations

import pytest

from rca.crash.notes import note


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "[    3.6] BUG: kernel NULL pointer dereference, address: 0000000000000030",
            "NULL page: a member at offset 0x30",
        ),
        ("BUG: unable to handle kernel NULL pointer dereference at           (null)", ""),
        ("BUG: unable to handle kernel NULL pointer dereference at 0000000000000000", "a NULL pointer"),
        (
            "CR2: 0000000000000018 CR3: 0000000001234000 CR4: 0000000000751ef0",
            "NULL page: a member at offset 0x18",
        ),
        ("CR2: ffff888012345678 CR3: 0000000001234000", ""),
        (
            "    RAX: dead000000000108  RBX: ff193c6102716980  RCX: 6b6b6b6b6b6b6b6b",
            "RAX: LIST_POISON1: the entry was already taken off its list; RCX: slab poison 6b: the object was freed",
        ),
        ("ff193c6102716980:  6b6b6b6b6b6b6b6b 6b6b6b6b6b6b6b6b", "slab poison 6b: the object was freed"),
        ("    RAX: 0000000000000000  RBX: ff193c6102716980", ""),
        ("plain words", ""),
    ],
)
def test_poison_and_pages_near_null(line: str, words: str) -> None:
    assert note(line).startswith(words) and bool(note(line)) == bool(words)
