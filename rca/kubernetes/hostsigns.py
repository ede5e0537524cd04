"""Signs in the crashed kernel's log of a host whose pods may drive network cards themselves, as DPDK does."""

from __future__ import annotations

import re

from rca.evidence import Citation, Evidence

_ANY = re.compile(r"vfio[-_]pci|igb_uio|isolcpus=|nohz_full=|Tainted: [A-Z ]*U")
_SIGNS = (
    re.compile(r"(?:Modules linked in:.* |^|[]:] )(?P<sign>vfio[-_]pci|igb_uio)(?=[ (:]|$)"),
    re.compile(r"ommand line:.* (?P<sign>isolcpus=\S+)"),
    re.compile(r"ommand line:.* (?P<sign>nohz_full=\S+)"),
    re.compile(r"(?P<sign>Tainted: [A-Z ]*U)"),
)
"""A driver that gives a card to a program, CPUs kept free for one, and the taint that a program sets."""


def host_signs(log: Evidence) -> tuple[tuple[str, Citation], ...]:
    """Each sign once, with the first line that holds it."""
    found: dict[str, Citation] = {}
    for cited in log.grep(_ANY):
        for sign in _SIGNS:
            if match := sign.search(cited.text):
                words = match["sign"]
                name = "taint U" if words.startswith("Tainted") else words.replace("vfio-pci", "vfio_pci")
                found.setdefault(name, cited)
    return tuple(found.items())
