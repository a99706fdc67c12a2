"""Waive: the owner's form for voiding points for lateness, with a reason."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Verb
from handlers.answers import read_ids, read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.reading.formatter import Formatter, formatter
from handlers.sheets import text_question, verb_sheet
from workflows.actions.waive import WaivePoints, points_of
from workflows.case.fact import Fact
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow.points import waivers
from workflows.model.fields import FieldType

_CHARGES = "charges"  # the id of the question


def _offer(reading: Reading) -> Iterator[Offered]:
    if _valid(points_of(reading.case)) and reading.reader.key in waivers(
        reading.case, reading.world
    ):
        yield Offered(button=button(reading, "waive"))


def _valid(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if not fact.voided)


def _waive(it: Looking, charges: tuple[int, ...], ref: ContentRef) -> WaivePoints:
    return WaivePoints(actor=it.person, via=it.via, charges=charges, content=ref)


def _open(it: Looking) -> Answer:
    valid = _valid(points_of(it.case))
    it.would(_waive(it, tuple(fact.seq for fact in valid), UNWRITTEN))
    write = formatter(
        it.office, it.directory, reader=it.directory.get(it.person), language=it.language
    )
    choices = tuple(_choice(it, fact, write) for fact in valid)
    charges = Question(
        id=_CHARGES,
        type=FieldType.CHOICES.value,
        label=write.words.t("sheet.waive.charges"),
        required=True,
        choices=choices,
        value=tuple(one.id for one in choices) if len(choices) == 1 else None,
    )
    return Answer(form=verb_sheet(it, charges, text_question("waive", language=it.language)))


def _choice(it: Looking, fact: Fact, write: Formatter) -> Choice:
    node = it.definition.node(fact.node)
    label = write.words.t(
        "sheet.waive.charge",
        day=write.at(fact.at),
        who=write.name(fact.subject),
        node=write.text(node.name),
        points=write.words.n("points.amount", fact.number // 100),
    )
    return Choice(id=str(fact.seq), label=label)


def _send(it: Interaction, raw: Raw) -> Answer:
    chosen = read_ids(raw.get(_CHARGES))
    if not all(one.isdecimal() for one in chosen):
        raise Refusal("points_waived")
    charges = tuple(map(int, chosen))
    text = read_text(raw.get("text"))
    it.change(_waive(it, charges, it.keep_text("reason", text)))
    return it.done("answer.waived")


VIEW = ActionView(
    name="waive", rank=105, verbs={"waive": Verb(opens=_open, sends=_send)}, on_case=_offer
)
