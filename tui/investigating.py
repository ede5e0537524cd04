"""An investigation without a screen: opened, waited for and closed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable

from rca.casefolder import CaseError
from rca.changes import Change, TroubleArose
from rca.investigation import Investigation
from rca.opening import OpeningError, open_path
from tui.saying import complain


def investigate(options: Namespace, also: Iterable[str] = ()) -> Investigation | None:
    """Everything that the steps and these further crash commands find in ``options.path``; None, said, where it
    cannot be opened."""

    def tell(change: Change) -> None:
        if isinstance(change, TroubleArose):
            complain(change.sentence)

    try:
        opening = open_path(options.path, options.vmlinux, sudo=options.sudo)
    except (OpeningError, CaseError) as error:
        complain(str(error))
        return None
    desk = Investigation(opening, tell)
    desk.start()
    try:
        ended = desk.wait(options.wait)
        for command in also:
            if refused := desk.run_crash(command):
                complain(f"{command}: {refused}")
            ended = desk.wait(options.wait) and ended
        if not ended:
            complain(f"not everything had ended after {options.wait:g} s; this is what there was")
    finally:
        desk.close()
    return desk
