"""Makes the message about an alert: while it fires, when it is resolved, and while it flaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers.alerts.checks import KIND, in_force
from handlers.alerts.shown import levels_of, list_of, may_see, text_of, title_of
from handlers.cards.cases import list_button
from handlers.cards.parts import opening
from handlers.cards.tasks import TASKS
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Fact, Line, Tone
from handlers.reading.formatter import Formatter, formatter
from handlers.searching import listed_case
from handlers.table_values import may_own
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Person
from workflows.model.alerts import Alert, Backlog, CaseAge
from workflows.model.definition import Definition
from workflows.records import AlertRow

CASES_MOST = 5


def alert_card(
    tx: Tx, office: Office, args: Mapping[str, str], *, reader: str, language: str
) -> Card:
    """Return the message about one firing of an alert, as it is now."""
    directory, place = office.directory(tx), (args["process"], args["alert"])
    person = directory.people[reader]
    write = replace(formatter(office, directory, reader=person, language=language), lasting=True)
    named = in_force(tx, office).get(place)
    row = next((one for one in tx.alerts.all() if _is(one, args)), None)
    if named is None:
        return _over(write, write.words.t("alert.gone"), "alert.text.gone")
    definition, alert = named
    title = title_of(definition, alert, write)
    if row is None or str(row.fired_at) != args["fired"]:
        return _over(write, title, "alert.text.before", since=write.at(int(args["fired"])))
    if not row.series.firing:
        since, until = write.at(int(args["fired"])), write.at(row.series.since)
        return _over(write, title, "alert.text.resolved", since=since, until=until)
    if not may_see(definition, row, directory, person=reader):
        return _over(write, title, "alert.text.others")
    if row.series.flapping:
        badge = Badge(text=write.words.t("alert.badge.flapping"), tone=Tone.NEUTRAL)
        return Card(kind=KIND, title=title, badge=badge, text=write.words.t("alert.text.flapping"))
    return _firing(tx, office, definition, alert, row, reader=person, write=write)


def _is(row: AlertRow, args: Mapping[str, str]) -> bool:
    return (row.process, row.alert, row.subject) == (
        args["process"],
        args["alert"],
        args["subject"],
    )


def _over(write: Formatter, title: str, text: str, **facts: str) -> Card:
    badge = Badge(text=write.words.t("alert.badge.resolved"), tone=Tone.GOOD)
    return Card(kind=KIND, title=title, badge=badge, text=write.words.t(text, **facts))


def _firing(
    tx: Tx,
    office: Office,
    definition: Definition,
    alert: Alert,
    row: AlertRow,
    *,
    reader: Person,
    write: Formatter,
) -> Card:
    words = write.words
    cases = tuple(_cases(tx, office, definition, alert, reader=reader, write=write))
    facts = {"since": write.at(row.series.since), **dict(levels_of(alert, write))}
    return Card(
        kind=KIND,
        title=title_of(definition, alert, write),
        badge=Badge(text=words.t("alert.badge.firing"), tone=Tone.WARN),
        text=text_of(definition, alert, row, reader=reader.key, write=write),
        facts=tuple(Fact(label=words.t(f"alert.{key}"), value=text) for key, text in facts.items()),
        lines=cases,
        lines_title=words.t("alert.cases") if cases else "",
        buttons=tuple(_buttons(definition, row, reader=reader.key, write=write)),
        more=opening(line.case_id for line in cases),
        note=words.t("alert.note"),
    )


def _cases(
    tx: Tx,
    office: Office,
    definition: Definition,
    alert: Alert,
    *,
    reader: Person,
    write: Formatter,
) -> Iterator[Line]:
    """Yield a line for each of the cases that wait longest, of those that the reader may read."""
    if isinstance(alert, CaseAge):
        but_at, add = definition.business_end or "", office.calendar.add
        found = [
            one
            for one in tx.alerts.oldest(definition.key, but_at=but_at, most=CASES_MOST)
            if add(one.since, alert.raise_at) <= write.now
        ]
    elif isinstance(alert, Backlog):
        found = [*tx.alerts.at_step(definition.key, alert.node, most=CASES_MOST)]
    else:
        return
    for one in found:
        reading = listed_case(tx, office, one.case_id, reader=reader, language=write.language)
        if reading is not None:
            text = " · ".join(filter(None, (one.case_id, reading.subject)))
            yield Line(when=write.at(one.since), text=text, case_id=one.case_id)


def _buttons(
    definition: Definition, row: AlertRow, *, reader: str, write: Formatter
) -> Iterator[Button]:
    """Yield the button of the reader's tasks, or of the list of the cases that it is about."""
    wanted = list_of(definition, row, reader=reader, write=write)
    if wanted is None:
        token = Token(verb=TASKS, argument="0")
        yield Button(verb=TASKS, label=write.words.t("alert.my_tasks"), token=str(token))
    elif row.subject or may_own(definition, write.directory, reader):
        yield from list_button(wanted, write.words.t("alert.all_cases"))
