from dataclasses import replace

from handlers.sheets import form_sheet, own_sheet, people_choices, person_question, text_question
from handlers.tokens import Token
from tests.unit.handlers.purchase import request_form
from workflows.directory import Department, Directory, Person

DIRECTORY = Directory(
    people={
        "p_2": Person(key="p_2", id="b", name="王芳", title="客服专员", title_en="Agent"),
        "p_1": Person(key="p_1", id="a", name="李强", name_en="Li Qiang", department="sales"),
        "p_3": Person(key="p_3", id="c", name="走了", active=False),
        "p_4": Person(key="p_4", id="d", name="新人"),
    },
    departments={"sales": Department(id="sales", name_zh="销售部", name_en="Sales")},
)


def test_people_are_told_apart_by_title_or_department() -> None:
    assert [choice.label for choice in people_choices(DIRECTORY, "zh")] == [
        "李强 · 销售部",
        "王芳 · 客服专员",
        "新人",
    ]
    assert [choice.label for choice in people_choices(DIRECTORY, "en")] == [
        "Li Qiang · Sales",
        "王芳 · Agent",
        "新人",
    ]


def test_two_people_with_one_name_are_told_apart_by_what_differs() -> None:
    """Another product showed the same label twice (owncloud 8194)."""
    wang = Person(key="p_1", id="wang.fang", name="王芳", title="客服专员", department="sales")
    seller = replace(wang, key="p_2", id="wang.fang.2", title="销售")
    elsewhere = replace(wang, key="p_3", id="wang.fang.3", department="")
    twin = replace(wang, key="p_4", id="wang.fang.4")
    several = {person.key: person for person in (wang, seller, elsewhere, twin)}
    directory = replace(DIRECTORY, people=several)

    assert [choice.label for choice in people_choices(directory, "zh")] == [
        "王芳 · 客服专员 · 销售部 · wang.fang",
        "王芳 · 销售",
        "王芳 · 客服专员",
        "王芳 · 客服专员 · 销售部 · wang.fang.4",
    ]


def test_some_people_can_be_left_out() -> None:
    question = person_question("transfer", language="en", directory=DIRECTORY, leave_out=["p_1"])

    assert (question.label, question.required) == ("Transfer to", True)
    assert {choice.id for choice in question.choices} == {"p_2", "p_4"}


def test_every_kind_of_question_is_asked() -> None:
    sheet = form_sheet(
        request_form(),
        token=Token(verb="start", argument="purchase"),
        language="en",
        directory=DIRECTORY,
        title="Request",
        submit="Submit",
        values={"what": "A printer"},
        extra=[text_question("reject", language="en", id="reason")],
    )
    questions = {question.id: question for question in sheet.questions}

    assert sheet.token == "start|||purchase"
    assert list(questions) == [*(field.id for field in request_form().fields), "reason"]
    assert (questions["what"].value, questions["what"].max) == ("A printer", 20)
    assert (questions["count"].min, questions["count"].max) == (1, 100)
    assert [choice.label for choice in questions["kind"].choices] == ["New", "Used"]
    assert {choice.id for choice in questions["receiver"].choices} == {"p_1", "p_2", "p_4"}
    assert [choice.label for choice in questions["unit"].choices] == ["Sales"]
    assert questions["papers"].max_files == 2
    assert questions["reason"].label == "Reason"


def test_our_own_sheets_name_the_case() -> None:
    sheet = own_sheet(
        "withdraw",
        token=Token(verb="withdraw", case_id="C-2026-0001"),
        language="zh",
        questions=[text_question("withdraw", language="zh", required=False)],
        facts={"case": "C-2026-0001"},
    )

    assert (sheet.title, sheet.submit) == ("撤回 C-2026-0001", "撤回")
    assert [question.required for question in sheet.questions] == [False]
