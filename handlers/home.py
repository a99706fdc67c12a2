"""Makes a person's home page: open tasks, cases, processes to start, absence."""

from __future__ import annotations

from handlers import start
from handlers.absence import others_away, present
from handlers.cards import parts
from handlers.cards.cases import cases_card
from handlers.cards.tasks import MOST, tasks_card
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Home, Line, Tone
from handlers.reading.formatter import Formatter, formatter
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Absence, Person


def home(tx: Tx, office: Office, *, reader: Person, language: str) -> Home:
    """Return the home page of a reader."""
    starts = (
        Button(
            verb="start",
            label=loaded.definition.name.of(language),
            token=str(Token(verb="start", argument=loaded.definition.key)),
            style="primary",
        )
        for loaded in start.offered(tx, office, person=reader.key)
    )
    return Home(
        tasks=tasks_card(tx, office, reader=reader, language=language),
        cases=cases_card(tx, office, reader=reader, language=language),
        starts=tuple(starts),
        away=away_card(tx, office, reader=reader, language=language),
    )


def away_card(tx: Tx, office: Office, *, reader: Person, language: str) -> Card:
    """Return the card of absences: the reader's own, and those of others that they may end.

    Each has its days and its deputy, and a button that ends it.
    """
    directory = office.directory(tx)
    write = formatter(office, directory, reader=reader, language=language)
    words = write.words
    own = next(iter(present(directory, reader.key, write.now)), None)
    change = Button(verb="away", label=words.t("button.away"), token=str(Token(verb="away")))
    back = Button(
        verb="away",
        label=words.t("button.back_here"),
        token=str(Token(verb="away", argument="off")),
    )
    others = tuple(others_away(directory, reader.key, write.now))
    lines = (
        Line(when=write.name(one.person), text=_period(tx, office, one, write)) for one in others
    )
    return Card(
        kind="away",
        title=words.t("home.here") if own is None else _period(tx, office, own, write),
        badge=None if own is None else Badge(text=words.t("home.away.badge"), tone=Tone.INFO),
        lines_title=words.t("home.away.others") if others else "",
        lines=tuple(lines)[:MOST],
        buttons=(
            *(() if own is None else (back,)),
            change,
            *(_end(one, write) for one in others[: parts.BUTTONS_MOST]),
        ),
        note=words.n("list.more", len(others) - MOST) if len(others) > MOST else "",
    )


def _end(absence: Absence, write: Formatter) -> Button:
    """Return the button that ends the absences of somebody else."""
    label = write.words.t("button.back_of", who=write.name(absence.person))
    return Button(verb="away", label=label, token=str(Token(verb="away", argument=absence.person)))


def _period(tx: Tx, office: Office, absence: Absence, write: Formatter) -> str:
    """Return the days of an absence, the deputy, and the process if it is for one."""
    words = write.words
    text = words.t(
        "home.away" if absence.deputy else "home.away.alone",
        deputy=write.name(absence.deputy),
        first=write.at(absence.starts_at),
        last=write.at(absence.ends_at),
    )
    if not absence.process:
        return text
    called = {one.definition.key: one.definition.name for one in start.in_force(tx, office)}
    name = called.get(absence.process)
    process = name.of(write.language) if name is not None else absence.process
    return words.t("home.away.process", text=text, process=process)
