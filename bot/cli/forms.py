"""Web forms of processes: the addresses that customers get."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import Code, say, show_text
from bot.cli.process_names import ProcessArgument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.form_links import FormLink
    from workflows.moments import Moment


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.callback()(_family)
    family.command("link")(make_link)
    app.add_typer(family, name="form")


def _family() -> None:
    """Make a group of the single command, so that it is called with two words."""


def make_link(
    process: ProcessArgument,
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME")] = "web",
    expires: Annotated[str, typer.Option("--expires", metavar="SPAN")] = "",
    fixed: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE")] = None,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print an address at which customers file cases of a process without an account."""
    from handlers.form_links import NAME

    if not re.fullmatch(NAME, name):
        raise typer.BadParameter(name, param_hint="--name NAME")
    values = dict(_pairs(fixed or ()))
    left = _span(expires)

    async def task(it: Deployment) -> int:
        from handlers.customer_forms import check_link
        from handlers.form_links import FormLink

        link = FormLink(
            process=process,
            name=name,
            expires_at=None if left is None else it.office.clock.now() + left,
            values=values,
        )
        await it.database.read(lambda tx: check_link(tx, it.office, link))
        return _show(it, link)

    work(task, config=config, language=language, secrets=True)


def _show(it: Deployment, link: FormLink) -> int:
    from bot.settings_values import is_web_address
    from handlers.form_links import TOKEN_MOST, address_of

    keys, there = it.config.web_forms.secrets, it.config.http.public_url
    if not keys or not is_web_address(there):
        lacking = "web_forms.keys" if not keys else "http.public_url"
        say(it.words.t("cli.form.lacks", key=lacking))
        return Code.UNUSABLE
    if link.name in it.config.web_forms.revoked:
        say(it.words.t("cli.form.revoked", name=link.name))
        return Code.REFUSED
    address = address_of(link, keys[0], there)
    if len(address) > TOKEN_MOST:
        say(it.words.t("cli.form.too_long"))
        return Code.REFUSED
    show_text(address)
    return Code.GOOD


def _pairs(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(text, param_hint="--set NAME=VALUE")
        yield name.strip(), value


def _span(text: str) -> Moment | None:
    """Return the length of a span by the wall clock, such as "90d"; None for an empty text."""
    from workflows.durations import parse_span
    from workflows.misfits import Misfit

    if not text:
        return None
    try:
        span = parse_span(text)
    except Misfit as error:
        raise typer.BadParameter(text, param_hint="--expires SPAN") from error
    if span.unit.is_working:
        raise typer.BadParameter(text, param_hint="--expires SPAN")
    return span.microseconds
