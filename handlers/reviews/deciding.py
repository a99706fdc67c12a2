"""Decides about the proposals of a review: accept, which starts a change case, or not now.

A proposal that was replayed has a draft, which is made again from the version that was reviewed and
handed to the change case. Its file is written before the form is handled, because bytes are written
outside a transaction; if the form is refused it is an unused upload, which is deleted after a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from handlers import start
from handlers.answers import read_text
from handlers.changing.draft import FIELD, TARGET
from handlers.changing.draft import PROCESS as CHANGE
from handlers.changing.handed import HANDED, Handed, is_outdated
from handlers.differences.wording import said
from handlers.draft_base import is_base, version_of
from handlers.i18n import LANGUAGES, translator
from handlers.intents import Submitted
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Tone
from handlers.process_names import key_named
from handlers.reading.formatter import formatter
from handlers.reviews.drafting import draft_following
from handlers.reviews.posting import readers_of, reviewed_in, tell
from handlers.reviews.wording import ReviewSource, source_of
from handlers.sheets import own_sheet, text_question
from handlers.table_values import may_own
from handlers.tokens import Token
from handlers.uploads import attach, upload
from storage.reviews import ACCEPTED, POSTPONED, ReviewDecision, StoredReview
from storage.unit import Database, Tx
from workflows.errors import CloseloopError, Refusal
from workflows.loading import Loaded, with_base
from workflows.metrics.proposals import Proposal
from workflows.model.fields import FieldType
from workflows.model.measures import metric_named
from workflows.moments import in_zone
from workflows.ports import Files
from workflows.records import CaseQuery

ADOPT, POSTPONE = "adopt", "postpone"  # the verbs of the buttons
HANDED_FILE = "handed-draft"  # beside the answers; no field can have this id
LINES_MOST = 12  # of what a draft changes
REASON_MOST = 1000  # characters
_FORMER_MOST = 200  # change cases among which the one before is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pointed:
    """The proposal that a button is about, and what was decided about it."""

    stored: StoredReview
    proposal: Proposal
    decision: ReviewDecision | None


def may_review(tx: Tx, office: Office, stored: StoredReview, *, person: str) -> bool:
    """Return whether a person may read and decide a review: who gets it, owners, administrators."""
    definition = office.shelf.get(tx, stored.definition).definition
    directory = office.directory(tx)
    return person in readers_of(definition, directory) or may_own(definition, directory, person)


def _pointed(caller: Caller, token: Token, *, lock: bool = False) -> _Pointed:
    return _proposed(caller.tx, caller.office, token, person=caller.person.key, lock=lock)


def _proposed(tx: Tx, office: Office, token: Token, *, person: str, lock: bool = False) -> _Pointed:
    """Return what a button is about.

    Raises Refusal `review_none`, `review_closed`, or `review_accepted` with the change case.
    """
    period, _, rest = token.argument.partition("_")
    rank, _, process = rest.partition("_")
    stored = tx.reviews.get(process, period.upper(), lock=lock)
    proposals = reviewed_in(stored).proposals if stored is not None else ()
    proposal = next((one for one in proposals if str(one.rank) == rank), None)
    if stored is None or proposal is None:
        raise Refusal("review_none")
    if not may_review(tx, office, stored, person=person):
        raise Refusal("review_closed")
    decision = tx.reviews.decisions(process, stored.period).get(proposal.rank)
    if decision is not None and decision.decision == ACCEPTED:
        raise Refusal("review_accepted", case=decision.case_id)
    return _Pointed(stored=stored, proposal=proposal, decision=decision)


# ---------------------------------------------------------------------------- accept


def adopt_sheet(caller: Caller, token: Token) -> FormSheet:
    """Return the start form of a change case, filled in from the proposal.

    Raises Refusal as `_pointed`, or `change_missing` if no process for changes is published.
    """
    pointed = _pointed(caller, token)
    loaded = _change(caller)
    sheet = start.start_sheet(
        caller.tx,
        caller.office,
        loaded,
        filer=caller.person,
        language=caller.language,
        values=_filled(caller, loaded, pointed),
    )
    return replace(sheet, token=str(token), intro=_intro(caller, loaded, pointed))


def _intro(caller: Caller, loaded: Loaded, pointed: _Pointed) -> str:
    """Return what submitting the form does, and whether a draft goes with it."""
    words, tx = translator(caller.language), caller.tx
    lines = [words.t("sheet.adopt.intro")]
    handed, current = _handed(loaded, pointed), tx.definitions.in_force(pointed.stored.process)
    if handed is not None and current is not None:
        facts = {
            "base": version_of(tx, handed.definition, current=current),
            "version": current.version,
        }
        outdated = is_outdated(tx, handed, current)
        lines.append(words.t("sheet.adopt.newer" if outdated else "sheet.adopt.draft", **facts))
    return "\n".join(lines)


def adopt(caller: Caller, token: Token, values: Mapping[str, object]) -> Answer:
    """Start the change case of a proposal and store the decision, once.

    Raises FormInvalid, and Refusal as `adopt_sheet`.
    """
    pointed = _pointed(caller, token, lock=True)
    handed = _handed(_change(caller), pointed)
    if handed is not None and key_named(caller.tx, caller.office, str(values.get(TARGET))) != (
        pointed.stored.process
    ):
        handed = None  # they change another process
    made = values.get(HANDED_FILE)
    if handed is not None and isinstance(made, Mapping) and caller.tx.files.get(made["file"]):
        handed = msgspec.structs.replace(handed, **made)
    case = start.start_case(
        caller.tx,
        caller.office,
        process=CHANGE,
        person=caller.person.key,
        via=caller.via,
        raw=values,
        handed={HANDED: msgspec.to_builtins(handed)} if handed is not None else {},
    )
    if handed is not None and handed.file:
        attach(caller.tx, [handed.file], person=caller.person.key, case_id=case.id)
    _decide(caller, pointed, ACCEPTED, case_id=case.id)
    return start.filed(case, language=caller.language)


async def with_draft(
    database: Database, files: Files, office: Office, intent: Submitted, token: Token
) -> Submitted:
    """Return the form of an accepted proposal with a file of its draft, if one can be made.

    The case is started all the same without one, and says why.
    """
    values = {name: value for name, value in intent.values.items() if name != HANDED_FILE}
    intent = replace(intent, values=values)
    try:
        made = await database.read(lambda tx: _made(tx, office, intent, token), by=intent.person)
        if made is None:
            return intent
        name, content = f"{made.process}.toml", made.text.encode()
        file = await upload(
            database, files, office, person=intent.person, name=name, content=content
        )
    except CloseloopError:
        return intent  # its handler says what is wrong
    return replace(intent, values={**values, HANDED_FILE: {"file": file.id, "lines": made.lines}})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """The text of a draft, and what it changes, by language."""

    process: str
    text: str
    lines: Mapping[str, tuple[str, ...]]


def _made(tx: Tx, office: Office, intent: Submitted, token: Token) -> _Made | None:
    """Return the draft of the proposal of a form; None if it was handled, or there is none."""
    if tx.inbox.seen(source=intent.via, key=intent.key) is not None:
        return None
    pointed = _proposed(tx, office, token, person=intent.person)
    stored, forecast = pointed.stored, pointed.proposal.forecast
    current = tx.definitions.in_force(stored.process)
    if forecast is None or current is None or not is_base(tx, stored.definition, current=current):
        return None
    base, directory = office.shelf.get(tx, stored.definition), office.directory(tx)
    draft = draft_following(
        pointed.proposal,
        base,
        forecast.limits or tuple(filter(None, (forecast.limit,))),
        directory=directory,
        calendars=frozenset(office.calendar.names),
    )
    if draft is None:
        return None
    writes = (formatter(office, directory, reader=None, language=one) for one in LANGUAGES)
    return _Made(
        process=stored.process,
        text=with_base(draft.text, base.hash),
        lines={
            one.language: said(base.definition, draft.definition, one)[:LINES_MOST]
            for one in writes
        },
    )


def _handed(loaded: Loaded, pointed: _Pointed) -> Handed | None:
    """Return the draft of a proposal as it is handed over, without a file yet; None without one.

    `loaded` is the process for changes, which may ask for no draft.
    """
    field = loaded.definition.field(FIELD)
    if pointed.proposal.forecast is None or field is None or field.type is not FieldType.FILES:
        return None
    stored = pointed.stored
    return Handed(
        process=stored.process,
        period=stored.period,
        proposal=pointed.proposal.rank,
        definition=stored.definition,
    )


def _change(caller: Caller) -> Loaded:
    try:
        return start.current(caller.tx, caller.office, CHANGE)
    except Refusal as refusal:
        if refusal.code != "process_unknown":
            raise
        raise Refusal("change_missing", process=CHANGE) from None


def _filled(caller: Caller, loaded: Loaded, pointed: _Pointed) -> dict[str, object]:
    """Return the values of the start form that the proposal knows, as far as it has the fields."""
    stored, proposal = pointed.stored, pointed.proposal
    definition = caller.office.shelf.get(caller.tx, stored.definition).definition
    write = formatter(
        caller.office, caller.directory, reader=caller.person, language=caller.language
    )
    source = source_of(caller.tx, stored, definition, write)
    words, name = source.words, write.text(definition.name)
    is_known = key_named(caller.tx, caller.office, name) == stored.process
    title, risk = source.title(proposal), words.t("review.risk", text=source.risk(proposal))
    known = {
        "process": name if is_known else stored.process,
        "scenario": title,
        "pain_points": "\n".join((title, source.evidence(proposal), risk)),
        "targets": _targets(source, loaded),
        "from_review": words.t("review.origin", period=stored.period, number=proposal.rank),
        "former_change": former_change(caller.tx, caller.office, stored.process),
    }
    form = loaded.definition.forms[loaded.definition.start_form]
    return {field.id: known[field.id] for field in form.fields if known.get(field.id)}


def _targets(source: ReviewSource, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the targets of the process as rows, those whose figure the form has as an option.

    They are to be reached until the period ends that began with the review.
    """
    field = loaded.definition.field("targets")
    columns = {column.id: column for column in field.columns} if field is not None else {}
    figures = columns.get("figure")
    if figures is None or "goal" not in columns:
        return []
    review = source.review
    by = in_zone(2 * review.until - review.since, source.write.zone).date().isoformat()
    found = (
        {"figure": metric_named(one.measure), "goal": one.goal, "by": by}
        for one in source.definition.targets
    )
    known = {option.id for option in figures.options}
    return [
        {name: row[name] for name in row if name in columns}
        for row in found
        if row["figure"] in known
    ]


