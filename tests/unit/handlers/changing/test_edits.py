"""Every part that can be changed in the chat, of every shipped definition (L2.2)."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest

from handlers.changing.edits import Company, edited
from handlers.changing.questions import Asking
from handlers.changing.spots import Kind, Spot, spot_at, spots
from handlers.differences.wording import said
from handlers.i18n import LANGUAGES, translator
from handlers.reading.formatter import Formatter
from tests.stories.changing import PROCESS as SIGNED
from tests.unit.workflows import office
from workflows.errors import FormInvalid, Refusal
from workflows.loading import load_definition

PROCESSES = Path(__file__).parents[4] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("**/*.toml") if path.suffixes == [".toml"])
SHOWN = (Kind.STEP, Kind.FORM)
COMPLAINT = (PROCESSES / "complaint.toml").read_text(encoding="utf-8")
COMPANY = Company(directory=office.directory(), calendars=())


def asking(text: str, language: str = "en") -> Asking:
    write = Formatter(
        directory=office.directory(),
        language=language,
        zone=office.ZONE,
        now=office.moment("2026-03-02 09:00"),
    )
    return Asking(definition=load_definition(text, file="").definition, write=write)


def change(text: str, spot: Spot, **answers: Any) -> str:
    """The text with other answers than those that the form has."""
    questions = asking(text).questions(spot)
    given = {one.id: one.value for one in questions} | answers
    return edited(text, spot, given, questions=questions, company=COMPANY, words=translator("en"))


def at(kind: Kind, *path: str) -> Spot:
    return Spot(kind=kind, path=path)


def lines(before: str, after: str) -> tuple[list[str], list[str]]:
    found = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [one[2:] for one in found if one[0] == "-"], [one[2:] for one in found if one[0] == "+"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_part_has_a_form_with_the_values_that_it_has(path: Path, language: str) -> None:
    text = path.read_text(encoding="utf-8")
    ask = asking(text, language)
    found = list(spots(ask.definition))
    assert len({spot.argument for spot in found}) == len(found)
    for spot in found:
        assert ask.title(spot)
        assert spot_at(ask.definition, spot.argument) == spot
        questions = () if spot.kind in SHOWN else ask.questions(spot)
        assert not any(one.label[:1].islower() for one in questions)
        assert "{" not in ask.intro(spot)


@pytest.mark.parametrize(
    ("spot", "answers", "gone", "new"),
    [
        (at(Kind.LIMIT, "nodes", "resolve"), {"due": "5wd"}, 'due = "3wd"', 'due = "5wd"'),
        (
            at(Kind.LADDER, "nodes", "resolve"),
            {"ladder": "response"},
            'ladder = "step"',
            'ladder = "response"',
        ),
        (
            at(Kind.RUNGS, "ladders", "response"),
            {"at_2": "due + 3h"},
            '  { at = "due + 2h", escalate',
            '  { at = "due + 3h", escalate',
        ),
        (
            at(Kind.CLOCK, "clocks", "first_response"),
            {"limit_1": "20h"},
            'limit = "2h" }, { limit = "24h" } ]',
            'limit = "2h" }, { limit = "20h" } ]',
        ),
        (
            at(Kind.PEOPLE, "nodes", "management_decision"),
            {"how": "candidates", "who": "role:complaint-desk"},
            'assignee = "owner"',
            'candidates = "role:complaint-desk"',
        ),
        (
            at(Kind.NAME, "nodes", "resolve"),
            {"name_en": 'Solve "it"'},
            'en = "Resolve and reply" }',
            'en = "Solve \\"it\\"" }',
        ),
        (
            at(Kind.FIELD, "forms", "complaint", "wanted"),
            {"required": "yes", "hint_zh": "可不填", "hint_en": "If they said"},
            'type = "text", max = 500',
            'hint = { zh = "可不填", en = "If they said" }, required = true }',
        ),
        (
            at(Kind.FIELD, "forms", "complaint", "contact"),
            {"hint_zh": "", "hint_en": ""},
            'hint = { zh = "电话',
            'label = { zh = "联系方式", en = "Contact" } }',
        ),
        (
            at(Kind.FIELD, "forms", "complaint", "contact"),
            {"hint_en": "Phone", "label_zh": "电话"},
            'label = { zh = "联系方式"',
            'label = { zh = "电话", en = "Contact" }',
        ),
    ],
)
def test_one_line_of_the_file_is_another(
    spot: Spot, answers: dict[str, str], gone: str, new: str
) -> None:
    before, after = lines(COMPLAINT, change(COMPLAINT, spot, **answers))
    assert len(before) == len(after) == 1
    assert gone in before[0]
    assert new in after[0]


def test_fields_are_added_with_ids_of_their_own_and_removed_again() -> None:
    add = at(Kind.ADD, "forms", "complaint")
    once = change(COMPLAINT, add, label_zh="批次", label_en="Batch no.", type="number")
    twice = change(once, add, label_zh="批次二", label_en="Batch No", type="text")
    third = change(twice, add, label_zh="三", label_en="三号", type="date")
    assert [one.id for one in asking(third).definition.forms["complaint"].written[-3:]] == [
        "batch_no",
        "batch_no_2",
        "field",
    ]
    back = change(third, at(Kind.FIELD, "forms", "complaint", "field"), keep="remove")
    assert back == twice
    (line,) = said(asking(COMPLAINT).definition, asking(once).definition, asking(COMPLAINT).write)
    assert (
        line == "Form: Complaint form · field “Batch no.”: new: — → type: number, label: Batch no."
    )


def test_signers_are_changed_one_by_one_or_as_an_expression() -> None:
    spot = at(Kind.PEOPLE, "nodes", "sign")
    for written, who, left in (
        ('["filer", { who = "owner" }]', "who_1", '["filer", { who = "role:x" }'),
        ('["owner", { who = "filer" }]', "who_0", '["role:x", { who = "filer" }'),
        ('"owner"', "who_0", 'signers = "role:x"'),
    ):
        text = SIGNED.replace('assignee = "person:emma.clark"', f"signers = {written}")
        answers = {one.id: one.value for one in asking(text).questions(spot)} | {who: "role:x"}
        questions = asking(text).questions(spot)
        everybody = Company(directory=None, calendars=None)
        after = edited(
            text, spot, answers, questions=questions, company=everybody, words=translator("en")
        )
        assert left in after
        assert len(lines(text, after)[1]) == 1


@pytest.mark.parametrize(
    ("spot", "answers", "problem", "code"),
    [
        (at(Kind.LIMIT, "nodes", "resolve"), {}, "due", "change_nothing"),
        (at(Kind.LIMIT, "nodes", "resolve"), {"due": None}, "due", "field_required"),
        (at(Kind.LIMIT, "nodes", "resolve"), {"due": "1" * 30}, "due", "text_too_long"),
        (at(Kind.LADDER, "nodes", "resolve"), {"ladder": "x"}, "ladder", "not_an_option"),
        (at(Kind.LADDER, "nodes", "resolve"), {"ladder": ""}, "ladder", "choice_required"),
        (at(Kind.LADDER, "nodes", "resolve"), {"ladder": "question"}, "ladder", "change_unfit"),
        (at(Kind.RUNGS, "ladders", "step"), {"at_0": "120%"}, "at_0", "change_unfit"),
        (at(Kind.PEOPLE, "nodes", "resolve"), {"who": "boss(x)"}, "who", "change_unfit"),
        (
            at(Kind.FIELD, "forms", "complaint", "wanted"),
            {"hint_en": "x"},
            "hint_zh",
            "field_required",
        ),
        (
            at(Kind.FIELD, "forms", "complaint", "customer"),
            {"keep": "remove"},
            "keep",
            "change_unfit",
        ),
    ],
)
def test_an_answer_that_does_not_fit_is_a_problem_of_its_question(
    spot: Spot, answers: dict[str, Any], problem: str, code: str
) -> None:
    with pytest.raises(FormInvalid) as refused:
        change(COMPLAINT, spot, **answers)
    assert {name: one.code for name, one in refused.value.problems.items()} == {problem: code}


def test_a_layout_that_is_not_understood_is_refused_and_a_part_that_is_gone_too() -> None:
    with pytest.raises(Refusal, match="draft_moved_on"):
        spot_at(asking(COMPLAINT).definition, "l-00000000")
    people = at(Kind.PEOPLE, "nodes", "resolve")
    quoted = COMPLAINT.replace('assignee = "handler"', '"assignee" = "handler"', 1)
    with pytest.raises(Refusal, match="change_layout"):
        change(quoted, people, how="candidates", who="owner")
