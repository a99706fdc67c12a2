"""From an intent to its answer: who is it, what do they want, has this been handled before?

What only shows something is read on a snapshot and leaves nothing behind. What acts is one unit of
work and has one effect: its key is kept in the same transaction, and a repeated delivery gets the
stored answer. What a person can do wrong comes back as an answer; what goes wrong with us is kept
as a dead letter in a second transaction, and the person is told.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers import start
from handlers.acting import act_on, acts_at_once
from handlers.conversation import linking
from handlers.conversation.forms import prefilled, with_draft
from handlers.conversation.intents import Intent, Pressed, Said, Submitted, payload_of
from handlers.conversation.interaction import Caller
from handlers.i18n import LANGUAGES, translator
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Tone
from handlers.refusals import problems_of, say
from handlers.showing import show
from handlers.tokens import read_token
from storage.unit import Database, Tx
from workflows.errors import CloseloopError, Conflict, FormInvalid, Refusal
from workflows.records import DeadLetter

_FORGED = {"button_unknown", "not_your_case", "not_known"}
OWED_AFTER = timedelta(seconds=10)  # until then, whoever handled the interaction tells the answer


async def handle(database: Database, office: Office, intent: Intent) -> Answer:
    """Do what a person wants, and answer. Never raises but for a cancelled task."""
    try:
        answer = await _answer(database, office, intent)
    except Exception as error:  # noqa: BLE001 — the one place: whatever it was, nothing is lost
        return await _failed(database, office, intent, error)
    if isinstance(intent, Pressed) and read_token(intent.token).verb == linking.OBJECT:
        facts = {"person": intent.person, "via": intent.via}
        office.watch.note(linking.LinkOutcome.OBJECTED.value, **facts)
    return answer


async def look(database: Database, office: Office, *, person: str, via: str, token: str) -> Answer:
    """What a token shows now: a sheet, with what its draft holds, or a card; else why it does not.

    It is only read: nothing is decided, whatever the token says. Never raises but for a cancelled
    task.
    """
    wish = Pressed(person=person, via=via, key=office.ids.new("s"), token=token)
    try:
        shown = await database.read(lambda tx: _opened(tx, office, wish), by=person)
        if shown is None:
            raise Refusal("button_unknown")
    except Exception as error:  # noqa: BLE001 — as above
        return await _failed(database, office, wish, error)
    return shown


async def handled(database: Database, office: Office, *, via: str, key: str) -> Answer | None:
    """What an interaction was answered when it was handled; None when it was not."""
    seen = await database.read(lambda tx: tx.inbox.seen(source=via, key=key))
    return None if seen is None else _stored(seen, language=office.company.language, owed=True)


async def _failed(database: Database, office: Office, intent: Intent, error: Exception) -> Answer:
    """What a person is told instead of an answer."""
    language = await _language(database, office, intent)
    if isinstance(error, FormInvalid):
        changed = await _changed(database, office, intent, error, language)
        return changed or _to_mend(intent, error, language)
    if _is_unsure(error):
        return Answer(text=translator(language).t("answer.unsure"), tone=Tone.DANGER)
    if isinstance(error, CloseloopError) and _is_worded(error, language):
        _note_forged(office, intent, error)
        return await _refused(database, office, intent, error, language)
    return await _broken(database, office, intent, error, language)


def _note_forged(office: Office, intent: Intent, error: CloseloopError) -> None:
    """Nobody is shown a button or a sheet that is refused for these reasons."""
    if not isinstance(intent, Said) and error.code in _FORGED:
        facts = {"person": intent.person, "via": intent.via, "token": intent.token[:64]}
        office.watch.note("press_refused", code=error.code, **facts)


async def _answer(database: Database, office: Office, intent: Intent) -> Answer:
    """What only shows is read, and bounded for each person; only what acts takes the writer."""
    if not acts_at_once(intent):
        shown = await database.read(lambda tx: _shown(tx, office, intent), by=intent.person)
        if shown is not None:
            return shown
    return await _surely(database, lambda tx: _done(tx, office, intent))


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


def _shown(tx: Tx, office: Office, intent: Intent) -> Answer | None:
    """The answer to what only shows something; None: it acts."""
    assert not isinstance(intent, Submitted), "a sheet that was sent is not only shown"
    answer = _answered(tx, office, intent)
    return answer if answer is not None else _opened(tx, office, intent)


def _opened(tx: Tx, office: Office, intent: Pressed | Said) -> Answer | None:
    """As `_shown`, for what is known to be asked for the first time, or as often as one likes."""
    caller = _caller(tx, office, intent)
    answer = show(caller, intent)
    if answer is None or answer.form is None:
        return answer
    typed = isinstance(intent, Said)
    sheet = with_draft(tx, answer.form, person=caller.person.key, keep_given=typed)
    return replace(answer, form=prefilled(tx, sheet, person=caller.person.key))


def _done(tx: Tx, office: Office, intent: Intent) -> Answer:
    """The answer to what acts: once for each key."""
    repeated = _answered(tx, office, intent)
    if repeated is not None:
        _drop_draft(tx, intent)  # it may have been opened once more meanwhile
        return repeated
    caller = _caller(tx, office, intent)
    _drop_draft(tx, intent)
    answer = act_on(caller, intent)
    stored = {
        "text": answer.again or answer.text,
        "tone": answer.tone.value,
        "case": answer.case_id,
    }
    now = office.clock.now()
    tx.inbox.remember(
        source=intent.via,
        key=intent.key,
        answer=stored,
        at=now,
        person=intent.person if intent.owed else None,
        owed_at=now + OWED_AFTER if intent.owed else None,
    )
    return replace(answer, owed=intent.owed)


def _drop_draft(tx: Tx, intent: Intent) -> None:
    if isinstance(intent, Submitted):
        tx.drafts.drop(intent.person, intent.token)


def _answered(tx: Tx, office: Office, intent: Intent) -> Answer | None:
    """What a repeated delivery was answered the first time."""
    seen = tx.inbox.seen(source=intent.via, key=intent.key)
    language = _spoken(intent) or office.company.language
    return None if seen is None else _stored(seen, language=language, owed=intent.owed)


def _stored(seen: Mapping[str, Any], *, language: str, owed: bool) -> Answer:
    """What was answered; where the words were erased, that it was done."""
    text = str(seen.get("text", "")) or translator(language).t("answer.done_before")
    tone, case = Tone(seen.get("tone", "neutral")), str(seen.get("case", ""))
    return Answer(text=text, tone=tone, case_id=case, owed=owed)


def _caller(tx: Tx, office: Office, intent: Intent) -> Caller:
    directory = office.directory(tx)
    person = directory.get(intent.person)
    if person is None or not person.active:
        raise Refusal("not_known")
    return Caller(
        tx=tx,
        office=office,
        directory=directory,
        person=person,
        via=intent.via,
        language=_spoken(intent) or office.company.language_of(person),
        typed=intent.typed,
    )


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


async def _changed(
    database: Database, office: Office, intent: Intent, invalid: FormInvalid, language: str
) -> Answer | None:
    """The form of now with the answers so far, where it asks what the one that was sent did not.

    Somebody had it open while another version of the process came into force. Without the new form
    its questions would be reported at others, or nowhere.
    """
    if not isinstance(intent, Submitted) or set(invalid.problems) <= set(intent.values):
        return None
    token = read_token(intent.token)
    if token.verb != "start":
        return None
    process, values = token.argument, intent.values

    def read(tx: Tx) -> FormSheet:
        loaded = start.current(tx, office, process)
        return start.start_sheet(tx, office, loaded, language=language)

    try:
        sheet = await database.read(read)
    except Exception:  # noqa: BLE001 — it can still be mended field by field
        return None
    why = translator(language).t("answer.form_changed")
    form = replace(sheet.filled(values), intro=why)
    problems = problems_of(invalid, language=language)
    return Answer(text=why, tone=Tone.WARN, form=form, problems=problems)


async def _refused(
    database: Database, office: Office, intent: Intent, error: CloseloopError, language: str
) -> Answer:
    try:
        text = await database.read(
            lambda tx: say(
                error,
                office=office,
                tx=tx,
                person=intent.person,
                language=language,
                typed=intent.typed,
            )
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
        payload=payload_of(intent),
        error="".join(traceback.format_exception(error))[-4000:],
        at=office.clock.now(),
    )
    words = translator(language)
    try:
        await database.run(lambda tx: tx.dead.put(letter))
    except Exception:  # noqa: BLE001 — as above
        return Answer(text=words.t("refusal.unavailable"), tone=Tone.DANGER)
    return Answer(text=words.t("answer.broken", id=letter.id), tone=Tone.DANGER)
