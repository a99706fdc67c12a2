"""What taps and words do to a form that is asked question by question."""

from handlers.conversation.dialogue import steps
from handlers.conversation.dialogue.place import REVIEW, FormPlace
from handlers.conversation.dialogue.sessions import Session
from handlers.conversation.dialogue.taps import Op, Tap
from handlers.i18n import translator
from handlers.pages import Choice, FormSheet, Question

WORDS = translator("en")
SHEET = FormSheet(
    token="start|||complaint",
    title="Complaint",
    submit="Send",
    questions=(
        Question(id="what", type="text", label="What", required=True, max=20),
        Question(
            id="kind",
            type="choice",
            label="Kind",
            choices=(Choice(id="a", label="Apples"), Choice(id="b", label="Pears")),
        ),
        Question(id="files", type="files", label="Files", max_files=1),
    ),
)


def at(step: str, **values: object) -> Session:
    return Session(sheet=SHEET.filled(values), place=FormPlace(chat=1, step=step))


def test_a_form_begins_at_its_first_open_question_and_at_the_review_when_nothing_is_missing() -> (
    None
):
    assert steps.first_open(SHEET) == "0"
    assert steps.first_open(SHEET.filled({"kind": "a"})) == "0"
    assert steps.first_open(SHEET.filled({"what": "Boxes"})) == REVIEW


def test_what_was_typed_answers_the_question_and_leads_to_the_next() -> None:
    session = steps.said(at("0"), "Two boxes", WORDS)

    assert session.values["what"] == "Two boxes"
    assert session.place.step == "1"


def test_what_cannot_be_taken_is_said_and_nothing_moves() -> None:
    session = steps.said(at("0"), "x" * 21, WORDS)

    assert session.place.step == "0"
    assert "21" in session.place.note
    assert session.values["what"] is None


def test_typed_words_narrow_a_list_down_and_the_whole_label_chooses() -> None:
    narrowed = steps.said(at("1"), "e", WORDS)
    assert (narrowed.place.step, narrowed.place.find) == ("1", "e")
    assert steps.said(at("1"), "pears", WORDS).values["kind"] == "b"
    assert "cherries" in steps.said(at("1"), "cherries", WORDS).place.note


def test_an_answer_that_was_mended_leads_back_to_the_review() -> None:
    mending = steps.to_mend(at(REVIEW, what="Boxes"), {"kind": "Choose one."})
    assert (mending.place.step, mending.place.problems) == ("1", {"kind": "Choose one."})

    mended = steps.tapped(mending, Tap(op=Op.CHOOSE, argument="a"))

    assert (mended.place.step, mended.place.problems) == (REVIEW, {})


def test_one_file_too_many_is_not_taken() -> None:
    question = SHEET.questions[2]
    one = steps.got_file(at("2"), question, "f_1", "box.png", WORDS)
    more = steps.got_file(one, one.sheet.questions[2], "f_2", "lid.png", WORDS)

    assert more.values["files"] == ["f_1"]
    assert more.place.note
    assert more.place.names == {"f_1": "box.png"}


CERTIFICATE = FormSheet(
    token="start|||supplier",
    title="Supplier",
    submit="Send",
    questions=(
        Question(id="what", type="text", label="What"),
        Question(id="iso", type="files", label="ISO"),
        Question(id="iso_expires", type="date", label="ISO: valid until", of="iso"),
        Question(id="more", type="text", label="More"),
    ),
)


def test_the_expiry_is_asked_only_of_a_certificate_that_was_handed_in() -> None:
    place = FormPlace(chat=1, step="1")
    given = Session(sheet=CERTIFICATE.filled({"iso": ["f_1"]}), place=place)
    none = Session(sheet=CERTIFICATE.filled({"iso_expires": "2027-01-01"}), place=place)

    assert steps.forward(given).place.step == "2"
    skipped = steps.forward(none)
    assert skipped.place.step == "3"
    assert skipped.values["iso_expires"] is None
    assert steps.backward(skipped).place.step == "1"
    assert steps.backward(given.moved(place.at("3"))).place.step == "2"
