"""Makes the card of `/why`: why me, why this due time, why escalated, who and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.buttons import button
from handlers.cards.case import status_badge
from handlers.coming import coming_lines
from handlers.limits import day_rule
from handlers.pages import Card, Line
from handlers.reading import people_words, standing, verdicts
from handlers.reading.case import Reading
from handlers.reading.fair_time import hours
from handlers.reading.periods import what_for
from handlers.reading.why import Handed, WhyDue, WhyTask, why
from workflows.case.passed_over import PassedOver
from workflows.case.people import owners_of
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.flow import offer, start_buttons, start_clocks
from workflows.metrics.desk_time import Held
from workflows.model.nodes import ApprovalNode, WaitNode
from workflows.model.starts import Start
from workflows.moments import DAY, MINUTE

AHEAD_MOST = 3
STARTS_MOST = 8
DECIDED_MOST = 8
DAYS_MOST = 10
TIMES_MOST = 8


def why_card(reading: Reading) -> Card:
    """Return the card that explains the state of a case."""
    reading = reading.whole
    words, found = reading.words, why(reading)
    steps = (
        *(line for one in _told(reading, found.tasks) for line in _step(reading, one)),
        *_others_awaited(reading),
    )
    waits = (*_waits(reading), *_starts(reading))
    coming = coming_lines(found.coming, reading.definition, reading)
    times = _times(reading, found.times)
    lines = (*steps, *waits, *coming, *_decided(reading, found.decided), *times)
    running = reading.case.status is Status.RUNNING
    return Card(
        kind="why",
        case_id=reading.case.id,
        title=words.t("card.why", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        text="" if running else words.t("why.over", status=reading.status),
        lines=lines,
        buttons=(button(reading, "details"),),
        note=words.t("why.note") if coming else "",
    )


def route_card(reading: Reading) -> Card:
    """Return the card that shows what comes next in a case."""
    coming = coming_lines(why(reading).coming, reading.definition, reading)
    lines = (*_starts(reading), *coming)
    words = reading.words
    return Card(
        kind="why",
        case_id=reading.case.id,
        title=words.t("card.route", process=reading.title, case=reading.case.id),
        badge=status_badge(reading),
        text="" if lines else words.t("why.over", status=reading.status),
        lines=lines,
        buttons=(button(reading, "details"),),
        note=words.t("why.note") if coming else "",
    )


def _times(reading: Reading, held: tuple[Held, ...]) -> Iterator[Line]:
    """Yield how long each person had which step: for the reader, and for the process owner all.

    What was done within a minute is left out, and so are times of waiting, and those that count
    for nobody, where there were none.
    """
    words, everybody = reading.words, reading.reader.key in owners_of(reading.case, reading.world)
    mine = (one for one in held if everybody or one.person == reading.reader.key)
    shown = [one for one in mine if one.working >= MINUTE or not one.ended]
    for one in shown[-TIMES_MOST:]:
        who = reading.name(one.person) if one.person else words.t("task.unclaimed")
        until = reading.at(one.until) if one.ended else words.t("why.now")
        text = words.t(
            "why.time",
            who=who,
            own=_lasted(reading, one.own),
            since=reading.at(one.since),
            until=until,
        )
        besides = (("waiting", one.waiting), ("others", one.others))
        parts = [
            words.t(f"why.time.{name}", length=_lasted(reading, length))
            for name, length in besides
            if length > 0
        ]
        yield Line(when=reading.node(one.node), text=words.t("why.separator").join((text, *parts)))


def _lasted(reading: Reading, length: int) -> str:
    """Return a length of working time; from a day on in hours, since days would be ambiguous."""
    if length < DAY:
        return reading.length(length)
    return reading.words.t("why.hours", hours=hours(length))


def _starts(reading: Reading) -> Iterator[Line]:
    """Yield what will be started while the case rests: when, by what, and by whose button."""
    case, definition, t = reading.case, reading.definition, reading.words.t
    for visit in case.visits if case.rests else ():
        clocks = sorted(start_clocks.running(case, visit.id), key=lambda one: one.due_at)
        for clock in clocks[:STARTS_MOST]:
            _, name, subject = start_clocks.read_key(clock.key)
            node = definition.node(visit.node)
            start = node.start(name) if isinstance(node, WaitNode) else None
            if start is not None:
                text = _start(reading, start, subject, clock.planned[-1].id)
                when = t("why.from", day=reading.at(clock.planned[-1].at))
                yield Line(when=when, text=text)
    for _, start in start_buttons.offered(definition, case) if case.rests else ():
        people = reading.names(start_buttons.starters(case, reading.world, start))
        if start.label is not None and people:
            text = t("why.start.button", people=people, label=reading.text(start.label))
            yield Line(when=t("why.label.button"), text=text)


def _start(reading: Reading, start: Start, subject: str, period: str) -> str:
    """Return what a start opens, and what makes it due."""
    t, to = reading.words.t, reading.node(start.to)
    if start.on_expiry_of is not None:
        about = reading.labels((subject,))
        return t("why.start.expiry", node=what_for(reading, to, "", about=about))
    if start.at is not None:
        rule = day_rule(start.at, reading.definition).in_words(reading.language)
        return t("why.start.day", rule=rule, node=to)
    return t(f"why.start.{start.every}", node=what_for(reading, to, period))


def _others_awaited(reading: Reading) -> Iterator[Line]:
    """Yield for which case of another process each step waits."""
    others = dict(reading.case.others)
    for visit in reading.case.visits:
        if visit.id in others:
            text = reading.words.t("why.other", case=others[visit.id])
            yield Line(when=reading.node(visit.node), text=text)


def _waits(reading: Reading) -> Iterator[Line]:
    """Yield for which day the case waits, and what gives it."""
    for node, until, day in standing.waits(reading):
        rule = day_rule(until, reading.definition).in_words(reading.language)
        text = reading.words.t("why.until", day=day, rule=rule)
        yield Line(when=reading.node(node.id), text=text)


def _told(reading: Reading, tasks: tuple[WhyTask, ...]) -> Iterator[WhyTask]:
    """Yield the tasks that are explained: of several signers those of the reader, else one."""
    for one in tasks:
        seats = [other for other in tasks if other.task.visit == one.task.visit]
        mine = [other for other in seats if _mine(reading, other.task)]
        if one in (mine or seats[:1]):
            yield one


def _mine(reading: Reading, task: Task) -> bool:
    return reading.may_act(task) or reading.reader.key in (*task.owners, *task.rescuers)


def _step(reading: Reading, one: WhyTask) -> Iterator[Line]:
    t, task = reading.words.t, one.task
    node = reading.node(task.node)
    owners = reading.names(task.owners) or t("task.nobody")
    has_it = "why.offered" if len(task.owners) > 1 else "why.has_it"
    yield Line(when=node, text=t(has_it, people=owners))
    reasons = _reasons(reading, one)
    yield Line(
        when=t("why.label.me" if _mine(reading, task) else "why.label.them"),
        text=_sentence(reading, reasons),
    )
    if one.passed_over:
        yield Line(when=t("why.label.out"), text=reading.listed(_out(reading, one.passed_over)))
    if task.blocked:
        told = reading.listed(
            t("why.told", people=reading.names(body.to), when=reading.at(at))
            for at, body in one.told_blocked[-1:]
        )
        yield Line(when=t("why.label.blocked"), text=t("why.blocked", told=told))
    if one.due is not None:
        yield Line(when=t("why.label.due"), text=_sentence(reading, _due(reading, one.due)))
    if one.visit_due is not None:
        text = _sentence(reading, _due(reading, one.visit_due))
        yield Line(when=t("why.label.visit_due"), text=text)
    yield Line(when=t("why.label.escalated"), text=_sentence(reading, _climbed(reading, one)))
    yield from _silence(reading, one)
    yield from _others(reading, task)
    yield from _checked(reading, task)
    yield Line(when=t("why.label.then"), text=_sentence(reading, _outcomes(reading, task)))


def _sentence(reading: Reading, parts: Iterable[str]) -> str:
    text = reading.words.t("why.separator").join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def _others(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield who else has to sign the same step."""
    seats = [one for one in reading.case.ballot(task.visit) if one.unfinished and one.id != task.id]
    if seats:
        people = dict.fromkeys(person for seat in seats for person in seat.owners)
        yield Line(when=reading.words.t("why.label.others"), text=reading.names(people))


