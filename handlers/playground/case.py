"""Makes a case for the playground's page: diagram, clocks, coming events, history, files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.cards import case as case_cards
from handlers.cards import parts
from handlers.cards.diagram import case_diagram
from handlers.choices import all_choices
from handlers.deliver import token_of
from handlers.documents.papers import links
from handlers.history import Told, tell
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Button, Tone
from handlers.playground.page import (
    PageAhead,
    PageCase,
    PageClock,
    PageDocument,
    PageEvent,
    PageField,
    PageHidden,
    PageName,
    PageTask,
)
from handlers.reading.case import Reading, open_case
from handlers.reading.versions import versioned_files
from storage.unit import Tx
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.effects import Post, Refresh, task_slot
from workflows.case.events import evolve
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow.outlook import Ahead, outlook
from workflows.moments import iso
from workflows.records import ChatMessage

AHEAD_MOST = 6
PLATFORM = "playground"  # the name of its chat in the outbox
_PRESSING = (Tone.NEUTRAL, Tone.GOOD, Tone.INFO, Tone.WARN, Tone.DANGER)  # in ascending order


def case_view(
    tx: Tx, office: Office, *, case_id: str, person: str, language: str
) -> PageCase | PageHidden:
    """Return a case as a persona may see it, or the reason why they may not read it."""
    reader = office.directory(tx).get(person)
    if reader is None:
        raise Refusal("not_known")
    try:
        reading = open_case(tx, office, case_id=case_id, reader=reader, language=language)
    except Refusal as refusal:
        if refusal.code != "not_your_case":
            raise
        return PageHidden(hidden=translator(language).t("refusal.not_your_case"))
    reading = reading.whole
    case = reading.case
    badge = case_cards.status_badge(reading)
    return PageCase(
        id=case.id,
        title=reading.subject or reading.title,
        process=reading.title,
        status=case.status.value,
        status_text=badge.text,
        tone=badge.tone,
        filer=_person(reading, case.filer),
        created_text=reading.at(case.created_at),
        may=_may(reading),
        diagram=case_diagram(reading),
        clocks=tuple(_clock(reading, clock) for clock in reading.clocks if _shown(clock)),
        tasks=tuple(_task(reading, task) for task in case.tasks),
        ahead=tuple(_ahead(reading, ahead) for ahead in _coming(reading)),
        history=_history(tx, reading),
        fields=(
            *(
                PageField(
                    label=one.label,
                    value="" if one.files else reading.in_full(one),
                    files=versioned_files(reading, one),
                )
                for one in reading.fields
                if one.text
            ),
            *(PageField(label=name, value=number, files=()) for _, name, number in reading.facts),
        ),
        documents=tuple(
            PageDocument(label=link.name, url=f"/files/{link.id}?person={person}")
            for link in (links(reading) if case.status is not Status.RUNNING else ())
        ),
    )


def _person(reading: Reading, key: str) -> PageName:
    return PageName(key=key, name=reading.name(key))


def _may(reading: Reading) -> tuple[Button, ...]:
    """Return the buttons of the case, and of its tasks those that are not in a menu."""
    (on_tasks, _), (main, more) = all_choices(reading)
    return (*on_tasks, *main, *more)


def _shown(clock: Clock) -> bool:
    """Return whether a clock is listed: always if it is of the case, else until it is stopped.

    That of a work is no deadline of anybody.
    """
    if clock.kind in (ClockKind.CASE, ClockKind.WORK):
        return clock.kind is ClockKind.CASE
    return clock.status is not ClockStatus.STOPPED


def _clock(reading: Reading, clock: Clock) -> PageClock:
    words = reading.words
    if clock.status is ClockStatus.PAUSED:
        left = words.t("clock.paused")
        tone = Tone.INFO
    elif clock.status is ClockStatus.STOPPED:
        left = (
            words.t("clock.met" if clock.met else "clock.missed") if clock.met is not None else ""
        )
        tone = Tone.NEUTRAL if clock.met is None else Tone.GOOD if clock.met else Tone.DANGER
    else:
        left = reading.left(clock.due_at)
        tone = parts.due_tone(reading, clock)
    return PageClock(
        key=clock.key,
        name=reading.clock_name(clock.key),
        status=clock.status.value,
        due_at=iso(clock.due_at),
        due_text=reading.at(clock.stopped_at or clock.due_at),
        left_text=left,
        share=_share(reading, clock),
        tone=tone,
        provisional_text=words.t("clock.provisional_hint") if clock.provisional else "",
    )


def _share(reading: Reading, clock: Clock) -> float:
    """Return the elapsed fraction of the limit, measured in the limit's unit of time."""
    end = clock.stopped_at or (
        clock.paused_at if clock.status is ClockStatus.PAUSED and clock.paused_at else reading.now
    )
    calendar, unit = reading.world.calendar.named(clock.calendar), clock.span.unit
    whole = calendar.remaining(clock.started_at, clock.due_at, unit).microseconds
    left = calendar.remaining(min(end, clock.due_at), clock.due_at, unit).microseconds
    return 1.0 if whole <= 0 else round(min(1.0, max(0.0, 1 - left / whole)), 4)


