"""Handles intents that only show something: lists, cards, help, and forms that a button opens.

They run in a read-only transaction (`Database.read`), which neither blocks writers nor waits for
them, so they also work while the database is locked for writing. `handlers/acting.py` handles
intents that change something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import (
    absence,
    batch,
    briefings,
    casework,
    digests,
    employee_surveys,
    explain,
    handing_over,
    leaving,
    lists,
    problems,
    registers,
    start,
)
from handlers.administering import menu
from handlers.cards import register as register_cards
from handlers.cards import reports as report_cards
from handlers.cards.briefing import choice_card
from handlers.cards.cases import LIST, cases_card
from handlers.cards.review import newest_review
from handlers.cards.task import task_card
from handlers.cards.tasks import BATCH, TASKS, tasks_card, tasks_page
from handlers.cards.why import route_card, why_card
from handlers.case_lists import Wanted, read_wanted, wanted_of
from handlers.home import away_card
from handlers.i18n import translator
from handlers.imports.handed_in import IMPORT, import_sheet
from handlers.intents import Pressed, Said
from handlers.interaction import Caller
from handlers.pages import Answer, Card
from handlers.points import points_cards
from handlers.reading.case import Reading, open_case
from handlers.registry import VERBS
from handlers.reviews.deciding import ADOPT, POSTPONE, adopt_sheet, postpone_sheet
from handlers.spoken import TypedCommand, case_number, named_case, read_command
from handlers.tokens import POLL, REVIEW, Token, read_token
from workflows.errors import Refusal


def show(caller: Caller, intent: Pressed | Said) -> Answer | None:
    """Return what an intent shows; None if it acts and needs no form first.

    Raises:
        Refusal: it is not a known button or command, or the person may not read the case.
    """
    if isinstance(intent, Said):
        return _said(caller, intent)
    token = read_token(intent.token)
    if token.verb in PAGES:
        return PAGES[token.verb](caller, token)
    verb = VERBS.get(token.verb)
    if verb is None or verb.opens is None:
        raise Refusal("button_unknown")
    return verb.opens(caller.looking(token))


def _start(caller: Caller, token: Token) -> Answer:
    person = caller.person.key
    loaded = start.started_by(caller.tx, caller.office, token.argument, person=person)
    sheet = start.start_sheet(
        caller.tx, caller.office, loaded, filer=caller.person, language=caller.language
    )
    return Answer(form=sheet)


def _details(caller: Caller, token: Token) -> Answer:
    return _one_case(caller, token.case_id)


def _escalated(caller: Caller, token: Token) -> Answer:
    card = digests.escalated_card(
        caller.tx,
        caller.office,
        case_id=token.case_id,
        task_id=token.argument,
        reader=caller.person,
        language=caller.language,
    )
    return Answer(cards=(card,))


def _away(caller: Caller, asked: Token | TypedCommand) -> Answer:
    if isinstance(asked, TypedCommand) and asked.lists_absences:
        return Answer(
            cards=(
                away_card(caller.tx, caller.office, reader=caller.person, language=caller.language),
            )
        )
    sheet = absence.away_sheet(
        caller.tx, caller.office, person=caller.person.key, language=caller.language
    )
    return Answer(form=sheet)


def _why_button(caller: Caller, token: Token) -> Answer:
    return _why_case(caller, token.case_id)


def _route(caller: Caller, token: Token) -> Answer:
    return Answer(cards=(route_card(_read(caller, token.case_id)),))


def _handover(caller: Caller, token: Token) -> Answer:
    return handing_over.open_sheet(
        caller.tx,
        caller.office,
        person=caller.person.key,
        leaver=token.argument,
        language=caller.language,
    )


def _manage(caller: Caller, token: Token) -> Answer:
    reading = _read(caller, token.case_id)
    newer = casework.newer_version(caller.tx, caller.office, reading.case)
    return Answer(cards=(menu(reading, newer=newer is not None),))


def _register(caller: Caller, token: Token) -> Answer:
    return Answer(cards=(register_cards.page_of(caller, token),))


def _entry(caller: Caller, token: Token) -> Answer:
    return Answer(cards=(register_cards.entry_card(caller, token.case_id),))


def _poll(caller: Caller, token: Token) -> Answer:
    return Answer(form=employee_surveys.poll_sheet(caller, token))


def _adopt(caller: Caller, token: Token) -> Answer:
    return Answer(form=adopt_sheet(caller, token))


def _postpone(caller: Caller, token: Token) -> Answer:
    return Answer(form=postpone_sheet(caller, token))


def _import_sheet(caller: Caller, _: Token) -> Answer:
    return Answer(form=import_sheet(caller))


def _report_button(caller: Caller, token: Token) -> Answer:
    return Answer(cards=report_cards.report_cards(caller, token.argument))


def _tasks_page(caller: Caller, token: Token) -> Answer:
    card = tasks_card(
        caller.tx,
        caller.office,
        reader=caller.person,
        language=caller.language,
        page=tasks_page(token.argument),
    )
    return Answer(cards=(card,))


def _batch(caller: Caller, _: Token) -> Answer:
    return batch.open_sheet(caller)


def _list(caller: Caller, token: Token) -> Answer:
    return _listed(caller, wanted_of(token.argument))


def _checks(caller: Caller, token: Token) -> Answer:
    reading = _read(caller, token.case_id)
    if reading.case.has_left(token.task):
        reading = reading.whole
    task = reading.case.task(token.task)
    if task is None or not task.verdicts:
        raise Refusal("task_unknown")
    args = {"page": token.argument} if token.argument.isdecimal() else {}
    return Answer(cards=(task_card(reading, task, args),))


PAGES: Mapping[str, Callable[[Caller, Token], Answer]] = {
    "start": _start,
    "details": _details,
    "escalated": _escalated,
    "why": _why_button,
    "route": _route,
    "checks": _checks,
    "manage": _manage,
    "away": _away,
    leaving.KIND: _handover,
    TASKS: _tasks_page,
    BATCH: _batch,
    LIST: _list,
    register_cards.LIST: _register,
    register_cards.ENTRY: _entry,
    report_cards.REPORT: _report_button,
    POLL: _poll,
    REVIEW: newest_review,
    ADOPT: _adopt,
    POSTPONE: _postpone,
    IMPORT: _import_sheet,
}
"""The handlers of buttons that belong to no action on a case, by verb."""


def _said(caller: Caller, said: Said) -> Answer:
    command = read_command(said.text)
    if command is not None:
        return _command(caller, command)
    named = named_case(said.text)
    if named is not None:
        return _one_case(caller, named)
    hint = translator(caller.language).t("answer.hint")
    return Answer(text=hint, cards=(_help(caller),))


def _command(caller: Caller, command: TypedCommand) -> Answer:
    loaded = start.by_command(caller.tx, caller.office, command.name, person=caller.person.key)
    if loaded is not None:
        sheet = start.start_sheet(
            caller.tx,
            caller.office,
            loaded,
            filer=caller.person,
            language=caller.language,
            text=command.rest,
        )
        return Answer(form=sheet)
    listed = registers.by_command(caller.tx, caller.office, command.name)
    if listed is not None:
        narrowed = registers.narrow(listed, command.rest)
        return Answer(cards=(register_cards.list_card(caller, listed, narrowed),))
    if command.name not in COMMANDS:
        raise Refusal("command_unknown", command=command.name[:40])
    return COMMANDS[command.name](caller, command)


def _tasks(caller: Caller, _: TypedCommand) -> Answer:
    card = tasks_card(caller.tx, caller.office, reader=caller.person, language=caller.language)
    return Answer(cards=(card,))


def _cases(caller: Caller, command: TypedCommand) -> Answer:
    return _listed(caller, read_wanted(command.rest))


def _listed(caller: Caller, wanted: Wanted) -> Answer:
    card = cases_card(
        caller.tx, caller.office, reader=caller.person, language=caller.language, wanted=wanted
    )
    return Answer(cards=(card,))


def _case(caller: Caller, command: TypedCommand) -> Answer:
    if not command.rest:
        raise Refusal("case_number_missing")
    return _one_case(caller, case_number(command.rest))


def _why(caller: Caller, command: TypedCommand) -> Answer:
    if command.rest:
        return _why_case(caller, case_number(command.rest))
    found = explain.cases_of(caller.tx, caller.office, reader=caller.person)
    if len(found) == 1:
        return _why_case(caller, found[0])
    card = explain.choice_card(found, language=caller.language)
    return Answer(cards=(card,))


def _points(caller: Caller, _: TypedCommand) -> Answer:
    cards = points_cards(caller.tx, caller.office, reader=caller.person, language=caller.language)
    return Answer(cards=cards)


def _report(caller: Caller, command: TypedCommand) -> Answer:
    return Answer(cards=report_cards.report_cards(caller, command.rest.strip()))


def _problem(caller: Caller, command: TypedCommand) -> Answer:
    return problems.open_sheet(caller, command.rest)


def _import(caller: Caller, command: TypedCommand) -> Answer:
    return Answer(form=import_sheet(caller, command.rest.strip()))


def _digest(caller: Caller, _: TypedCommand) -> Answer:
    card = choice_card(caller.tx, person=caller.person.key, language=caller.language)
    return Answer(cards=(card,))


def _helped(caller: Caller, _: TypedCommand) -> Answer:
    return Answer(cards=(_help(caller),))


COMMANDS: Mapping[str, Callable[[Caller, TypedCommand], Answer]] = {
    "tasks": _tasks,
    "cases": _cases,
    "case": _case,
    "why": _why,
    "points": _points,
    "away": _away,
    report_cards.REPORT: _report,
    problems.PROBLEM: _problem,
    IMPORT: _import,
    briefings.CHOOSE: _digest,
    "help": _helped,
    "start": _helped,
}
"""The handlers of commands that show something, by name."""


def _one_case(caller: Caller, case_id: str) -> Answer:
    card = lists.details_card(
        caller.tx,
        caller.office,
        case_id=case_id,
        reader=caller.person,
        language=caller.language,
    )
    return Answer(cards=(card,))


def _why_case(caller: Caller, case_id: str) -> Answer:
    return Answer(cards=(why_card(_read(caller, case_id)),))


def _read(caller: Caller, case_id: str) -> Reading:
    return open_case(
        caller.tx,
        caller.office,
        case_id=case_id,
        reader=caller.person,
        language=caller.language,
    )


def _help(caller: Caller) -> Card:
    return lists.help_card(
        caller.tx,
        caller.office,
        reader=caller.person,
        language=caller.language,
        typed=caller.typed,
    )