def _checked(reading: Reading, task: Task) -> Iterator[Line]:
    """Yield which certificates have no verdict yet, and which verdicts carry over."""
    t = reading.words.t
    left = [one for one in task.verdicts if not one.outcome]
    kept = [one for one in task.verdicts if one.rule]
    if left:
        names = reading.listed(verdicts.subject(reading, one) for one in left)
        yield Line(when=t("why.label.checked"), text=names)
    if kept:
        names = reading.listed(verdicts.subject(reading, one) for one in kept)
        yield Line(when=t("why.label.unchanged"), text=names)


def _out(reading: Reading, out: Iterable[PassedOver]) -> Iterator[str]:
    t = reading.words.t
    for who, reason in dict.fromkeys((one.person, one.why) for one in out):
        yield t("history.left_out.one", who=reading.name(who), why=t(f"bar.{reason}"))


# ---------------------------------------------------------------------------- who


def _reasons(reading: Reading, one: WhyTask) -> Iterator[str]:
    """Yield why its owners have a task, in the order in which it came about."""
    t, task, me = reading.words.t, one.task, reading.reader.key
    if task.added_by:
        yield t(f"why.added.{task.joins or 'beside'}", by=reading.name(task.added_by))
    else:
        place = offer.Place.of(task, case=reading.case, world=reading.world)
        named = people_words.in_words(place.expression, reading.definition, reading)
        yield t("why.rule", who=named)
    if task.round > 1:
        yield t("why.round", round=task.round)
    for handed in one.handed:
        yield from _handed(reading, handed)
    for owner in task.owners:
        if owner != me and offer.standing(reading.case, task, actor=me, world=reading.world):
            yield t("why.you_stand_in", principal=reading.name(owner))
    if me in task.rescuers:
        yield t("why.you_may_take_over")


