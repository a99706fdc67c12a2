"""The command, some seconds later: `python -m tests.adapters.later SECONDS run`.

So a test can stop the bot, let hours pass, and start it again, as an office does over night. Only
the wall clock differs; time passes as always.
"""

import sys
from datetime import UTC, datetime, timedelta

import time_machine

from bot.cli.main import main

if __name__ == "__main__":
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(sys.argv[1])), tick=True):
        sys.exit(main(sys.argv[2:]))
