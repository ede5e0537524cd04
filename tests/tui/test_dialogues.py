"""What the workbench asks before it does something."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from rca.changes import NewsCame, StepsJudged
from rca.changing.plan import Plan
from rca.crash.base import SessionState
from rca.sources.base import Dump, DumpState
from rca.verdict import Badge
from tests.tui.fake_desk import NOW, Fake, screen, workbench
from tests.tui.waiting import shown, until

PLAN = Plan("Arm kdump", ("systemctl", "enable", "--now", "kdump"), "Costs [some] memory.", lambda _: "")


async def test_another_dump_is_chosen(fake: Fake) -> None:
    dumps = tuple(
        Dump(Path(f"/var/crash/{n}"), state, saved=NOW - timedelta(days=n), reason=f"BUG: [{n}]")
        for n, state in enumerate((DumpState.COMPLETE, DumpState.INCOMPLETE))
    )
    fake.facts = replace(fake.facts, dumps=dumps, dump=dumps[0])
    async with workbench(fake, (80, 24)) as (_, pilot):
        await pilot.press("d")
        await shown(pilot, "2026-01-01 00:00:00Z  incomplete  BUG: [1]")
        await pilot.press("j", "enter")
        await until(pilot, lambda: fake.calls[-1] == ("choose", dumps[1]))
        await pilot.press("d", "escape")
        assert fake.calls[-1] == ("choose", dumps[1])


async def test_a_persons_own_verdict_wants_a_note(fake: Fake) -> None:
    async with workbench(fake) as (_, pilot):
        await pilot.press("j", "v")
        await shown(pilot, "Your own verdict")
        await pilot.press("j", "enter")
        await shown(pilot, "Why?")
        await pilot.press(*"seen", "enter")
        await until(pilot, lambda: fake.calls[-1] == ("decide", 1, Badge.WARN, "seen"))
        await pilot.press("v")
        await shown(pilot, "Your own verdict")
        await pilot.press("enter")
        await shown(pilot, "Why?")
        await pilot.press("enter")
        await shown(pilot, "Say why")
        await pilot.press("v")
        await shown(pilot, "Your own verdict")
        await pilot.press("up", "enter")
        await until(pilot, lambda: fake.calls[-1] == ("decide", 1, None, ""))


async def test_nothing_is_changed_without_a_yes(fake: Fake) -> None:
    async with workbench(fake, (80, 24)) as (bench, pilot):
        await pilot.press("M")
        await shown(pilot, "Nothing that can be done from here")
        fake.offered = (PLAN,)
        for answer in ("n", "escape", "y"):
            assert not any(call[0] == "carry out" for call in fake.calls)
            await pilot.press("M")
            await shown(pilot, "What is to be changed")
            await pilot.press("enter")
            await shown(pilot, "Costs [some] memory.")
            assert "systemctl enable --now kdump" in screen(bench)
            await pilot.press(answer)
        await shown(pilot, "FAIL It is not there all the same")
        assert fake.calls[-1] == ("carry out", PLAN)
        assert "[bold]line 1" in screen(bench)
        await pilot.press("escape")


async def test_news_are_told(fake: Fake) -> None:
    async with workbench(fake) as (_, pilot):
        fake.on_change(NewsCame("A vmlinux has arrived: /usr/lib/[x]"))
        await shown(pilot, "A vmlinux has arrived: /usr/lib/[x]")


async def test_safe_mode_goes_off_after_a_yes_and_on_at_once(fake: Fake) -> None:
    async with workbench(fake) as (bench, pilot):
        assert "SAFE MODE OFF" not in screen(bench)
        await pilot.press("!")
        await shown(pilot, "Turn safe mode off for this case?")
        await pilot.press("n")
        assert ("safe", False) not in fake.calls
        await pilot.press("!")
        await shown(pilot, "Turn safe mode off for this case?")
        await pilot.press("y")
        await shown(pilot, "SAFE MODE OFF")
        await pilot.press("!")
        await shown(pilot, "Safe mode is on for this case")
        assert fake.calls[-1] == ("safe", True) and "SAFE MODE OFF" not in screen(bench)


async def test_the_bare_terminal_wants_safe_mode_off(fake: Fake) -> None:
    fake.running_session = True
    fake.facts = replace(fake.facts, crash=replace(fake.facts.crash, state=SessionState.READY))
    async with workbench(fake) as (_, pilot):
        await pilot.press("f9")
        await shown(pilot, "Safe mode cannot watch a bare terminal")
        await pilot.press("n")
        assert fake.calls[-1] != ("bare",)
        await pilot.press("f9")
        await shown(pilot, "Safe mode cannot watch a bare terminal")
        await pilot.press("y")
        await shown(pilot, "SAFE MODE OFF")
        assert fake.calls[-2:] == [("safe", False), ("bare",)]


async def test_why_the_bare_terminal_cannot_have_crash(fake: Fake) -> None:
    fake.no_terminal = "crash is not at its prompt: [bt -a]"
    async with workbench(fake) as (_, pilot):
        await pilot.press("f9")
        await shown(pilot, "crash is not at its prompt: [bt -a]")
        assert ("safe", False) not in fake.calls


async def test_the_symbols_of_the_vmlinux_complete_what_is_typed(fake: Fake) -> None:
    async with workbench(fake) as (bench, pilot):
        fake.facts = replace(fake.facts, crash=replace(fake.facts.crash, vmlinux="/v/vmlinux"))
        fake.on_change(NewsCame("found"))
        fake.on_change(StepsJudged(fake.verdicts))
        await until(pilot, lambda: bench.crash._symbols)
        await pilot.press("i", *"dis mlx5e_n")
        await shown(pilot, "dis mlx5e_napi_poll")
