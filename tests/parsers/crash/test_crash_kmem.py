"""Memory and slab caches, and what is wrong with them."""

from __future__ import annotations

from parsers.crash.kmem import read_kmem_i, read_kmem_s


def test_kmem_i() -> None:
    text = """\
                 PAGES        TOTAL      PERCENTAGE
    TOTAL MEM   187243     731.4 MB         ----
         FREE   150521       588 MB   80% of TOTAL MEM
   TOTAL SWAP        0            0         ----
    COMMITTED     1234       4.8 MB    1% of TOTAL LIMIT
"""
    rows = read_kmem_i(text.splitlines())
    assert [(r.name, r.pages, r.total, r.percent, r.of, r.line) for r in rows] == [
        ("TOTAL MEM", 187243, "731.4 MB", None, "", 2),
        ("FREE", 150521, "588 MB", 80, "TOTAL MEM", 3),
        ("TOTAL SWAP", 0, "0", None, "", 4),
        ("COMMITTED", 1234, "4.8 MB", 1, "TOTAL LIMIT", 5),
    ]


def test_kmem_s() -> None:
    text = """\
CACHE             OBJSIZE  ALLOCATED     TOTAL  SLABS  SSIZE  NAME
ff19000000000100      512         46        64      4     8k  kmalloc-512
ff19000000000200       96          ?         ?      ?     4k  lab ring
kmem: kmalloc-512: slab: ffffd77680001c00 invalid freepointer: a6086ac099f0c5a4
kmem: lab_ring: cannot gather relevant slab data
f7f8d200 dentry_cache             128      23400     25650    855     4k
"""
    caches, errors = read_kmem_s(text.splitlines())
    assert [(c.name, c.allocated, c.slabs, c.slab_size) for c in caches] == [
        ("kmalloc-512", 46, 4, "8k"),
        ("lab ring", None, None, "4k"),
        ("dentry_cache", 23400, 855, "4k"),
    ]
    assert [(e.cache, e.corruption, e.line) for e in errors] == [
        ("kmalloc-512", True, 4),
        ("lab_ring", False, 5),
    ]
