"""Decides about the proposals of a review: accept, which starts a change case, or not now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers import start
from handlers.answers import read_text
from handlers.changing.draft import PROCESS as CHANGE
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Tone
from handlers.process_names import key_named
from handlers.reading.formatter import formatter
from handlers.reviews.posting import readers_of, reviewed_in, tell
from handlers.reviews.wording import ReviewSource, source_of
from handlers.sheets import own_sheet, text_question
from handlers.table_values import may_own
from handlers.tokens import Token
from storage.reviews import ACCEPTED, POSTPONED, ReviewDecision, StoredReview
from storage.unit import Tx
from workflows.errors import Refusal
from workflows.loading import Loaded
from workflows.metrics.proposals import Proposal
from workflows.model.measures import metric_named
from workflows.moments import in_zone
from workflows.records import CaseQuery

ADOPT, POSTPONE = "adopt", "postpone"  # the verbs of the buttons
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
    """Return what a button is about.

    Raises Refusal `review_none`, `review_closed`, or `review_accepted` with the change case.
    """
    period, _, rest = token.argument.partition("_")
    rank, _, process = rest.partition("_")
    stored = caller.tx.reviews.get(process, period.upper(), lock=lock)
    proposals = reviewed_in(stored).proposals if stored is not None else ()
    proposal = next((one for one in proposals if str(one.rank) == rank), None)
    if stored is None or proposal is None:
        raise Refusal("review_none")
    if not may_review(caller.tx, caller.office, stored, person=caller.person.key):
        raise Refusal("review_closed")
    decision = caller.tx.reviews.decisions(process, stored.period).get(proposal.rank)
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
    words = translator(caller.language)
    return replace(sheet, token=str(token), intro=words.t("sheet.adopt.intro"))


def adopt(caller: Caller, token: Token, values: Mapping[str, object]) -> Answer:
    """Start the change case of a proposal and store the decision, once.

    Raises FormInvalid, and Refusal as `adopt_sheet`.
    """
    pointed = _pointed(caller, token, lock=True)
    _change(caller)
    case = start.start_case(
        caller.tx,
        caller.office,
        process=CHANGE,
        person=caller.person.key,
        via=caller.via,
        raw=values,
    )
    _decide(caller, pointed, ACCEPTED, case_id=case.id)
    return start.filed(case, language=caller.language)


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
