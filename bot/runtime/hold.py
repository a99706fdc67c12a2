"""The hold: no timer fires and no message is sent until `closeloop release`.

It is stored in the settings, so it survives a restart and applies to all replicas. People can work
during a hold; the messages that follow are sent after its release.
"""

from __future__ import annotations

from storage.unit import Tx

HOLD = "hold"  # the reason, "" without a hold
LAST_TICK = "clock.last_tick"  # the last time at which the clock was right

CLOCK = "clock"
RESTORED = "restored"


def held(tx: Tx) -> str:
    """Return the reason of the hold, or "" when there is none."""
    return tx.settings.get(HOLD) or ""


def hold(tx: Tx, *, why: str) -> None:
    """Start a hold."""
    tx.settings.put(HOLD, why)


def release(tx: Tx) -> str:
    """End the hold and accept the current clock. Returns the reason of the hold."""
    why = held(tx)
    if why:
        tx.settings.put(HOLD, "")
    if why == CLOCK:
        tx.settings.put(LAST_TICK, "")
    return why
