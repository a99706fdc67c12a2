"""Take back: the button and the form for whoever decided, while the decision may be undone."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.action_view import ActionView, Offered, Raw, Sentence, Verb
from handlers.answers import read_text
from handlers.buttons import button
from handlers.interaction import UNWRITTEN, Interaction, Looking
from handlers.pages import Answer
from handlers.reading.case import Reading
from handlers.sheets import text_question, verb_sheet
from workflows.actions.take_back import DecisionTakenBack, TakeBack, why_not
from workflows.case.task import ContentRef, Task


def _on_decided(reading: Reading, task: Task) -> Iterator[Offered]:
    if why_not(reading.case, reading.definition, task, person=reading.reader.key) is None:
        yield Offered(button=button(reading, "takeback", task=task.id), main=True)


def _on_case(reading: Reading) -> Iterator[Offered]:
    """Yield the button for the reader's last decision, which is the one that may be undone."""
    me = reading.reader.key
    mine = [task for task in reading.case.tasks if me in (task.decided_by, task.on_behalf_of)]
    for offered in _on_decided(reading, mine[-1]) if mine else ():
        yield Offered(button=offered.button)


def _take_back(it: Looking, ref: ContentRef | None) -> TakeBack:
    return TakeBack(actor=it.person, via=it.via, task=it.token.task, content=ref)


def _open(it: Looking) -> Answer:
    it.would(_take_back(it, UNWRITTEN))
    why = text_question("takeback", language=it.language, required=False)
    return Answer(form=verb_sheet(it, why))


def _send(it: Interaction, raw: Raw) -> Answer:
    text = read_text(raw.get("text"), required=False)
    case = it.change(_take_back(it, it.keep_text("reason", text) if text else None))
    return it.done("answer.taken_back", node=it.step_name(case))


def _told(reading: Reading, body: DecisionTakenBack) -> dict[str, object]:
    task = reading.case.known_task(body.task)
    return {
        "node": reading.node(task.node),
        "outcome": reading.outcome_at(task.node, task.outcome or "complete"),
    }


VIEW = ActionView(
    name="take_back",
    rank=45,
    verbs={"takeback": Verb(opens=_open, sends=_send)},
    on_decided=_on_decided,
    on_case=_on_case,
    sentences={DecisionTakenBack: Sentence(facts=_told, kind="decision", activity="take back")},
)
