"""Approves one step of several cases with one form, where the definition of the process allows it.

Each approval is the one that its own card makes, with all its checks; a form of the approval is
submitted as it opens. What cannot be approved stays as it is and is named with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.answers import required_words
from handlers.cards.tasks import BATCH, MOST, batch_rows, open_tasks
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.pages import Answer, Choice, Question, Tone
from handlers.refusals import say
from handlers.registry import VERBS
from handlers.searching import listed_case
from handlers.sheets import own_sheet
from handlers.tokens import Token
from workflows.actions.decide import DecideTask
from workflows.errors import Refusal
from workflows.records import TaskRow

_ITEMS = "items"
_APPROVE = "approve"


def open_sheet(caller: Caller) -> Answer:
    """Return the form on which the cases are chosen; none is chosen at first.

    Raises Refusal `batch_none` if there is nothing to choose from.
    """
    choices = tuple(
        Choice(id=f"{row.case_id}_{row.task}", label=_label(caller, row)) for row in _rows(caller)
    )
    if not choices:
        raise Refusal("batch_none")
    question = Question(
        id=_ITEMS,
        type="choices",
        label=translator(caller.language).t("sheet.batch.items"),
        required=True,
        choices=choices[:MOST],
    )
    token = Token(verb=BATCH)
    sheet = own_sheet(BATCH, token=token, language=caller.language, questions=(question,))
    return Answer(form=sheet)


def send(caller: Caller, values: Mapping[str, object]) -> Answer:
    """Approve everything that was chosen, and say what could not be, case by case.

    Raises FormInvalid if nothing was chosen.
    """
    chosen = required_words(values.get(_ITEMS), _ITEMS)
    rows = {f"{row.case_id}_{row.task}": row for row in _rows(caller)}
    words, done, refused = translator(caller.language), 0, list[str]()
    for item in dict.fromkeys(chosen[:MOST]):
        case_id, _, task = item.partition("_")
        try:
            if item not in rows:
                raise Refusal("batch_gone")
            _approve(caller, case_id, task)
            done += 1
        except Refusal as refusal:
            refused.append(f"{case_id}: {_why(caller, refusal)}")
    text = [words.n("answer.batch", done)] if done else []
    if refused:
        text += [words.t("answer.batch.not"), *refused]
    return Answer(text="\n".join(text), tone=Tone.WARN if refused else Tone.GOOD)


def _approve(caller: Caller, case_id: str, task: str) -> None:
    """Approve a task as its own card would. Raises Refusal, before anything is written."""
    it = caller.acting(Token(verb=_APPROVE, case_id=case_id, task=task))
    verb = VERBS[_APPROVE]
    assert verb.opens is not None, "an approval may have a form"
    assert verb.acts is not None, "and may have none"
    assert verb.sends is not None, "and its form can be submitted"
    opened = verb.opens(it)
    if opened is None or opened.form is None:
        verb.acts(it)
        return
    if any(one.required for one in opened.form.questions):
        raise Refusal("batch_form")
    it.would(
        DecideTask(
            actor=it.person, via=it.via, task=task, outcome="approve", content=None, values={}
        )
    )
    verb.sends(it, opened.form.values)


def _rows(caller: Caller) -> tuple[TaskRow, ...]:
    now = caller.office.clock.now()
    rows = open_tasks(caller.tx, caller.directory, caller.person.key, now)
    return batch_rows(caller.tx, caller.office, rows)


def _label(caller: Caller, row: TaskRow) -> str:
    reading = listed_case(
        caller.tx, caller.office, row.case_id, reader=caller.person, language=caller.language
    )
    definition = caller.office.shelf.get(caller.tx, row.definition).definition
    node = definition.node(row.node).name.of(caller.language)
    subject = reading.subject if reading is not None else ""
    return " · ".join(filter(None, (row.case_id, subject, node)))


def _why(caller: Caller, refusal: Refusal) -> str:
    return say(
        refusal,
        office=caller.office,
        tx=caller.tx,
        person=caller.person.key,
        language=caller.language,
    )
