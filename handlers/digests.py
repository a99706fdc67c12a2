"""Makes the cards of digests, and the escalation card that a line of a digest opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from handlers import storms
from handlers.cards.build import build
from handlers.cards.case import details
from handlers.cards.cases import list_button
from handlers.case_lists import State, View, Wanted, views_of
from handlers.i18n import Translator, dates, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Line, Tone
from handlers.reading.case import Reading, open_case, open_unchecked
from handlers.reading.formatter import formatter
from handlers.tokens import Token
from storage.unit import Tx
from workflows.actions.fire_timers import Escalated
from workflows.case.clock import Clock, ClockKind, about_of, kind_of
from workflows.case.effects import ESCALATION, watched_tasks
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.directory import Person
from workflows.flow.outlook import overdue
from workflows.moments import Moment
from workflows.records import DigestLine

MOST = 30  # lines on the card of an hour, each with a button
DAILY_MOST = 10  # lines on the card of a day
DAILY_BUTTONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A line of a digest with the present state of its case."""

    line: DigestLine
    reading: Reading
    clocks: tuple[Clock, ...]  # the overdue ones, the earliest due first

    @property
    def task(self) -> Task | None:
        return self.reading.case.task(self.line.task)

    @property
    def settled(self) -> bool:
        closed = self.reading.case.status is not Status.RUNNING
        return closed or (self.task is not None and self.task.status is not TaskStatus.OPEN)

    @property
    def order(self) -> tuple[bool, Moment, str]:
        """Sort key: open lines first, the longest overdue at the top."""
        due = self.clocks[0].due_at if self.clocks else self.reading.now
        return self.settled, due, self.line.case_id


def open_digest(
    tx: Tx, office: Office, *, reader: Person, digest: str
) -> Callable[[str], Card | None]:
    """Read a digest, and return a function that makes its card in a language.

    That function returns None while there is nothing to post. Only the newest of a reader's daily
    digests has lines; an older one says that it was replaced.
    """
    lines = tx.digests.of_reader(reader.key, digest=digest)
    if storms.is_hourly(digest) and not any(storms.beyond(lines)):
        return lambda _: None
    if not storms.is_hourly(digest) and not storms.is_living(tx, reader.key, digest):
        posted = tx.outbox.sent(case_id=None, to=reader.key, slot=digest)
        return lambda language: _replaced(digest, language) if posted else None
    items = sorted((_item(tx, office, line, reader) for line in lines), key=lambda one: one.order)
    zone, now = office.company.zone_of(reader), office.clock.now()
    if storms.is_hourly(digest):
        make = _hourly
    else:
        make = partial(_daily, view=views_of(tx, office, reader=reader)[-1])

    def card(language: str) -> Card | None:
        words = translator(language)
        at = dates.lasting(now, zone=zone, language=language, now=now)
        if not items:
            return None
        as_of = words.t("digest.as_of", at=at)
        return make(items, words, as_of)

    return card


def _replaced(digest: str, language: str) -> Card:
    """Return the card of a daily digest that a newer one has replaced."""
    words = translator(language)
    day = dates.calendar_day(storms.day_of(digest), language=language)
    return Card(
        kind=storms.DIGEST,
        title=words.t("digest.former", day=day),
        badge=Badge(text=words.t("digest.replaced"), tone=Tone.NEUTRAL),
        text=words.t("digest.replaced.text"),
    )


def _item(tx: Tx, office: Office, line: DigestLine, reader: Person) -> _Item:
    language = office.company.language_of(reader)
    reading = open_unchecked(
        tx, office, case_id=line.case_id, reader=reader, language=language, lasting=True, row=True
    )
    late = (
        clock
        for clock in overdue(reading.case, now=reading.now)
        if not line.task or line.task in watched_tasks(reading.case, clock.key)
    )
    clocks = tuple(sorted(late, key=lambda clock: clock.due_at))
    return _Item(line=line, reading=reading, clocks=clocks)


def _hourly(items: list[_Item], words: Translator, as_of: str) -> Card:
    """Return the card of the escalations of an hour: each of its lines has a button."""
    left = len(items) - MOST
    return Card(
        kind=storms.DIGEST,
        title=words.n("digest.hour", len(items)),
        badge=_badge(items, words),
        text=words.t("digest.hour.text"),
        lines=tuple(_line(item, words) for item in items[:MOST]),
        buttons=tuple(_button(item.line) for item in items[:MOST]),
        note=" ".join([as_of, *([words.n("list.more", left)] if left > 0 else [])]),
    )