def former_change(tx: Tx, office: Office, process: str) -> str:
    """Return the number of the newest ended change case of a process, or ""."""
    rows = tx.cases.find(CaseQuery(process=CHANGE, ended=True, limit=_FORMER_MOST))
    ids = [row.id for row in rows]
    named = {
        form.case_id: str(form.body["values"]["process"])
        for form in (tx.contents.forms_of_each(ids) if ids else ())
        if form.body and form.body.get("values", {}).get("process")
    }
    texts = {one for one in set(named.values()) if key_named(tx, office, one) == process}
    return next((one for one in ids if named.get(one) in texts), "")


# ---------------------------------------------------------------------------- not now


def postpone_sheet(caller: Caller, token: Token) -> FormSheet:
    """Return the form for the reason. Raises Refusal as `_pointed`."""
    pointed = _pointed(caller, token)
    reason = text_question(POSTPONE, language=caller.language)
    return own_sheet(
        POSTPONE,
        token=token,
        language=caller.language,
        questions=[replace(reason, max=REASON_MOST)],
        facts={"rank": pointed.proposal.rank},
    )


def postpone(caller: Caller, token: Token, values: Mapping[str, object]) -> Answer:
    """Store that a proposal is not followed now, with the reason. Raises FormInvalid, Refusal."""
    pointed = _pointed(caller, token, lock=True)
    reason = read_text(values.get("text"), most=REASON_MOST)
    _decide(caller, pointed, POSTPONED, reason=reason)
    words = translator(caller.language)
    return Answer(text=words.t("answer.postpone"), tone=Tone.GOOD)


def _decide(
    caller: Caller,
    pointed: _Pointed,
    decision: str,
    *,
    reason: str = "",
    case_id: str | None = None,
) -> None:
    caller.tx.reviews.decide(
        ReviewDecision(
            process=pointed.stored.process,
            period=pointed.stored.period,
            proposal=pointed.proposal.rank,
            decision=decision,
            person=caller.person.key,
            at=caller.office.clock.now(),
            reason=reason,
            case_id=case_id,
        )
    )
    tell(caller.tx, caller.office, pointed.stored, anew=False)
