"""Checks the alerts of definitions, and tells people when one fires or is resolved.

Alerts are checked when work begins and every two hours until it ends, rates once a working day. A
check is a slot of a calendar job: the replica that claims it stores the new states and enqueues the
messages in the same transaction. Each firing has one message for each reader, which is updated
until the alert is resolved. The figures are read before, in transactions that write nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handlers import start
from handlers.office import Office
from handlers.reports.cases import PAGE, histories
from handlers.table_values import people_of_process
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.directory import Directory
from workflows.lint_alerts import share_of
from workflows.metrics.alerting import (
    Holds,
    Level,
    Phase,
    level_of,
    level_of_share,
    step,
)
from workflows.metrics.measuring import Ruler, measured
from workflows.metrics.recent import WEEK, Recent
from workflows.model.alerts import WEEKS_MOST, Alert, Backlog, CaseAge, OpenTasks, Rate, Told
from workflows.model.definition import Definition
from workflows.model.measures import metric_named
from workflows.moments import DAY, Moment, iso
from workflows.records import AlertRow, CaseQuery
from workflows.slots import check_before, checks_of

KIND = "alert"  # of the message
JOB, RATES = "alerts", "alert_rates"
_KEPT = 30 * DAY  # how long claimed slots are kept

Known = Mapping[tuple[str, str], tuple[Definition, Alert]]  # by process and alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that is due: its time, that of the one before, and whether it has the rates too."""

    at: Moment
    before: Moment
    with_rates: bool
    rates_before: Moment  # the time of the check of rates before the last one

    @property
    def slot(self) -> str:
        """The name of its slot."""
        return iso(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a check found of one alert."""

    process: str
    alert: Alert
    level: Level
    subject: str = ""
    value: int = 0
    n: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of the state of the alert."""
        return self.process, self.alert.id, self.subject


def in_force(tx: Tx, office: Office) -> Known:
    """Return the alerts of all processes."""
    return {
        (loaded.definition.key, alert.id): (loaded.definition, alert)
        for loaded in start.in_force(tx, office)
        for alert in loaded.definition.alerts
    }


# ---------------------------------------------------------------------------- reading


def due(tx: Tx, office: Office, *, now: Moment) -> Check | None:
    """Return the newest check if it was not made yet and there is something to check. Only reads.

    Alerts that a definition has no more are resolved by it.
    """
    calendar = office.calendar
    at = check_before(calendar, at=now)
    if at is None or iso(at) in tx.settings.slots(JOB):
        return None
    if not in_force(tx, office) and not tx.alerts.all():
        return None
    first = checks_of(calendar, calendar.day_of(at))[0]
    former = check_before(calendar, at=first - 1)
    rates_before = 0 if former is None else checks_of(calendar, calendar.day_of(former))[0]
    return Check(
        at=at,
        before=check_before(calendar, at=at - 1) or 0,
        with_rates=iso(first) not in tx.settings.slots(RATES),
        rates_before=rates_before,
    )


def counts(tx: Tx, office: Office, *, now: Moment) -> Iterator[Seen]:
    """Yield what is found of all alerts but rates. Only reads."""
    known = in_force(tx, office)
    piles = any(isinstance(alert, Backlog) for _, alert in known.values())
    backlogs = tx.alerts.backlogs() if piles else {}
    for (process, _), (definition, alert) in known.items():
        if isinstance(alert, CaseAge):
            yield _age(tx, office, definition, alert, now=now)
        elif isinstance(alert, Backlog):
            value = backlogs.get((process, alert.node), 0)
            yield _count(process, alert, value)
        elif isinstance(alert, OpenTasks):
            yield from _loads(tx, office, process, alert)


def _age(tx: Tx, office: Office, definition: Definition, alert: CaseAge, *, now: Moment) -> Seen:
    """Return the level of the oldest case; the value is when it was filed."""
    but_at = definition.business_end or ""
    oldest = tx.alerts.oldest(definition.key, but_at=but_at, most=1)
    if not oldest:
        return Seen(process=definition.key, alert=alert, level=Level.CLEAR)
    filed, add = oldest[0].since, office.calendar.add
    if add(filed, alert.raise_at) <= now:
        level = Level.RAISED
    else:
        level = Level.CLEAR if now <= add(filed, alert.clear_at) else Level.BETWEEN
    return Seen(process=definition.key, alert=alert, level=level, value=filed)


def _count(process: str, alert: Backlog | OpenTasks, value: int, subject: str = "") -> Seen:
    level = level_of(value, raised=alert.raise_at, clear=alert.clear_at)
    return Seen(process=process, alert=alert, level=level, subject=subject, value=value)


def _loads(tx: Tx, office: Office, process: str, alert: OpenTasks) -> Iterator[Seen]:
    """Yield the level of everybody who has more tasks than are clear, or had at the last check."""
    loads = tx.alerts.loads(process, least=alert.clear_at)
    watched = {
        row.subject for row in tx.alerts.all() if (row.process, row.alert) == (process, alert.id)
    }
    directory = office.directory(tx)
    for person in sorted({*loads, *watched}):
        value = loads.get(person, 0) if directory.active(person) else 0
        yield _count(process, alert, value, person)


def rated(tx: Tx, office: Office, *, now: Moment) -> tuple[Recent, ...]:
    """Return counts without a value yet of each process that has rates to watch, by process."""
    metrics: dict[str, set[str]] = {}
    for (process, _), (_, alert) in in_force(tx, office).items():
        if isinstance(alert, Rate):
            metrics.setdefault(process, set()).add(metric_named(alert.measure))
    return tuple(
        Recent(process=process, until=now, metrics=frozenset(named))
        for process, named in metrics.items()
    )


def add_page(tx: Tx, office: Office, recent: Recent, *, ended: bool, before: str | None) -> str:
    """Add a page of the cases that are open, or ended in the weeks that count. Only reads.

    Returns the last case of the page, "" after the end.
    """
    since = recent.until - WEEKS_MOST * WEEK if ended else None
    query = CaseQuery(
        process=recent.process,
        ended=ended,
        closed_since=since,
        before=before,
        limit=PAGE,
    )
    rows = tx.cases.find(query)
    zone = office.company.zone_of(None)
    ruler = Ruler(calendar=office.calendar, zone=zone, cut_off=recent.until)
    for history in histories(tx, office, rows, cut_off=recent.until):
        recent.add(measured(history, ruler))
    return rows[-1].id if len(rows) == PAGE else ""


def rates(tx: Tx, office: Office, recent: Recent) -> Iterator[Seen]:
    """Yield what is found of the rates of a process. Only reads."""
    for (process, _), (_, alert) in in_force(tx, office).items():
        if process == recent.process and isinstance(alert, Rate):
            share = recent.share(metric_named(alert.measure), weeks=alert.weeks)
            raised, clear = share_of(alert.raise_at), share_of(alert.clear_at)
            level = level_of_share(share, raised=raised, clear=clear)
            count, n = (share.count, share.n) if share is not None else (0, 0)
            yield Seen(process=process, alert=alert, level=level, value=count, n=n)


# ---------------------------------------------------------------------------- writing


def apply(tx: Tx, office: Office, check: Check, seen: tuple[Seen, ...]) -> int | None:
    """Store what a check found, and enqueue its messages.

    Returns how many alerts fire afterwards, or None if another replica has made the check.
    """
    now = office.clock.now()
    if not tx.settings.take_slot(job=JOB, slot=check.slot, at=now):
        return None
    if check.with_rates:
        day = checks_of(office.calendar, office.calendar.day_of(check.at))[0]
        tx.settings.take_slot(job=RATES, slot=iso(day), at=now)
    for job in (JOB, RATES):
        tx.settings.forget_slots(job, before=now - _KEPT)
    known, directory = in_force(tx, office), office.directory(tx)
    former = {(row.process, row.alert, row.subject): row for row in tx.alerts.all()}
    after: list[AlertRow] = []
    for one in seen:
        named = known.get((one.process, one.alert.id))
        if named is not None:
            row = former.get(one.key) or AlertRow(
                process=one.process, alert=one.alert.id, subject=one.subject
            )
            row = _stepped(row, one, office, check, now=now)
            after.append(_told(tx, office, row, named, directory, now=now))
    gone = [row for row in former.values() if (row.process, row.alert) not in known]
    for row in gone:
        _post(tx, office, row, (*row.told, *row.managers), anew=False)
    idle = [row for row in after if row.subject and _is_idle(row)]
    tx.alerts.forget([*gone, *idle])
    tx.alerts.put(row for row in after if row not in idle)
    return sum(row.series.firing for row in after)


def _is_idle(row: AlertRow) -> bool:
    """Return whether nothing is to be remembered of the alert of a person."""
    return row.series.phase is Phase.INACTIVE and "1" not in row.series.checks


def _stepped(row: AlertRow, seen: Seen, office: Office, check: Check, *, now: Moment) -> AlertRow:
    """Return the state of an alert after a check."""
    alert, add = seen.alert, office.calendar.add
    before = check.rates_before if isinstance(alert, Rate) else check.before
    series = step(
        row.series,
        seen.level,
        now=now,
        holds=Holds(
            fires=lambda since: add(since, alert.hold),
            resolves=lambda since: add(since, alert.keep_firing_for),
        ),
        watched=row.series.checked_at >= before,
    )
    known = seen.level is not Level.UNKNOWN
    row = replace(
        row,
        series=series,
        value=seen.value if known else row.value,
        n=seen.n if known else row.n,
    )
    if series.firing and series.since == now:
        return replace(row, fired_at=now, told=(), managers=())
    return row


def _told(
    tx: Tx,
    office: Office,
    row: AlertRow,
    named: tuple[Definition, Alert],
    directory: Directory,
    *,
    now: Moment,
) -> AlertRow:
    """Enqueue the messages of an alert; return it with those who get them.

    Messages that were sent are updated; whether something has changed is seen when they are made.
    """
    definition, alert = named
    _post(tx, office, row, (*row.told, *row.managers), anew=False)
    if not row.series.firing or row.series.flapping:
        return row
    if not row.told:
        row = replace(row, told=_readers(row, definition, alert, directory))
        _post(tx, office, row, row.told, anew=True)
    if isinstance(alert, OpenTasks) and not row.managers:
        manager = directory.manager_of(row.subject)
        hears = office.calendar.add(row.fired_at or now, alert.manager_after)
        if manager and manager not in row.told and hears <= now:
            row = replace(row, managers=(manager,))
            _post(tx, office, row, row.managers, anew=True)
    return row


def _readers(
    row: AlertRow, definition: Definition, alert: Alert, directory: Directory
) -> tuple[str, ...]:
    """Return who hears of an alert first: the person, or those whom the definition names."""
    if not isinstance(alert, Told):
        return (row.subject,)
    people = people_of_process(alert.tell, definition, directory)
    return people or tuple(sorted(filter(directory.active, directory.admins)))


def _post(
    tx: Tx,
    office: Office,
    row: AlertRow,
    to: tuple[str, ...],
    *,
    anew: bool,
) -> None:
    """Enqueue the message of an alert, or with `anew` False its update where it was sent."""
    if row.fired_at is None or not to:
        return
    directory, now = office.directory(tx), office.clock.now()
    args = {
        "process": row.process,
        "alert": row.alert,
        "subject": row.subject,
        "fired": str(row.fired_at),
    }
    slot = ":".join((KIND, *args.values()))
    posts = [
        Post(to=one, slot=slot, kind=KIND, lane=Lane.REMINDER, args=args, quiet=True, anew=anew)
        for one in to
    ]
    awake = {one: office.company.awake(directory.get(one), now) for one in to}
    tx.outbox.add(posts, case_id=None, now=now, not_before=awake)
