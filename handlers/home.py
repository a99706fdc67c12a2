"""Makes a person's home page: open tasks, cases, processes to start, absence."""

from __future__ import annotations

from handlers import lists, start
from handlers.absence import present
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Home, Tone
from handlers.reading.formatter import formatter
from handlers.tokens import Token
from storage.unit import Tx
from workflows.directory import Person


def home(tx: Tx, office: Office, *, reader: Person, language: str) -> Home:
    """Return the home page of a reader."""
    starts = (
        Button(
            verb="start",
            label=loaded.definition.name.of(language),
            token=str(Token(verb="start", argument=loaded.definition.key)),
            style="primary",
        )
        for loaded in start.in_force(tx, office)
    )
    return Home(
        tasks=lists.tasks_card(tx, office, reader=reader, language=language),
        cases=lists.cases_card(tx, office, reader=reader, language=language),
        starts=tuple(starts),
        away=away_card(tx, office, reader=reader, language=language),
    )


def away_card(tx: Tx, office: Office, *, reader: Person, language: str) -> Card:
    """Return the card of the reader's present or next absence with its deputy and buttons."""
    directory = office.directory(tx)
    write = formatter(office, directory, reader=reader, language=language)
    words = write.words
    absence = next(iter(present(directory, reader.key, write.now)), None)
    change = Button(verb="away", label=words.t("button.away"), token=str(Token(verb="away")))
    if absence is None:
        return Card(kind="away", title=words.t("home.here"), buttons=(change,))
    back = Token(verb="away", argument="off")
    title = words.t(
        "home.away" if absence.deputy else "home.away.alone",
        deputy=write.name(absence.deputy),
        first=write.at(absence.starts_at),
        last=write.at(absence.ends_at),
    )
    if absence.process:
        called = {one.definition.key: one.definition.name for one in start.in_force(tx, office)}
        name = called.get(absence.process)
        process = name.of(language) if name is not None else absence.process
        title = words.t("home.away.process", text=title, process=process)
    return Card(
        kind="away",
        title=title,
        badge=Badge(text=words.t("home.away.badge"), tone=Tone.INFO),
        buttons=(
            Button(verb="away", label=words.t("button.back_here"), token=str(back)),
            change,
        ),
    )
