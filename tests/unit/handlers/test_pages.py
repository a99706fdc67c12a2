"""What a sheet and an answer say of themselves."""

from handlers.pages import Answer, FormSheet, Question

SHEET = FormSheet(
    token="start|||complaint",
    title="Complaint",
    submit="Send",
    questions=(
        Question(id="what", type="text", label="What", value="before"),
        Question(id="when", type="date", label="When"),
    ),
)


def test_a_sheet_takes_answers_and_keeps_what_nobody_answered() -> None:
    filled = SHEET.filled({"when": "2026-03-02", "unknown": 1})

    assert [one.value for one in filled.questions] == ["before", "2026-03-02"]
    assert SHEET.questions[1].value is None


def test_a_problem_stands_after_the_label_of_its_question() -> None:
    assert SHEET.named({"when": "Not a date.", "gone": "Missing."}) == {
        "when": "When: Not a date.",
        "gone": "Missing.",
    }


def test_the_words_of_an_answer_are_its_text_and_its_problems() -> None:
    assert Answer(text="No.", problems={"when": "Not a date."}).words == "No. Not a date."
    assert Answer(problems={"when": "Not a date."}).words == "Not a date."
    assert Answer().words == ""
