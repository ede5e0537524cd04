"""A practice panic on demand: a machine dies in the lab as in a scenario, and the scenario's lesson is fitted to it.

Host name, addresses and process numbers are others each time; a step whose lines did not come again is left out.
"""

from __future__ import annotations

import random
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from rca.evidence import Evidence
from rca.investigation import Investigation
from rca.lab import LabError, panic
from rca.opening import open_path
from rca.private import make_private_dir, write_private
from rca.recorder import save_recording
from rca.training.check import misfits
from rca.training.lessonfile import FILE, read_lesson
from rca.training.scenario import Scenario, own_scenarios
from rca.training.skeleton import COMMANDS

PATIENCE = 300.0
"""Seconds for crash to answer everything; ten are usual."""
_HOST = re.compile(r"\bworker-\d\d\b")
"""The node's name in the shipped lessons."""
_PARTS = re.compile(r"(?m)^(?=\[\[step\]\]|\[expert\])")


class FreshError(Exception):
    """No fresh panic came of it; one or more lines for people."""


def fresh(scenario: Scenario, tell: Callable[[str], None], chance: random.Random) -> Path:
    """Make a scenario of the same kind from a new panic, and return its directory.

    Args:
        scenario: One whose lesson names a way of the lab.
        tell: Hears what goes on, in a few words.
        chance: Chooses the host name.

    Raises:
        FreshError: The machine, crash or the disk refused.
    """
    host = f"{chance.choice(('app', 'db', 'edge', 'node', 'worker'))}-{chance.randrange(10, 100)}"
    out = own_scenarios() / f"{scenario.name}-{host}-{chance.randrange(1 << 16):04x}"
    text = _HOST.sub(host, (scenario.directory / FILE).read_text(encoding="utf-8"))
    text = text.replace("Recorded from a real panic", "A fresh panic, made on this machine").replace(
        "\nlab =", "\n# lab ="
    )
    try:
        with tempfile.TemporaryDirectory(prefix="panicdesk-lab-") as name:
            tell("a virtual machine boots and dies")
            died = panic(scenario.lesson.lab, Path(name), host)
            tell("crash reads its dump")
            evidence = _record(died.directory, died.vmlinux, _commands(scenario), out)
        write_private(out / FILE, fitted(text, evidence))
    except LabError as error:
        raise FreshError(str(error)) from error
    except OSError as error:
        raise FreshError(f"{error.filename or out}: {error.strerror}") from error
    return out


def fitted(text: str, evidence: Mapping[str, Evidence]) -> str:
    """The lesson's text without the steps that the evidence does not bear out. Raises FreshError if none is left."""
    lesson = read_lesson(text)
    wrong = {
        int(found[1]) for problem in misfits(lesson, evidence) if (found := re.match(r"step (\d+)", problem))
    }
    head, *steps, expert = _PARTS.split(text)
    kept = [step for number, step in enumerate(steps, 1) if number not in wrong]
    if not kept:
        raise FreshError(
            "The panic came out differently: none of the lesson's lines is in it. Try once more."
        )
    return "".join((head, *kept, expert))


def _commands(scenario: Scenario) -> Iterable[str]:
    return dict.fromkeys(
        [*COMMANDS, *(command for step in scenario.lesson.steps for command in step.commands)]
    )


def _record(dump: Path, vmlinux: Path, commands: Iterable[str], out: Path) -> Mapping[str, Evidence]:
    """Ask crash everything and keep it as a recording; the investigation's own case is not kept."""
    desk = Investigation(open_path(dump, vmlinux))
    desk.start()
    try:
        desk.wait(PATIENCE)
        for command in commands:
            desk.run_crash(command)
            desk.wait(PATIENCE)
    finally:
        desk.close()
    if "log" not in desk.facts.evidence:
        raise FreshError(f"crash did not read the dump: {desk.facts.crash.message or 'is it installed?'}")
    make_private_dir(out.parent)
    save_recording(desk, out)
    if desk.directory:
        shutil.rmtree(desk.directory, ignore_errors=True)
    return desk.facts.evidence
