"""Copy in: the form that gives another person access to read the case, with a note."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Verb
from handlers.answers import read_text, required_words
from handlers.buttons import button
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Question
from handlers.reading.case import Reading
from handlers.sheets import people_choices, text_question, verb_sheet
from workflows.actions.copy_in import CopyIn
from workflows.case.status import Status
from workflows.errors import Refusal


def _offer(reading: Reading) -> Iterator[Offered]:
    if reading.case.status is Status.RUNNING:
        yield Offered(button=button(reading, "copy"))


def _open(it: Looking) -> Answer:
    known = it.case.participants
    choices = tuple(
        choice for choice in people_choices(it.directory, it.language) if choice.id not in known
    )
    if not choices:
        raise Refusal("already_copied")
    people = Question(
        id="people",
        type="choices",
        label=text_question("copy", language=it.language).label,
        required=True,
        choices=choices,
    )
    note = text_question("copy_note", language=it.language, required=False)
    return Answer(form=verb_sheet(it, people, note))


def _send(it: Interaction, raw: Raw) -> Answer:
    people = required_words(raw.get("people"), "people")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("comment", text) if text else None
    it.change(CopyIn(actor=it.person, via=it.via, people=people, content=ref))
    return it.done("answer.copied")


VIEW = ActionView(
    name="copy_in", rank=90, verbs={"copy": Verb(opens=_open, sends=_send)}, on_case=_offer
)
