"""The sample deployment: what `closeloop init` writes and the playground plays with."""

from __future__ import annotations

from pathlib import Path

import workflows

_HERE = Path(__file__).parent

CONFIG = _HERE / "config.toml"
PEOPLE = _HERE / "people.toml"
PROCESSES = Path(workflows.__file__).parent / "processes"
