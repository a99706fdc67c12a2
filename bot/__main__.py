"""`python -m bot` is `closeloop`."""

import sys

from bot.cli.main import main

sys.exit(main())
