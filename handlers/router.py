"""Routes an intent to its handler and returns the answer, exactly once for each idempotency key.

An intent that only shows something is handled in a read-only transaction and stores nothing. An
intent that acts is one unit of work: its idempotency key and its answer are stored in the same
transaction, and a repeated delivery gets the stored answer. Errors of the person are returned as an
answer. Errors of the program are stored as a dead letter in a second transaction, and the answer
says so.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from handlers import linking
from handlers.acting import act_on, acts_at_once
from handlers.drafts import prefilled, settled, with_draft
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Intent, Pressed, Said, Submitted, payload_of
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, Tone
from handlers.refusals import problems_of, say
from handlers.showing import show
from handlers.tokens import is_anonymous, read_token
from storage.unit import Database, Tx
from workflows.errors import CloseloopError, Conflict, FormInvalid, Refusal
from workflows.moments import SECOND
from workflows.records import DeadLetter

T = TypeVar("T")

_FORGED = {"button_unknown", "not_your_case", "not_known"}
OWED_AFTER = 10 * SECOND  # until then, the handler of the interaction delivers the answer


async def handle(database: Database, office: Office, intent: Intent) -> Answer:
    """Handle an intent and return the answer.

    Raises nothing except that the task is cancelled; every error becomes an answer.
    """
    try:
        answer = await _answer(database, office, intent)
    except Exception as error:  # noqa: BLE001 — every error is answered or stored as a dead letter
        return await failed(database, office, intent, error)
    if isinstance(intent, Pressed) and read_token(intent.token).verb == linking.OBJECT:
        facts = {"person": intent.person, "via": intent.via}
        office.watch.note(linking.LinkOutcome.OBJECTED.value, **facts)
    return answer


async def look(
    database: Database,
    office: Office,
    *,
    person: str,
    via: str,
    token: str,
    language: str = "",
    values: Mapping[str, object] | None = None,
) -> Answer:
    """Return what a token shows: a form, filled in from its draft, or a card.

    Runs in a read-only transaction, so a token of an action that needs no form is refused. Raises
    nothing except that the task is cancelled; every error becomes an answer.

    Args:
        person: the key of the reader.
        via: the platform.
        token: the token of a button, see `handlers.tokens`.
        language: the language of the platform; "" for that of the reader.
        values: the answers of a form so far, instead of those of its draft.
    """
    key = office.ids.new("s")
    wish = Pressed(person=person, via=via, key=key, token=token, language=language)

    def read(tx: Tx) -> Answer | None:
        return _opened(tx, office, wish) if values is None else _refilled(tx, office, wish, values)

    try:
        shown = await database.read(read, by=person)
        if shown is None:
            raise Refusal("button_unknown")
    except Exception as error:  # noqa: BLE001 — as above
        return await failed(database, office, wish, error)
    return shown


async def handled(database: Database, office: Office, *, via: str, key: str) -> Answer | None:
    """Return the stored answer of an interaction; None if it was not handled."""
    seen = await database.read(lambda tx: tx.inbox.seen(source=via, key=key))
    return None if seen is None else _stored(seen, language=office.company.language, owed=True)


async def failed(database: Database, office: Office, intent: Intent, error: Exception) -> Answer:
    """Return the answer for an error of handling an intent; store it if it is a defect."""
    language = await _language(database, office, intent)
    if isinstance(error, FormInvalid):
        changed = await _changed(database, office, intent, error, language)
        return changed or _to_mend(intent, error, language)
    if is_unsure(error):
        return Answer(text=translator(language).t("answer.unsure"), tone=Tone.DANGER)
    if isinstance(error, CloseloopError) and _is_worded(error, language):
        _note_forged(office, intent, error)
        return await _refused(database, office, intent, error, language)
    return await _broken(database, office, intent, error, language)


def _note_forged(office: Office, intent: Intent, error: CloseloopError) -> None:
    """Report a press or a submission with a token that was not offered to this person.

    Buttons and forms that were offered to the person are not refused with the codes of `_FORGED`.
    """
    if not isinstance(intent, Said) and error.code in _FORGED:
        facts = {"person": intent.person, "via": intent.via, "token": intent.token[:64]}
        office.watch.note("press_refused", code=error.code, **facts)


async def _answer(database: Database, office: Office, intent: Intent) -> Answer:
    """Handle an intent in a read-only transaction if it only shows, else in one that writes.

    The number of concurrent reads is limited for each person (`by`).
    """
    if not acts_at_once(intent):
        shown = await database.read(lambda tx: _shown(tx, office, intent), by=intent.person)
        if shown is not None:
            return shown
    return await surely(database, lambda tx: _done(tx, office, intent))


async def surely(database: Database, unit: Callable[[Tx], T]) -> T:
    """Run a unit of work, and again if the result of its commit is unknown.

    The second run is safe because the unit stores its idempotency key.
    """
    try:
        return await database.run(unit)
    except CloseloopError as error:
        if not is_unsure(error):
            raise
        unsure = error
    try:
        return await database.run(unit)
    except (Refusal, FormInvalid, Conflict):
        raise  # it was not committed
    except CloseloopError as again:
        raise unsure from again


def is_unsure(error: Exception) -> bool:
    """Return whether the unit may have been committed although it raised."""
    return isinstance(error, CloseloopError) and error.facts.get("commit") == "unknown"


def _shown(tx: Tx, office: Office, intent: Intent) -> Answer | None:
    """Return the answer to an intent that only shows something; None if it acts."""
    assert not isinstance(intent, Submitted), "a sheet that was sent is not only shown"
    answer = _answered(tx, office, intent)
    return answer if answer is not None else _opened(tx, office, intent)


def _opened(tx: Tx, office: Office, intent: Pressed | Said) -> Answer | None:
    """Return the same as `_shown`, without looking for a stored answer."""
    caller = _caller(tx, office, intent)
    answer = show(caller, intent)
    if answer is None or answer.form is None:
        return answer
    typed = isinstance(intent, Said)
    sheet = with_draft(tx, answer.form, person=caller.person.key, keep_given=typed)
    return replace(answer, form=prefilled(tx, settled(sheet), person=caller.person.key))


def _refilled(tx: Tx, office: Office, wish: Pressed, values: Mapping[str, object]) -> Answer | None:
    """Return the form of a token with these answers and the questions that follow from them."""
    caller = _caller(tx, office, wish)
    answer = show(caller, wish)
    if answer is None or answer.form is None:
        return answer
    sheet = settled(answer.form.filled(values))
    return replace(answer, form=prefilled(tx, sheet, person=caller.person.key))


def _done(tx: Tx, office: Office, intent: Intent) -> Answer:
    """Execute an intent that acts, once for each key, and return its answer."""
    repeated = _answered(tx, office, intent)
    if repeated is not None:
        _drop_draft(tx, intent)  # the form may have been opened again meanwhile
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
    return replace(answer, owed=True) if intent.owed else answer


def _drop_draft(tx: Tx, intent: Intent) -> None:
    if isinstance(intent, Submitted):
        tx.drafts.drop(intent.person, intent.token)


def _answered(tx: Tx, office: Office, intent: Intent) -> Answer | None:
    """Return the stored answer for a repeated delivery; None for the first one."""
    seen = tx.inbox.seen(source=intent.via, key=intent.key)
    language = _spoken(intent) or office.company.language
    return None if seen is None else _stored(seen, language=language, owed=intent.owed)


def _stored(seen: Mapping[str, Any], *, language: str, owed: bool) -> Answer:
    """Return a stored answer; if its text was erased, a text that says that it was done."""
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


# ---------------------------------------------------------------------------- errors


def _spoken(intent: Intent) -> str:
    """Return the language that the platform reports, if there are texts in it, else ""."""
    return intent.language if intent.language in LANGUAGES else ""


async def _language(database: Database, office: Office, intent: Intent) -> str:
    if _spoken(intent):
        return intent.language
    try:
        person = await database.read(lambda tx: office.directory(tx).get(intent.person))
    except Exception:  # noqa: BLE001 — the database may be unavailable
        person = None
    return office.company.language_of(person)


def _to_mend(intent: Intent, invalid: FormInvalid, language: str) -> Answer:
    problems = problems_of(invalid, language=language)
    if isinstance(intent, Submitted):
        return Answer(tone=Tone.WARN, problems=problems)
    return Answer(text=" ".join(problems.values()), tone=Tone.WARN)  # there is no open form


async def _changed(
    database: Database, office: Office, intent: Intent, invalid: FormInvalid, language: str
) -> Answer | None:
    """Return the form with the submitted values, if it has questions that were not answered.

    The answers may lead to questions that were not shown, or a new version of the process was
    published while a person had the start form open. The problems of such questions could not be
    shown in the old form. Returns None if the form has no other questions.
    """
    if not isinstance(intent, Submitted) or set(invalid.problems) <= set(intent.values):
        return None
    wish = Pressed(
        person=intent.person, via=intent.via, key=intent.key, token=intent.token, language=language
    )
    try:
        answer = await database.read(lambda tx: _refilled(tx, office, wish, intent.values))
    except Exception:  # noqa: BLE001 — the problems are then reported by field
        return None
    if answer is None or answer.form is None:
        return None
    new = [q for q in answer.form.questions if q.id in invalid.problems.keys() - intent.values]
    if all(question.follows for question in new):
        text = translator(language).t("answer.more_questions")
    elif read_token(intent.token).verb in ("start", "resubmit"):
        text = translator(language).t("answer.form_changed")
    else:
        return None
    form = replace(answer.form, intro=text)
    problems = problems_of(invalid, language=language)
    return Answer(text=text, tone=Tone.WARN, form=form, problems=problems)


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
    """Return whether there is a text for an error; a Conflict has one."""
    return isinstance(error, Conflict) or translator(language).has(f"refusal.{error.code}")


def _without_database(error: CloseloopError, language: str) -> str:
    """Return the text of an error without reading names from the database."""
    words, msgid = translator(language), f"refusal.{error.code}"
    if isinstance(error, Refusal) or not words.has(msgid):
        return words.t("refusal.unavailable")
    return words.t(msgid, **error.facts)


async def _broken(
    database: Database, office: Office, intent: Intent, error: Exception, language: str
) -> Answer:
    anonymous = not isinstance(intent, Said) and is_anonymous(intent.token)
    trace = [type(error).__name__] if anonymous else traceback.format_exception(error)
    letter = DeadLetter(
        id=office.ids.new("d"),
        what="interaction",
        source=intent.via,
        payload=payload_of(intent),
        error="".join(trace)[-4000:],
        at=office.clock.now(),
    )
    words = translator(language)
    try:
        await database.run(lambda tx: tx.dead.put(letter))
    except Exception:  # noqa: BLE001 — as above
        return Answer(text=words.t("refusal.unavailable"), tone=Tone.DANGER)
    return Answer(text=words.t("answer.broken", id=letter.id), tone=Tone.DANGER)
