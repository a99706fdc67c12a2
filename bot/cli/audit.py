"""Verification: audit verify, audit checkpoint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.files import write
from bot.cli.kept_files import check_bytes
from bot.cli.options import ConfigOption, JsonOption, LanguageOption, OutOption
from bot.cli.output import Code, say, show_json

if TYPE_CHECKING:
    from storage.audit import Verdict
    from storage.faults import ChainProblem


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("verify")(verify)
    family.command("checkpoint")(checkpoint)
    app.add_typer(family, name="audit")


def verify(
    *,
    file: Annotated[Path | None, typer.Option("--checkpoint", metavar="FILE")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Re-compute all hash chains and print the first change."""

    async def task(it: Deployment) -> int:
        from bot.findings import read_text
        from storage.audit import verify as recompute
        from storage.checkpoint import read_checkpoint

        known = None
        if file is not None:
            known = read_checkpoint(read_text(file, words=it.words), key=_key(it))
        verdict = await it.database.with_connection(lambda connection: recompute(connection, known))
        if verdict.problem is None:
            verdict = replace(verdict, problem=await _lost_bytes(it))
        if as_json:
            show_json(_facts(verdict))
        if verdict.problem is not None:
            say(_told(it, verdict.problem))
            return Code.REFUSED
        facts = {"cases": verdict.cases, "events": verdict.events}
        say(it.words.t("cli.audit.good", **facts))
        say(it.words.t("cli.audit.covers", directory=verdict.directory, uploads=verdict.uploads))
        return Code.GOOD

    work(task, config=config, language=language)


def checkpoint(
    *, out: OutOption, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Write the signed heads of all chains, to be stored elsewhere."""

    async def task(it: Deployment) -> None:
        from storage.checkpoint import sign_checkpoint, take_checkpoint

        now = it.office.clock.now()
        taken = await it.database.with_connection(
            lambda connection: take_checkpoint(connection, at=now)
        )
        write(out, sign_checkpoint(taken, key=_key(it)).encode(), words=it.words)

    work(task, config=config, language=language)


async def _lost_bytes(it: Deployment) -> ChainProblem | None:
    """Return the first upload whose bytes do not match its record."""
    from storage.faults import ChainProblem, Fault

    async for page in check_bytes(it, {"files": 0}):
        for finding in page.findings:
            return ChainProblem(
                case_id=finding.case_id, fault=Fault.UPLOAD_CHANGED, what=finding.what
            )
    return None


def _key(it: Deployment) -> bytes:
    from bot.app.deployment import audit_key

    return audit_key(it.config, new=it.office.ids.salt)


def _facts(verdict: Verdict) -> dict[str, object]:
    problem = verdict.problem
    return {
        "whole": problem is None,
        "cases": verdict.cases,
        "events": verdict.events,
        "directory_events": verdict.directory,
        "uploads": verdict.uploads,
        "problem": None
        if problem is None
        else {
            "case": problem.case_id,
            "seq": problem.seq,
            "fault": problem.fault.value,
            "what": problem.what,
        },
    }


def _told(it: Deployment, problem: ChainProblem) -> str:
    from storage.journal import CHAIN

    words = it.words
    msgid = "cli.audit.bad" if problem.case_id else "cli.audit.bad_definition"
    if problem.case_id == CHAIN:
        msgid = "cli.audit.bad_directory"
    elif problem.fault in ("pages", "schema"):
        msgid = "cli.audit.bad_database"
    return words.t(
        msgid,
        case=problem.case_id,
        seq=problem.seq or "–",
        what=problem.what,
        fault=words.t(f"cli.fault.{problem.fault.value}"),
    )
