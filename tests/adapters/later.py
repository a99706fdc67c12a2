"""The command, some seconds later: `python -m tests.adapters.later SECONDS run`.

So a test can stop the bot, let hours pass, and start it again, as an office does over night. Only
the wall clock differs; time passes as always.
"""

import sys
from datetime import UTC, datetime

import time_machine

from bot.cli.main import main
from workflows.moments import SECOND, moment_of

if __name__ == "__main__":
    with time_machine.travel(
        moment_of(datetime.now(UTC)) + (float(sys.argv[1])) * SECOND, tick=True
    ):
        sys.exit(main(sys.argv[2:]))
