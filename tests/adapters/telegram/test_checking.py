"""Twelve certificates are one message on Telegram with twelve lines and a button for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.telegram.ground import Company, company
from tests.stories.test_checking import CASE, requested


@pytest.fixture(params=["zh", "en"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Company]:
    async with company(tmp_path, language=request.param) as made:
        for person in await made.people("sun.yue", "zhao.lei"):
            await person.starts()
        await made.settled()
        yield made


async def test_twelve_certificates_are_checked_on_one_card(place: Company) -> None:
    says = place.says
    filer, checker = await place.people("sun.yue", "zhao.lei")
    before = checker.last()
    await place.desk().handle(await requested(place.work))
    await place.settled()
    third = says("3. 证书3", "3. Certificate 3")
    card = await checker.waits_for(lambda message: third in message.labels)
    assert len([label for label in card.labels if says("证书", "Certificate") in label]) == 12
    assert [one for one in checker.messages() if one.id > before.id] == [card]
    assert says("12. 证书12", "12. Certificate 12") in card.text

    await checker.taps(third, in_message=card)
    await place.fake.confirmed()
    await place.answers(checker, says("↩ 退回", "↩ returned"), "+章不清楚")
    await checker.taps(checker.last().labels[0], in_message=checker.last())
    await place.settled()
    await checker.waits_for("章不清楚")
    card = await checker.waits_for(lambda message: third in message.labels)
    await checker.taps(says("其余全部通过", "Approve the others"), in_message=card)
    await place.fake.confirmed()
    yes = next(one for one in card.labels if one.startswith("✔"))
    await checker.taps(yes, in_message=card)
    await place.settled()

    amend = await filer.waits_for(says("补正资料", "Amend"))
    assert "章不清楚" in amend.text
    assert (await place.work.case(CASE)).open_tasks[0].node == "amend"
