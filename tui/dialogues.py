"""What the workbench asks a person before it does something: which dump, which verdict, whether to change the node."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.text import Text
from textual.app import App, SuspendNotSupported

from parsers.text import visible
from rca.crash.base import SessionState
from rca.sources.base import Dump
from rca.steps.common import human
from rca.steps.dumptimes import saved
from rca.steps.titles import SESSION
from rca.verdict import OWN
from tui.desk import Desk
from tui.screens.change import Change
from tui.screens.choose import Choose, Say
from tui.screens.confirm import Confirm
from tui.screens.offer import Offer
from tui.widgets.checklist import BADGE_STYLES

_UNSAFE = (
    "Turn safe mode off for this case? Then !, |, >, <, extend, wr and gdb's shell reach this machine, as you. "
    "Each such command is noted in the audit. The same key turns it on again."
)
_GIVE_UP = "crash is still starting. Give this way up and try the next one, which leaves more aside?"
_UNWATCHED = "Safe mode cannot watch a bare terminal: every key goes straight to crash."


def dump_row(dump: Dump) -> Text:
    """``2025-12-22 09:02:05Z  complete  4.18.0-553.el8_10.x86_64  1.2 GiB  BUG: …``."""
    release = dump.header.release if dump.header else ""
    parts = [saved(dump), dump.state.value, release, human(dump.size) if dump.size else "", dump.reason]
    return Text(visible("  ".join(part for part in parts if part)), no_wrap=True, overflow="ellipsis")


async def pick_dump(app: App[str], desk: Desk) -> None:
    """Analyse another dump."""
    dumps = desk.facts.dumps or ()
    if len(dumps) < 2:
        app.notify("There is no other dump here" if dumps else "No dump was found")
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
        app.notify(refused, severity="warning")


async def mend(app: App[str], desk: Desk) -> None:
    """A change to the node, after a yes."""
    plans = desk.plans()
    if not plans:
        app.notify("Nothing that can be done from here would help; the steps' pages say what would.")
        return
    rows = [Text(visible(plan.title), no_wrap=True, overflow="ellipsis") for plan in plans]
    chosen = await app.push_screen_wait(Choose("What is to be changed? Nothing runs before your yes.", rows))
    if chosen is None:
        return
    plan = plans[chosen]
    question = f"{plan.title}, on {desk.facts.source_name}:\n\n{plan.shown()}\n\n{plan.cost}\n\nRun it?"
    if await app.push_screen_wait(Confirm(question)):
        app.push_screen(Change(desk, plan))


async def rerun(app: App[str], desk: Desk, number: int) -> None:
    """Collect a step's evidence again; that of the session is a session anew."""
    if number == SESSION:
        await restart(app, desk)
        return
    desk.rerun(number)
    app.notify(f"Step {number}: collecting its evidence again")


async def restart(app: App[str], desk: Desk) -> None:
    """Start crash anew, after a question while one runs."""
    starting = desk.facts.crash.state is SessionState.STARTING
    question = _GIVE_UP if starting else "End the crash session and start another?"
    if not desk.running_session or await app.push_screen_wait(Confirm(question)):
        desk.restart_crash()


async def leave(app: App[str], desk: Desk) -> None:
    """End the app, after a question where something would be lost."""
    doubts = [f"{desk.unsaved}."] if desk.unsaved else []
    doubts += ["A crash session is running; it ends with this window."] if desk.running_session else []
    if doubts and isinstance(app.screen, Confirm):
        return
    if not doubts or await app.push_screen_wait(Confirm(" ".join([*doubts, "Leave?"]))):
        app.exit()


async def switch_safe(app: App[str], desk: Desk) -> None:
    """Turn safe mode off, after a question, or on again."""
    off = not desk.facts.safe
    if off or await app.push_screen_wait(Confirm(_UNSAFE)):
        why = desk.set_safe(off)
        app.notify(why or f"Safe mode is {'on' if off else 'off'} for this case")


async def attach(app: App[str], desk: Desk) -> None:
    """Give crash's prompt to the bare terminal; where safe mode is on, ask whether to turn it off for that."""
    ready = desk.running_session and desk.facts.crash.state is SessionState.READY
    if ready and desk.facts.safe:
        if not await app.push_screen_wait(Confirm(f"{_UNWATCHED}\n\n{_UNSAFE}")):
            return
        desk.set_safe(False)
    try:
        why = desk.hand_over(lambda: _bare(app))
    except SuspendNotSupported:
        why = "This terminal cannot be left; type at the pane's own prompt."
    if why:
        app.notify(why, severity="warning")


@contextmanager
def _bare(app: App[str]) -> Iterator[None]:
    with app.suspend():
        print("This is crash itself, the same session. Ctrl+] brings panicdesk back.", flush=True)
        yield


async def offer(app: App[str], desk: Desk, name: str) -> None:
    """Some of what the evidence offers for a field that a person typed."""
    changes = desk.form[name].changes
    if not changes:
        app.notify("The evidence offers nothing else here")
        return
    chosen = await app.push_screen_wait(Offer(name, changes))
    if chosen:
        desk.take_changes(name, chosen)
