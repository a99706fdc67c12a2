"""Twelve certificates are one message in Slack with twelve lines; each line has its button."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack.deeds import fills, presses, task_card
from tests.adapters.slack.test_launch_story import APP
from tests.adapters.slack.workspace import Workspace, workspace
from tests.stories.test_checking import CASE, requested


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workspace]:
    async with workspace(tmp_path, language=request.param, manifest=APP) as made:
        for person in ("sun.yue", "zhao.lei"):
            await made.person(person)
        yield made


async def test_twelve_certificates_are_checked_on_one_card(place: Workspace) -> None:
    says = place.says
    await place.desk.handle(await requested(place.office))
    await place.settle()
    filer, checker = await place.person("sun.yue"), await place.person("zhao.lei")
    card = task_card(checker, CASE)
    lines = [name for name in card.buttons if name == says("核查", "Check")]
    assert len(lines) == 12
    assert len([seen for seen in checker.messages() if CASE in seen.text]) == 1
    assert says("12. 证书12", "12. Certificate 12") in card.text

    assert (await checker.click("cl:press:102", card)).ok
    await place.settle()
    refused = await checker.modal.submit({"q:verdict-of": says("↩ 退回", "↩ returned")})
    assert set(refused) == {says("意见", "Finding")}
    await fills(place, checker, **{"verdict-of": says("↩ 退回", "↩ returned")}, finding="章不清楚")
    assert "章不清楚" in task_card(checker, CASE).text
    rest = says("其余全部通过", "Approve the others")
    await presses(place, checker, "其余全部通过", "Approve the others", confirm=True)
    assert rest not in [button for seen in checker.messages() for button in seen.now().buttons]

    amend = task_card(filer, says("补正资料", "Amend"))
    assert "章不清楚" in amend.text
    assert (await place.office.case(CASE)).open_tasks[0].node == "amend"
    place.slack.assert_clean()
