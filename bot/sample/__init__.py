"""The sample deployment, used by `closeloop init` and by the playground."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import workflows

if TYPE_CHECKING:
    from handlers.playground.offers import Offers

_HERE = Path(__file__).parent

CONFIG = _HERE / "config.toml"
EXAMPLE = next(  # in a wheel it is beside this module, in a checkout at the top
    path
    for path in (_HERE / "config.example.toml", _HERE.parents[1] / "config.example.toml")
    if path.exists()
)
PEOPLE = _HERE / "people.toml"
PLAYGROUND = _HERE / "playground.toml"
PROCESSES = Path(workflows.__file__).parent / "processes"
TEMPLATES = PROCESSES / "templates"
_LANGUAGE = 'language = "zh"'


def config_in(language: str) -> str:
    """Return the text of the configuration with this language as the company's."""
    text = CONFIG.read_text(encoding="utf-8")
    assert text.count(_LANGUAGE) == 1, "the sample names a language once"
    return text.replace(_LANGUAGE, f'language = "{language}"')


@cache
def offers() -> Offers:
    """Return what the page of the playground proposes at the beginning."""
    from handlers.playground.offers import Offers

    return Offers.model_validate(tomllib.loads(PLAYGROUND.read_text(encoding="utf-8")))


def templates() -> tuple[str, ...]:
    """Return the names of the definitions that `process new` adapts."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.toml")))
