"""Add signers: the form for where, whom and why, and how several of them sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.action_view import ActionView, Offered, Raw, Sentence, Standing, Verb
from handlers.administering import (
    STEP,
    keep_reason,
    read_step,
    require,
    step_question,
    why_question,
)
from handlers.answers import read_text, required_word, required_words
from handlers.buttons import button
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import people_choices, person_question, text_question, verb_sheet
from workflows.actions.add_signer import AddSigners, SignersAdded, Where
from workflows.case.draft import Draft
from workflows.case.task import AddedSign, Task
from workflows.errors import Refusal
from workflows.flow import adding
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode

WHERE: tuple[Where, ...] = ("before", "after", "beside")
SIGN: tuple[AddedSign, ...] = ("all", "any", "in_turn")


def may_add(reading: Reading, task: Task, standing: Standing) -> bool:
    """Return whether whoever has this task may add signers to it."""
    node = reading.definition.work_node(task.node)
    if standing is not Standing.ASSIGNEE or not isinstance(node, ApprovalNode) or task.parent:
        return False
    return adding.takes_signers(reading.definition, node)


def _offer(reading: Reading, task: Task, standing: Standing) -> Iterator[Offered]:
    if may_add(reading, task, standing):
        yield Offered(button=button(reading, "addsigner", task=task.id))


def people_to_ask(it: Looking, task: Task) -> tuple[Choice, ...]:
    """Return the people whom the owner of a task may add or ask. Raises Refusal without any."""
    draft = Draft(it.case, actor=it.person, via=it.via, values={}, world=it.world)
    barred = adding.unaskable(draft, task)
    found = tuple(
        choice for choice in people_choices(it.directory, it.language) if choice.id not in barred
    )
    if not found:
        raise Refusal("nobody_to_add")
    return found


def _open(it: Looking) -> Answer:
    task, _ = it.own_task()
    people = people_to_ask(it, task)
    it.would(_command(it, task.id, to=(people[0].id,), where="beside"))
    words = translator(it.language)
    where = Question(
        id="where",
        type=FieldType.CHOICE.value,
        label=words.t("sheet.addsigner.where"),
        required=True,
        choices=tuple(Choice(id=one, label=words.t(f"where.{one}")) for one in _places(it, task)),
    )
    whom = Question(
        id="people",
        type=FieldType.CHOICES.value,
        label=words.t("sheet.addsigner.people"),
        required=True,
        choices=people,
    )
    sign = Question(
        id="sign",
        type=FieldType.CHOICE.value,
        label=words.t("sheet.addsigner.sign"),
        choices=tuple(Choice(id=one, label=words.t(f"sign.{one}")) for one in SIGN),
    )
    why = text_question("addsigner", language=it.language, required=False)
    return Answer(form=verb_sheet(it, where, whom, sign, why))


def _places(it: Looking, task: Task) -> tuple[Where, ...]:
    """Return where signers may be added now: only beside while others have not signed."""
    return ("beside",) if it.case.added(task.id) else WHERE


def _send(it: Interaction, raw: Raw) -> Answer:
    where = required_word(raw.get("where"), "where")
    sign = required_word(raw.get("sign") or "all", "sign")
    people = required_words(raw.get("people"), "people")
    if where not in WHERE or sign not in SIGN:
        raise Refusal("not_an_option")
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(
        AddSigners(
            actor=it.person,
            via=it.via,
            task=it.token.task,
            to=people,
            where=where,
            sign=sign,
            content=ref,
        )
    )
    return it.done(f"answer.added.{where}", names=it.names(people))


def _command(it: Looking, task: str, *, to: tuple[str, ...], where: Where) -> AddSigners:
    return AddSigners(actor=it.person, via=it.via, task=task, to=to, where=where)


def _open_for_another(it: Looking) -> Answer:
    """Return the form in which an administrator adds somebody beside whoever has a step."""
    require(it)
    step = step_question(it, "addperson")
    whom = person_question("addperson", language=it.language, directory=it.directory)
    return Answer(form=verb_sheet(it, step, whom, why_question(it, "addperson")))


def _send_for_another(it: Interaction, raw: Raw) -> Answer:
    task = read_step(raw.get(STEP))
    person = required_word(raw.get("person"), "person")
    ref = keep_reason(it, raw.get("text"))
    added = _command(it, task, to=(person,), where="beside")
    it.change(replace(added, content=ref))
    return it.done("answer.added.beside", names=it.name(person))


def _told(reading: Reading, body: SignersAdded) -> dict[str, object]:
    people = tuple(seat.assignee or "" for seat in body.seats)
    return {
        "variant": body.where,
        "node": reading.node_of(body.task),
        "people": reading.names(people),
    }


VIEW = ActionView(
    name="add_signer",
    rank=62,
    verbs={
        "addsigner": Verb(opens=_open, sends=_send),
        "addperson": Verb(opens=_open_for_another, sends=_send_for_another),
    },
    on_task=_offer,
    sentences={SignersAdded: Sentence(facts=_told, activity="add signer")},
)
