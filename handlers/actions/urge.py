"""Urge: the button that nudges the assignees, the form that chooses whom, and the note about it."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Verb
from handlers.answers import read_ids, read_text
from handlers.buttons import button
from handlers.i18n import translator
from handlers.interaction import Interaction, Looking
from handlers.pages import Answer, Choice, Question
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.urge import Urge, Urged, urgeable, why_not
from workflows.case.people import owners_of
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task
from workflows.model.fields import FieldType

_TASKS = "tasks"  # the id of the question


def _offer(reading: Reading) -> Iterator[Offered]:
    """Yield the button, on the filer's card and in the menu of the process owner."""
    case, me = reading.case, reading.reader.key
    if case.status is not Status.RUNNING or not urgeable(case, me):
        return
    if me == case.acting_filer:
        yield Offered(button=button(reading, "urge"), main=True)
    elif me in owners_of(case, reading.world):
        yield Offered(button=button(reading, "urge"))


def _urge(it: Looking, tasks: tuple[str, ...] = (), ref: ContentRef | None = None) -> Urge:
    return Urge(actor=it.person, via=it.via, tasks=tasks, content=ref)


def _open(it: Looking) -> Answer | None:
    """Return the form that chooses among several open tasks; None if there is only one."""
    tasks = urgeable(it.case, it.person)
    if len(tasks) <= 1:
        return None
    it.would(_urge(it))
    ready = [task for task in tasks if why_not(task, it.world) is None]
    choices = tuple(Choice(id=task.id, label=_label(it, task)) for task in ready)
    question = Question(
        id=_TASKS,
        type=FieldType.CHOICES.value,
        label=translator(it.language).t("sheet.urge.tasks"),
        required=True,
        choices=choices,
        value=tuple(one.id for one in choices),
    )
    text = text_question("urge", language=it.language, required=False)
    return Answer(form=verb_sheet(it, question, text))


def _label(it: Looking, task: Task) -> str:
    words = translator(it.language)
    node = it.definition.node(task.node).name.of(it.language)
    return words.t(
        "sheet.urge.task", node=node, who=it.names(task.owners) or words.t("task.nobody")
    )


def _act(it: Interaction) -> Answer:
    it.change(_urge(it))
    return it.done("answer.urged")


def _send(it: Interaction, raw: Raw) -> Answer:
    text = read_text(raw.get("text"), required=False)
    ref = it.keep_text("reason", text) if text else None
    it.change(_urge(it, read_ids(raw.get(_TASKS)), ref))
    return it.done("answer.urged")


def _notes(reading: Reading, task: Task) -> Iterator[str]:
    if not task.urged_at:
        return
    when = reading.at(task.urged_at[-1])
    said = reading.body_text(_content(reading, task))
    if said:
        yield reading.words.t("note.urged.text", when=when, text=said)
    else:
        yield reading.words.t("note.urged", when=when)


def _content(reading: Reading, task: Task) -> ContentRef | None:
    """Return what was written when a task was urged last."""
    for event in reversed(reading.events):
        if isinstance(event.body, Urged) and task.id in event.body.tasks:
            return event.body.content
    return None


VIEW = ActionView(
    name="urge",
    rank=65,
    verbs={"urge": Verb(opens=_open, acts=_act, sends=_send)},
    on_case=_offer,
    notes=_notes,
    sentences={Urged: Sentence(activity="urge")},
)
