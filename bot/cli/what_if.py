"""process what-if: last quarter replayed through a draft."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import rendered, write
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, show_json
from bot.cli.process_names import ProcessArgument, draft_of, in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.what_if.document import WhatIfSource
    from workflows.durations import Span
    from workflows.loading import Loaded

KINDS = (".md", ".pdf", ".docx")


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("what-if")(replay_through)


def replay_through(
    process: ProcessArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"])] = None,
    takes: Annotated[list[str] | None, typer.Option("--takes", metavar="STEP=TIME")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Replay last quarter's cases through a draft; exit code 1 if nothing can be said."""
    if out is not None and out.suffix.lower() not in KINDS:
        raise typer.BadParameter(", ".join(KINDS), param_hint="--out")

    async def task(it: Deployment) -> int:
        from handlers.what_if.document import what_if_document

        source = await _source(it, process, file, since=since, takes=takes or [])
        if as_json:
            show_json(data_of(source))
        company = it.office.company.name_in(it.words.language)
        if out is not None:
            document = what_if_document(source, company=company)
            content = await rendered(document, out.suffix.lower().removeprefix("."))
            write(out, content, words=it.words)
        elif not as_json:
            from bot.cli.paper import show_document

            show_document(what_if_document(source, company=company))
        return Code.GOOD if source.result.shown else Code.REFUSED

    work(task, config=config, language=language)


async def _source(
    it: Deployment, process: str, file: Path, *, since: datetime | None, takes: list[str]
) -> WhatIfSource:
    """Replay; the directory and the calendar are those of today.

    Raises Refusal `process_unknown` or `other_draft`, and DefinitionError.
    """
    from handlers.reading.formatter import formatter
    from handlers.what_if.document import WhatIfSource
    from handlers.what_if.quarter import read_quarter
    from workflows.moments import moment_of
    from workflows.what_if.comparing import what_if

    stored, loaded = await it.database.read(lambda tx: in_force(it, tx, process))
    draft = draft_of(it, file, process=process)
    zone = it.office.company.zone_of(None)
    begin = None if since is None else moment_of(since.replace(tzinfo=zone))
    assumed = _assumed(takes, draft)
    read = await it.database.read(lambda tx: read_quarter(tx, it.office, loaded, since=begin))
    directory = read.quarter.directory
    return WhatIfSource(
        result=what_if(read.quarter, draft, takes=assumed),
        read=read,
        before=loaded.definition,
        after=draft.definition,
        form=formatter(it.office, directory, reader=None, language=it.words.language),
        names=(
            it.words.t("difference.version", version=stored.version),
            it.words.t("difference.draft", file=file.name),
        ),
    )


def _assumed(takes: list[str], draft: Loaded) -> Mapping[str, Span]:
    """Return what is assumed of steps of the draft."""
    from workflows.durations import parse_span
    from workflows.model.nodes import ApprovalNode, TaskNode

    steps = {n.id for n in draft.definition.nodes if isinstance(n, TaskNode | ApprovalNode)}
    found = {}
    for text in takes:
        node, _, time = text.partition("=")
        try:
            found[node] = parse_span(time)
        except ValueError as wrong:
            raise typer.BadParameter(text, param_hint="--takes STEP=4wh") from wrong
        if node not in steps:
            raise typer.BadParameter(text, param_hint=f"--takes {'|'.join(sorted(steps))}=4wh")
    return found


def data_of(source: WhatIfSource) -> Mapping[str, Any]:
    """Return the result for programs; times are in seconds."""
    from dataclasses import asdict

    from handlers.what_if.document import refusal_of, unit_of_row
    from workflows.metrics.figures import Unit

    result = source.result

    def figures(one: Any, scale: float) -> Mapping[str, float | None]:
        return {
            name: None if value is None else value / scale for name, value in asdict(one).items()
        }

    rows = []
    for row in result.rows:
        unit = unit_of_row(row.name)
        scale = 1e6 if unit is Unit.TIME else 1
        names = ("unchanged", "draft", "difference")
        parts = {name: figures(getattr(row, name), scale) for name in names}
        rows.append({"figure": row.name, "step": row.node, "unit": unit.value, **parts})
    return {
        "shown": result.shown,
        "refusal": "" if result.shown else refusal_of(source),
        "cases": result.cases,
        "replays": result.replays,
        "check": [
            {"measure": one.measure.value, "replay": one.replay, "halves": one.halves}
            for one in result.checked
        ],
        "figures": rows,
        "assumed": {node: time / 1e6 for node, time in result.assumed.items()},
        "stuck": [
            {"step": node, "reason": why, "cases": count}
            for (node, why), count in result.stuck.items()
        ],
    }
