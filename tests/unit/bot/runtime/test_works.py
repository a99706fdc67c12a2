"""Works of service nodes: done once, done again after a death, given up after five tries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.runtime.guard import HoldGate
from bot.runtime.works import Works
from handlers.rendering.jobs import render_here
from handlers.services import running
from handlers.services.running import LEASE, TRIES
from storage.unit import Tx
from tests.fakes.ports import at_once
from tests.stories.deeds import file_complaint, leave
from tests.stories.process_change import NUMBER, OWNER, filed
from tests.unit.bot.runtime.conftest import Manned
from workflows.flow.services import WorkDone
from workflows.moments import SECOND
from workflows.ports import Apart


async def breaks(make: Callable[[], Any]) -> Any:
    raise RuntimeError("the disk is on fire")


def worker(work: Manned, *, apart: Apart = at_once) -> Works:
    around = work.crew.around
    gate = HoldGate(around)
    return Works(around, gate=gate, files=work.files, render=render_here, apart=apart)


async def at_baseline(work: Manned) -> None:
    """A change waits for its baseline, which has a case."""
    await file_complaint(work.person("wang.fang"))
    await filed(work)
    assert [visit.node for visit in (await work.case(NUMBER)).visits] == ["baseline"]


async def results(work: Manned) -> list[tuple[str, str, str]]:
    """What works have found: node, outcome, and the last line in Chinese."""

    def unit(tx: Tx) -> list[tuple[str, str, str]]:
        contents = tx.contents.of_case(NUMBER)
        found: list[tuple[str, str, str]] = []
        for chained in tx.cases.events(NUMBER):
            body = chained.event.body
            if isinstance(body, WorkDone):
                kept = contents[body.content.id].body
                assert kept is not None
                found.append((body.node, body.outcome, kept["lines"]["zh"][-1]))
        return found

    return await work.database.read(unit)


async def test_a_work_is_done_and_the_case_goes_on(work: Manned) -> None:
    await at_baseline(work)
    assert await worker(work).step() is None
    ((node, outcome, line),) = await results(work)
    assert (node, outcome) == ("baseline", "ok")
    assert line.startswith("基线指纹")
    assert [visit.node for visit in (await work.case(NUMBER)).visits] == ["countersign"]
    assert await worker(work).step() is None


async def test_a_work_whose_process_died_is_done_by_another_once(work: Manned) -> None:
    """The claim of a process that was killed ends; its result, should it still come, is dropped."""
    await at_baseline(work)
    claim = partial(running.claim, office=work.office)
    dead = await work.database.run(claim)
    assert dead is not None
    now = work.clock.now()
    assert await worker(work).step() == now + LEASE
    assert await results(work) == []

    work.clock.set(now + LEASE)
    assert await worker(work).step() is None
    assert len(await results(work)) == 1
    kept = work.database, work.files, work.office, dead
    assert not await running.do(*kept, render=render_here, apart=at_once)
    assert not await running.give_up(work.database, work.office, dead)
    assert len(await results(work)) == 1


async def test_a_claim_that_is_extended_stays_with_who_has_it(work: Manned) -> None:
    await at_baseline(work)
    first = await work.database.run(partial(running.claim, office=work.office))
    assert first is not None
    work.clock.set(work.clock.now() + LEASE // 2)
    assert await work.database.run(partial(running.extend, office=work.office, work=first))
    work.clock.set(work.clock.now() + LEASE * 2 // 3)
    assert await work.database.run(partial(running.claim, office=work.office)) is None
    work.clock.set(work.clock.now() + LEASE)
    second = await work.database.run(partial(running.claim, office=work.office))
    assert second is not None
    assert second.attempts == first.attempts + 1
    assert not await work.database.run(partial(running.extend, office=work.office, work=first))


async def test_a_work_that_takes_long_keeps_its_claim(work: Manned) -> None:
    await at_baseline(work)
    made = work.crew.pauses.made

    async def takes_long(make: Callable[[], Any]) -> Any:
        for _ in range(4):
            work.clock.set(work.clock.now() + LEASE // 2)
            before = len(made)
            while len(made) < before + 2:  # it was extended in between
                await work.database.run(lambda tx: None)
            assert await work.database.run(partial(running.claim, office=work.office)) is None
        return make()

    assert await worker(work, apart=takes_long).step() is None
    assert set(made) == {LEASE / SECOND / 3}
    assert len(await results(work)) == 1


async def test_after_five_tries_the_work_has_failed_and_somebody_decides(work: Manned) -> None:
    await at_baseline(work)
    broken = worker(work, apart=breaks)
    for _ in range(TRIES):
        next_at = await broken.step()
        assert next_at is not None
        assert next_at > work.clock.now()
        assert await results(work) == []
        work.clock.set(next_at)
    assert await broken.step() is None
    ((node, outcome, line),) = await results(work)
    assert (node, outcome) == ("baseline", "failed")
    assert "试了5次" in line.replace(" ", "")
    assert [visit.node for visit in (await work.case(NUMBER)).visits] == ["no_baseline"]


async def test_during_a_hold_nothing_is_done(work: Manned) -> None:
    await at_baseline(work)
    await work.database.run(lambda tx: tx.settings.put("hold", "restore"))
    assert await worker(work).step() is None
    assert await results(work) == []


async def test_a_withdrawn_change_needs_no_work(work: Manned) -> None:
    await at_baseline(work)
    dead = await work.database.run(partial(running.claim, office=work.office))
    assert dead is not None
    owner = work.person(OWNER)
    await owner.presses("撤回", kind="case")
    await owner.fills(text="以后再说")
    work.clock.set(work.clock.now() + LEASE + SECOND)
    assert await worker(work).step() is None
    kept = work.database, work.files, work.office, dead
    assert not await running.do(*kept, render=render_here, apart=at_once)
    assert await results(work) == []


async def test_an_owner_who_has_left_changes_nothing(work: Manned) -> None:
    """A work is done under the rights of its filer, at the time at which it is done."""
    await at_baseline(work)
    await leave(work, OWNER)
    await worker(work).step()
    ((node, outcome, line),) = await results(work)
    assert (node, outcome) == ("baseline", "failed")
    assert "负责人和管理员" in line
