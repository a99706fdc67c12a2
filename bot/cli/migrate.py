"""process migrate: move running cases to another version, after the plan was shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import Code, refusal_text, say, show_json, show_text
from bot.cli.process_names import ProcessArgument
from workflows.moments import iso

if TYPE_CHECKING:
    from handlers.migrating import CasePlan, Migration
    from storage.unit import Tx
    from workflows.flow.move_check import Hindrance
    from workflows.flow.move_plan import PlanLine
    from workflows.model.definition import Definition

_COLUMNS = ("case", "what", "id", "now", "then", "change")


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("migrate")(migrate_cases)


def migrate_cases(
    process: ProcessArgument,
    *,
    version: Annotated[int | None, typer.Option("--to", metavar="VERSION")] = None,
    names: Annotated[list[str] | None, typer.Option("--map", metavar="OLD=NEW")] = None,
    cases: Annotated[list[str] | None, typer.Option("--case", metavar="ID")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")] = "",
    person: Annotated[str, typer.Option("--as", metavar="PERSON")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Move running cases to another version of their process, after showing the plan."""
    renamed = _names(names or [])

    async def task(it: Deployment) -> int:
        from handlers.answers import read_text
        from handlers.migrating import read_migration, require_owner
        from workflows.case.events import SYSTEM

        def unit(tx: Tx) -> tuple[Migration, str]:
            asked = read_migration(
                tx,
                it.office,
                process=process,
                version=version,
                names=renamed,
                cases=[one.upper() for one in cases or []],
            )
            key = it.person(tx, person).key if person else SYSTEM
            if person:
                require_owner(tx, it.office, asked, key)
            return asked, key

        why = read_text(reason, required=False)
        asked, key = await it.database.read(unit)
        plans = await _plans(it, asked)
        _show(it, asked, plans, as_json=as_json)
        left = [one for one in plans if one.hindrances]
        if dry_run:
            say(it.words.n("cli.migrate.planned", len(plans) - len(left), left=len(left)))
            return Code.GOOD
        moved = await _carry_out(it, asked, plans, person=key, reason=why)
        say(it.words.n("cli.migrate.done", moved, left=len(plans) - moved))
        return Code.GOOD if moved == len(plans) else Code.REFUSED

    work(task, config=config, language=language)


def _names(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        old, equals, new = (part.strip() for part in text.partition("="))
        if not (old and equals and new) or found.setdefault(old, new) != new:
            raise typer.BadParameter(text, param_hint="--map OLD=NEW")
    return found


async def _plans(it: Deployment, asked: Migration) -> list[CasePlan]:
    from handlers.migrating import plan

    return [
        await it.database.read(lambda tx, one=one: plan(tx, it.office, asked, one))  # type: ignore[misc]
        for one in asked.cases
    ]


async def _carry_out(
    it: Deployment, asked: Migration, plans: list[CasePlan], *, person: str, reason: str
) -> int:
    """Move the cases that can move, one after the other; return how many have."""
    from handlers.migrating import move
    from workflows.errors import Refusal

    moved = 0
    for case in (one.case for one in plans if not one.hindrances):
        try:
            moved += await it.database.run(
                lambda tx, case=case: move(  # type: ignore[misc]
                    tx, it.office, asked, case, person=person, reason=reason
                )
            )
        except Refusal as refusal:  # it has changed since the plan
            say(f"{case}: {refusal_text(refusal, words=it.words)}")
    return moved


# ------------------------------------------------------------------------------ the plan


def _show(it: Deployment, asked: Migration, plans: list[CasePlan], *, as_json: bool) -> None:
    target = it.office.shelf.load(asked.target).definition
    if as_json:
        show_json([_facts(it, one) for one in plans])
        return
    facts = {"process": target.name.of(it.words.language), "version": asked.target.version}
    show_text(it.words.t("cli.migrate.plan", **facts))
    if any(one.version > asked.target.version for one in plans):
        say(it.words.t("cli.migrate.older", **facts))
    it.table(_COLUMNS, (row for one in plans for row in _rows(it, one, target)), id="about")


def _facts(it: Deployment, plan: CasePlan) -> dict[str, Any]:
    return {
        "case": plan.case,
        "version": plan.version,
        "moves": not plan.hindrances,
        "lines": [
            {
                "what": line.what,
                "id": line.id,
                "now": _plain(line.now),
                "then": _plain(line.then),
                "change": line.change,
            }
            for line in plan.lines
        ],
        "reasons": [
            {"why": one.why, "at": one.at, "text": _why(it, one)} for one in plan.hindrances
        ],
    }


def _rows(it: Deployment, plan: CasePlan, target: Definition) -> Iterator[dict[str, Any]]:
    words = it.words
    for line in plan.lines:
        yield {
            "case": plan.case,
            "what": words.t(f"move.what.{line.what}"),
            "id": line.id,
            "now": _shown(it, line, line.now, plan.definition),
            "then": _shown(it, line, line.then, target),
            "change": words.t(f"move.change.{line.change}"),
        }
    for one in plan.hindrances:
        yield {
            "case": plan.case,
            "what": words.t("move.stays"),
            "id": one.at,
            "now": "",
            "then": "",
            "change": _why(it, one),
        }


def _why(it: Deployment, hindrance: Hindrance) -> str:
    return it.words.t(f"move.why.{hindrance.why}", at=hindrance.at)


def _plain(value: str | int | None) -> str | None:
    return iso(value) if isinstance(value, int) else value


def _shown(it: Deployment, line: PlanLine, value: str | int | None, definition: Definition) -> str:
    if not isinstance(value, str):
        return it.time(_plain(value))
    return f"{definition.node(value).name.of(it.words.language)} ({value})"
