"""Starts cases: the start form of a process, and its submission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from handlers import casework
from handlers.answers import TEXT_MOST, read_form, read_text
from handlers.coming import RoutePreview
from handlers.contents import keep
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Answer, FormSheet, Tone
from handlers.reading.formatter import formatter
from handlers.sheets import form_sheet
from handlers.tokens import Token
from handlers.uploads import take_files
from storage.unit import Tx
from workflows.actions.start import StartCase
from workflows.case.state import Case, Parent
from workflows.directory import Directory, Person
from workflows.errors import DefinitionError, Refusal
from workflows.loading import Loaded
from workflows.model.words import Text
from workflows.moments import Moment, in_zone
from workflows.records import FORM, StoredDefinition


def current(tx: Tx, office: Office, process: str) -> Loaded:
    """Return the version of a process that is in force; a pilot if only departments start it.

    What a person starts may be another one, see `started_by`.

    Raises:
        Refusal: `process_unknown`, or `definition_damaged` if it cannot be loaded.
    """
    for stored in tx.definitions.known():
        if stored.key == process:
            return _loaded(office, stored)
    raise Refusal("process_unknown", process=process)


def in_force_since(tx: Tx, process: str) -> Moment:
    """Return when the version of a process that `current` returns was released."""
    return tx.releases.open_of(process)[0].opened_at


def in_force(tx: Tx, office: Office) -> Iterator[Loaded]:
    """Yield the version of every process that `current` returns, except damaged ones."""
    for stored in tx.definitions.known():
        with suppress(DefinitionError):
            yield office.shelf.load(stored)


def started_by(tx: Tx, office: Office, process: str, *, person: str) -> Loaded:
    """Return the version of a process that a person starts, by the department of the person.

    Raises:
        Refusal: `process_unknown`; `process_in_pilot` if only other departments start it;
            `definition_damaged` if it cannot be loaded.
    """
    stored = tx.definitions.started(process, _department(tx, office, person))
    if stored is None:
        raise _not_started(tx, office, process)
    return _loaded(office, stored)


def offered(tx: Tx, office: Office, *, person: str) -> Iterator[Loaded]:
    """Yield the version of each process that a person may start, except damaged ones."""
    for stored in tx.definitions.started_by(_department(tx, office, person)):
        with suppress(DefinitionError):
            yield office.shelf.load(stored)


def by_command(tx: Tx, office: Office, command: str, *, person: str) -> Loaded | None:
    """Return the process that a chat command of a person starts, by its command or key, or None.

    Raises:
        Refusal: as `started_by`.
    """
    for loaded in offered(tx, office, person=person):
        if loaded.definition.command == command:
            return loaded
    known = tx.definitions.known()
    for stored in known:
        with suppress(DefinitionError):
            if office.shelf.load(stored).definition.command == command:
                return started_by(tx, office, stored.key, person=person)
    if any(stored.key == command for stored in known):
        return started_by(tx, office, command, person=person)
    return None


def _department(tx: Tx, office: Office, person: str) -> str:
    known = office.directory(tx).get(person)
    return "" if known is None else known.department


def _not_started(tx: Tx, office: Office, process: str) -> Refusal:
    """Return why a process has no version that a person starts."""
    pilots = tx.releases.open_of(process)
    if not pilots:
        return Refusal("process_unknown", process=process)
    return Refusal(
        "process_in_pilot",
        process=current(tx, office, process).definition.name,
        departments=department_names(office.directory(tx), (one.department for one in pilots)),
    )


def department_names(directory: Directory, several: Iterable[str]) -> tuple[Text, ...]:
    """Return the names of departments; one that is gone is named by its id."""
    found = ((one, directory.departments.get(one)) for one in several)
    return tuple(
        Text(zh=one, en=one) if known is None else Text(zh=known.name_zh, en=known.name_en)
        for one, known in found
    )


def _loaded(office: Office, stored: StoredDefinition) -> Loaded:
    try:
        return office.shelf.load(stored)
    except DefinitionError:
        raise Refusal("definition_damaged", process=stored.key) from None


def start_sheet(
    tx: Tx,
    office: Office,
    loaded: Loaded,
    *,
    filer: Person,
    language: str,
    text: str = "",
    values: Mapping[str, object] | None = None,
    again: Token | None = None,
) -> FormSheet:
    """Return the start form with these values, or with `text` in its main field, and the route.

    `again` is the token of the button that files an ended case again. Raises FormInvalid if the
    text is too long for that field.
    """
    definition = loaded.definition
    form = definition.forms[definition.start_form]
    main = form.main_field
    words = translator(language)
    world = casework.world_of(tx, office, None, loaded)
    write = formatter(office, world.directory, reader=filer, language=language)
    return form_sheet(
        form,
        token=again or Token(verb="start", argument=definition.key),
        language=language,
        world=world,
        title=form.name.of(language),
        intro=words.t("sheet.resubmit.intro", case=again.case_id)
        if again
        else definition.purpose.of(language),
        submit=words.t("button.file"),
        starts=True,
        route=RoutePreview(filer=filer.key, world=world, write=write),
        values={main.id: read_text(text, most=main.most_characters or TEXT_MOST)}
        if main and text
        else values or {},
    )


def start_case(
    tx: Tx,
    office: Office,
    *,
    process: str,
    person: str,
    via: str,
    raw: Mapping[str, object],
    parent: Parent | None = None,
    again_of: str = "",
    files_of: str = "",
    handed: Mapping[str, object] | None = None,
) -> Case:
    """Start a case from a submitted start form, and return it.

    Args:
        process: the key of the definition.
        person: the key of the filer.
        via: the platform.
        raw: the submitted values, by the field's id.
        parent: the case that starts it, if one does.
        again_of: the number of the ended case that is filed again.
        files_of: the owner of the uploads among the values, if it is not the filer.
        handed: what is stored with the form besides its values, by a key of its own.

    Raises:
        FormInvalid: with the problem of every invalid field; nothing is stored.
        Refusal: the process cannot be started.
    """
    loaded = started_by(tx, office, process, person=person)
    definition = loaded.definition
    form = definition.forms[definition.start_form]
    world = casework.world_of(tx, office, None, loaded)
    values = read_form(form, raw, world=world)
    case_id = _next_number(tx, office, definition.case_prefix)
    body, kind = {"values": values, **(handed or {})}, FORM + definition.start_form
    content = keep(tx, office, case_id=case_id, kind=kind, author=person, body=body)
    command = StartCase(
        actor=person,
        via=via,
        case_id=case_id,
        definition=loaded.hash,
        content=content.ref,
        values=values,
        parent=parent,
        again_of=again_of,
    )
    case = casework.start(tx, office, command, loaded)
    take_files(tx, form, values, person=files_of or person, case_id=case_id)
    return case


def _next_number(tx: Tx, office: Office, prefix: str) -> str:
    """Take the next number of a case in the year of the company's zone."""
    year = in_zone(office.clock.now(), office.company.zone_of(None)).year
    return tx.cases.next_id(prefix=prefix, year=year)


def filed(case: Case, *, language: str) -> Answer:
    """Return the answer to the filer of a new case."""
    text = translator(language).t("answer.filed", case=case.id)
    return Answer(text=text, tone=Tone.GOOD, case_id=case.id)
