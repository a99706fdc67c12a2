"""The composition root: the only place, beside the command line, that knows every part.

`deployment.py` opens what a configuration names, `assembly.py` puts the workers together, `run.py`
is the bot and `playground.py` the playground.
"""

from bot.app.deployment import make_office, open_database, open_files
from bot.app.playground import run_playground
from bot.app.run import run_bot

__all__ = ["make_office", "open_database", "open_files", "run_bot", "run_playground"]