def _handed(reading: Reading, one: Handed) -> Iterator[str]:
    if one.how == "named":
        return
    msgid = f"why.fallback.{one.fallback}" if one.how == "fallback" else f"why.got.{one.how}"
    yield reading.words.t(
        msgid,
        people=reading.names(one.people),
        by=reading.name(one.by),
        when=reading.at(one.at),
    )


# ---------------------------------------------------------------------------- when


def _due(reading: Reading, one: WhyDue) -> Iterator[str]:
    t, clock = reading.words.t, one.clock
    counted = "why.due.working" if clock.span.is_working else "why.due.wall"
    yield t(
        counted,
        start=reading.at(clock.started_at),
        span=reading.span(clock.span),
        due=reading.at(clock.due_at),
    )
    if one.holidays:
        days = reading.listed(
            reading.words.t("why.day", day=reading.day(day.isoformat()), name=name)
            if name
            else reading.day(day.isoformat())
            for day, name in one.holidays[:DAYS_MOST]
        )
        yield t("why.holidays", days=days)
    if one.make_up:
        days = reading.listed(reading.day(day.isoformat()) for day in one.make_up[:DAYS_MOST])
        yield t("why.make_up", days=days)
    for moved in one.moved:
        due = reading.at(moved.due_at) if moved.due_at is not None else ""
        yield t(f"why.moved.{moved.why}", when=reading.at(moved.at), due=due)
    if clock.provisional:
        yield t("why.provisional")


def _climbed(reading: Reading, one: WhyTask) -> Iterator[str]:
    t = reading.words.t
    if not one.reminded and not one.escalated:
        yield t("why.not_escalated")
    for at, body in one.reminded:
        yield t("why.reminded", when=reading.at(at), people=reading.names(body.to))
    for at, escalated in one.escalated:
        text = t(
            "why.escalated",
            when=reading.at(at),
            people=reading.names(escalated.to),
            level=escalated.level,
        )
        out = [*_out(reading, escalated.passed_over)]
        yield t("history.left_out", text=text, people=reading.listed(out)) if out else text


def _silence(reading: Reading, one: WhyTask) -> Iterator[Line]:
    """Yield what happens next if nobody acts."""
    t = reading.words.t
    said = {other.at for other in one.ahead if other.kind != "due" and other.matters}
    due = [other for other in one.ahead if other.matters]
    ahead = [other for other in due if other.kind != "due" or other.at not in said][:AHEAD_MOST]
    texts = (
        t(
            "why.ahead",
            when=reading.at(one.at),
            what=t(
                f"ahead.{one.kind}",
                people=reading.names(one.to),
                clock=reading.clock_name(one.clock),
            ),
        )
        for one in ahead
    )
    if ahead:
        yield Line(when=t("why.label.silence"), text=_sentence(reading, texts))


# ---------------------------------------------------------------------------- what follows


def _outcomes(reading: Reading, task: Task) -> Iterator[str]:
    """Yield where each outcome of a task leads."""
    t = reading.words.t
    node = reading.definition.work_node(task.node)
    if not isinstance(node, ApprovalNode):
        yield t("why.outcome", outcome=t("document.outcome.complete"), node=reading.node(node.next))
        return
    for name, outcome in node.outcomes.items():
        to = reading.listed(map(reading.node, outcome.to))
        label = reading.outcome_at(node.id, name, in_a_column=True)
        yield t("why.outcome", outcome=label, node=to)


def _decided(reading: Reading, decided: tuple[Task, ...]) -> Iterator[Line]:
    """Yield the last decisions, each with who made it or the rule that did.

    Those of branches that have ended are no longer in the state of the case.
    """
    t, reading = reading.words.t, reading.whole
    shown = [task for task in decided if task.status is not TaskStatus.OPEN][-DECIDED_MOST:]
    for task in shown:
        who = reading.performer(task.decided_by, on_behalf_of=task.on_behalf_of)
        yield Line(
            when=reading.at(task.decided_at) if task.decided_at is not None else "",
            text=t(
                "why.decided",
                node=standing.named(reading, task.spot, reading.node(task.node)),
                who=who,
                outcome=reading.outcome(task, in_a_column=True),
            ),
        )
