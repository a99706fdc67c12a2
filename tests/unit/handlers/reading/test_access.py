"""Who sees and changes which field, by the node at which they work."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.playground.case import case_view
from handlers.playground.page import PageCase
from handlers.reading.case import open_case
from handlers.reading.files import open_file
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from workflows.errors import Refusal
from workflows.loading import load_definition

TEXT = (Path(__file__).parents[1] / "hiring.toml").read_text(encoding="utf-8")
CASE = "H-2026-0001"
MARKS = {"post": "数据工程师", "salary": "34567", "year": "414804", "cv": "履历.txt"}
EVERYTHING = set(MARKS)

WHO_SEES = {
    "sun.yue": EVERYTHING,  # the filer
    "chen.jing": EVERYTHING,  # the owner of the process
    "li.qiang": EVERYTHING,  # was copied in
    "he.jun": {"post"},  # checks
    "zhao.lei": {"post", "salary", "year"},  # approves
}


async def filed(work: Workplace, text: str = TEXT, *, checked: bool = True) -> str:
    loaded = load_definition(text, file="hiring.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="hiring", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer = work.person("sun.yue")
    paper = await filer.uploads("履历.txt", b"a life")
    await filer.says("/hiring")
    await filer.fills(post="数据工程师", salary="34567", cv=[paper])
    assert CASE in filer.answer.text, filer.answer
    await work.settle()
    if not checked:
        return paper
    checker = work.person("he.jun")
    await checker.presses("完成")
    await work.settle()
    return paper


async def shown(work: Workplace, person_id: str) -> dict[str, str]:
    """Everything that a person is shown of the case, by the way it is shown."""
    reader = (await work.directory()).by_id(person_id)
    assert reader is not None
    person = work.person(person_id)
    await person.says(f"/case {CASE}")

    def look(tx):
        reading = open_case(tx, work.office, case_id=CASE, reader=reader, language="zh")
        paper = build_report(DocumentSource(reading=reading, pictures={}, unshown=frozenset()))
        page = case_view(tx, work.office, case_id=CASE, person=reader.key, language="zh")
        assert isinstance(page, PageCase)
        fields = [(one.label, one.text, one.files) for one in reading.fields if one.text]
        return {"document": str(paper), "page": str(page), "reading": str(fields)}

    found = await work.database.read(look)
    cards = "".join(map(spell, await person.cards()))
    return {**found, "details": spell(person.answer.cards[0]), "cards": cards}


async def opens(work: Workplace, person_id: str, file: str) -> str:
    """The id of a file that a person opens."""
    key = await work.person(person_id).key()
    found = await work.database.read(
        lambda tx: open_file(tx, work.office, file_id=file, person=key)
    )
    return found.id


@pytest.mark.parametrize("person", WHO_SEES)
async def test_a_person_sees_the_fields_that_their_nodes_show(work: Workplace, person: str) -> None:
    paper = await filed(work)
    views = await shown(work, person)

    for way in ("document", "page", "reading", "details"):
        text = views[way].replace(",", "")
        seen = {name for name, mark in MARKS.items() if mark in text}
        expected = WHO_SEES[person] - ({"year"} if way == "reading" else set())
        assert seen == expected, way
    hidden = EVERYTHING - WHO_SEES[person]
    cards = views["cards"].replace(",", "")
    assert not [name for name in hidden if MARKS[name] in cards]
    if "cv" in WHO_SEES[person]:
        assert await opens(work, person, paper) == paper
    else:
        with pytest.raises(Refusal, match="file_unknown"):
            await opens(work, person, paper)


GATEWAY = """
[[nodes]]
id = "level"
kind = "gateway"
name = { zh = "级别", en = "Level" }
routes = [{ when = "year > 400000", to = "approve" }, { to = "done" }]

[[nodes]]
id = "approve"
"""


@pytest.mark.parametrize("person", sorted(WHO_SEES.keys() - {"zhao.lei"}))  # whose turn comes
async def test_why_tells_a_way_that_a_hidden_field_decides_only_to_whom_it_is_shown(
    work: Workplace, person: str
) -> None:
    """Whoever may not see the salary reads under which condition each way is taken, and no more."""
    text = TEXT.replace('next = "approve"', 'next = "level"')
    await filed(work, text.replace('\n[[nodes]]\nid = "approve"\n', GATEWAY), checked=False)
    await work.person(person).says(f"/why {CASE}")
    (card,) = work.person(person).answer.cards
    told = spell(card).replace(",", "")

    assert "审批：赵磊" in told
    if "year" in WHO_SEES[person]:
        assert "年薪" not in told
    else:
        assert "如果年薪 > 400000" in told
        assert not [name for name in EVERYTHING - WHO_SEES[person] if MARKS[name] in told]


@pytest.mark.parametrize("person", sorted(WHO_SEES.keys() - {"chen.jing"}))  # who has no part in it
async def test_a_search_finds_no_case_by_a_value_that_the_person_may_not_see(
    work: Workplace, person: str
) -> None:
    await filed(work)
    searching = work.person(person)

    for words, name in (("34567", "salary"), ("数据 34567", "salary"), ("数据工程", "post")):
        await searching.says(f"/cases {words}")
        assert (CASE in searching.reads()) == (name in WHO_SEES[person]), words
    await searching.says(f"/cases {CASE} 招聘")
    assert CASE in searching.reads()


async def test_a_field_is_changed_by_those_who_may(work: Workplace) -> None:
    await filed(work)
    approver = work.person("zhao.lei")
    await approver.presses("同意")
    sheet = approver.sheet
    assert sheet is not None
    assert [(one.id, one.value) for one in sheet.questions] == [
        ("opinion", None),
        ("salary", "34567"),
    ]
    await approver.fills(opinion="少一点", salary="-5")
    assert approver.answer.problems == {"salary": "不能小于 0。"}
    await approver.fills(opinion="少一点", salary="30000")
    await work.settle()

    views = await shown(work, "sun.yue")
    assert "30,000" in views["reading"]
    assert "34,567" in views["page"]  # the history has the earlier value
    assert (await work.case(CASE)).status == "completed"


async def test_an_earlier_version_of_a_file_stays_and_is_named_by_its_number(
    work: Workplace,
) -> None:
    first = await filed(work)
    approver, filer = work.person("zhao.lei"), work.person("sun.yue")
    await approver.presses("退回")
    await approver.fills(reason="简历太旧")
    second = await filer.uploads("新履历.txt", b"another life")
    await filer.presses("提交")
    await filer.fills(salary="20000", cv=[second])
    await work.settle()

    views = await shown(work, "sun.yue")
    assert "新履历.txt（第 2 版，共 2 版）" in views["document"]
    for way in ("page", "details"):
        assert "新履历.txt（第 2 版，共 2 版）" in views[way]
        assert "履历.txt（第 1 版，共 2 版）" in views[way]
    for file in (first, second):
        assert await opens(work, "sun.yue", file) == file
        with pytest.raises(Refusal, match="file_unknown"):
            await opens(work, "he.jun", file)


async def test_a_file_that_is_sent_again_unchanged_is_no_new_version(work: Workplace) -> None:
    await filed(work)
    approver, filer = work.person("zhao.lei"), work.person("sun.yue")
    await approver.presses("退回")
    await approver.fills(reason="月薪太高")
    await filer.presses("提交")
    await filer.fills(salary="20000")
    await work.settle()

    assert "版，共" not in (await shown(work, "sun.yue"))["page"]
