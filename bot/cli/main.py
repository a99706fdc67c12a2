"""`closeloop`: combines all commands and reports unexpected errors."""

from __future__ import annotations

import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
import typer.main

from bot import __version__
from bot.cli import (
    audit,
    cases,
    database,
    directory,
    exports,
    forms,
    import_cases,
    operation,
    processes,
    rehearse,
    reports,
    safekeeping,
    setup,
    slack,
)
from bot.cli.output import Code, say
from bot.findings import terminal_words
from handlers.i18n import Translator

INTERRUPTED = 130
_USAGE = {  # the words of the library on a help page
    "usage": r"^Usage: ",
    "options_of": r"\[OPTIONS\]",
    "command_of": r"\bCOMMAND \[ARGS\]\.\.\.",
    "options": r"^Options:$",
    "arguments": r"^Arguments:$",
    "commands": r"^Commands:$",
    "required": r"\[required\]",
    "help": r"Show this message and exit\.",
}


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"closeloop {__version__}")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    speak_utf8()
    words = terminal_words()
    try:
        command(words)(args=arguments, prog_name="closeloop")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Code.REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: say sorry and keep the evidence
        return _sorry(error, words)
    return Code.GOOD


def command(words: Translator) -> Any:
    """Return the root command, with help in the language of `words`."""
    app = typer.Typer(
        name="closeloop",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_program)
    families = (
        setup,
        database,
        processes,
        rehearse,
        cases,
        directory,
        audit,
        exports,
        reports,
        import_cases,
        safekeeping,
        slack,
        forms,
        operation,
    )
    for family in families:
        family.register(app)
    found = typer.main.get_command(app)
    for path, one in walk(found):
        _explain(path, one, words)
    return found


def _program(
    *,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,
) -> None:
    """Handle the options that precede every command."""


def walk(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with the words that call it."""
    yield path, found
    for name, inner in getattr(found, "commands", {}).items():
        yield from walk(inner, (*path, name))


def _explain(path: tuple[str, ...], one: Any, words: Translator) -> None:
    """Set the help of a command and of its options from the catalogue."""
    one.help = words.t(".".join(("cli.command", *path)))
    for param in one.params:
        own = ".".join(("cli.option", *path, param.name))
        param.help = words.t(own if words.has(own) else f"cli.option.{param.name}")
    plain_help, plain_usage = one.get_help, one.get_usage
    one.get_help = lambda context: _usage_in_words(plain_help(context), words)
    one.get_usage = lambda context: _usage_in_words(plain_usage(context), words)


def _usage_in_words(text: str, words: Translator) -> str:
    """Return a help page or a line of usage with the library's own words translated."""
    for msgid, written in _USAGE.items():
        text = re.sub(written, words.t(f"cli.usage.{msgid}"), text, flags=re.MULTILINE)
    return text


def speak_utf8() -> None:
    """Set stdout and stderr to UTF-8, whatever the locale of the machine is."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _sorry(error: Exception, words: Translator) -> int:
    from bot.logs import Redactor

    trace = Redactor()("".join(traceback.format_exception(error)))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="closeloop-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(trace)
        say(words.t("cli.defect", file=file.name))
    except OSError:
        say(trace)
        say(words.t("cli.defect_unkept"))
    return Code.DEFECT
