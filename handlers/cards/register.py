"""Makes the cards of a register: the list, and one entry with its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers import registers, start
from handlers.cards import parts
from handlers.documents.papers import links
from handlers.documents.register_files import chart_link, sheet_link
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.pages import Button, Card, Fact, Line
from handlers.reading.case import Reading, open_unchecked
from handlers.reading.facts import results
from handlers.reading.policy import may_read
from handlers.registers import Narrowed
from handlers.tokens import Token
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.model.register import Register

MOST = 10  # lines on a card
BUTTONS_MOST = 5
PERIODS_MOST = 8  # of the history on a card; the chart and the document have all
LIST, ENTRY = "register", "entry"


def list_card(caller: Caller, definition: Definition, narrowed: Narrowed, *, page: int = 0) -> Card:
    """Return one page of a register, or the only entry that was found by its words.

    Raises Refusal `register_unknown` or `register_closed`.
    """
    register = registers.register_of(definition, caller.directory, caller.person.key)
    total, found = _found(caller, definition, narrowed, page)
    if narrowed.words and total == len(found) == 1:
        return _entry(caller, found[0], register)
    words, name = translator(caller.language), _name(definition, narrowed, caller.language)
    more = total - (page + 1) * MOST
    return Card(
        kind="list",
        title=words.n("register.list", total, register=name)
        if found
        else words.t("register.none", register=name),
        lines=tuple(_line(reading, register, narrowed) for reading in found),
        buttons=tuple(_open(found)),
        more=(
            *_pages(definition, narrowed, page, more, caller.language),
            *_narrower(definition, narrowed, caller.language),
        ),
        files=(sheet_link(definition, register, language=caller.language),),
        note=words.n("register.more", more) if more > 0 else "",
    )


def page_of(caller: Caller, token: Token) -> Card:
    """Return the page of a register that a button names.

    Raises Refusal `button_unknown` or `process_unknown`, and those of `list_card`.
    """
    page, number, process = (*token.argument.split("-", 2), "", "")[:3]
    if not (page.isdecimal() and number.isdecimal()):
        raise Refusal("button_unknown")
    definition = start.current(caller.tx, caller.office, process).definition
    narrowed = dict(enumerate(_ways(definition), start=1)).get(int(number), Narrowed())
    return list_card(caller, definition, narrowed, page=int(page))


def _found(
    caller: Caller, definition: Definition, narrowed: Narrowed, page: int
) -> tuple[int, tuple[Reading, ...]]:
    """Return how many entries there are, and those of a page."""
    tx, office, language = caller.tx, caller.office, caller.language
    first = page * MOST
    wanted = registers.query(definition, narrowed, limit=MOST, skip=first)
    if narrowed.expiring:
        soon = registers.expiring_rows(tx, office, wanted, reader=caller.person, language=language)
        return len(soon), tuple(soon[first : first + MOST])
    found = registers.rows(tx, office, wanted, reader=caller.person, language=language)
    return tx.registers.count(wanted), tuple(found)


def _name(definition: Definition, narrowed: Narrowed, language: str) -> str:
    """Return the name of a register, with what it is narrowed to."""
    name, label = registers.name_of(definition, language), _label(definition, narrowed, language)
    if not label:
        return name
    return translator(language).t("register.narrowed", register=name, by=label)


def _ways(definition: Definition) -> tuple[Narrowed, ...]:
    """Return the ways in which buttons narrow a register; a token names one by its number."""
    _, options = registers.narrowing(definition)
    soon = (Narrowed(expiring=True),) if registers.has_certificates(definition) else ()
    return (*(Narrowed(option=option.id) for option in options), *soon)


def _label(definition: Definition, narrowed: Narrowed, language: str) -> str:
    """Return what a register is narrowed to, without words; "" for all of it."""
    if narrowed.expiring:
        return translator(language).t("register.expiring")
    _, options = registers.narrowing(definition)
    return next((one.of(language) for one in options if one.id == narrowed.option), "")


def entry_card(caller: Caller, case_id: str) -> Card:
    """Return the entry of a case in the register of its process.

    Raises Refusal `register_unknown`, `register_closed` or `case_unknown`.
    """
    reading = open_unchecked(
        caller.tx,
        caller.office,
        case_id=case_id,
        reader=caller.person,
        language=caller.language,
    )
    register = registers.register_of(reading.definition, caller.directory, caller.person.key)
    return _entry(caller, reading, register)


def _entry(caller: Caller, reading: Reading, register: Register) -> Card:
    words, case = reading.words, reading.case
    readable = may_read(caller.tx, case, person=caller.person.key, world=reading.world)
    history = tuple(_history(reading, register.chart)) if register.chart else ()
    return Card(
        kind=ENTRY,
        case_id=case.id if readable else None,
        title=words.t("register.entry", register=reading.text(register.name), case=case.id),
        facts=tuple(
            Fact(label=cell.heading, value=cell.text)
            for cell in registers.cells(reading, register.columns)
            if cell.text
        ),
        lines_title=reading.fact_name(register.chart) if register.chart else "",
        lines=history[-PERIODS_MOST:],
        files=(
            *filter(None, [chart_link(reading, register)]),
            *(links(reading) if readable else ()),
        ),
        buttons=(
            (
                Button(
                    verb="details",
                    label=words.t("button.details"),
                    token=str(Token(verb="details", case_id=case.id)),
                ),
            )
            if readable
            else ()
        ),
    )


def _history(reading: Reading, name: str) -> Iterator[Line]:
    """Yield the results of a fact that count, with their periods and grades, oldest first."""
    for one in results(name, reading.case, reading.definition, reading):
        yield Line(when=one.when, text=" · ".join(filter(None, (one.text, one.grade))))


def _line(reading: Reading, register: Register, narrowed: Narrowed) -> Line:
    """Return an entry as one line; numbers and days have their headings."""
    papers = registers.papers(reading)
    soon = registers.expiring(reading) if narrowed.expiring else {}
    shown = [
        cell.text if isinstance(cell.value, str) else f"{cell.heading} {cell.text}"
        for cell in registers.cells(reading, register.columns)
        if cell.text and (cell.column not in papers or cell.column in soon)
    ]
    return Line(when=reading.case.id, text=" · ".join(shown), case_id=reading.case.id)


def _open(found: Sequence[Reading]) -> Iterator[Button]:
    for reading in found[:BUTTONS_MOST]:
        token = Token(verb=ENTRY, case_id=reading.case.id)
        yield Button(verb=ENTRY, label=reading.subject or reading.case.id, token=str(token))


def _pages(
    definition: Definition, narrowed: Narrowed, page: int, more: int, language: str
) -> Iterator[Button]:
    if narrowed.words:
        return  # a search is narrowed by more words
    yield from parts.turning(
        translator(language),
        page,
        more=more > 0,
        button=lambda number, label: (_turn(definition, narrowed, number, label),),
    )


def _narrower(definition: Definition, narrowed: Narrowed, language: str) -> Iterator[Button]:
    at = replace(narrowed, words=())
    for way in _ways(definition):
        if way != at:
            yield _turn(definition, way, 0, _label(definition, way, language))
    if narrowed != Narrowed():
        yield _turn(definition, Narrowed(), 0, translator(language).t("register.all"))


def _turn(definition: Definition, way: Narrowed, page: int, label: str) -> Button:
    numbers = {one: number for number, one in enumerate(_ways(definition), start=1)}
    token = Token(verb=LIST, argument=f"{page}-{numbers.get(way, 0)}-{definition.key}")
    return Button(verb=LIST, label=label, token=str(token))
