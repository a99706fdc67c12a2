"""Wait for: the form in which an assignee says for whom a task waits, and its note on the card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast, get_args

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.answers import read_text, read_word
from handlers.buttons import button
from handlers.i18n import translator
from handlers.i18n.typed_dates import read_day
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.wait_for import WaitFor, WaitingBegan
from workflows.case.task import ContentRef, Task
from workflows.errors import FormInvalid, Refusal
from workflows.model.clocks import Outside
from workflows.model.definition import Definition
from workflows.model.fields import FieldType

_PARTIES: tuple[Outside, ...] = get_args(Outside)


def parties(definition: Definition) -> tuple[Outside, ...]:
    """Return for whom outside a task may wait."""
    on = definition.pause.on if definition.pause is not None else ()
    return tuple(one for one in _PARTIES if one in on)


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    can = parties(reading.definition) and task.question is None
    if standing is Standing.ASSIGNEE and can and not task.parent:
        yield Offered(button=button(reading, "wait", task=task.id))


def _open(it: Looking) -> Answer:
    first, *others = parties(it.definition) or _PARTIES
    it.would(_wait(it, first, None, UNWRITTEN))
    words = translator(it.language)
    on = Question(
        id="on",
        type=FieldType.CHOICE.value,
        label=words.t("sheet.wait.on"),
        required=True,
        choices=tuple(Choice(id=one, label=words.t(f"waiting.{one}")) for one in (first, *others)),
        value=None if others else first,
    )
    until = Question(
        id="until",
        type=FieldType.DATE.value,
        label=words.t("sheet.wait.until"),
        hint=words.t("sheet.wait.until.hint"),
    )
    return Answer(form=verb_sheet(it, on, text_question("wait", language=it.language), until))


def _wait(it: Looking, on: Outside, until: date | None, ref: ContentRef) -> WaitFor:
    return WaitFor(actor=it.person, via=it.via, task=it.token.task, on=on, until=until, content=ref)


def _send(it: Interaction, raw: Raw) -> Answer:
    problems: dict[str, Refusal] = {}
    on = read_word(raw.get("on"), "on", problems)
    if on not in parties(it.definition):
        problems.setdefault("on", Refusal("not_an_option"))
    until: date | None = None
    if typed := read_word(raw.get("until"), "until", problems):
        try:
            until = read_day(typed)
        except ValueError:
            problems.setdefault("until", Refusal("not_a_date"))
    if problems:
        raise FormInvalid(problems)
    text = it.keep_text("waiting", read_text(raw.get("text")))
    it.change(_wait(it, cast("Outside", on), until, text))
    return it.done("answer.waiting")


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    waits, words = task.question, reading.words
    if waits is None or waits.on == "filer":
        return
    yield words.t(
        "note.waiting",
        party=words.t(f"waiting.{waits.on}"),
        when=reading.at(waits.at),
        text=reading.body_text(waits.content),
    )
    if waits.until is not None:
        yield words.t("note.waiting.until", when=reading.at(waits.until))


def _told(reading: Reading, body: WaitingBegan) -> dict[str, object]:
    words = reading.words
    facts = {"node": reading.node_of(body.task), "party": words.t(f"waiting.{body.on}")}
    if body.until is None:
        return {"variant": "open", **facts}
    return {"variant": "until", "until": reading.at(body.until), **facts}


VIEW = ActionView(
    name="wait_for",
    rank=71,
    verbs={"wait": Verb(opens=_open, sends=_send)},
    on_task=_offer,
    notes=_notes,
    sentences={WaitingBegan: Sentence(facts=_told, kind="question", activity="wait")},
)
