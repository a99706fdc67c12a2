"""process import: a commented draft of a BPMN file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.new_process import Company, company_of, judge, refuse, write_new
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import Code, reporting, show_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handlers.bpmn.drafting import Draft
    from workflows.errors import Finding


def register(family: typer.Typer) -> None:
    """Add this command."""
    family.command("import")(import_process)


def import_process(
    file: Annotated[Path, typer.Argument(metavar="FILE.bpmn")],
    *,
    id: Annotated[str | None, typer.Option("--id")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Write a draft of a BPMN file; exit code 1 if something of it has no place in the draft."""
    company = company_of(config, language)
    with reporting(company.words):
        draft = _draft(file, id, company)
    path = out or company.folder / f"{draft.key}.toml"
    left = tuple(_findings(draft, file, company))
    head = tuple(f"CHECK {one.where}: {one.problem} {one.hint}" for one in left)
    text = draft.text((company.words.t("bpmn.head", file=file.name), *head))
    write_new(path, text, company.words)
    if left:
        show_findings(left, words=company.words)
    judge(path, text, company)
    if left:
        raise typer.Exit(Code.REFUSED)


def _draft(file: Path, key: str | None, company: Company) -> Draft:
    from bot.cli.new_process import KEY
    from bot.findings import read_bytes
    from bot.new_process import prefix_of
    from handlers.bpmn.drafting import draft_of
    from handlers.bpmn.heads import Given
    from handlers.bpmn.reading import MOST_BYTES, read_drawing
    from workflows.errors import Refusal

    if key is not None and not KEY.fullmatch(key):
        refuse(company.words.t("cli.new.bad_id", given=key))
    if file.is_file() and file.stat().st_size > MOST_BYTES:
        raise Refusal("bpmn_large", most=MOST_BYTES // 1024 // 1024)
    content = read_bytes(file, words=company.words)
    owner = company.owner
    given = Given(
        owner="" if owner is None else f"person:{owner.id}",
        department="" if owner is None else owner.department,
        prefix=prefix_of(key or file.stem, taken=company.prefixes),
        key=key or "",
    )
    return draft_of(read_drawing(content), given)


def _findings(draft: Draft, file: Path, company: Company) -> Iterator[Finding]:
    """Yield what has no place in the draft, each with the element's id and name."""
    from workflows.errors import Finding

    for one in draft.left:
        name = f"{one.element} “{one.name}”" if one.name else one.element
        problem = company.words.t(f"bpmn.left.{one.code}", about=one.about)
        hint = company.words.t(f"bpmn.hint.{one.code}")
        yield Finding(file=str(file), where=name, problem=problem, hint=hint)
