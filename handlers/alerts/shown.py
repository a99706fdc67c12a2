"""What a person may see of alerts: which fire, what each says, and which cases it is about.

Of an alert about a person only that person hears, and later the manager; nobody sees a list of
people with their tasks. The others are seen by the owners and administrators of the process and by
the people who got the message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.alerts.checks import in_force
from handlers.case_lists import State, View, Wanted
from handlers.office import Office
from handlers.reading.formatter import Formatter, formatter
from handlers.reports.numbers import range_of, written
from handlers.reports.source import metric_name
from handlers.table_values import may_own
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.metrics.estimates import wilson
from workflows.metrics.figures import UNKNOWN, Figure, Unit
from workflows.model.alerts import Alert, Backlog, CaseAge, Rate
from workflows.model.definition import Definition
from workflows.model.measures import metric_named
from workflows.moments import DAY, Moment
from workflows.records import AlertRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAlert:
    """An alert that fires, as a person sees it.

    `name` is that of the alert, `title` has that of its process too. `text` says what is so now;
    `wanted` is the list of the cases that it is about, None for the
    tasks of the reader.
    """

    process: str
    alert: str
    name: str
    title: str
    text: str
    since: Moment
    flapping: bool
    wanted: Wanted | None


def firing_alerts(
    tx: Tx, office: Office, *, reader: Person, language: str
) -> tuple[ShownAlert, ...]:
    """Return the alerts that fire now and that a person may see, the newest first."""
    directory, known = office.directory(tx), in_force(tx, office)
    write = formatter(office, directory, reader=reader, language=language)
    found = [
        _shown(definition, alert, row, reader=reader, write=write)
        for row in tx.alerts.all()
        if row.series.firing
        for definition, alert in filter(None, [known.get((row.process, row.alert))])
        if may_see(definition, row, directory, person=reader.key)
    ]
    return tuple(sorted(found, key=lambda one: (-one.since, one.process, one.alert)))


def may_see(definition: Definition, row: AlertRow, directory: Directory, *, person: str) -> bool:
    """Return whether a person may see an alert; one about a person, only who got it."""
    if row.subject:
        return person == row.subject or person in row.managers
    return person in row.told or may_own(definition, directory, person)


def _shown(
    definition: Definition, alert: Alert, row: AlertRow, *, reader: Person, write: Formatter
) -> ShownAlert:
    return ShownAlert(
        process=row.process,
        alert=row.alert,
        name=write.text(alert.name),
        title=title_of(definition, alert, write),
        text=text_of(definition, alert, row, reader=reader.key, write=write),
        since=row.series.since,
        flapping=row.series.flapping,
        wanted=list_of(definition, row, reader=reader.key, write=write),
    )


def title_of(definition: Definition, alert: Alert, write: Formatter) -> str:
    """Return the name of an alert with that of its process."""
    names = {"process": write.text(definition.name), "alert": write.text(alert.name)}
    return write.words.t("alert.title", **names)


def text_of(
    definition: Definition, alert: Alert, row: AlertRow, *, reader: str, write: Formatter
) -> str:
    """Return what an alert that fires says to a reader."""
    words = write.words
    if isinstance(alert, CaseAge):
        age = _age(write, row)
        limit = write.span(alert.raise_at)
        return words.t("alert.text.case_age", age=age, limit=limit)
    if isinstance(alert, Backlog):
        step = write.text(definition.node(alert.node).name)
        count = words.n("alert.tasks", row.value)
        return words.t("alert.text.backlog", step=step, tasks=count, limit=alert.raise_at)
    if isinstance(alert, Rate):
        return _rate(definition, alert, row, write)
    if reader == row.subject:
        count = words.n("alert.tasks", row.value)
        return words.t("alert.text.mine", tasks=count, limit=alert.raise_at)
    name = write.name(row.subject)
    return words.t("alert.text.person", person=name, limit=alert.raise_at)


def _age(write: Formatter, row: AlertRow) -> str:
    """Return how old the oldest case is, in whole days from the second day on."""
    age = write.now - row.value
    return write.length(age if age < DAY else age - age % DAY)


def _rate(definition: Definition, alert: Rate, row: AlertRow, write: Formatter) -> str:
    share, metric = wilson(row.value, row.n), metric_named(alert.measure)
    value, ends = (share.value, share.range) if share is not None else (None, UNKNOWN)
    figure = Figure(metric=metric, unit=Unit.SHARE, value=value, range=ends, n=row.n)
    return write.words.t(
        "alert.text.rate",
        metric=metric_name(write, definition, metric),
        value=written(write.words, metric, value),
        range=range_of(write.words, figure),
        n=f"{row.n:,}",
        limit=alert.raise_at,
    )


def levels_of(alert: Alert, write: Formatter) -> Iterator[tuple[str, str]]:
    """Yield the two levels of an alert, each with the key of its label."""
    for key, level in (("raise", alert.raise_at), ("clear", alert.clear_at)):
        text = str(level) if isinstance(level, int | str) else write.span(level)
        yield key, text


def list_of(
    definition: Definition, row: AlertRow, *, reader: str, write: Formatter
) -> Wanted | None:
    """Return the list with the cases of an alert; None for the tasks of the reader."""
    if not row.subject:
        name = write.text(definition.name)
        return Wanted(view=View.ALL, state=State.OPEN, text=name.casefold())
    if reader == row.subject:
        return None
    person = write.directory.get(row.subject)
    return Wanted(view=View.TEAM, state=State.OPEN, text=person.id if person else "")
