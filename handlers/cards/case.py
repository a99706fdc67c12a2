"""Makes the cards about a whole case: the filer's, a copy, the end, the survey, the details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.buttons import button
from handlers.cards import introduction, others, parts
from handlers.changing.draft import PROCESS, handed_facts
from handlers.choices import all_choices, case_choices, choices_everywhere
from handlers.documents.papers import links
from handlers.history import history_lines, is_cut
from handlers.pages import Badge, Card, Fact, Line, Tone
from handlers.reading.case import Reading
from handlers.reading.fair_time import hours, times_of_case
from handlers.reading.standing import filer, steps
from workflows.actions.score import BEST, WORST
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.events import SYSTEM
from workflows.case.people import owners_of
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import CopiedIn
from workflows.model.nodes import EndNode

Args = Mapping[str, str]


def status_badge(reading: Reading) -> Badge:
    """Return the badge with the status of a case, or that it is overdue."""
    status = reading.case.status
    late = any(
        clock.status is ClockStatus.RUNNING and clock.due_at <= reading.now
        for clock in reading.case.clocks
        if clock.kind is not ClockKind.WORK  # which is due at once
    )
    if status is Status.RUNNING and late:
        return Badge(text=reading.words.t("task.overdue"), tone=Tone.DANGER)
    tone = {Status.RUNNING: Tone.INFO, Status.COMPLETED: Tone.GOOD}.get(status, Tone.NEUTRAL)
    return Badge(text=reading.status, tone=tone)


def case_card(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the filer's card: the state of the case, the assignees, and the filer's actions."""
    main, more = case_choices(reading)
    return Card(
        kind="case",
        case_id=reading.case.id,
        title=reading.words.t("card.case", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        facts=(
            *_handed_over(reading),
            *standing_facts(reading),
            *introduction.helper_facts(reading),
        ),
        quote=parts.what_happened(reading),
        files=parts.start_files(reading),
        buttons=(*main, button(reading, "details")),
        more=more,
        note=reading.words.t("note.filed", when=reading.at(reading.case.created_at)),
    )


def _handed_over(reading: Reading) -> Iterator[Fact]:
    """Yield who filed the case, if somebody else took it over since."""
    if reading.case.acting_filer != reading.case.filer:
        yield Fact(label=reading.words.t("fact.filer"), value=filer(reading))


def standing_facts(reading: Reading, *, in_full: bool = False) -> Iterator[Fact]:
    """Yield the state of a case: step, assignees, clocks, grades, and the start form."""
    words, case = reading.words, reading.case
    if case.status is Status.RUNNING:
        yield Fact(label=words.t("fact.step"), value=steps(reading))
        if case.open_tasks:
            yield Fact(label=words.t("fact.has_it"), value=parts.has_it(reading, case.open_tasks))
        yield from parts.checked_facts(reading, case.open_tasks)
        for visit in case.visits:
            yield from parts.signers_facts(reading, visit.id)
        yield from parts.case_clock_facts(reading)
    yield from _ending(reading)
    yield from others.facts(reading)
    yield from introduction.pilot_facts(reading)
    yield from introduction.training_facts(reading)
    if case.process == PROCESS:
        yield from handed_facts(reading, full=in_full)
    yield from parts.work_facts(reading, in_full=in_full)
    yield from parts.triage_facts(reading)
    yield from parts.calculated_facts(reading)
    yield from parts.form_facts(reading, reading.definition.start_form, in_full=in_full)
    yield from parts.again_facts(reading)


def _ending(reading: Reading) -> Iterator[Fact]:
    """Yield the name of the end that the case came to, of several, where the status is not it."""
    ends = {node.id: node for node in reading.definition.nodes if isinstance(node, EndNode)}
    end, case = ends.get(reading.case.node), reading.case
    if len(ends) > 1 and end is not None and end.status == case.status.value:
        name = reading.text(end.name)
        if name != reading.status:
            yield Fact(label=reading.words.t("fact.ending"), value=name)


def _time(reading: Reading) -> Iterator[Fact]:
    """Yield how long the case took, for owners and administrators: waiting and own time apart."""
    me, world = reading.reader.key, reading.world
    if me in owners_of(reading.case, world) or me in world.directory.admins:
        took = times_of_case(reading)
        text = reading.words.t(
            "case.time",
            gross=hours(took.gross),
            working=hours(took.working),
            waiting=hours(took.waiting),
            own=hours(took.own),
        )
        yield Fact(label=reading.words.t("fact.took"), value=text)


def copied(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card for somebody who was copied in."""
    event = reading.event(int(args["seq"]))
    assert isinstance(event.body, CopiedIn), "a copy card is about copying in"
    by_rule = event.actor == SYSTEM
    words = reading.words
    return Card(
        kind="copied",
        case_id=reading.case.id,
        title=words.t("card.copied", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        text=words.t("copied.rule") if by_rule else words.t("copied.by", who=reading.actor(event)),
        facts=tuple(standing_facts(reading)),
        quote=parts.what_happened(reading),
        files=parts.start_files(reading),
        buttons=(button(reading, "details"), button(reading, "comment")),
        more=choices_everywhere(reading),
        note=reading.body_text(event.body.content),
    )


def closed(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card of an ended case: its status, its duration and its document.

    Once the case was opened again, the card shows where it is.
    """
    case, words = reading.case, reading.words
    took = reading.length((case.closed_at or reading.now) - case.created_at)
    clocks = [
        Fact(
            label=reading.clock_name(clock.key),
            value=words.t("clock.met" if clock.met else "clock.missed"),
            tone=Tone.GOOD if clock.met else Tone.DANGER,
        )
        for clock in reading.clocks
        if clock.kind is ClockKind.CASE and clock.met is not None
    ]
    ended = case.status is not Status.RUNNING
    return Card(
        kind="closed",
        case_id=case.id,
        title=words.t(
            "card.closed",
            status=reading.status,
            process=reading.title,
            case=case.id,
        ),
        badge=status_badge(reading),
        facts=(
            *_ending(reading),
            Fact(label=words.t("fact.took"), value=took),
            *clocks,
            *parts.work_facts(reading),
            *parts.triage_facts(reading),
            *parts.calculated_facts(reading),
            *parts.subject_facts(reading),
            *others.facts(reading),
            *parts.again_facts(reading),
        )
        if ended
        else tuple(standing_facts(reading)),
        quote=_why_ended(reading),
        lines=tuple(_why_rejected(reading)),
        files=links(reading) if ended else (),
        buttons=(button(reading, "details"),),
        more=(button(reading, "comment"), *choices_everywhere(reading)),
    )


def _why_ended(reading: Reading) -> str:
    """Return the reason of an administrator who terminated the case, "" without one."""
    if reading.case.status is not Status.TERMINATED:
        return ""
    ends = (event.body for event in reading.events if isinstance(event.body, CaseClosed))
    last = [*ends][-1]
    return reading.body_text(last.content) if last.content is not None else ""


def _why_rejected(reading: Reading) -> Iterator[Line]:
    """Yield who rejected the case, with the reasons, if rejecting it was the last decision."""
    decided = [one for one in reading.case.tasks if one.decided_at is not None and not one.voided]
    if reading.case.status is not Status.REJECTED or not decided:
        return
    last = max(decided, key=lambda one: one.decided_at or 0)
    for one in decided:
        quote = reading.written(one.content)
        if one.visit == last.visit and one.outcome == "reject" and quote:
            who = reading.performer(one.decided_by or "", on_behalf_of=one.on_behalf_of)
            node, what = reading.node(one.node), reading.outcome(one)
            text = reading.words.t("card.task.earlier", who=who, node=node, what=what)
            yield Line(when=reading.at(one.decided_at or reading.now), text=text, quote=quote)


def survey(reading: Reading, task: Task | None, args: Args) -> Card | None:
    """Return the card of the survey, with five buttons or the score. None without a survey."""
    asked, rule = reading.case.survey, reading.definition.survey
    if asked is None or rule is None:
        return None
    words = reading.words
    given, hint = asked.answered, reading.text(rule.hint) if rule.hint is not None else ""
    return Card(
        kind="survey",
        case_id=reading.case.id,
        title=words.t("card.survey", case=reading.case.id),
        badge=Badge(text=words.t("survey.thanks"), tone=Tone.GOOD) if given else None,
        text=reading.text(rule.question),
        facts=(Fact(label=words.t("fact.score"), value=words.t("survey.score", score=asked.score)),)
        if given
        else (),
        quote=reading.body_text(asked.content) if given else "",
        buttons=()
        if given
        else tuple(
            button(reading, "score", argument=str(score), label=words.t(f"button.score.{score}"))
            for score in range(WORST, BEST + 1)
        ),
        note="" if given else "\n".join(filter(None, (hint, words.t("survey.named")))),
    )


def details(reading: Reading) -> Card:
    """Return the card with the details of a case: its state, its history and its actions."""
    lines = history_lines(reading, most=parts.HISTORY_MOST)
    over = reading.case.status is not Status.RUNNING
    (mine, rarer), (main, more) = all_choices(reading)
    return Card(
        kind="details",
        case_id=reading.case.id,
        title=reading.words.t("card.case", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        facts=(
            *standing_facts(reading, in_full=True),
            Fact(label=reading.words.t("fact.filer"), value=filer(reading)),
            *_time(reading),
        ),
        quote=parts.what_happened(reading),
        lines_title=reading.words.t("card.history"),
        lines=lines,
        files=(
            *parts.start_files_in_full(reading),
            *parts.work_files(reading),
            *(links(reading) if over or is_cut(lines) else ()),
        ),
        buttons=(*mine, *main),
        more=(*rarer, *more),
    )
