"""Anonymous surveys about a process: opened by the calendar, answered in chat, then published.

An answer marks the person as somebody who has answered, and adds to counters that are sealed with a
key outside the database (`handlers.sealing`), in one transaction. Nothing else is stored of it: no
event, no time, no text in the answer of the interaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from handlers import start
from handlers.answers import clean_text, read_word
from handlers.i18n import LANGUAGES, translator
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, Choice, FormSheet, Question, Tone
from handlers.sealing import SealBroken, key_of, seal, unseal
from handlers.sheets import own_sheet
from handlers.table_values import process_owners
from handlers.tokens import POLL, Token
from storage.surveys import StoredSurvey
from storage.unit import Tx
from workflows import slots, surveys
from workflows.case.effects import Lane, Post
from workflows.durations import Span
from workflows.errors import FormInvalid, Refusal
from workflows.loading import Loaded
from workflows.model.definition import Definition
from workflows.model.employee_survey import SCALES, EmployeeSurvey, SurveyKind, SurveyQuestion
from workflows.moments import Moment, from_iso, iso
from workflows.records import OutboxRow
from workflows.slots import Slot
from workflows.surveys import Counts, Published

COMMENT_MOST = 500  # characters
_SEEN = ""  # the slot that says that the survey was in force before


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSurvey:
    """The survey of a process, and its newest slot."""

    process: str
    survey: EmployeeSurvey
    slot: Slot

    @property
    def job(self) -> str:
        """The calendar job under which its slots are claimed."""
        return f"{POLL}:{self.process}"


# ---------------------------------------------------------------------------- by the calendar


def due(tx: Tx, office: Office, *, now: Moment) -> tuple[DueSurvey, ...]:
    """Return the surveys whose newest slot was not claimed yet."""
    return tuple(one for one in _all(tx, office, now) if not _is_claimed(tx, one))


def _is_claimed(tx: Tx, one: DueSurvey) -> bool:
    return {_SEEN, one.slot.name} <= tx.settings.slots(one.job)


def _all(tx: Tx, office: Office, now: Moment) -> Iterator[DueSurvey]:
    for process, survey in _surveys(tx, office):
        slot = slots.newest(survey, office.calendar, now=now)
        yield DueSurvey(process=process, survey=survey, slot=slot)


def _surveys(tx: Tx, office: Office) -> Iterator[tuple[str, EmployeeSurvey]]:
    for loaded in start.in_force(tx, office):
        if loaded.definition.employee_survey is not None:
            yield loaded.definition.key, loaded.definition.employee_survey


def next_at(tx: Tx, office: Office, *, now: Moment) -> Moment | None:
    """Return when the next survey opens, reminds or closes; None without any."""
    opens = (
        slots.following(one, office.calendar, now=now).due_at for _, one in _surveys(tx, office)
    )
    running = (
        at
        for one in tx.surveys.not_closed()
        for at in (one.remind_at, one.closes_at)
        if at is not None
    )
    return min((at for at in (*opens, *running) if at > now), default=None)


def open_survey(tx: Tx, office: Office, due: DueSurvey) -> int:
    """Claim a slot and ask everybody concerned; return how many are asked.

    Nobody is asked if the slot was due before the process had a survey, or if there are fewer
    people than the threshold; the owner of the process is notified then.
    """
    now = office.clock.now()
    loaded = start.current(tx, office, due.process)
    first = tx.settings.take_slot(job=due.job, slot=_SEEN, at=now)
    if not tx.settings.take_slot(job=due.job, slot=due.slot.name, at=now):
        return 0
    if first and due.slot.due_at < start.in_force_since(tx, due.process):
        return 0
    people = _concerned(tx, office, due)
    if len(people) < due.survey.threshold:
        owners = process_owners(loaded.definition, office.directory(tx))
        few = {"state": "few", "asked": str(len(people)), "least": str(due.survey.threshold)}
        _post(tx, office, owners, _facts(loaded.definition, due.slot.name, due.slot.due_at) | few)
        return 0
    ask(tx, office, loaded, slot=due.slot.name, people=people)
    return len(people)


def ask(tx: Tx, office: Office, loaded: Loaded, *, slot: str, people: Sequence[str]) -> None:
    """Open the survey of a definition: ask these people, from now on."""
    now, definition = office.clock.now(), loaded.definition
    own = definition.employee_survey
    assert own is not None, "there is a survey"
    survey = StoredSurvey(
        process=definition.key,
        slot=slot,
        definition=loaded.hash,
        opened_at=now,
        remind_at=_half(office, own, now),
        closes_at=office.calendar.add(now, own.open_for),
        asked=len(people),
        sealed=_sealed(office, definition.key, slot, Counts()),
    )
    tx.surveys.open(survey, people)
    _post(tx, office, people, _asked(tx, office, survey) | {"state": "asked"})


def _half(office: Office, survey: EmployeeSurvey, now: Moment) -> Moment | None:
    """Return the morning after half of the working days; None for a single day."""
    days = survey.open_for.amount // 2
    if not days:
        return None
    over = office.calendar.add(now, Span(amount=days, unit=survey.open_for.unit))
    return office.calendar.next_opening(over)


def _concerned(tx: Tx, office: Office, due: DueSurvey) -> tuple[str, ...]:
    """Return who had a task of the process, or filed a case, since the slot before."""
    before = slots.preceding(due.survey, office.calendar, now=due.slot.due_at)
    period = {"since": before.due_at, "until": due.slot.due_at}
    found: set[str] = set()
    if "workers" in due.survey.asks:
        found |= tx.surveys.workers(due.process, **period)
    if "filers" in due.survey.asks:
        found |= tx.surveys.filers(due.process, **period)
    directory = office.directory(tx)
    return tuple(sorted(filter(directory.active, found)))


def running(tx: Tx, *, now: Moment) -> tuple[StoredSurvey, ...]:
    """Return the open surveys with something to do: a reminder, or the close."""
    times = ((one, (one.remind_at, one.closes_at)) for one in tx.surveys.not_closed())
    return tuple(one for one, at in times if any(each is not None and each <= now for each in at))


def go_on(tx: Tx, office: Office, survey: StoredSurvey) -> Published | None:
    """Remind whoever has not answered, or close the survey; return what is published then."""
    now = office.clock.now()
    survey = tx.surveys.get(survey.process, survey.slot, lock=True) or survey
    if survey.closed_at is not None:
        return None
    if survey.closes_at <= now:
        return _close(tx, office, survey)
    if survey.remind_at is not None and survey.remind_at <= now:
        tx.surveys.reminded(survey.process, survey.slot)
        marks = tx.surveys.people(survey.process, survey.slot)
        left = (one for one, answered in marks.items() if not answered)
        _post(tx, office, left, _asked(tx, office, survey) | {"state": "asked", "reminded": "yes"})
    return None


def _close(tx: Tx, office: Office, survey: StoredSurvey) -> Published:
    definition, own = _defined(tx, office, survey)
    marks = tx.surveys.people(survey.process, survey.slot)
    reached = sum(answered or _got(tx, survey, one) for one, answered in marks.items())
    try:
        counts = counts_of(office, survey)
        published = surveys.published(counts, asked=reached, threshold=own.threshold)
        published = _shuffled(published, office.ids.salt())
    except SealBroken:
        published = Published(asked=reached, threshold=own.threshold, withheld=True, lost=True)
    plain = msgspec.to_builtins(published)
    tx.surveys.close(survey.process, survey.slot, published=plain, at=office.clock.now())
    owners = process_owners(definition, office.directory(tx))
    facts = _asked(tx, office, survey) | {"state": "closed"}
    facts["published"] = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    _post(tx, office, {*marks, *owners}, facts)
    return published


def _shuffled(published: Published, salt: str) -> Published:
    """Return it with the comments in an order that nothing but chance decides."""
    mixed = sorted(published.comments, key=lambda one: key_of(salt.encode(), one))
    return replace(published, comments=tuple(mixed))


def _got(tx: Tx, survey: StoredSurvey, person: str) -> bool:
    """Return whether a person got the message of a survey on any platform."""
    slot = _slot(survey.process, survey.slot)
    return bool(tx.outbox.sent(case_id=None, to=person, slot=slot))


def published_of(survey: StoredSurvey) -> Published:
    """Return what was published at the close of a survey."""
    return msgspec.convert(survey.published, Published)


def published_in(args: Mapping[str, str]) -> Published:
    """Return what was published at the close, from the facts of its message."""
    return msgspec.json.decode(args["published"], type=Published)


# ---------------------------------------------------------------------------- answering


def poll_sheet(caller: Caller, token: Token) -> FormSheet:
    """Return the form of a survey. Raises Refusal if it is over, or not for this person."""
    survey = _open_for(caller, token)
    definition, own = _defined(caller.tx, caller.office, survey)
    return own_sheet(
        POLL,
        token=token,
        language=caller.language,
        questions=[_question(one, caller.language) for one in own.questions],
        facts={"process": definition.name.of(caller.language), "least": own.threshold},
    )


def send(caller: Caller, token: Token, values: Mapping[str, object]) -> Answer:
    """Count an answer, once for each person. Raises FormInvalid, and Refusal as `poll_sheet`."""
    tx, office = caller.tx, caller.office
    survey = _open_for(caller, token, lock=True)
    _, own = _defined(tx, office, survey)
    scores, comment = _read(own, values)
    try:
        counts = counts_of(office, survey)
    except SealBroken:
        raise Refusal("poll_sealed") from None
    counts = surveys.count(
        counts, department=caller.person.department, scores=scores, comment=comment
    )
    counters = _sealed(office, survey.process, survey.slot, counts)
    me = caller.person.key
    if not tx.surveys.answer(survey.process, survey.slot, person=me, counters=counters):
        raise Refusal("poll_answered")
    _post(tx, office, [me], _asked(tx, office, survey) | {"state": "answered"}, anew=False)
    words = translator(caller.language)
    return Answer(text=words.t("answer.poll"), tone=Tone.GOOD, again=words.t("answer.done_before"))


def _open_for(caller: Caller, token: Token, *, lock: bool = False) -> StoredSurvey:
    slot, _, process = token.argument.partition("_")
    survey = caller.tx.surveys.get(process, slot.upper(), lock=lock)
    now = caller.office.clock.now()
    if survey is None or survey.closed_at is not None or survey.closes_at <= now:
        raise Refusal("poll_over")
    answered = caller.tx.surveys.people(process, survey.slot).get(caller.person.key)
    if answered is None:
        raise Refusal("poll_not_asked")
    if answered:
        raise Refusal("poll_answered")
    return survey


def _question(question: SurveyQuestion, language: str) -> Question:
    hint = question.hint.of(language) if question.hint is not None else ""
    label = question.text.of(language)
    if question.kind is SurveyKind.COMMENT:
        warned = translator(language).t("sheet.poll.comment")
        return Question(
            id=question.kind,
            type="long_text",
            label=label,
            hint=hint or warned,
            max=COMMENT_MOST,
        )
    return Question(
        id=question.kind,
        type="choice",
        label=label,
        hint=hint,
        required=True,
        choices=tuple(_choices(question.kind, language)),
    )


def _choices(kind: SurveyKind, language: str) -> Iterator[Choice]:
    scale, words = SCALES[kind], translator(language)
    ends = {scale[0]: "least", scale[-1]: "most"}
    for score in scale:
        end = ends.get(score)
        label = f"{score} · {words.t(f'poll.{kind}.{end}')}" if end else str(score)
        yield Choice(id=str(score), label=label)


def _read(own: EmployeeSurvey, values: Mapping[str, object]) -> tuple[dict[str, int], str]:
    """Return the scores by kind and the comment. Raises FormInvalid."""
    problems: dict[str, Refusal] = {}
    scores: dict[str, int] = {}
    for kind in own.scales:
        text = read_word(values.get(kind), kind, problems)
        if text in map(str, SCALES[kind]):
            scores[kind] = int(text)
        else:
            problems.setdefault(kind, Refusal("not_an_option" if text else "choice_required"))
    comment = ""
    if any(one.kind is SurveyKind.COMMENT for one in own.questions):
        comment = clean_text(values.get(SurveyKind.COMMENT) or "")
        if len(comment) > COMMENT_MOST:
            problems[SurveyKind.COMMENT] = Refusal(
                "text_too_long", most=COMMENT_MOST, length=len(comment)
            )
    if problems:
        raise FormInvalid(problems)
    return scores, comment


# ---------------------------------------------------------------------------- counters, messages


def _sealed(office: Office, process: str, slot: str, counts: Counts) -> str:
    key = key_of(office.survey_key(), _slot(process, slot))
    return seal(msgspec.json.encode(counts), key=key, nonce=office.ids.salt())


def counts_of(office: Office, survey: StoredSurvey) -> Counts:
    """Return the counters of an open survey. Raises SealBroken without its key."""
    key = key_of(office.survey_key(), _slot(survey.process, survey.slot))
    return msgspec.json.decode(unseal(survey.sealed or "", key=key), type=Counts)


def _defined(tx: Tx, office: Office, survey: StoredSurvey) -> tuple[Definition, EmployeeSurvey]:
    definition = office.shelf.get(tx, survey.definition).definition
    assert definition.employee_survey is not None, "it was opened by this version"
    return definition, definition.employee_survey


def _asked(tx: Tx, office: Office, survey: StoredSurvey) -> dict[str, str]:
    definition, _ = _defined(tx, office, survey)
    facts = _facts(definition, survey.slot, survey.opened_at)
    return {**facts, "closes": iso(survey.closes_at)}


def _facts(definition: Definition, slot: str, opened_at: Moment) -> dict[str, str]:
    own = definition.employee_survey
    named = {f"name.{one}": definition.name.of(one) for one in LANGUAGES}
    least = str(own.threshold if own is not None else 0)
    facts = {"process": definition.key, "slot": slot, "least": least, "opened": iso(opened_at)}
    return {**named, **facts}


def _post(
    tx: Tx, office: Office, to: Iterable[str], facts: Mapping[str, str], *, anew: bool = True
) -> None:
    """Enqueue the message of a survey, which has one place for each person."""
    directory = office.directory(tx)
    slot = _slot(facts["process"], facts["slot"])
    posts = [
        Post(to=one, slot=slot, kind=POLL, lane=Lane.TASK, args=facts, anew=anew)
        for one in sorted(filter(directory.active, to))
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})


def _slot(process: str, slot: str) -> str:
    return f"{POLL}:{process}:{slot}"


def recorded_at(row: OutboxRow, at: Moment) -> Moment:
    """Return the time to store of a sent message: of a survey only when the survey was opened.

    The time at which its message changed would say when somebody answered.
    """
    return from_iso(row.args["opened"]) if row.kind == POLL else at
