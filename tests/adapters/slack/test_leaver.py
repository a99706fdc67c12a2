"""A manager hands over in Slack what somebody had who has left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.unit import Tx
from tests.adapters import launching
from tests.adapters.launching import CASE
from tests.adapters.slack.deeds import opens, presses
from tests.adapters.slack.test_launch_story import APP, FILED
from tests.adapters.slack.workspace import Workspace, workspace
from tests.office import announce_leavers
from tests.stories.deeds import leave


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, language=request.param, manifest=APP) as made:
        await launching.prepared(made.office)
        for person in launching.PEOPLE:
            await made.person(person)
        yield made


async def test_a_launch_of_a_leaver_is_handed_over(place: Workspace) -> None:
    says = place.says
    filer = await place.person("fang.hao")
    modal = await opens(filer, place, "/launch")
    assert await modal.submit(FILED) == {}
    await place.settle()
    await filer.close_modal()

    def announce(tx: Tx) -> None:
        announce_leavers(tx, place.office.office)

    await place.office.database.run(announce)
    await leave(place.office, "fang.hao")
    await place.office.database.run(announce)
    await place.settle()

    manager, heir = await place.person("xu.ning"), await place.person("deng.kai")
    card = manager.last_message(says("已离职：请交接工作", "has left: hand over"))
    await presses(place, manager, "交接", "Hand over", card)
    assert await manager.modal.submit({"q:filed_to": says("邓凯", "Deng Kai")}) == {}
    await place.settle()

    assert CASE in heir.last_message(says("已离职", "has left")).text
    case = await place.office.case(CASE)
    assert case.acting_filer == await place.office.person("deng.kai").key()
    place.slack.assert_clean()
