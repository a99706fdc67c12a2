"""Handles intents that change something: buttons without a form, submitted forms, comments.

They run in a transaction that writes, once for each idempotency key. `handlers/showing.py` handles
intents that only show something.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers import (
    absence,
    batch,
    briefings,
    employee_surveys,
    handing_over,
    leaving,
    linking,
    problems,
    start,
)
from handlers.answers import clean_text
from handlers.cards.tasks import BATCH
from handlers.dashboard import login
from handlers.i18n import translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.interaction import Caller
from handlers.pages import Answer, Tone
from handlers.registry import VERBS
from handlers.reviews import deciding
from handlers.spoken import TypedCommand, case_number, read_command
from handlers.tokens import POLL, TRAINING, Token, find_token, read_token
from handlers.training import card as training
from workflows.errors import Refusal

ABOUT_A_CASE = ("watch", "unwatch")
"""Commands that do what the button of this name does, for the case whose number follows."""

COMMANDS = ("link", login.DASHBOARD, *ABOUT_A_CASE)
"""Commands that act, besides the one that ends an absence and the one that chooses digests."""

_OFF = Token(verb="away", argument="off")


def acts_at_once(intent: Intent) -> bool:
    """Return whether an intent acts, as far as this is known without reading the database."""
    if isinstance(intent, Submitted):
        return True
    if isinstance(intent, Pressed):
        token = find_token(intent.token)
        return token is not None and (_ends_absence(token) or _acts(token.verb))
    command = read_command(intent.text)
    if command is not None:
        return bool(
            command.ends_absence
            or command.ends_absence_of
            or command.name in COMMANDS
            or (command.name == briefings.CHOOSE and command.rest)
            or (command.name == problems.PROBLEM and problems.says_all(command.rest))
        )
    return intent.case_id is not None and bool(clean_text(intent.text) or intent.files)


def _ends_absence(token: Token) -> bool:
    """Return whether a button ends an absence: "off" that of the reader, a key that of another."""
    return token.verb == _OFF.verb and token.argument != ""


def _acts(name: str) -> bool:
    """Return whether a button acts without opening a form first."""
    verb = VERBS.get(name)
    return name in (linking.OBJECT, briefings.CHOOSE, TRAINING) or (
        verb is not None and verb.opens is None
    )


def act_on(caller: Caller, intent: Intent) -> Answer:
    """Execute an intent and return its answer. Raises Refusal, also for an unknown verb."""
    if isinstance(intent, Said):
        return _said(caller, intent)
    token = read_token(intent.token)
    if isinstance(intent, Pressed):
        return _pressed(caller, token)
    return _sent(caller, token, intent.values)


def _pressed(caller: Caller, token: Token) -> Answer:
    if token == _OFF:
        return _come_back(caller)
    if _ends_absence(token):
        return absence.end_of(
            caller.tx,
            caller.office,
            person=token.argument,
            by=caller.person.key,
            language=caller.language,
        )
    if token.verb == linking.OBJECT:
        return linking.press_object(
            caller.tx, caller.office, token=token, person=caller.person, via=caller.via
        ).answer
    if token.verb == briefings.CHOOSE:
        return _choose(caller, token.argument)
    if token.verb == TRAINING:
        return training.confirm(caller, token)
    verb = VERBS.get(token.verb)
    if verb is None or verb.acts is None:
        raise Refusal("button_unknown")
    return verb.acts(caller.acting(token))


def _sent(caller: Caller, token: Token, values: Mapping[str, object]) -> Answer:
    if token.verb == "start":
        case = start.start_case(
            caller.tx,
            caller.office,
            process=token.argument,
            person=caller.person.key,
            via=caller.via,
            raw=values,
        )
        return start.filed(case, language=caller.language)
    if token.verb == "away":
        return absence.send_away(
            caller.tx, caller.office, values, person=caller.person.key, language=caller.language
        )
    if token.verb == POLL:
        return employee_surveys.send(caller, token, values)
    if token.verb == deciding.ADOPT:
        return deciding.adopt(caller, token, values)
    if token.verb == deciding.POSTPONE:
        return deciding.postpone(caller, token, values)
    if token.verb == BATCH:
        return batch.send(caller, values)
    if token.verb == problems.PROBLEM and not token.case_id:
        return problems.send(caller, values)
    if token.verb == leaving.KIND:
        return handing_over.send(
            caller.tx,
            caller.office,
            values,
            person=caller.person.key,
            leaver=token.argument,
            via=caller.via,
            language=caller.language,
        )
    verb = VERBS.get(token.verb)
    if verb is None or verb.sends is None:
        raise Refusal("button_unknown")
    return verb.sends(caller.acting(token), values)


def _said(caller: Caller, said: Said) -> Answer:
    command = read_command(said.text)
    if command is not None:
        return _command(caller, command)
    token = Token(verb="comment", case_id=said.case_id or "")
    return _sent(caller, token, {"text": clean_text(said.text), "files": said.files})


def _command(caller: Caller, command: TypedCommand) -> Answer:
    if command.ends_absence:
        return _come_back(caller)
    if command.ends_absence_of:
        return absence.end_for(
            caller.tx,
            caller.office,
            named=command.ends_absence_of,
            by=caller.person.key,
            language=caller.language,
        )
    if command.name == "link":
        return linking.code_answer(
            caller.tx,
            caller.office,
            person=caller.person,
            language=caller.language,
            typed=caller.typed,
        )
    if command.name == login.DASHBOARD:
        return login.link_answer(caller)
    if command.name == briefings.CHOOSE:
        return _choose(caller, command.rest)
    if command.name == problems.PROBLEM:
        return problems.report(caller, command.rest)
    if command.name in ABOUT_A_CASE:
        if not command.rest:
            raise Refusal("case_number_missing")
        return _pressed(caller, Token(verb=command.name, case_id=case_number(command.rest)))
    raise Refusal("command_unknown", command=command.name[:40])


def _choose(caller: Caller, typed: str) -> Answer:
    """Store which digests the person wants."""
    wish = briefings.choose(caller.tx, person=caller.person.key, typed=typed)
    text = translator(caller.language).t(f"digest.choice.{wish}")
    return Answer(text=text, tone=Tone.GOOD)


def _come_back(caller: Caller) -> Answer:
    return absence.come_back(
        caller.tx, caller.office, person=caller.person.key, language=caller.language
    )
