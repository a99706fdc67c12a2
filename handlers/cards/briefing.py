"""Makes the morning list, the weekly figures, and the card on which a person chooses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handlers import start
from handlers.briefings import CHOOSE, MORNING, WEEK, Wish, wish_of
from handlers.cards.cases import list_button
from handlers.cards.tasks import tasks_card
from handlers.case_lists import State, View, Wanted
from handlers.i18n import Translator, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Line, Tone
from handlers.reading.formatter import name_of
from handlers.table_values import process_owners
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Person
from workflows.model.definition import Definition
from workflows.moments import DAY, Moment
from workflows.records import CaseQuery

PEOPLE_MOST = 10  # of a team, those who have the most overdue cases


KINDS = (MORNING, WEEK)


def card_of(tx: Tx, office: Office, kind: str, *, reader: Person, language: str) -> Card | None:
    """Return the message of one of `KINDS`; None if it has nothing to say."""
    make = morning_card if kind == MORNING else week_card
    return make(tx, office, reader=reader, language=language)


def morning_card(tx: Tx, office: Office, *, reader: Person, language: str) -> Card | None:
    """Return the morning list, which has the tasks of `/tasks`; None if there are none."""
    words, tasks = translator(language), tasks_card(tx, office, reader=reader, language=language)
    if not tasks.lines:
        return None
    stop = _choice(words, Wish.WEEKLY, "digest.stop")
    return replace(tasks, kind=MORNING, text=words.t("digest.morning"), more=(*tasks.more, stop))


def week_card(tx: Tx, office: Office, *, reader: Person, language: str) -> Card | None:
    """Return the figures of the last seven days; None for a reader without any."""
    words, now = translator(language), office.clock.now()
    owned = tuple(_owned(tx, office, reader, words, now=now))
    team = tuple(_team(tx, office, reader, words, now=now))
    if not owned and not team:
        return None
    lists = ((View.ALL, owned), (View.TEAM, team))
    wanted = [Wanted(view=view, state=State.OVERDUE) for view, lines in lists if lines]
    return Card(
        kind=WEEK,
        title=words.t("digest.week"),
        badge=Badge(text=words.t("digest.week.badge"), tone=Tone.INFO),
        lines=(*owned, *team),
        buttons=tuple(
            button
            for one in wanted
            for button in list_button(one, words.t(f"digest.overdue.{one.view}"))
        ),
        more=(_choice(words, Wish.NONE, "digest.stop"),),
        note=words.t("digest.week.note"),
    )


def counts_of(tx: Tx, process: str, *, since: Moment, now: Moment) -> Mapping[str, int]:
    """Return how many cases of a process were filed and closed since then, are open and overdue."""
    of = CaseQuery(process=process)
    return {
        "filed": tx.cases.count(replace(of, filed_since=since)),
        "closed": tx.cases.count(replace(of, closed_since=since)),
        "open": tx.cases.count(replace(of, ended=False)),
        "late": tx.cases.count(replace(of, overdue_at=now)),
    }


def _owned(
    tx: Tx, office: Office, reader: Person, words: Translator, *, now: Moment
) -> Iterator[Line]:
    """Yield a line for each process that the reader owns and that has cases."""
    directory, since = office.directory(tx), now - 7 * DAY
    for loaded in start.in_force(tx, office):
        definition = loaded.definition
        if reader.key not in process_owners(definition, directory):
            continue
        figures = counts_of(tx, definition.key, since=since, now=now)
        if any(figures.values()):
            name = definition.name.of(words.language)
            yield Line(when=name, text=words.t("digest.process", **figures))
        yield from _unsteady(tx, definition, words)


def _unsteady(tx: Tx, definition: Definition, words: Translator) -> Iterator[Line]:
    """Yield a line for each alert of a process that comes and goes too often for messages."""
    flapping = {
        row.alert
        for row in tx.alerts.all()
        if (row.process, row.series.flapping, row.subject) == (definition.key, True, "")
    }
    for alert in definition.alerts:
        if alert.id in flapping:
            named = {"alert": alert.name.of(words.language)}
            yield Line(
                when=definition.name.of(words.language), text=words.t("digest.unsteady", **named)
            )


def _team(
    tx: Tx, office: Office, reader: Person, words: Translator, *, now: Moment
) -> Iterator[Line]:
    """Yield a line for the reader's team, and one for each of those with overdue cases."""
    directory = office.directory(tx)
    line = tuple(sorted(directory.line_of(reader.key)))
    of = CaseQuery(held_by=line, ended=False)
    held = tx.cases.count(of) if line else 0
    if not held:
        return
    late = tx.cases.count(replace(of, overdue_at=now))
    yield Line(when=words.t("digest.team"), text=words.t("digest.held", open=held, late=late))
    loads = tx.worklist.late(line, now=now) if late else {}
    for key in sorted(loads, key=lambda one: (-loads[one], one))[:PEOPLE_MOST]:
        name = name_of(directory.get(key), words.language)
        yield Line(when=name, text=words.n("digest.late", loads[key]))


def choice_card(tx: Tx, *, person: str, language: str) -> Card:
    """Return the card that says what a person gets, with a button for each other choice."""
    words, wish = translator(language), wish_of(tx, person)
    return Card(
        kind="list",
        title=words.t(f"digest.choice.{wish}"),
        text=words.t("digest.choice.text"),
        buttons=tuple(
            _choice(words, other, f"digest.button.{other}") for other in Wish if other is not wish
        ),
    )


def _choice(words: Translator, wish: Wish, msgid: str) -> Button:
    token = Token(verb=CHOOSE, argument=wish.value)
    return Button(verb=CHOOSE, label=words.t(msgid), token=str(token))
