"""A form that was open while another version of its process came into force."""

from __future__ import annotations

from handlers.intents import Submitted
from tests.office import MONDAY, Workplace
from workflows.loading import load_definition

OLD = '{ id = "product", type = "text", required = true,'
NEW = '{ id = "site", type = "text", required = true, label = { zh = "现场", en = "Site" } },\n  '


async def publish_with_a_new_field(work: Workplace) -> None:
    """The start form asks for the site as well."""

    def unit(tx) -> None:
        (stored,) = tx.definitions.current()
        text = stored.text.replace(OLD, NEW + OLD)
        loaded = load_definition(text, file="complaint.toml")
        tx.definitions.publish(key="complaint", hash=loaded.hash, text=text, at=MONDAY, by="system")

    await work.database.run(unit)


async def test_the_new_form_is_shown_with_the_answers_kept(work: Workplace) -> None:
    filer = work.person("wang.fang")
    await filer.says("/complaint 箱子是湿的")
    assert filer.sheet is not None
    given = {question.id: question.value for question in filer.sheet.questions}
    given |= {"customer": "Acme", "contact": "138", "channel": "phone", "product": "A-100"}
    await publish_with_a_new_field(work)

    sent = Submitted(
        person=await filer.key(), via="playground", key="s", token=filer.sheet.token, values=given
    )
    await filer.does(sent)

    assert "已填的内容都保留了" in filer.answer.text
    assert set(filer.answer.problems) == {"site"}
    assert filer.answer.form is not None
    shown = {question.id: question.value for question in filer.answer.form.questions}
    assert shown == {**given, "site": None}
    filer.sheet = filer.answer.form
    assert "C-2026-0001" in await filer.fills(site="苏州")


async def test_a_form_that_did_not_change_is_only_mended(work: Workplace) -> None:
    filer = work.person("wang.fang")
    await filer.says("/complaint 箱子是湿的")
    assert filer.sheet is not None
    blank = {question.id: question.value or "" for question in filer.sheet.questions}

    token = filer.sheet.token
    await filer.does(
        Submitted(person=await filer.key(), via="playground", key="s", token=token, values=blank)
    )

    assert filer.answer.form is None
    assert "customer" in filer.answer.problems
