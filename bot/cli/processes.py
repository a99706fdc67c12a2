"""Processes: list, show, diagram, BPMN, publish, schema."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import (
    import_bpmn,
    migrate,
    new_process,
    process_diff,
    process_pull,
    process_tables,
    specification,
    what_if,
)
from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.options import ConfigOption, JsonOption, LanguageOption, OutOption, spoken
from bot.cli.output import Code, say, show_json, show_text, show_warnings
from bot.cli.process_names import ProcessArgument, in_force, named_process
from bot.cli.process_releases import in_departments, release_rows, say_published, show_releases
from workflows.moments import iso

if TYPE_CHECKING:
    from storage.unit import Tx
    from workflows.directory import Directory
    from workflows.loading import Loaded
    from workflows.records import StoredDefinition

PICTURES = (".svg", ".png")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    new_process.register(family)
    family.command("list")(list_processes)
    family.command("show")(show_process)
    specification.register(family)
    family.command("diagram")(draw_diagram)
    process_diff.register(family)
    what_if.register(family)
    family.command("bpmn")(write_bpmn)
    import_bpmn.register(family)
    process_pull.register(family)
    family.command("publish")(publish_drafts)
    family.command("schema")(print_schema)
    process_tables.register(family)
    migrate.register(family)
    app.add_typer(family, name="process")


def list_processes(
    *, as_json: JsonOption = False, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Print the published processes."""

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> list[dict[str, Any]]:
            return [
                _facts(it, tx, stored, it.office.shelf.load(stored))
                for stored in tx.definitions.known()
            ]

        def shown(tx: Tx) -> list[dict[str, Any]]:
            return [
                {
                    **row,
                    "name": row["name"][it.words.language],
                    "departments": in_departments(it, tx, row["releases"]),
                }
                for row in unit(tx)
            ]

        rows = await it.database.read(unit if as_json else shown)
        if as_json:
            show_json(rows)
            return
        names = ["key", "name", "version", "command", "published_at"]
        if any(row["departments"] for row in rows):
            names.append("departments")
        it.table(names, rows, departments="releases")

    work(task, config=config, language=language)


