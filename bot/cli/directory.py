"""People: list, import, sync, link, away, erase, export."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, person_named, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, say, show_findings, show_json
from workflows.moments import SECOND, in_zone

if TYPE_CHECKING:
    from bot.directory_sync import Synced
    from bot.people_import import ImportSummary
    from handlers.personal import Erased
    from storage.unit import Tx
    from workflows.directory import Directory
    from workflows.errors import Finding


class Encoding(StrEnum):
    """The encodings of a table; the same as in `handlers.encodings`."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    GB18030 = "gb18030"
    BIG5 = "big5"
    WINDOWS_1252 = "windows-1252"


PersonArgument = Annotated[str, typer.Argument(metavar="PERSON")]
_COLUMNS = ("id", "name", "title", "department", "manager", "roles", "deputy", "active")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("list")(list_people)
    family.command("import")(import_people)
    family.command("sync")(sync)
    family.command("link")(link)
    family.command("away")(set_away)
    family.command("erase")(erase)
    family.command("export")(export)
    app.add_typer(family, name="people")


def list_people(
    *, as_json: JsonOption = False, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Print everybody in the directory."""
    from handlers.personal import person_facts

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> list[dict[str, Any]]:
            people = it.office.directory(tx).people.values()
            ordered = sorted(people, key=lambda one: one.id)
            return [person_facts(one, it.office, tx) for one in ordered]

        rows = await it.database.read(unit)
        if as_json:
            show_json(rows)
            return
        if it.words.language == "en":
            rows = [
                {**row, "name": row["name_en"] or row["name"], "title": row["title_en"]}
                for row in rows
            ]
        it.table(_COLUMNS, rows, id="key")

    work(task, config=config, language=language)


def import_people(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    encoding: Annotated[Encoding | None, typer.Option("--encoding")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    accept: Annotated[bool, typer.Option("--accept")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Replace the directory by a draft: people.toml or a CSV table."""
    from bot.people_file import read_people
    from bot.people_import import plan_import
    from bot.published import put_people_in_force
    from workflows.errors import Refusal

    async def task(it: Deployment) -> None:
        source = it.config.people.source
        if source != "file" and not (accept or dry_run):
            raise Refusal("people_elsewhere", source=source)
        departments = (await it.database.read(it.office.directory)).departments
        draft = read_people(file, departments=departments, encoding=encoding, words=it.words)
        if draft.encoding != Encoding.UTF_8:
            say(it.words.t("cli.import.encoding", encoding=draft.encoding))

        def planned(tx: Tx) -> tuple[ImportSummary, list[Finding]]:
            plan = plan_import(it.office.directory(tx), draft, it.office.ids)
            return plan.summary, _unstaffed(it, tx, plan.directory)

        def unit(tx: Tx) -> tuple[ImportSummary, list[Finding]]:
            summary = put_people_in_force(tx, draft, ids=it.office.ids, accept=accept)
            return summary, _unstaffed(it, tx, it.office.directory(tx))

        if dry_run:
            summary, unstaffed = await it.database.read(planned)
        else:
            summary, unstaffed = await it.database.run(unit)
        _tell(it, summary, unstaffed, dry_run=dry_run)

    work(task, config=config, language=language)


def sync(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    accept: Annotated[bool, typer.Option("--accept")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Read people from the directory of the company now: LDAP, as [people] source says."""
    from bot.directory_sync import plan_sync, put_in_force, source_of
    from bot.ldap_people import found_people
    from bot.ldap_reading import read_directory
    from bot.scim_people import SCIM, put_users

    async def task(it: Deployment) -> None:
        source, ids, ldap = source_of(it.config), it.office.ids, it.config.ldap
        sent = source.name == SCIM
        found = () if sent else found_people(await read_directory(ldap), ldap)

        def scim(tx: Tx) -> tuple[Synced, list[Finding]]:
            done = put_users(
                tx, it.office, source=source, words=it.words, accept=accept, dry_run=dry_run
            )
            return done, _unstaffed(it, tx, done.directory)

        def unit(tx: Tx) -> tuple[Synced, list[Finding]]:
            if sent:
                return scim(tx)
            now = it.office.clock.now()
            plan = plan_sync(tx, found, source=source, ids=ids, now=now, words=it.words)
            if dry_run:
                done = plan.result()
            else:
                done = put_in_force(tx, plan, source=source, now=now, accept=accept)
            return done, _unstaffed(it, tx, done.directory)

        run = it.database.read if dry_run else it.database.run
        done, unstaffed = await run(unit)
        _tell(it, done.summary, unstaffed, dry_run=dry_run)
        if done.no_manager:
            names = ", ".join(done.no_manager)
            say(it.words.n("cli.sync.no_manager", len(done.no_manager), names=names))

    work(task, config=config, language=language, secrets=True)


def link(
    person: PersonArgument,
    *,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print a one-time code that links a person's Slack or Telegram account."""
    from handlers import linking

    async def task(it: Deployment) -> None:
        code = await it.database.run(
            lambda tx: linking.offer_code(
                tx, it.office, person=it.person(tx, person).key, by_operator=True
            )
        )
        minutes = int(linking.CODE_LASTS / SECOND // 60)
        spelled = linking.spell_code(code)
        if as_json:
            show_json({"person": person, "code": spelled, "minutes": minutes})
        else:
            typer.echo(spelled)
            say(it.words.t("cli.link.code", person=person, code=spelled, minutes=minutes))

    work(task, config=config, language=language)


def set_away(
    person: PersonArgument,
    *,
    deputy: Annotated[str | None, typer.Option("--deputy", metavar="PERSON")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="DATE")] = None,
    process_only: Annotated[str | None, typer.Option("--process", metavar="PROCESS")] = None,
    back: Annotated[bool, typer.Option("--back")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Set an absence with a deputy, or end it."""
    if back == bool(deputy or first or last or process_only):
        raise typer.BadParameter("--deputy … --until … | --back")
    if not back and not (deputy and last):
        raise typer.BadParameter("--deputy … --until …")
    from handlers import absence

    async def task(it: Deployment) -> None:
        spoken = it.words.language

        def unit(tx: Tx) -> str:
            key = it.person(tx, person).key
            if back:
                return absence.come_back(tx, it.office, person=key, language=spoken).text
            zone = it.office.company.zone_of(it.office.directory(tx).get(key))
            today = in_zone(it.office.clock.now(), zone).date()
            raw = {
                "person": it.person(tx, deputy or "").key,
                "first": first or today.isoformat(),
                "last": last,
                "process": process_only or "",
            }
            return absence.send_away(tx, it.office, raw, person=key, language=spoken).text

        say(await it.database.run(unit))

    work(task, config=config, language=language)


def erase(
    person: PersonArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Erase a person's data permanently. The chains still verify."""
    from handlers.personal import erase_person

    async def task(it: Deployment) -> int:
        sure = yes or not sys.stdin.isatty()
        if not sure and not typer.confirm(it.words.t("cli.erase.sure", person=person), err=True):
            return Code.REFUSED

        def unit(tx: Tx) -> Erased:
            one = person_named(it.office.directory(tx), person, left_too=True)
            return erase_person(tx, it.office, person=one, via="cli")

        done = await it.database.run(unit)
        from bot.app.deployment import open_files
        from bot.runtime.tidying import scrub
        from handlers.uploads import remove_doomed

        await remove_doomed(it.database, open_files(it.config.storage.files))
        if not await scrub(it.database, it.database):
            say(it.words.t("cli.erase.scrub_put_off"))
        facts = {"contents": done.contents, "files": len(done.files), "cases": len(done.cases)}
        say(it.words.t("cli.erase.done", person=person, **facts))
        return Code.GOOD

    work(task, config=config, language=language)


def export(
    person: PersonArgument, *, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Print all stored data about a person, as JSON."""
    from handlers.personal import hand_out

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> dict[str, Any]:
            one = person_named(it.office.directory(tx), person, left_too=True)
            return hand_out(tx, it.office, person=one)

        show_json(await it.database.read(unit))

    work(task, config=config, language=language)


def _tell(
    it: Deployment, summary: ImportSummary, unstaffed: list[Finding], *, dry_run: bool
) -> None:
    """Print what an import or a reading of the directory changed, or would change."""
    for kind in ("added", "changed", "left"):
        names = getattr(summary, kind)
        if names:
            say(it.words.n(f"cli.import.{kind}", len(names), names=", ".join(names)))
    if summary.nothing:
        say(it.words.t("cli.import.nothing"))
    if unstaffed:
        say(it.words.t("cli.import.unstaffed"))
        show_findings(unstaffed, words=it.words)
    if dry_run:
        say(it.words.t("cli.import.dry_run"))


def _unstaffed(it: Deployment, tx: Tx, directory: Directory) -> list[Finding]:
    """Return findings for people that published processes name and the directory lacks."""
    from workflows.lint import against_directory

    found: list[Finding] = []
    for stored in tx.definitions.current():
        loaded = it.office.shelf.load(stored)
        found.extend(against_directory(loaded.definition, directory, source=loaded.source))
    return found
