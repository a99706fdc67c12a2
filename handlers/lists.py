"""Makes the cards of one case and of help."""

from __future__ import annotations

from handlers import start
from handlers.cards import case as case_cards
from handlers.i18n import Typed, translator
from handlers.office import Office
from handlers.pages import Card, Line
from handlers.reading.case import open_case
from storage.unit import Tx
from workflows.directory import Person

OURS = (
    "tasks",
    "cases",
    "case",
    "why",
    "points",
    "report",
    "import",
    "dashboard",
    "watch",
    "unwatch",
    "problem",
    "away",
    "digest",
    "link",
    "help",
)


def details_card(tx: Tx, office: Office, *, case_id: str, reader: Person, language: str) -> Card:
    """Return the card of a case with its history.

    Raises Refusal `case_unknown` or `not_your_case`.
    """
    reading = open_case(tx, office, case_id=case_id, reader=reader, language=language)
    return case_cards.details(reading)


def help_card(
    tx: Tx, office: Office, *, reader: Person, language: str, typed: Typed | None = None
) -> Card:
    """Return the card that lists the commands of a reader and what they do."""
    words = translator(language)
    found = commands(tx, office, language=language, reader=reader, typed=typed)
    return Card(
        kind="list",
        title=words.t("help.title", company=office.company.name_in(language)),
        text=words.t("help.text"),
        lines=tuple(Line(when=text, text=hint) for text, _, hint in found),
    )


def commands(
    tx: Tx,
    office: Office,
    *,
    language: str,
    reader: Person | None = None,
    typed: Typed | None = None,
) -> tuple[tuple[str, str, str], ...]:
    """Return every command, first those of the processes; with a `reader`, those of that person.

    Each is a tuple of what to type, its name, and what it does.
    """
    words = translator(language).typing(typed)
    before = words.typed
    started = (
        start.in_force(tx, office)
        if reader is None
        else start.offered(tx, office, person=reader.key)
    )
    processes = (loaded.definition for loaded in started)
    theirs = (
        (f"{before.process}{p.command}", p.name.of(language), p.purpose.of(language))
        for p in processes
    )
    ours = (
        (f"{before.own}{name}", words.t(f"command.{name}"), words.t(f"command.{name}.hint"))
        for name in OURS
    )
    registers = (
        (f"{before.own}{one.command}", one.name.of(language), words.t("command.register.hint"))
        for one in (p.definition.listing for p in start.in_force(tx, office))
        if one is not None
    )
    return (*theirs, *registers, *ours)
