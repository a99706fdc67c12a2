"""The composition root: beside the command line the only place that knows every part.

`deployment.py` opens what a configuration names, `assembly.py` creates the workers, `run.py` is the
bot and `playground.py` the playground. They are imported on demand, so that a command that only
reads does not load the web server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app.deployment import make_office, open_database, open_files
    from bot.app.playground import run_playground
    from bot.app.run import run_bot

__all__ = ["make_office", "open_database", "open_files", "run_bot", "run_playground"]

_HOMES = {
    "make_office": "bot.app.deployment",
    "open_database": "bot.app.deployment",
    "open_files": "bot.app.deployment",
    "run_bot": "bot.app.run",
    "run_playground": "bot.app.playground",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
