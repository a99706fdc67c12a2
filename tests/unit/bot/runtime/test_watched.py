"""What is committed is counted: once, and only when it is durable."""

import pytest

from bot.runtime.watched import WatchedDatabase
from storage.unit import Tx
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from workflows.errors import Conflict


@pytest.fixture
def watched(work: Manned) -> WatchedDatabase:
    around = work.crew.around
    return WatchedDatabase(work.database, metrics=around.metrics, steady=around.steady)


def figure(work: Manned, name: str) -> float:
    lines = work.crew.around.metrics.text().decode().splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(name)), 0.0)


async def test_a_decision_and_its_events_are_counted(
    work: Manned, watched: WatchedDatabase
) -> None:
    work.asleep = True
    inner, work.database = work.database, watched  # type: ignore[assignment]
    await file_complaint(work.person("wang.fang"))
    work.database = inner

    assert figure(work, "closeloop_decisions_total") == 1
    assert figure(work, 'closeloop_events_total{type="CaseStarted"}') == 1
    assert figure(work, "closeloop_commit_seconds_count") >= 1


async def test_what_was_rolled_back_or_repeated_is_not_counted_twice(
    work: Manned, watched: WatchedDatabase
) -> None:
    await work.filed()
    tries = []

    def unit(tx: Tx) -> None:
        case = tx.cases.load("C-2026-0001")
        assert case is not None
        tries.append(case)
        tx.cases  # noqa: B018 - looked at, and nothing saved
        if len(tries) < 3:
            raise Conflict("case_changed")

    await watched.run(unit)
    assert len(tries) == 3
    assert figure(work, "closeloop_decisions_total") == 0

    def failing(tx: Tx) -> None:
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        await watched.run(failing)
    assert await watched.read(lambda tx: tx.cases.open_ids()) == ("C-2026-0001",)
