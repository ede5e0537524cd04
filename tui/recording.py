"""``panicdesk record``: a case that can be replayed anywhere."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from rca.private import write_private
from rca.recorder import save_recording
from rca.steps.common import count
from rca.training.lessonfile import FILE
from rca.training.skeleton import COMMANDS, TODO, skeleton
from tui.investigating import investigate
from tui.saying import complain


def record(options: Namespace) -> int:
    """Save everything that the steps and crash said as a case that can be replayed anywhere; with ``--lesson`` together
    with what a learner may ask for and the first draft of a lesson."""
    out: Path = options.out
    if out.exists():
        return complain(f"{out} exists already; name a new directory")
    wanted = dict.fromkeys([*COMMANDS, *options.also] if options.lesson else options.also)
    desk = investigate(options, wanted)
    if desk is None:
        return 1
    try:
        save_recording(desk, out)
        if options.lesson:
            write_private(out / FILE, skeleton(desk.facts.diagnosis, desk.facts.evidence))
    except OSError as error:
        return complain(f"{out}: cannot be written: {error.strerror}")
    print(f"{out}: {count(len(desk.facts.evidence), 'piece')} of evidence. Open it with: panicdesk {out}")
    if options.lesson:
        print(f"{out / FILE}: write what says {TODO}, then: panicdesk train --check {out}")
    return 0
