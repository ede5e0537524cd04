"""The lab at the command line: a fresh panic in a virtual machine, opened for training."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tui.saying import complain


def lab(name: str | None, listed: bool, opened: bool, mouse: bool) -> int:
    """Make a fresh panic of a scenario's kind and open it; 1 when something is missing or fails."""
    from rca.crash.locate import find_crash
    from rca.lab import missing
    from rca.training.fresh import FreshError, fresh
    from rca.training.scenario import repeatable

    possible = repeatable()
    if listed:
        for scenario, item in possible.items():
            print(f"{scenario:<16}{item.lesson.title}")
        return 0
    lacking = [*missing(), *([] if find_crash().path else ["crash (package crash)"])]
    if lacking:
        return complain(f"the lab needs what is not installed here: {'; '.join(lacking)}")
    chance = random.SystemRandom()
    chosen = possible.get(name or chance.choice(list(possible)))
    if chosen is None:
        return complain(f"the lab has no {name!r}; there are: {', '.join(possible)}")

    def tell(words: str) -> None:
        print(f"panicdesk: {words} …", file=sys.stderr, flush=True)

    try:
        made = fresh(chosen, tell, chance)
    except FreshError as error:
        return complain(str(error))
    print(made)
    return _open(made, mouse) if opened else 0


def _open(made: Path, mouse: bool) -> int:
    from tui.trainings import open_training

    return open_training(str(made), mouse, again=False)