def _daily(items: list[_Item], words: Translator, as_of: str, *, view: View) -> Card:
    """Return the card of a day: the longest overdue lines, and the list that has the others."""
    wanted = Wanted(view=view, state=State.OVERDUE)
    left = len(items) - DAILY_MOST
    asked = {"view": words.t(f"view.{view}"), "state": words.t(f"state.{wanted.state}")}
    return Card(
        kind=storms.DIGEST,
        title=words.n("digest.day", len(items)),
        badge=_badge(items, words),
        text=words.t("digest.day.text"),
        lines=tuple(_line(item, words) for item in items[:DAILY_MOST]),
        buttons=tuple(_button(item.line) for item in items[:DAILY_BUTTONS]),
        more=tuple(list_button(wanted, words.t("digest.overdue.all"))) if left > 0 else (),
        note=" ".join([as_of, *([words.n("digest.more", left, **asked)] if left > 0 else [])]),
    )


def _badge(items: list[_Item], words: Translator) -> Badge:
    if all(item.settled for item in items):
        return Badge(text=words.t("escalation.settled"), tone=Tone.GOOD)
    return Badge(text=words.t("reminder.overdue"), tone=Tone.DANGER)


def _line(item: _Item, words: Translator) -> Line:
    reading, task = replace(item.reading, language=words.language), item.task
    if item.settled:
        when = words.t("escalation.settled")
    elif task is not None and not task.owners:
        when = words.t("digest.blocked")
    elif item.clocks:
        late = reading.now - item.clocks[0].due_at
        when = words.t("date.overdue", length=reading.length(late))
    else:
        when = ""
    node = reading.node(task.node if task is not None else reading.case.node)
    who = reading.names(task.owners) if task is not None else ""
    parts = (item.line.case_id, reading.subject, node, who)
    text = " · ".join(part for part in parts if part)
    return Line(when=when, text=text, case_id=item.line.case_id)


def _button(line: DigestLine) -> Button:
    """Return the button of a line, which opens the escalation card of its task."""
    token = Token(verb="escalated", case_id=line.case_id, argument=line.task)
    return Button(verb="escalated", label=line.case_id, token=str(token))


def told_of_days(
    tx: Tx, office: Office, *, since: Moment, language: str
) -> Iterator[tuple[Moment, str]]:
    """Yield the lines of daily digests after `since`: the time, and the case with its readers."""
    write = formatter(office, office.directory(tx), reader=None, language=language)
    people: dict[tuple[Moment, str], dict[str, None]] = {}
    for line in tx.digests.kept_since(since):
        if line.at > since and not storms.is_hourly(line.digest):
            people.setdefault((line.at, line.case_id), {})[line.to] = None
    for (at, case_id), keys in people.items():
        several = sorted(write.name(key) for key in keys)
        names = write.listed(several)
        yield at, f"{case_id} {write.words.t('happened.digest', people=names)}"


def escalated_card(
    tx: Tx, office: Office, *, case_id: str, task_id: str, reader: Person, language: str
) -> Card:
    """Return the newest escalation card of a case, or its details if it was not escalated.

    An escalation to the reader has precedence over one to other people.

    Args:
        task_id: the task that was escalated; "" for a clock of the whole case.

    Raises:
        Refusal: `not_your_case` when the reader may not see the case.
    """
    reading = open_case(tx, office, case_id=case_id, reader=reader, language=language)
    task = reading.case.task(task_id)
    visit = task.visit if task is not None else ""
    found = [
        event
        for event in reading.events
        if isinstance(event.body, Escalated) and _is_about(event.body.clock, task_id, visit)
    ]
    to_reader = [e for e in found if reader.key in getattr(e.body, "to", ())]
    if not found:
        return details(reading)
    newest = (to_reader or found)[-1]
    card = build(ESCALATION, reading, task_id=task_id or None, args={"seq": str(newest.seq)})
    return card if card is not None else details(reading)


def _is_about(clock: str, task_id: str, visit: str) -> bool:
    return kind_of(clock) is ClockKind.CASE or about_of(clock) in (task_id, visit)
