"""Options that many commands have. What they mean is said in the catalogue (`cli.option.*`)."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Language(StrEnum):
    """What the product speaks."""

    ZH = "zh"
    EN = "en"


ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE")]
LanguageOption = Annotated[Language | None, typer.Option("--language")]
JsonOption = Annotated[bool, typer.Option("--json")]
OutOption = Annotated[Path, typer.Option("--out", "-o", metavar="FILE")]
