"""Change this, step by step: a card of steps, one of a step, a form, and the new draft.

What is shown is made from the draft on the shelf. A form that was sent makes a new file before it
is handled, because bytes are written outside a transaction; if it is refused, the file is an unused
upload, which is deleted after a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handlers.changing import cards
from handlers.changing.draft import (
    PROCESS,
    CaseDraft,
    draft_of,
    keep_file,
    may_drop,
    require_changer,
)
from handlers.changing.edits import Company, edited
from handlers.changing.questions import Asking
from handlers.changing.spots import DROP, PAGE, VIEW, Kind, spot_at
from handlers.differences.wording import said
from handlers.i18n import LANGUAGES
from handlers.intents import Submitted
from handlers.interaction import Caller, Interaction, Looking
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Tone
from handlers.reading.formatter import formatter
from handlers.tokens import Token
from handlers.uploads import upload
from storage.unit import Database, Tx
from workflows.errors import Refusal
from workflows.loading import load_definition
from workflows.ports import Files

_PAGES = 99
CHANGE = "change"  # the verb of its buttons and forms
FILE, BEFORE, SAID = "file", "before", "said"
"""What `with_new_draft` puts in place of the answers: the new file, the one before, a sentence."""


def shown(it: Looking) -> Answer | None:
    """Return what a button of "Change this" shows: a card, or the form about a spot.

    Returns None for the button that drops the draft. Raises Refusal, also if the person may not
    change the process.
    """
    if it.case.process != PROCESS:
        raise Refusal("no_draft_here")
    if it.token.argument == DROP:
        return None
    draft = draft_of(it)
    asking = _asking(it, draft)
    if it.token.argument == VIEW:
        return Answer(cards=(cards.view_card(it, draft, asking),))
    require_changer(it, draft)
    page = it.token.argument.removeprefix(PAGE)
    if not page or page.isdecimal():
        number = max(1, min(int(page or 1), _PAGES))
        return Answer(cards=(cards.steps_card(it, draft, asking, page=number),))
    spot = spot_at(draft.definition, it.token.argument)
    if spot.kind is Kind.STEP:
        return Answer(cards=(cards.step_card(it, spot, draft, asking),))
    if spot.kind is Kind.FORM:
        return Answer(cards=(cards.form_card(it, spot, draft, asking),))
    words = it.words
    what = words.t(f"change.kind.{spot.kind.name.lower()}")
    sheet = FormSheet(
        token=str(it.token),
        title=words.t("sheet.change.title", what=what, part=asking.title(spot)),
        submit=words.t("sheet.change.submit"),
        questions=asking.questions(spot),
        intro=asking.intro(spot),
    )
    return Answer(form=sheet)


async def with_new_draft(
    database: Database, files: Files, office: Office, intent: Submitted, token: Token
) -> Submitted:
    """Return the form with a new file of the draft in place of its answers.

    Returns it unchanged if it was handled before. Raises Refusal and FormInvalid.
    """
    made = await database.read(lambda tx: _made(tx, office, intent, token), by=intent.person)
    if made is None:
        return intent
    file = await upload(
        database,
        files,
        office,
        person=intent.person,
        name=f"{made.process}.toml",
        content=made.text.encode(),
    )
    office.shelf.put_draft(file.sha256, load_definition(made.text, file=file.name))
    values = {FILE: file.id, BEFORE: made.before, SAID: made.said}
    return replace(intent, values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A new text of a draft; `before` is the file that it changes, "" without one."""

    process: str
    text: str
    before: str
    said: str


def _made(tx: Tx, office: Office, intent: Submitted, token: Token) -> _Made | None:
    if tx.inbox.seen(source=intent.via, key=intent.key) is not None:
        return None
    it = _looking(tx, office, intent, token)
    draft = draft_of(it)
    require_changer(it, draft)
    asking = _asking(it, draft)
    spot = spot_at(draft.definition, token.argument)
    company = Company(directory=it.directory, calendars=office.calendar.names)
    questions = asking.questions(spot)
    text = edited(
        draft.text,
        spot,
        intent.values,
        questions=questions,
        company=company,
        words=it.words,
    )
    after = load_definition(text, file="").definition
    lines = said(draft.definition, after, asking.write)
    return _Made(
        process=after.key,
        text=text,
        before="" if draft.file is None else draft.file.id,
        said="; ".join(lines),
    )


def _looking(tx: Tx, office: Office, intent: Submitted, token: Token) -> Looking:
    directory = office.directory(tx)
    person = directory.get(intent.person)
    if person is None or not person.active:
        raise Refusal("not_known")
    given = intent.language if intent.language in LANGUAGES else ""
    language = given or office.company.language_of(person)
    caller = Caller(
        tx=tx, office=office, directory=directory, person=person, via=intent.via, language=language
    )
    return caller.looking(token)


def _asking(it: Looking, draft: CaseDraft) -> Asking:
    reader = it.directory.get(it.person)
    write = formatter(it.office, it.directory, reader=reader, language=it.language)
    return Asking(definition=draft.definition, write=write)


def drop_draft(it: Interaction) -> Answer:
    """Drop the draft of the person's task, so that it begins again from the version in force.

    Raises Refusal `draft_moved_on` if a draft was handed in with the case by now.
    """
    draft = draft_of(it)
    require_changer(it, draft)
    if draft.file is not None and not may_drop(it, draft):
        raise Refusal("draft_moved_on")
    keep_file(it, "")
    return Answer(text=it.words.t("answer.dropped"), tone=Tone.INFO, case_id=it.case.id)


def keep_draft(it: Interaction, raw: Mapping[str, object]) -> Answer:
    """Keep the draft that was made of the answers to a form, until the task is completed.

    Raises Refusal `draft_moved_on` if the draft is another one by now.
    """
    draft = draft_of(it)
    require_changer(it, draft)
    before = "" if draft.file is None else draft.file.id
    file = it.tx.files.get(str(raw.get(FILE, "")))
    if file is None or file.owner != it.person or raw.get(BEFORE) != before:
        raise Refusal("draft_moved_on")
    keep_file(it, file.id)
    text = it.words.t("answer.changed", what=str(raw.get(SAID, "")))
    return Answer(text=text, tone=Tone.INFO, case_id=it.case.id)  # no card shows what was saved
