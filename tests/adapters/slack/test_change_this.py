"""Change this on Slack: cards of steps for the eyes of one person, and a modal (L2.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.slack.deeds import presses
from tests.adapters.slack.workspace import workspace
from tests.stories.changing import CASE, filed


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_limit_is_changed_in_a_modal(tmp_path: Path, language: str) -> None:
    async with workspace(tmp_path, language=language) as place:
        await place.desk.handle(await filed(place.office))
        person = await place.person("chen.jing")
        await place.settle()

        await presses(place, person, "改这里", "Change this")
        steps = person.messages()[-1]
        assert place.says("处理并答复", "Resolve and reply") in steps.text
        assert place.says("3 个工作日", "3 working days") in steps.text
        assert (await person.click("cl:press:102", steps)).ok  # the third item
        await place.settle()
        await presses(place, person, "时限", "Limit", person.messages()[-1])
        answer = await person.modal.submit({"q:due": "1wd"})
        await place.settle()

        said = place.says("3 个工作日 → 1 个工作日", "3 working days → 1 working day")
        assert answer == {}
        assert said in person.modal.text
        draft = await place.desk.draft(
            person=await place.office.person("chen.jing").key(), form=f"complete|{CASE}|t1|"
        )
        assert draft is not None
        assert len(draft.values["draft"]) == 1
        place.slack.assert_clean()