def _task(reading: Reading, task: Task) -> PageTask:
    """Return a task; if it has an open question, the case waits for the answer."""
    asked = task.question if task.status is TaskStatus.OPEN else None
    key = ClockKind.WAIT.of(task.id) if asked else ClockKind.TASK.of(task.item)
    clock = reading.case.clock(key)
    if task.status is TaskStatus.OPEN:
        clock = _most_urgent(reading, clock)
    badge, node = parts.task_badge(reading, task), reading.node(task.node)
    due = clock.due_at if clock is not None and task.status is TaskStatus.OPEN else None
    due_text = reading.due(due) if due else ""
    tone = badge.tone
    if due is not None and clock is not None and clock.status is ClockStatus.RUNNING:
        tone = max(tone, parts.due_tone(reading, clock), key=_PRESSING.index)
        if clock.key != key:
            name = reading.clock_name(clock.key)
            due_text = reading.words.t("fact.line", label=name, value=due_text)
    undecided = task.unfinished or task.status is TaskStatus.SUPERSEDED
    people = task.owners if undecided else (task.decided_by,)
    asking = (asked.to,) if asked and asked.to else ()  # whose answer is awaited
    return PageTask(
        id=task.id,
        node=task.node,
        title=reading.words.t("clock.wait.for", node=node) if asking else node,
        people=tuple(_person(reading, who) for who in (asking or people) if who),
        status=task.status.value,
        status_text=badge.text,
        due_at=iso(due) if due else None,
        due_text=due_text,
        tone=tone,
    )


def _coming(reading: Reading) -> list[Ahead]:
    """Return the planned events of the case that have a recipient."""
    ahead = outlook(reading.case, reading.world)
    return [one for one in ahead if one.matters][:AHEAD_MOST]


def _most_urgent(reading: Reading, own: Clock | None) -> Clock | None:
    """Return the running clock that is due first, of the task or of the whole case, or None."""
    whole = (clock for clock in reading.clocks if clock.kind is ClockKind.CASE)
    running = [c for c in (own, *whole) if c is not None and c.status is ClockStatus.RUNNING]
    return min(running, key=lambda clock: clock.due_at, default=own)


def _ahead(reading: Reading, ahead: Ahead) -> PageAhead:
    return PageAhead(
        at=iso(ahead.at),
        at_text=reading.at(ahead.at),
        in_text=reading.ahead(ahead.at),
        text=ahead_text(reading, ahead),
        kind=ahead.kind,
    )


def ahead_text(reading: Reading, ahead: Ahead) -> str:
    """Return a planned event as a line: "Reminder to 王芳: First response"."""
    return reading.words.t(
        f"ahead.{ahead.kind}",
        people=reading.names(ahead.to),
        clock=reading.clock_name(ahead.clock),
    )


def _history(tx: Tx, reading: Reading) -> tuple[PageEvent, ...]:
    chat = tx.chat.of(reading.reader.key)
    there = {message.id for message in chat}
    known = _messages(reading)
    return tuple(
        _told(
            reading,
            told,
            next((one for one in known[told.seq] if one in there), "") or _said(chat, told),
        )
        for told in tell(reading)
    )


def _said(chat: Iterable[ChatMessage], told: Told) -> str:
    """Return the id of the reader's own message in which they said this; "" if there is none."""
    same = [one for one in chat if told.quote and one.body.get("text") == told.quote]
    nearest = min(same, key=lambda one: abs(one.at - told.at), default=None)
    return nearest.id if nearest is not None else ""


def _messages(reading: Reading) -> Mapping[int, tuple[str, ...]]:
    """Return the ids of the reader's messages about each event, by its number.

    First come those that the event led to, then the card of the task that it changed.
    """
    me, case, found = reading.reader.key, None, {}
    for event in reading.events:
        case = evolve(case, event)
        effects = tuple(event.body.effects(case, event))
        slots = (
            *(one.slot for one in effects if isinstance(one, Post) and one.to == me),
            *(task_slot(one.task) for one in effects if isinstance(one, Refresh) and one.task),
        )
        found[event.seq] = tuple(
            token_of(case.id, to=me, slot=slot, platform=PLATFORM) for slot in slots
        )
    return found


def _told(reading: Reading, told: Told, message: str) -> PageEvent:
    return PageEvent(
        seq=told.seq,
        at=iso(told.at),
        at_text=reading.at(told.at),
        who=told.who,
        text=told.text,
        quote=told.quote,
        kind=told.kind,
        node=told.node,
        message=message,
        files=told.files,
    )
