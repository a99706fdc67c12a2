"""Registers of cases, such as the register of suppliers: who may read one, and what its rows say.

A register is what the cases of a process are now: their latest facts and the fields that it names.
Whoever it is read by sees these columns of every case, and nothing else of a case that they may not
read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers import start
from handlers.answers import plain_forms
from handlers.exports.spreadsheet import number_of
from handlers.i18n import LANGUAGES, translator
from handlers.office import Office
from handlers.reading.case import Reading, open_unchecked
from handlers.spoken import leading
from handlers.table_values import people_of_process, process_owners
from storage.registers import RegisterQuery
from storage.searching import plain
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.field_rules import today
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.register import CERTIFICATES, Register
from workflows.model.words import Option
from workflows.moments import DAY
from workflows.records import FORM

SOON_DAYS = 60  # a certificate that expires within them expires soon
EXPIRING_MOST = 2000  # cases that are looked at for such certificates
WORDS_MOST = 10  # of a search; further words are ignored
_NUMBERS = (FieldType.NUMBER, FieldType.MONEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value of a row: its heading, and the value as text and for a spreadsheet."""

    column: str
    heading: str
    text: str
    value: object  # a text, a number or a date; None without a value
    plain: object  # as programs read it: ids of options, numbers, ISO 8601 dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a register is narrowed to: an option of a fact, what expires soon, and words."""

    option: str = ""
    expiring: bool = False
    words: tuple[str, ...] = ()


def by_command(tx: Tx, office: Office, command: str) -> Definition | None:
    """Return the definition whose register a command shows, or None."""
    for loaded in start.in_force(tx, office):
        register = loaded.definition.listing
        if register is not None and register.command == command:
            return loaded.definition
    return None


def of_process(tx: Tx, office: Office, process: str) -> Definition | None:
    """Return the current definition of a process if it has a register, or None."""
    for loaded in start.in_force(tx, office):
        if loaded.definition.key == process and loaded.definition.listing is not None:
            return loaded.definition
    return None


def only_one(tx: Tx, office: Office, *, process: str | None) -> Definition:
    """Return the definition of this process, or of the only one that has a register.

    Raises Refusal `process_unknown`, `register_unknown`, or `register_which` with the processes
    that have one.
    """
    if process is not None:
        definition = start.current(tx, office, process).definition
        if definition.listing is None:
            raise Refusal("register_unknown", process=definition.name)
        return definition
    found = [one.definition for one in start.in_force(tx, office) if one.definition.listing]
    if len(found) != 1:
        raise Refusal("register_which", known=", ".join(one.key for one in found) or "–")
    return found[0]


def name_of(definition: Definition, language: str) -> str:
    """Return the name of the register of a definition, which has one."""
    assert definition.listing is not None, "only called for a register"
    return definition.listing.name.of(language)


def register_of(definition: Definition, directory: Directory, person: str) -> Register:
    """Return the register of a process. Raises Refusal `register_unknown`, `register_closed`."""
    register = definition.listing
    if register is None:
        raise Refusal("register_unknown", process=definition.name)
    if not may_consult(definition, directory, person):
        raise Refusal("register_closed", register=register.name)
    return register


def may_consult(definition: Definition, directory: Directory, person: str) -> bool:
    """Return whether a person may read the register: by `read_by`, as owner, as administrator."""
    register = definition.listing
    if register is None:
        return False
    readers = people_of_process(register.read_by, definition, directory)
    return person in (*readers, *process_owners(definition, directory), *directory.admins)


def narrow(definition: Definition, text: str) -> Narrowed:
    """Read what was typed after the command: the label of an option narrows, the rest is searched.

    The labels, in both languages, are those of `narrowing`, and "expiring soon" where the register
    has certificates.
    """
    _, options = narrowing(definition)
    typed = " ".join(plain(plain_forms(text)).split())
    labels = {plain(one): option.id for option in options for one in (option.zh, option.en)}
    if has_certificates(definition):
        labels |= {plain(translator(one).t("register.expiring")): "" for one in LANGUAGES}
    label = leading(typed, labels)
    words = tuple(typed.removeprefix(label).split()[:WORDS_MOST])
    if not label:
        return Narrowed(words=words)
    return Narrowed(option=labels[label], expiring=not labels[label], words=words)


def narrowing(definition: Definition) -> tuple[str, tuple[Option, ...]]:
    """Return the fact by whose options the register is narrowed, and these; "" without one."""
    register = definition.listing
    assert register is not None, "only called for a register"
    names = (*register.only, *register.columns)
    for name in names:
        kept = definition.kept.get(name)
        if kept is not None and kept.options:
            shown = register.only.get(name) or tuple(option.id for option in kept.options)
            return name, tuple(option for option in kept.options if option.id in shown)
    return "", ()


def has_certificates(definition: Definition) -> bool:
    """Return whether the register of a definition shows when certificates expire."""
    register = definition.listing
    return register is not None and CERTIFICATES in register.columns


