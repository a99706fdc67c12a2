"""Options that many commands have, and the words in which all of them speak.

What the options mean is said in the catalogue (`cli.option.*`).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.findings import terminal_language
from handlers.i18n import Translator, translator


class Language(StrEnum):
    """What the product speaks."""

    ZH = "zh"
    EN = "en"


ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE")]
LanguageOption = Annotated[Language | None, typer.Option("--language")]
JsonOption = Annotated[bool, typer.Option("--json")]
OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="FILE")]


def spoken(language: Language | None, *, company: str = "") -> Translator:
    """The words of a command: those asked for, else the terminal's, the company's, or English."""
    return translator(language or terminal_language() or company or Language.EN)
