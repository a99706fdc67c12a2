"""Options shared by many commands, and the language of a command.

The help of an option is in the catalogue (`cli.option.*`).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.findings import terminal_language
from handlers.i18n import Translator, translator


class Language(StrEnum):
    """The languages of the product."""

    ZH = "zh"
    EN = "en"


ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE")]
LanguageOption = Annotated[Language | None, typer.Option("--language")]
JsonOption = Annotated[bool, typer.Option("--json")]
OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="FILE")]


def spoken(language: Language | None, *, company: str = "") -> Translator:
    """Return the texts of a command.

    Their language is the given one, else the terminal's, else the company's, else English.
    """
    return translator(language or terminal_language() or company or Language.EN)