def expiring(reading: Reading) -> dict[str, date]:
    """Return the certificates that have expired or will within `SOON_DAYS`, the next one first."""
    definition = reading.definition
    last = today(reading.world) + timedelta(days=SOON_DAYS)
    days = {
        field.id: date.fromisoformat(str(reading.world.values[field.expires_name]))
        for field in definition.forms[definition.start_form].certificates
        if reading.world.values.get(field.expires_name)
    }
    return {one: days[one] for one in sorted(days, key=days.__getitem__) if days[one] <= last}


def expiring_rows(
    tx: Tx,
    office: Office,
    wanted: RegisterQuery,
    *,
    reader: Person,
    language: str,
) -> list[Reading]:
    """Return the cases of a register of which a certificate expires soon, the next one first."""
    until = office.clock.now() + (SOON_DAYS + 1) * DAY
    soon = replace(wanted, expiring=until, limit=EXPIRING_MOST, skip=0)
    found = rows(tx, office, soon, reader=reader, language=language)
    days = {one.case.id: (min(due), one) for one in found if (due := expiring(one).values())}
    return [one for _, one in sorted(days.values(), key=lambda each: (each[0], each[1].case.id))]


def query(
    definition: Definition, narrowed: Narrowed, *, limit: int = 50, skip: int = 0
) -> RegisterQuery:
    """Return the query for the cases of a register, narrowed to these."""
    register = definition.listing
    assert register is not None, "only called for a register"
    options = {name: tuple(shown) for name, shown in register.only.items()}
    fact, _ = narrowing(definition)
    if narrowed.option and fact:
        options[fact] = (narrowed.option,)
    searched = {
        FORM + key for key, field in definition.all_fields() if field.id in register.find_by
    }
    return RegisterQuery(
        process=definition.key,
        options=options,
        words=narrowed.words,
        kinds=tuple(sorted(searched)),
        limit=limit,
        skip=skip,
    )


def rows(
    tx: Tx, office: Office, wanted: RegisterQuery, *, reader: Person | None, language: str
) -> Iterator[Reading]:
    """Yield the cases of a register, for people who may read it.

    A word must be in what a field holds now: one whose content has another value by now is left
    out.
    """
    for case_id in tx.registers.find(wanted):
        reading = (
            open_unchecked(tx, office, case_id=case_id, language=language, reader=reader, row=True)
            if reader is not None
            else open_unchecked(
                tx, office, case_id=case_id, language=language, row=True, on_paper=True
            )
        )
        if all(plain(word) in _searched(reading) for word in wanted.words):
            yield reading


def _searched(reading: Reading) -> str:
    register = reading.definition.listing
    fields = register.find_by if register is not None else ()
    given = (reading.world.values.get(name) for name in fields)
    return plain("\n".join((reading.case.id, *(str(one) for one in given if one is not None))))


# ---------------------------------------------------------------------------- cells


def papers(reading: Reading) -> frozenset[str]:
    """Return the columns of certificates, which a line of a list leaves out."""
    definition = reading.definition
    return frozenset(field.id for field in definition.forms[definition.start_form].certificates)


def cells(reading: Reading, columns: Sequence[str]) -> Iterator[Cell]:
    """Yield the values of these columns of a case; certificates have one each."""
    for column in columns:
        if column == CERTIFICATES:
            yield from _certificates(reading)
        elif column in reading.definition.kept:
            yield _fact(reading, column)
        else:
            yield _field(reading, column)


def _fact(reading: Reading, name: str) -> Cell:
    fact, heading = reading.case.fact(name), reading.fact_name(name)
    if fact is None:
        return Cell(column=name, heading=heading, text="", value=None, plain=None)
    text = reading.fact_value(fact)
    value = text if fact.option else number_of(fact.amount)
    plain = fact.option or value
    return Cell(column=name, heading=heading, text=text, value=value, plain=plain)


def _field(reading: Reading, name: str) -> Cell:
    field = reading.definition.named(name)
    if field is None:  # a version of the definition that has no such field
        return Cell(column=name, heading=name, text="", value=None, plain=None)
    raw, heading = reading.world.values.get(name), reading.text(field.label)
    text = reading.shown(field)
    value: object = text or None
    if raw is not None and field.type in _NUMBERS:
        value = number_of(raw)
    elif raw is not None and field.type is FieldType.DATE:
        value = date.fromisoformat(str(raw))
    return Cell(column=name, heading=heading, text=text, value=value, plain=raw)


def _certificates(reading: Reading) -> Iterator[Cell]:
    """Yield the day on which each certificate expires."""
    definition = reading.definition
    for field in definition.forms[definition.start_form].certificates:
        expires = reading.world.values.get(field.expires_name)
        day = date.fromisoformat(str(expires)) if expires else None
        given = bool(reading.world.values.get(field.id))
        state = reading.words.t("register.lasting" if given else "register.missing")
        yield Cell(
            column=field.id,
            heading=reading.words.t("register.expires", certificate=reading.text(field.label)),
            text=reading.day(str(expires)) if day else state,
            value=day or state,
            plain=expires,
        )