def show_process(
    process: ProcessArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print the published version of a process."""

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> tuple[dict[str, Any], Loaded]:
            stored, loaded = in_force(it, tx, process)
            return _facts(it, tx, stored, loaded) | {"hash": stored.hash}, loaded

        facts, loaded = await it.database.read(unit)
        definition = loaded.definition.model_dump(mode="json", by_alias=True)
        facts |= {"definition": definition}
        if as_json:
            show_json(facts)
        else:
            _show(it, facts, loaded)

    work(task, config=config, language=language)


def draw_diagram(
    process: ProcessArgument,
    *,
    out: OutOption,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Draw a process: the published version or a draft."""
    kind = out.suffix.lower()
    if kind not in PICTURES:
        raise typer.BadParameter(str(out), param_hint=f"--out FILE{'|'.join(PICTURES)}")

    async def task(it: Deployment) -> None:
        from handlers.diagram.layout import layout
        from handlers.diagram.svg import render_svg

        definition = (await named_process(it, process)).definition
        spoken = it.words.language
        picture = layout(definition, language=spoken)
        svg = render_svg(picture, title=definition.name.of(spoken))
        if kind == ".png":
            from handlers.rendering.drawn import render_png

            content = render_png(svg)
        else:
            content = svg.encode()
        write(out, content, words=it.words)

    work(task, config=config, language=language, quietly=process.endswith(".toml"))


class BpmnDialect(StrEnum):
    """The engines for which conditions and attributes are written."""

    CAMUNDA = "camunda"
    SPIFF = "spiff"


def write_bpmn(
    process: ProcessArgument,
    *,
    out: OutOption,
    dialect: Annotated[BpmnDialect, typer.Option("--dialect")] = BpmnDialect.CAMUNDA,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a process as BPMN 2.0: the published version or a draft."""
    if out.suffix.lower() != ".bpmn":
        raise typer.BadParameter(str(out), param_hint="--out FILE.bpmn")

    async def task(it: Deployment) -> None:
        from handlers.bpmn.writing import render_bpmn

        definition = (await named_process(it, process)).definition
        content = render_bpmn(definition, language=it.words.language, dialect=dialect.value)
        write(out, content, words=it.words)

    work(task, config=config, language=language, quietly=process.endswith(".toml"))


def publish_drafts(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…")],
    *,
    accept: Annotated[bool, typer.Option("--accept")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Publish drafts of processes, all of them or none."""
    from bot.cli.process_pull import follow_on, saying_who
    from bot.published import publish, read_process
    from workflows import lint

    async def task(it: Deployment) -> int:
        directory = await it.database.read(it.office.directory)
        calendars = it.office.calendar.names
        several = [
            read_process(path, directory=directory, calendars=calendars, words=it.words)
            for path in files
        ]
        for loaded in several:
            found = lint.warnings(loaded.definition, source=loaded.source)
            show_warnings(found, words=it.words)
        good = [_everybody_served(it, loaded, directory) for loaded in several]
        if not all(good) and not accept:
            say(it.words.t("rehearse.publish.refused"))
            return Code.REFUSED
        now = it.office.clock.now()
        with saying_who(it, directory):
            done = await it.database.run(
                lambda tx: [publish(tx, loaded, at=now, beside=several) for loaded in several]
            )
        for path, loaded, one in zip(files, several, done, strict=True):
            say_published(it, one)
            follow_on(it, path, loaded, one)
        return Code.GOOD

    work(task, config=config, language=language)


def print_schema(*, language: LanguageOption = None) -> None:
    """Print the JSON Schema of definitions, for editors."""
    from handlers.definition_keys import plain_meaning
    from workflows.schema import definition_schema

    words = spoken(language)
    show_json(definition_schema(lambda part, key: plain_meaning(words, part, key)))


# ------------------------------------------------------------------------------ parts


def _facts(it: Deployment, tx: Tx, stored: StoredDefinition, loaded: Loaded) -> dict[str, Any]:
    definition = loaded.definition
    return {
        "key": stored.key,
        "name": {"zh": definition.name.zh, "en": definition.name.en},
        "version": stored.version,
        "command": f"/{definition.command}",
        "published_at": iso(stored.published_at),
        "releases": release_rows(it, tx, stored.key),
    }


def _everybody_served(it: Deployment, loaded: Loaded, directory: Directory) -> bool:
    """Print the findings of the publish check; return whether the process may be published.

    Without `--accept`, only tasks that find no assignee prevent publishing.
    """
    from bot.cli.rehearse import beginning, wording
    from workflows.rehearsal.publish_check import publish_check
    from workflows.rehearsal.report import Kind

    checked = publish_check(
        loaded, directory=directory, calendar=it.office.calendar, start=beginning(it)
    )
    says = wording(it, loaded, directory)
    for one in checked.findings:
        say("\n".join(says.finding(one)))
    return all(one.kind is not Kind.NOBODY for one in checked.findings)


def _show(it: Deployment, facts: dict[str, Any], loaded: Loaded) -> None:
    definition, spoken = loaded.definition, it.words.language
    names = ("key", "name", "purpose", "version", "published_at", "command", "owner")
    texts = {
        "name": definition.name.of(spoken),
        "purpose": definition.purpose.of(spoken),
        "owner": definition.owner,
    }
    it.facts(names, facts | texts)
    show_releases(it, facts["releases"])
    show_text("")
    rows = (
        {
            "id": node.id,
            "name": node.name.of(spoken),
            "who": getattr(node, "assignee", None) or getattr(node, "candidates", None),
            "due": getattr(node, "due", None),
            "form": getattr(node, "form", None),
        }
        for node in definition.nodes
    )
    it.table(("id", "name", "who", "due", "form"), rows, id="node")
    if definition.alerts:
        show_text("")
        watched = (
            {
                "id": one.id,
                "name": one.name.of(spoken),
                "kind": one.kind,
                "raise": one.raise_at,
                "clear": one.clear_at,
                "for": one.hold,
                "tell": getattr(one, "tell", None),
            }
            for one in definition.alerts
        )
        it.table(("id", "name", "kind", "raise", "clear", "for", "tell"), watched, id="alert")
