"""Cases: list, show, start, and what administrators do to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli import administration
from bot.cli.deployment import Deployment, person_named, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import show_json, show_table, show_text

if TYPE_CHECKING:
    from handlers.rendering.model import DocumentModel
    from storage.unit import Tx
    from workflows.model.fields import Form, FormField
    from workflows.records import CaseQuery

VIA = "cli"
# Of cases: "open" are those that run, "closed" all others.
State = Literal["open", "closed", "running", "completed", "rejected", "withdrawn", "terminated"]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("list")(list_cases)
    family.command("show")(show_case)
    family.command("start")(start_case)
    administration.register(family)
    app.add_typer(family, name="case")


def list_cases(
    *,
    status: Annotated[State | None, typer.Option("--status")] = None,
    process: Annotated[str | None, typer.Option("--process", metavar="PROCESS")] = None,
    filer: Annotated[str | None, typer.Option("--filer", metavar="PERSON")] = None,
    department: Annotated[str | None, typer.Option("--department", metavar="ID")] = None,
    overdue: Annotated[bool, typer.Option("--overdue")] = False,
    oldest: Annotated[bool, typer.Option("--oldest")] = False,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1)] = None,
    words: Annotated[str, typer.Option("--text", metavar="WORDS")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print cases, newest first; overdue ones by their due time; with `--oldest` oldest first.

    Of a department are the cases that its people filed.
    """
    from handlers.case_lists import people_of_department
    from handlers.searching import wanted_words
    from workflows.records import CaseQuery

    async def task(it: Deployment) -> None:
        def query(tx: Tx) -> CaseQuery:
            directory, who = it.office.directory(tx), None
            if filer:
                who = person_named(directory, filer, left_too=True).key
            return CaseQuery(
                status=None if status in ("open", "closed") else status,
                ended={"open": False, "closed": True}.get(status or ""),
                process=process,
                filer=who,
                filers=people_of_department(directory, department) if department else None,
                overdue_at=it.office.clock.now() if overdue else None,
                words=tuple(wanted_words(tx, it.office, words, it.words.language)),
                oldest=oldest,
            )

        await _list(it, query, most=limit, as_json=as_json)

    work(task, config=config, language=language)


async def _list(
    it: Deployment, query: Callable[[Tx], CaseQuery], *, most: int | None, as_json: bool
) -> None:
    """Print the cases of a query, all or the first `most`."""
    from handlers.exports.tables import case_list
    from handlers.reading.record import case_line, case_rows

    def lines(tx: Tx) -> list[dict[str, Any]]:
        directory = it.office.directory(tx)
        return [case_line(row, directory) for row in case_rows(tx, query(tx), most=most)]

    if as_json:
        show_json(await it.database.read(lines))
        return
    language = it.words.language
    sheet = await it.database.read(
        lambda tx: case_list(tx, it.office, query(tx), language=language, most=most)
    )
    show_table(sheet.headings, sheet.rows)


def show_case(
    case_id: Annotated[str, typer.Argument(metavar="ID")],
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print one case with its tasks, clocks, fields and history."""

    async def task(it: Deployment) -> None:
        number = case_id.upper()
        if as_json:
            from handlers.reading.record import case_facts

            show_json(await it.database.read(lambda tx: case_facts(tx, it.office, case_id=number)))
        else:
            await _show(it, number)

    work(task, config=config, language=language)


def start_case(
    process: Annotated[str, typer.Argument(metavar="PROCESS")],
    *,
    person: Annotated[str, typer.Option("--as", metavar="PERSON")],
    fields: Annotated[list[str] | None, typer.Option("--field", metavar="NAME=VALUE")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """File a case for a person; a repeated key files nothing and prints the same case."""
    given = _given(fields or [])

    async def task(it: Deployment) -> None:
        case_id = await _start(it, process=process, person_id=person, given=given, key=key)
        if as_json:
            from handlers.reading.record import case_facts

            facts = await it.database.read(lambda tx: case_facts(tx, it.office, case_id=case_id))
            show_json(facts)
        else:
            show_text(case_id)

    work(task, config=config, language=language)


# ------------------------------------------------------------------------------ starting


def _given(fields: list[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for text in fields:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(text, param_hint="--field NAME=VALUE")
        given.setdefault(name.strip(), []).append(value)
    return given


async def _start(
    it: Deployment, *, process: str, person_id: str, given: dict[str, list[str]], key: str | None
) -> str:
    """Return the number of the new case, or of the case that this key has filed before."""
    from handlers.filing import Filing, file_in, filed_before, start_form

    filing = Filing(process=process, via=VIA, key=key or "")

    def look(tx: Tx) -> tuple[str, Form] | str:
        before = filed_before(tx, filing)
        if before is not None:
            return before.id
        filer = it.person(tx, person_id).key
        return filer, start_form(tx, it.office, process, filer=filer, given=given)

    found = await it.database.read(look)
    if isinstance(found, str):
        return found
    filer, form = found
    known = {field.id: field for field in form.fields}
    raw = {name: await _raw(it, known[name], values, filer) for name, values in given.items()}
    filed = await it.database.run(lambda tx: file_in(tx, it.office, filing, filer=filer, raw=raw))
    return filed.id


async def _raw(it: Deployment, field: FormField, values: list[str], person: str) -> object:
    """Return a field's value as a form would submit it; files are given by their paths."""
    from workflows.model.fields import FieldType

    if field.type is FieldType.CHOICES:
        return [part.strip() for value in values for part in value.split(",") if part.strip()]
    if field.type is FieldType.FILES:
        return [await _upload(it, Path(value), person) for value in values if value]
    return values[-1]


async def _upload(it: Deployment, path: Path, person: str) -> str:
    from bot.app.deployment import open_files
    from handlers.uploads import upload

    file = await upload(
        it.database,
        open_files(it.config.storage.files),
        it.office,
        person=person,
        name=path.name,
        content=_content(it, path),
    )
    return file.id


def _content(it: Deployment, path: Path) -> bytes:
    from bot.findings import Unreadable, finding, shown

    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable([finding("no_file", words=it.words, file=shown(path))]) from error


# ------------------------------------------------------------------------------ showing


async def _show(it: Deployment, case_id: str) -> None:
    """Print the case, with the texts of its document and the ids of its steps."""
    from bot.cli.paper import show_document
    from handlers.documents.report import build_report
    from handlers.documents.source import DocumentSource
    from handlers.exports.tables import outside_reading

    def unit(tx: Tx) -> DocumentModel:
        language = it.words.language
        reading = outside_reading(tx, it.office, case_id=case_id, language=language)
        return build_report(DocumentSource(reading=reading.whole, ids=True))

    show_document(await it.database.read(unit))
