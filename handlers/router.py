"""From an intent to its answer: who is it, what do they want, has this been handled before?

One interaction is one unit of work and has one effect: its key is kept in the same transaction, and
a repeated delivery gets the stored answer. What a person can do wrong comes back as an answer; what
goes wrong with us is kept as a dead letter in a second transaction, and the person is told.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict

from handlers import absence, act, lists, start, talk
from handlers.answers import read_text
from handlers.cards.model import Answer, Tone
from handlers.i18n import translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.interaction import Interaction
from handlers.office import Office
from handlers.refusals import problems_of, say
from handlers.tokens import Token, read_token
from workflows.directory import Person
from workflows.errors import CloseloopError, FormInvalid, Refusal
from workflows.ports import Database, Tx
from workflows.records import DeadLetter

_CASE_ID = re.compile(r"\b[A-Z]{1,4}-\d{4}-\d{4,}\b")

_PRESS: Mapping[str, Callable[[Interaction], Answer]] = {
    "claim": act.press_claim,
    "takeover": act.press_takeover,
    "complete": act.press_decide,
    "approve": act.press_decide,
    "reject": act.press_decide,
    "return": act.press_decide,
    "act": act.press_act,
    "back": act.press_back,
    "transfer": act.press_transfer,
    "ask": talk.press_words,
    "reply": talk.press_words,
    "comment": talk.press_words,
    "withdraw": talk.press_words,
    "urge": talk.press_urge,
    "copy": talk.press_copy,
    "score": talk.press_score,
}

_SEND: Mapping[str, Callable[[Interaction, Mapping[str, object]], Answer]] = {
    "complete": act.send_decide,
    "approve": act.send_decide,
    "reject": act.send_decide,
    "return": act.send_decide,
    "act": act.send_act,
    "back": act.send_back,
    "transfer": act.send_transfer,
    "ask": talk.send_ask,
    "reply": talk.send_reply,
    "comment": talk.send_comment,
    "withdraw": talk.send_withdraw,
    "copy": talk.send_copy,
    "score": talk.send_score,
}


async def handle(database: Database, office: Office, intent: Intent) -> Answer:
    """Do what a person wants, and answer. Never raises but for a cancelled task."""
    try:
        return await database.run(lambda tx: _once(tx, office, intent))
    except FormInvalid as invalid:
        language = await _language(database, office, intent)
        return Answer(tone=Tone.WARN, problems=problems_of(invalid, language=language))
    except CloseloopError as error:
        return await _refused(database, office, intent, error)
    except Exception as error:  # noqa: BLE001 — the one place: whatever it was, nothing is lost
        return await _broken(database, office, intent, error)


def _once(tx: Tx, office: Office, intent: Intent) -> Answer:
    seen = tx.inbox.seen(source=intent.via, key=intent.key)
    if seen is not None:
        return Answer(text=str(seen.get("text", "")), tone=Tone(seen.get("tone", "neutral")))
    directory = office.directory(tx)
    person = directory.get(intent.person)
    if person is None or not person.active:
        raise Refusal("not_known")
    language = intent.language or office.company.language_of(person)
    answer = _answer(tx, office, intent, person, language)
    if answer.form is None:  # an opened sheet changed nothing: it may be opened again
        stored = {"text": answer.text, "tone": answer.tone.value}
        tx.inbox.remember(source=intent.via, key=intent.key, answer=stored, at=office.clock.now())
    return answer


def _answer(tx: Tx, office: Office, intent: Intent, person: Person, language: str) -> Answer:
    if isinstance(intent, Said):
        return _said(tx, office, intent, person, language)
    token = read_token(intent.token)
    if isinstance(intent, Submitted) and token.verb == "start":
        case = start.start_case(
            tx,
            office,
            process=token.argument,
            person=person.key,
            via=intent.via,
            raw=intent.values,
        )
        return start.filed(case, language=language)
    if isinstance(intent, Submitted) and token.verb == "away":
        return absence.send_away(tx, office, intent.values, person=person.key, language=language)
    if isinstance(intent, Pressed) and token.verb == "start":
        loaded = start.current(tx, office, token.argument)
        return Answer(form=start.start_sheet(tx, office, loaded, language=language))
    if isinstance(intent, Pressed) and token.verb == "details":
        card = lists.details_card(
            tx, office, case_id=token.case_id, reader=person, language=language
        )
        return Answer(cards=(card,))
    it = _interaction(tx, office, intent, person, language, token)
    if isinstance(intent, Pressed) and token.verb in _PRESS:
        return _PRESS[token.verb](it)
    if isinstance(intent, Submitted) and token.verb in _SEND:
        return _SEND[token.verb](it, intent.values)
    raise Refusal("button_unknown")


def _interaction(
    tx: Tx, office: Office, intent: Intent, person: Person, language: str, token: Token
) -> Interaction:
    return Interaction(
        tx=tx,
        office=office,
        directory=office.directory(tx),
        person=person.key,
        via=intent.via,
        language=language,
        token=token,
    )


def _said(tx: Tx, office: Office, said: Said, person: Person, language: str) -> Answer:
    text = said.text.strip()
    if text.startswith("/"):
        name, _, rest = text[1:].partition(" ")
        return _command(tx, office, name.lower(), rest.strip(), person, language)
    if said.case_id is not None and (text or said.files):
        token = Token(verb="comment", case_id=said.case_id)
        it = _interaction(tx, office, said, person, language, token)
        words = read_text(text, required=not said.files)
        return talk.comment(it, words, files=said.files)
    named = _CASE_ID.search(text.upper())
    if named is not None:
        card = lists.details_card(tx, office, case_id=named[0], reader=person, language=language)
        return Answer(cards=(card,))
    return Answer(
        text=translator(language).t("answer.hint"),
        cards=(lists.help_card(tx, office, language=language),),
    )


def _command(tx: Tx, office: Office, name: str, rest: str, person: Person, language: str) -> Answer:
    loaded = start.by_command(tx, office, name)
    if loaded is not None:
        sheet = start.start_sheet(tx, office, loaded, language=language, text=rest)
        return Answer(form=sheet)
    if name == "tasks":
        return Answer(cards=(lists.tasks_card(tx, office, reader=person, language=language),))
    if name == "cases":
        card = lists.cases_card(tx, office, reader=person, language=language, text=rest)
        return Answer(cards=(card,))
    if name == "case":
        if not rest:
            raise Refusal("case_number_missing")
        card = lists.details_card(
            tx, office, case_id=rest.upper(), reader=person, language=language
        )
        return Answer(cards=(card,))
    if name == "away" and rest.lower() in ("off", "结束", "回来"):
        return absence.come_back(tx, office, person=person.key, language=language)
    if name == "away":
        return Answer(form=absence.away_sheet(tx, office, person=person.key, language=language))
    if name in ("help", "start"):
        return Answer(cards=(lists.help_card(tx, office, language=language),))
    raise Refusal("command_unknown", command=name[:40])


# ---------------------------------------------------------------------------- what went wrong


async def _language(database: Database, office: Office, intent: Intent) -> str:
    if intent.language:
        return intent.language
    person = await database.read(lambda tx: office.directory(tx).get(intent.person))
    return office.company.language_of(person)


async def _refused(
    database: Database, office: Office, intent: Intent, error: CloseloopError
) -> Answer:
    try:
        language = await _language(database, office, intent)
        text = await database.read(
            lambda tx: say(error, office=office, tx=tx, person=intent.person, language=language)
        )
    except CloseloopError:  # the database itself is what is wrong
        words = translator(intent.language or office.company.language)
        text = words.t(f"refusal.{error.code}") if words.has(f"refusal.{error.code}") else ""
        text = text or words.t("refusal.unavailable")
    return Answer(text=text, tone=Tone.WARN)


async def _broken(database: Database, office: Office, intent: Intent, error: Exception) -> Answer:
    letter = DeadLetter(
        id=office.ids.new("d"),
        what="interaction",
        source=intent.via,
        payload={"type": type(intent).__name__, **asdict(intent)},
        error="".join(traceback.format_exception(error))[-8000:],
        at=office.clock.now(),
    )
    words = translator(intent.language or office.company.language)
    try:
        await database.run(lambda tx: tx.dead.put(letter))
    except CloseloopError:
        return Answer(text=words.t("refusal.unavailable"), tone=Tone.DANGER)
    return Answer(text=words.t("answer.broken", id=letter.id), tone=Tone.DANGER)
