"""``panicdesk collect``: all evidence of a node, as a bundle that opens anywhere."""

from __future__ import annotations

from pathlib import Path

from rca.casefolder import CaseError
from rca.collect import collect as ask
from rca.collect import save_bundle
from rca.opening import OpeningError, open_node, open_path
from rca.steps.common import count
from tui.saying import complain


def collect(out: Path, path: Path | None, sudo: bool) -> int:
    """Put all evidence of a node into a bundle."""
    try:
        opening = open_path(path, sudo=sudo) if path else open_node(sudo=sudo)
        facts = ask(opening.source)
        save_bundle(facts, out.absolute())
    except (OpeningError, CaseError) as error:
        return complain(str(error))
    except OSError as error:
        return complain(f"{out}: cannot be written: {error.strerror or error}")
    held = sum(1 for item in facts.evidence.values() if item.lines)
    print(f"{out}: {count(held, 'piece')} of evidence. Open it with: panicdesk {out}")
    return 0
