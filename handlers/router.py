"""From an intent to its answer: who is it, what do they want, has this been handled before?

One interaction is one unit of work and has one effect: its key is kept in the same transaction, and
a repeated delivery gets the stored answer. What a person can do wrong comes back as an answer; what
goes wrong with us is kept as a dead letter in a second transaction, and the person is told.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from handlers import absence, act, linking, lists, start, talk
from handlers.answers import clean_text, plain_forms, read_text
from handlers.cards.model import Answer, Tone
from handlers.drafts import with_draft
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.interaction import Interaction
from handlers.office import Office
from handlers.refusals import problems_of, say
from handlers.tokens import Token, read_token
from workflows.directory import Person
from workflows.errors import CloseloopError, Conflict, FormInvalid, Refusal
from workflows.ports import Database, Tx
from workflows.records import DeadLetter

_CASE_ID = re.compile(r"\b[A-Z]{1,4}-[0-9]{4}-[0-9]{4,10}\b", re.ASCII)  # 汉字 may touch it

_FORGED = {"button_unknown", "not_your_case", "not_known"}

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
        answer = await _surely(database, lambda tx: _once(tx, office, intent))
    except Exception as error:  # noqa: BLE001 — the one place: whatever it was, nothing is lost
        language = await _language(database, office, intent)
        if isinstance(error, FormInvalid):
            return _to_mend(intent, error, language)
        if _is_unsure(error):
            return Answer(text=translator(language).t("answer.unsure"), tone=Tone.DANGER)
        if isinstance(error, CloseloopError) and _is_worded(error, language):
            _note_forged(office, intent, error)
            return await _refused(database, office, intent, error, language)
        return await _broken(database, office, intent, error, language)
    if isinstance(intent, Pressed) and intent.token.startswith(f"{linking.OBJECT}|"):
        facts = {"person": intent.person, "via": intent.via}
        office.watch.note(linking.Outcome.OBJECTED.value, **facts)
    return answer


def _note_forged(office: Office, intent: Intent, error: CloseloopError) -> None:
    """Nobody is shown a button or a sheet that is refused for these reasons."""
    if not isinstance(intent, Said) and error.code in _FORGED:
        facts = {"person": intent.person, "via": intent.via, "token": intent.token[:64]}
        office.watch.note("press_refused", code=error.code, **facts)


async def _surely(database: Database, unit: Callable[[Tx], Answer]) -> Answer:
    """Run a unit; once more when nobody can say whether it was kept, which its key makes safe."""
    try:
        return await database.run(unit)
    except CloseloopError as error:
        if not _is_unsure(error):
            raise
        unsure = error
    try:
        return await database.run(unit)
    except (Refusal, FormInvalid, Conflict):
        raise  # it was not kept
    except CloseloopError as again:
        raise unsure from again


def _is_unsure(error: Exception) -> bool:
    """Whether the unit may have been kept although it failed."""
    return isinstance(error, CloseloopError) and error.facts.get("commit") == "unknown"


def _once(tx: Tx, office: Office, intent: Intent) -> Answer:
    seen = tx.inbox.seen(source=intent.via, key=intent.key)
    if seen is not None:
        if isinstance(intent, Submitted):  # opened once more by an earlier delivery
            tx.drafts.drop(intent.person, intent.token)
        return _repeated(office, intent, seen)
    directory = office.directory(tx)
    person = directory.get(intent.person)
    if person is None or not person.active:
        raise Refusal("not_known")
    language = _spoken(intent) or office.company.language_of(person)
    answer = _answer(tx, office, intent, person, language)
    if answer.form is not None:
        typed = isinstance(intent, Said)
        sheet = with_draft(tx, answer.form, person=person.key, keep_given=typed)
        answer = replace(answer, form=sheet)
    elif isinstance(intent, Submitted):
        tx.drafts.drop(person.key, intent.token)
    if answer.form is None and not answer.cards:  # what only shows something is shown again
        stored = {"text": answer.again or answer.text, "tone": answer.tone.value}
        tx.inbox.remember(source=intent.via, key=intent.key, answer=stored, at=office.clock.now())
    return answer


def _repeated(office: Office, intent: Intent, seen: Mapping[str, Any]) -> Answer:
    """What was answered; where the words were erased, that it was done."""
    words = translator(_spoken(intent) or office.company.language)
    text = str(seen.get("text", "")) or words.t("answer.done_before")
    return Answer(text=text, tone=Tone(seen.get("tone", "neutral")))


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
    if isinstance(intent, Pressed) and token.verb == "away":
        return _away(tx, office, person, language, off=token.argument == "off")
    if isinstance(intent, Pressed) and token.verb == "start":
        loaded = start.current(tx, office, token.argument)
        return Answer(form=start.start_sheet(tx, office, loaded, language=language))
    if isinstance(intent, Pressed) and token.verb == "details":
        card = lists.details_card(
            tx, office, case_id=token.case_id, reader=person, language=language
        )
        return Answer(cards=(card,))
    if isinstance(intent, Pressed) and token.verb == linking.OBJECT:
        done = linking.press_object(tx, office, token=token, person=person, via=intent.via)
        return done.answer
    if token.verb not in (_PRESS if isinstance(intent, Pressed) else _SEND):
        raise Refusal("button_unknown")
    it = Interaction(
        tx=tx,
        office=office,
        directory=office.directory(tx),
        person=person.key,
        via=intent.via,
        language=language,
        token=token,
    )
    it.require_reader()
    if isinstance(intent, Pressed):
        return _PRESS[token.verb](it)
    return _SEND[token.verb](it, intent.values)


def _said(tx: Tx, office: Office, said: Said, person: Person, language: str) -> Answer:
    text = clean_text(said.text)
    if text.startswith(("/", "／")):
        name, _, rest = re.sub(r"\s", " ", text[1:], count=1).partition(" ")
        name = plain_forms(name).lower()
        return _command(tx, office, name=name, rest=rest.strip(), person=person, language=language)
    if said.case_id is not None and (text or said.files):
        it = Interaction(
            tx=tx,
            office=office,
            directory=office.directory(tx),
            person=person.key,
            via=said.via,
            language=language,
            token=Token(verb="comment", case_id=said.case_id),
        )
        it.require_reader()
        words = read_text(text, required=not said.files)
        return talk.comment(it, words, files=said.files)
    named = _CASE_ID.search(plain_forms(text[:200]).upper())
    if named is not None:
        card = lists.details_card(tx, office, case_id=named[0], reader=person, language=language)
        return Answer(cards=(card,))
    return Answer(
        text=translator(language).t("answer.hint"),
        cards=(lists.help_card(tx, office, language=language),),
    )


def _command(
    tx: Tx, office: Office, *, name: str, rest: str, person: Person, language: str
) -> Answer:
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
        case_id = plain_forms(rest).upper()
        card = lists.details_card(tx, office, case_id=case_id, reader=person, language=language)
        return Answer(cards=(card,))
    if name == "away":
        off = rest.lower() in ("off", "结束", "回来")
        return _away(tx, office, person, language, off=off)
    if name == "link":
        return linking.code_answer(tx, office, person=person, language=language)
    if name in ("help", "start"):
        return Answer(cards=(lists.help_card(tx, office, language=language),))
    raise Refusal("command_unknown", command=name[:40])


def _away(tx: Tx, office: Office, person: Person, language: str, *, off: bool) -> Answer:
    if off:
        return absence.come_back(tx, office, person=person.key, language=language)
    return Answer(form=absence.away_sheet(tx, office, person=person.key, language=language))


# ---------------------------------------------------------------------------- what went wrong


def _spoken(intent: Intent) -> str:
    """The language that the platform knows of, if it is one of ours."""
    return intent.language if intent.language in LANGUAGES else ""


async def _language(database: Database, office: Office, intent: Intent) -> str:
    if _spoken(intent):
        return intent.language
    try:
        person = await database.read(lambda tx: office.directory(tx).get(intent.person))
    except Exception:  # noqa: BLE001 — the database itself may be what is wrong
        person = None
    return office.company.language_of(person)


def _to_mend(intent: Intent, invalid: FormInvalid, language: str) -> Answer:
    problems = problems_of(invalid, language=language)
    if isinstance(intent, Submitted):
        return Answer(tone=Tone.WARN, problems=problems)
    return Answer(text=" ".join(problems.values()), tone=Tone.WARN)  # there is no sheet to mend


async def _refused(
    database: Database, office: Office, intent: Intent, error: CloseloopError, language: str
) -> Answer:
    try:
        text = await database.read(
            lambda tx: say(error, office=office, tx=tx, person=intent.person, language=language)
        )
    except Exception:  # noqa: BLE001 — as above
        text = _without_database(error, language)
    return Answer(text=text, tone=Tone.WARN)


def _is_worded(error: CloseloopError, language: str) -> bool:
    """Whether a person can be told what this is; that others were faster is nobody's fault."""
    return isinstance(error, Conflict) or translator(language).has(f"refusal.{error.code}")


def _without_database(error: CloseloopError, language: str) -> str:
    """The text of an error whose facts need nobody's name."""
    words, msgid = translator(language), f"refusal.{error.code}"
    if isinstance(error, Refusal) or not words.has(msgid):
        return words.t("refusal.unavailable")
    return words.t(msgid, **error.facts)


async def _broken(
    database: Database, office: Office, intent: Intent, error: Exception, language: str
) -> Answer:
    letter = DeadLetter(
        id=office.ids.new("d"),
        what="interaction",
        source=intent.via,
        payload={"type": type(intent).__name__, **asdict(intent)},
        error="".join(traceback.format_exception(error))[-4000:],
        at=office.clock.now(),
    )
    words = translator(language)
    try:
        await database.run(lambda tx: tx.dead.put(letter))
    except Exception:  # noqa: BLE001 — as above
        return Answer(text=words.t("refusal.unavailable"), tone=Tone.DANGER)
    return Answer(text=words.t("answer.broken", id=letter.id), tone=Tone.DANGER)
