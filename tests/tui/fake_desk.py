"""An investigation in which everything asked is only written down, and the app opened on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from rca.changes import CaseOpened, Change, FormChanged, SafeSwitched
from rca.changing.plan import Plan
from rca.changing.run import Done
from rca.crash.base import SessionState
from rca.crash.transcript import Transcript
from rca.diagnosis.model import Confidence, Diagnosis, Guilty
from rca.evidence import Citation, Evidence, Kind
from rca.report.form import Form
from rca.report.keeping import Kept, keep
from rca.report.rendering import PLAIN, Rendered, Wish
from rca.report.sentences import Sentence
from rca.sources.base import Dump, Where
from rca.steps.base import CrashFacts, Facts
from rca.verdict import Badge, Verdict
from tests.tui.waiting import drawn, until
from tui.app import Panicdesk
from tui.screens.workbench import Workbench

SIZES = [(80, 24), (120, 36), (200, 50)]
NOW = datetime(2026, 1, 2, tzinfo=UTC)
HOSTILE = "[bold red]x[/] [mlx5_core] [/nope] \tend " + "long " * 200
PROOF = Citation("log", 7, HOSTILE)
DIAGNOSIS = Diagnosis(
    title="NULL pointer read [bold]in mlx5_core",
    guilty=Guilty("mlx5e_poll_rx_cq", "mlx5_core"),
    confidence=Confidence.PROBABLE,
    citations=(PROOF,),
    next_checks=("dis -rl the RIP",),
    node="worker-07",
    kernel_release="4.18.0-553.el8_10.x86_64",
)


class Fake:
    """An investigation in which everything asked is only written down."""

    def __init__(self, directory: Path) -> None:
        self.on_change: Callable[[Change], None] = lambda _: None
        self.verdicts: Mapping[int, Verdict] = {
            n: Verdict(badge, HOSTILE[:60], (PROOF,), HOSTILE, (HOSTILE,))
            for n, badge in enumerate([*Badge, *Badge][:11])
        }
        self.facts = Facts(
            Where.FOLDER,
            HOSTILE,
            crash=CrashFacts(state=SessionState.BUSY, running="bt -a [x]"),
            diagnosis=DIAGNOSIS,
        )
        self.form = Form()
        self.transcript = Transcript(
            lines=["crash> bt", HOSTILE, "RIP: 0010:mlx5e_poll_rx_cq+0x5/0x9 [mlx5_core]"]
        )
        self.history: tuple[str, ...] = ("bt", "log")
        self.place: Mapping[str, object] = {}
        self.offered: tuple[Plan, ...] = ()
        self.directory: Path | None = directory
        self.running_session = False
        self.unsaved = ""
        self.no_terminal = ""
        self.calls: list[tuple[object, ...]] = []

    def start(self) -> None:
        self.calls.append(("start",))
        self.on_change(CaseOpened(self.directory or Path("case"), None))

    def close(self) -> None:
        self.calls.append(("close",))

    def set_confidence(self, confidence: Confidence) -> None:
        self.calls.append(("confidence", confidence))
        self.form = self.form.set_confidence(confidence)
        self.on_change(FormChanged(self.form))

    def decide(self, number: int, badge: Badge | None, note: str) -> str:
        self.calls.append(("decide", number, badge, note))
        return "" if note else "Say why"

    def choose(self, dump: Dump) -> None:
        self.calls.append(("choose", dump))

    def plans(self) -> tuple[Plan, ...]:
        return self.offered

    def carry_out(
        self, plan: Plan, told: Callable[[tuple[str, ...]], None], done: Callable[[Done], None]
    ) -> None:
        self.calls.append(("carry out", plan))
        told(("[bold]line 1", "line 2"))
        evidence = Evidence("change", Kind.COMMAND, plan.shown(), "", NOW, ("line 1",))
        done(Done(Verdict(Badge.FAIL, "It is not there all the same"), evidence))

    def stand_at(self, step: int, pane: str) -> None:
        self.place = {"step": step, "pane": pane}

    def type_field(self, name: str, text: str, proven: tuple[Sentence, ...] = ()) -> None:
        self.calls.append(("type", name, text))
        self.form = self.form.type(name, text, proven)
        self.on_change(FormChanged(self.form))

    def take_draft(self, name: str) -> None:
        self.calls.append(("take", name))
        self.form = self.form.take_draft(name)
        self.on_change(FormChanged(self.form))

    def rerun(self, number: int) -> None:
        self.calls.append(("rerun", number))

    def run_crash(self, command: str) -> str:
        self.calls.append(("crash", command))
        return "[refused] " + HOSTILE[:60] if command.startswith("!") else ""

    def interrupt(self) -> str:
        self.calls.append(("interrupt",))
        return "Nothing runs"

    def set_safe(self, on: bool) -> str:
        self.calls.append(("safe", on))
        self.facts = replace(self.facts, safe=on)
        self.on_change(SafeSwitched(on))
        return self.no_terminal

    def hand_over(self, around: Callable[[], AbstractContextManager[object]]) -> str:
        self.calls.append(("bare",))
        return self.no_terminal

    def symbols(self) -> tuple[str, ...]:
        return ("mlx5e_napi_poll", "mlx5e_poll_rx_cq")

    def restart_crash(self) -> None:
        self.calls.append(("restart",))

    def take_changes(self, name: str, chosen: tuple[int, ...]) -> None:
        self.calls.append(("changes", name, chosen))
        self.form = self.form.take_changes(name, chosen)
        self.on_change(FormChanged(self.form))

    def export(self, wish: Wish = PLAIN) -> Kept:
        return keep(self.render(wish), wish, self.directory)

    def render(self, wish: Wish = PLAIN) -> Rendered:
        return Rendered("# RCA\n" if wish == PLAIN else f"{wish}\n[bold]line\n")


@asynccontextmanager
async def workbench(
    fake: Fake, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[Workbench, Pilot[str]]]:
    """The app with its workbench open."""
    app = Panicdesk(lambda: fake, "")
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.workbench and app.workbench.is_mounted)
        await pilot.pause()
        assert app.workbench
        yield app.workbench, pilot


def screen(bench: Workbench) -> str:
    """What the terminal shows, as plain lines."""
    return drawn(bench.app)
