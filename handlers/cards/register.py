"""Makes the cards of a register: the list, and one entry with its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers import registers, start
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
    wanted = registers.query(definition, narrowed, limit=MOST, skip=page * MOST)
    total = caller.tx.registers.count(wanted)
    found = tuple(
        registers.rows(
            caller.tx, caller.office, wanted, reader=caller.person, language=caller.language
        )
    )
    if narrowed.words and total == len(found) == 1:
        return _entry(caller, found[0], register)
    words, name = translator(caller.language), register.name.of(caller.language)
    more = total - (page + 1) * MOST
    return Card(
        kind="list",
        title=words.n("register.list", total, register=name)
        if found
        else words.t("register.none", register=name),
        lines=tuple(_line(reading, register) for reading in found),
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
    _, options = registers.narrowing(definition)
    chosen = dict(enumerate(options, start=1)).get(int(number))
    narrowed = Narrowed(option=chosen.id if chosen is not None else "")
    return list_card(caller, definition, narrowed, page=int(page))


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


def _line(reading: Reading, register: Register) -> Line:
    cells = [cell for cell in registers.cells(reading, register.columns) if cell.text]
    papers = registers.papers(reading)
    shown = [cell.text for cell in cells if cell.column not in papers]
    return Line(when=reading.case.id, text=" · ".join(shown), case_id=reading.case.id)


def _open(found: Sequence[Reading]) -> Iterator[Button]:
    for reading in found[:BUTTONS_MOST]:
        token = Token(verb=ENTRY, case_id=reading.case.id)
        yield Button(verb=ENTRY, label=reading.subject or reading.case.id, token=str(token))


def _pages(
    definition: Definition, narrowed: Narrowed, page: int, more: int, language: str
) -> Iterator[Button]:
    words = translator(language)
    if narrowed.words:
        return  # a search is narrowed by more words
    if more > 0:
        yield _turn(definition, narrowed.option, page + 1, words.t("register.next"))
    if page > 0:
        yield _turn(definition, narrowed.option, page - 1, words.t("register.previous"))


def _narrower(definition: Definition, narrowed: Narrowed, language: str) -> Iterator[Button]:
    _, options = registers.narrowing(definition)
    for option in options:
        if option.id != narrowed.option:
            yield _turn(definition, option.id, 0, option.of(language))
    if narrowed.option or narrowed.words:
        yield _turn(definition, "", 0, translator(language).t("register.all"))


def _turn(definition: Definition, option: str, page: int, label: str) -> Button:
    _, options = registers.narrowing(definition)
    number = next((n for n, one in enumerate(options, start=1) if one.id == option), 0)
    token = Token(verb=LIST, argument=f"{page}-{number}-{definition.key}")
    return Button(verb=LIST, label=label, token=str(token))
