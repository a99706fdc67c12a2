"""Change this on Telegram: buttons with the names of the steps, and a form (L2.2)."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.stories.changing import CASE, filed


async def test_a_limit_is_changed_in_a_dialogue(office: Company) -> None:
    (person,) = await office.people("chen.jing")
    await office.desk().handle(await filed(office.work))
    await office.settled()

    for label in ("改这里", "处理并答复", "时限"):
        await office.answers(person, label)
        await office.settled()
    assert "3wd" in person.last().text
    await office.answers(person, "+1wd")
    await office.answers(person, "存入草稿")

    await person.waits_for("3 个工作日 → 1 个工作日")
    key = await office.work.person("chen.jing").key()
    draft = await office.desk().draft(person=key, form=f"complete|{CASE}|t1|")
    assert draft is not None
    assert len(draft.values["draft"]) == 1
