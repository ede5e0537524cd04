"""What the workbench asks a person before it does something: which dump, which verdict, whether to change the node."""

from __future__ import annotations

from rich.text import Text
from textual.app import App

from parsers.text import visible
from rca.sources.base import Dump
from rca.steps.common import human, utc
from rca.verdict import OWN
from tui.desk import Desk
from tui.screens.change import Change
from tui.screens.choose import Choose, Say
from tui.screens.confirm import Confirm
from tui.screens.offer import Offer
from tui.widgets.checklist import BADGE_STYLES


def dump_row(dump: Dump) -> Text:
    """``2025-12-22 09:02:05Z  complete  4.18.0-553.el8_10.x86_64  1.2 GiB  BUG: …``."""
    release = dump.header.release if dump.header else ""
    parts = [utc(dump.saved), dump.state.value, release, human(dump.size) if dump.size else "", dump.reason]
    return Text(visible("  ".join(part for part in parts if part)), no_wrap=True, overflow="ellipsis")


async def pick_dump(app: App[str], desk: Desk) -> None:
    """Analyse another dump."""
    dumps = desk.facts.dumps or ()
    if len(dumps) < 2:
        app.notify("There is no other dump here" if dumps else "No dump was found", markup=False)
        return
    now = dumps.index(desk.facts.dump) if desk.facts.dump in dumps else 0
    question = "Which dump? Each has a case of its own, and the crash session is opened anew."
    chosen = await app.push_screen_wait(Choose(question, [dump_row(dump) for dump in dumps], now))
    if chosen is not None and dumps[chosen] != desk.facts.dump:
        desk.choose(dumps[chosen])


async def decide(app: App[str], desk: Desk, number: int) -> None:
    """A person's own badge for a step."""
    rows = [Text(badge.value, BADGE_STYLES[badge]) for badge in OWN]
    question = f"Your own verdict for step {number}; the step's own is kept beside it."
    chosen = await app.push_screen_wait(Choose(question, [*rows, Text("Take mine back")]))
    if chosen is None:
        return
    if chosen == len(OWN):
        desk.decide(number, None, "")
        return
    note = await app.push_screen_wait(Say("Why? The next reader sees only this."))
    if note is not None and (refused := desk.decide(number, OWN[chosen], note)):
        app.notify(refused, severity="warning", markup=False)


async def mend(app: App[str], desk: Desk) -> None:
    """A change to the node, after a yes."""
    plans = desk.plans()
    if not plans:
        app.notify(
            "Nothing that can be done from here would help; the steps' pages say what would.", markup=False
        )
        return
    rows = [Text(plan.title, no_wrap=True, overflow="ellipsis") for plan in plans]
    chosen = await app.push_screen_wait(Choose("What is to be changed? Nothing runs before your yes.", rows))
    if chosen is None:
        return
    plan = plans[chosen]
    question = f"{plan.title}, on {desk.facts.source_name}:\n\n{plan.shown()}\n\n{plan.cost}\n\nRun it?"
    if await app.push_screen_wait(Confirm(question)):
        app.push_screen(Change(desk, plan))


async def restart(app: App[str], desk: Desk) -> None:
    """Start crash anew; a running one is ended after a yes."""
    question = "End the crash session and start another?"
    if not desk.running_session or await app.push_screen_wait(Confirm(question)):
        desk.restart_crash()


async def leave(app: App[str], desk: Desk) -> None:
    """Leave; while crash runs, or something is not on disk, after a yes."""
    doubts = [f"{desk.unsaved}."] if desk.unsaved else []
    if desk.running_session:
        doubts.append("A crash session is running; it ends with this window.")
    if isinstance(app.screen, Confirm):  # it is being asked
        return
    if not doubts or await app.push_screen_wait(Confirm(" ".join([*doubts, "Leave?"]))):
        app.exit()


async def offer(app: App[str], desk: Desk, name: str) -> None:
    """Some of what the evidence offers for a field that a person typed."""
    changes = desk.form[name].changes
    if not changes:
        app.notify("The evidence offers nothing else here", markup=False)
        return
    chosen = await app.push_screen_wait(Offer(name, changes))
    if chosen:
        desk.take_changes(name, chosen)
