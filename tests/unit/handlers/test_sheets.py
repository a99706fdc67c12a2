from dataclasses import replace

from handlers.drafts import settled
from handlers.pages import FormSheet
from handlers.sheets import form_sheet, own_sheet, people_choices, person_question, text_question
from handlers.tokens import Token
from tests.unit.handlers import travel
from tests.unit.handlers.purchase import request_form
from tests.unit.workflows import certified
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
        world=travel.world(DIRECTORY),
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


def trip(language: str = "en", **values: object) -> FormSheet:
    sheet = form_sheet(
        travel.trip_form(),
        token=Token(verb="start", argument="travel"),
        language=language,
        world=travel.world(DIRECTORY),
        title="Trip",
        submit="Submit",
        values=values,
        extra=[text_question("reject", language="en", id="reason")],
    )
    return settled(sheet)


def test_a_sheet_asks_what_follows_from_the_answers_and_keeps_the_others() -> None:
    at_home = trip(kind="home", country="France", visa="needed")
    abroad = trip(kind="abroad", country="France", visa="needed")

    assert [one.id for one in at_home.questions if one.follows] == []
    assert at_home.kept == {"country": "France", "visa": "needed"}
    assert [one.id for one in abroad.questions if one.follows] == ["country", "visa", "visa_by"]
    assert abroad.kept == {}
    assert at_home.questions[-1].id == "reason"  # a question beside the form is always asked
    deciding = {one.id for one in abroad.questions if one.decides}
    assert deciding == {"kind", "visa", "leaves", "budget"}


def test_a_hint_tells_the_limits_and_the_day_that_is_known() -> None:
    hints = {one.id: one.hint for one in trip(leaves="2026-03-20").questions}

    assert hints["leaves"] == (
        "Local date\n9 Mar 2026 or later: not before 5 working days after today."
    )
    assert hints["returns"] == (
        "20 Mar 2026 or later: not before “Leaves”.\n"
        "19 Apr 2026 or earlier: not after 30 days after “Leaves”."
    )
    assert hints["advance"] == "At most as much as “Budget”."
    assert {one.id: one.hint for one in trip().questions}["returns"].startswith("Not before")
    beyond = {one.id: one.hint for one in trip(leaves="9999-12-31").questions}
    assert beyond["returns"] == ""


def test_a_problem_names_the_limit_in_both_languages() -> None:
    values = {"leaves": "2026-03-06", "budget": "900", "advance": "1000"}

    assert trip(**values).problems == {
        "leaves": "Please choose 9 Mar 2026 or a later day: not before 5 working days after today.",
        "advance": "It must be at most 900, which is “Budget”.",
    }
    assert trip("zh", **values).problems == {
        "leaves": "请选择 2026年3月9日或之后的日期：不得早于今天起 5 个工作日后。",
        "advance": "不能大于“预算”的 900。",
    }


def supplier(language: str = "en", **values: object) -> FormSheet:
    sheet = form_sheet(
        certified.supplier_form(),
        token=Token(verb="start", argument="certified"),
        language=language,
        world=certified.world(),
        title="Supplier",
        submit="Submit",
        values=values,
    )
    return settled(sheet)


def test_a_certificate_is_a_question_for_files_and_one_for_a_day() -> None:
    questions = {one.id: one for one in supplier().questions}

    assert [one.type for one in questions.values()] == [
        "text", "choice", *("files", "date") * 4, "date",
    ]  # fmt: skip
    assert questions["license_expires"].label == "Business licence: valid until"
    assert questions["license_expires"].hint == "Leave it empty if it does not expire"
    assert questions["iso9001"].endings == ("pdf",)
    assert {name for name, one in questions.items() if one.required} == {
        "supplier", "goods", "license", "iso9001", "iso9001_expires",
    }  # fmt: skip


def test_the_expiry_of_an_optional_certificate_is_required_once_there_is_a_file() -> None:
    empty = {one.id: one for one in supplier("zh").questions}
    given = {one.id: one for one in supplier("zh", agency=["f1"]).questions}

    assert (empty["agency"].decides, empty["agency_expires"].required) == (True, False)
    assert given["agency_expires"].required
    assert given["agency_expires"].label == "代理授权书：有效期至"


def test_an_expired_certificate_is_told_while_the_form_is_filled_in() -> None:
    sheet = supplier("zh", iso9001_expires="2026-02-01")

    assert sheet.problems == {"iso9001_expires": "该证书已于 2026年2月1日过期，请提交有效的证书。"}


def test_a_field_is_marked_as_required_where_its_condition_holds() -> None:
    empty = {one.id: one for one in supplier().questions}
    part = {one.id: one for one in supplier(goods="part").questions}

    assert empty["goods"].decides
    assert not empty["safety"].required
    assert part["safety"].required
    assert part["safety_expires"].required
    assert not {one.id: one for one in supplier(goods="service").questions}["safety"].required
