"""Rehearsals: run a process on a virtual clock before or after it is published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, show_json, show_text
from bot.cli.process_names import ProcessArgument, named_process
from workflows.moments import Moment, moment_of

if TYPE_CHECKING:
    from handlers.rehearsal_report import Wording
    from workflows.directory import Directory
    from workflows.loading import Loaded

TIMES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("rehearse")(rehearse)


def rehearse(
    process: ProcessArgument,
    *,
    scenario: Annotated[Path | None, typer.Option("--scenario", metavar="FILE")] = None,
    start: Annotated[
        datetime | None, typer.Option("--start", metavar="TIME", formats=TIMES)
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Rehearse a process on a virtual clock; exit code 1 with findings."""

    async def task(it: Deployment) -> int:
        directory = await people_to_rehearse(it)
        loaded = await _to_rehearse(it, process, directory)
        if scenario is not None:
            return _replay(it, loaded, directory, scenario, as_json=as_json)
        return _rehearse(it, loaded, directory, start, as_json=as_json)

    work(task, config=config, language=language, quietly=process.endswith(".toml"))


async def _to_rehearse(it: Deployment, process: str, directory: Directory) -> Loaded:
    """Return the process; a draft that could not be published is not rehearsed.

    Raises DefinitionError with all its findings, each with its line.
    """
    if not process.endswith(".toml"):
        return await named_process(it, process)
    from bot.published import read_process

    calendars = it.office.calendar.names
    return read_process(Path(process), directory=directory, calendars=calendars, words=it.words)


async def people_to_rehearse(it: Deployment) -> Directory:
    """Return the people in the database; where there are none yet, those of the draft."""
    from dataclasses import replace

    from bot.people_file import read_people
    from bot.published import drafted_directory

    directory = await it.database.read(it.office.directory)
    if directory.people:
        return directory
    drafted = drafted_directory(read_people(it.config.people.file, words=it.words))
    found = map(drafted.by_id, it.config.company.admins)
    admins = frozenset(person.key for person in found if person is not None)
    return replace(drafted, admins=admins)


def wording(it: Deployment, loaded: Loaded, directory: Directory) -> Wording:
    """Return the wording of findings about a process."""
    from handlers.rehearsal_report import Wording

    return Wording(
        words=it.words,
        definition=loaded.definition,
        directory=directory,
        zone=_zone(it),
    )


def beginning(it: Deployment, start: datetime | None = None) -> Moment:
    """Return when a rehearsal begins: by default always the same day, for reproducible results."""
    from workflows.rehearsal.rehearse import beginning as always_then

    calendar = it.office.calendar
    return (
        always_then(calendar)
        if start is None
        else calendar.next_opening(moment_of(start.replace(tzinfo=_zone(it))))
    )


def _zone(it: Deployment) -> ZoneInfo:
    return ZoneInfo(it.office.calendar.data.zone)


def _rehearse(
    it: Deployment, loaded: Loaded, directory: Directory, start: datetime | None, *, as_json: bool
) -> int:
    from workflows.rehearsal.rehearse import rehearse as play

    report = play(
        loaded,
        directory=directory,
        calendar=it.office.calendar,
        start=beginning(it, start),
    )
    says = wording(it, loaded, directory)
    if as_json:
        show_json(says.report_facts(report))
    else:
        show_text("\n".join(says.report(report)))
    return Code.GOOD if report.good else Code.REFUSED


def _replay(
    it: Deployment, loaded: Loaded, directory: Directory, scenario: Path, *, as_json: bool
) -> int:
    from bot.findings import read_text, shown
    from handlers.rehearsal_report import replayed_facts
    from workflows.rehearsal.replay import replay
    from workflows.rehearsal.scenario_reading import read_scenario
    from workflows.rehearsal.stage import Stage

    told = read_scenario(
        read_text(scenario, words=it.words),
        file=shown(scenario),
        definition=loaded.definition,
        directory=directory,
    )
    stage = Stage(loaded, directory=directory, calendar=it.office.calendar, start=beginning(it))
    replayed = replay(told, stage)
    name = told.scenario.name.of(it.words.language)
    if as_json:
        show_json(replayed_facts(replayed, name=name))
    else:
        show_text("\n".join(wording(it, loaded, directory).replayed(replayed, name=name)))
    return Code.GOOD if replayed.good else Code.REFUSED
