"""`/problem`: report a problem with a process, with the number of a case or for one of one's own.

A number with words after it reports them at once, as of another kind; everything else opens a form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.answers import required_word
from handlers.cards.tasks import open_tasks
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.pages import Answer, Choice, Question
from handlers.problem_words import KIND, kind_question
from handlers.reading.case import Reading
from handlers.registry import VERBS
from handlers.searching import listed_case
from handlers.sheets import own_sheet, text_question
from handlers.spoken import leading_case
from handlers.tokens import Token
from workflows.actions.problem import REPORTED_FOR, ProblemKind, may_be_reported, step_of
from workflows.errors import FormInvalid, Refusal
from workflows.moments import DAY
from workflows.records import CaseQuery

PROBLEM = "problem"  # the command, and the verb of its buttons and forms
MOST = 20  # cases to choose from
_CASE, _TEXT = "case", "text"


def says_all(typed: str) -> bool:
    """Return whether a number and words were typed, so that no form is needed."""
    case_id, text = leading_case(typed)
    return bool(case_id and text)


def open_sheet(caller: Caller, typed: str) -> Answer:
    """Return the form for the case that was typed, or for one of the person's own cases.

    Raises Refusal `problem_no_case` if there is nothing to choose from, and what the form of a case
    raises.
    """
    case_id, text = leading_case(typed)
    if case_id:
        return _of_case(caller, case_id)
    choices = _choices(caller)
    if not choices:
        raise Refusal("problem_no_case", days=REPORTED_FOR // DAY)
    if len(choices) == 1:
        return _of_case(caller, choices[0].id, text)
    words = translator(caller.language)
    which = Question(
        id=_CASE,
        type="choice",
        label=words.t("sheet.problem.case"),
        required=True,
        choices=choices,
    )
    written = text_question(PROBLEM, language=caller.language, value=text)
    sheet = own_sheet(
        "problems",
        token=Token(verb=PROBLEM),
        language=caller.language,
        questions=(which, kind_question(words), written),
    )
    return Answer(form=sheet)


def send(caller: Caller, values: Mapping[str, object]) -> Answer:
    """Report what was filled in, for the case that was chosen. Raises FormInvalid."""
    chosen = required_word(values.get(_CASE), _CASE)
    if chosen not in [one.id for one in _choices(caller)]:
        raise FormInvalid({_CASE: Refusal("not_an_option")})
    return _report(caller, chosen, values)


def report(caller: Caller, typed: str) -> Answer:
    """Report the words after the number of a case."""
    case_id, text = leading_case(typed)
    return _report(caller, case_id, {KIND: ProblemKind.OTHER.value, _TEXT: text})


def _report(caller: Caller, case_id: str, values: Mapping[str, object]) -> Answer:
    sends = VERBS[PROBLEM].sends
    assert sends is not None, "its form can be submitted"
    return sends(caller.acting(Token(verb=PROBLEM, case_id=case_id)), values)


def _of_case(caller: Caller, case_id: str, text: str = "") -> Answer:
    opens = VERBS[PROBLEM].opens
    assert opens is not None, "a problem has a form"
    answer = opens(caller.looking(Token(verb=PROBLEM, case_id=case_id)))
    assert answer is not None, "which is always needed"
    assert answer.form is not None, "and asks what is wrong"
    return replace(answer, form=answer.form.filled({_TEXT: text or None}))


def _choices(caller: Caller) -> tuple[Choice, ...]:
    """Return the cases in which the person takes part or has a task, the newest first."""
    tx, me, now = caller.tx, caller.person.key, caller.office.clock.now()
    tasks = [row.case_id for row in open_tasks(tx, caller.directory, me, now)][:MOST]
    cases = [row.id for row in tx.cases.find(CaseQuery(participant=me, limit=MOST))]
    found = [
        reading
        for case_id in dict.fromkeys((*tasks, *cases))
        if (reading := _read(caller, case_id)) and may_be_reported(reading.case, now=now)
    ]
    found.sort(key=lambda reading: reading.case.created_at, reverse=True)
    return tuple(Choice(id=one.case.id, label=_label(one)) for one in found[:MOST])


def _read(caller: Caller, case_id: str) -> Reading | None:
    return listed_case(
        caller.tx, caller.office, case_id, reader=caller.person, language=caller.language
    )


def _label(reading: Reading) -> str:
    node = reading.node(step_of(reading.case, reading.reader.key))
    return " · ".join(filter(None, (reading.case.id, reading.title, reading.subject, node)))
