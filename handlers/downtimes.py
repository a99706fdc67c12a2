"""Records when the product did not run, so that no time of a downtime counts as anybody's.

A start records the time since the last tick of the clock guard (`bot/runtime/guard.py`) if it is
longer than the tolerance. The playground, whose clock can be moved, records none.
"""

from __future__ import annotations

import json

from storage.unit import Tx
from workflows.moments import Moment

DOWNTIMES = "clock.downtimes"  # the setting: [[from, until], …] in microseconds, the oldest first
MOST = 1000  # the newest are kept


def note_downtime(tx: Tx, *, since: Moment, until: Moment) -> None:
    """Record that the product did not run from `since` to `until`."""
    found = [*downtimes(tx), (since, until)][-MOST:]
    tx.settings.put(DOWNTIMES, json.dumps(found))


def downtimes(tx: Tx) -> tuple[tuple[Moment, Moment], ...]:
    """Return the recorded downtimes, the oldest first."""
    stored = json.loads(tx.settings.get(DOWNTIMES) or "[]")
    return tuple((since, until) for since, until in stored)
