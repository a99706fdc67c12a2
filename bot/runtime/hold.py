"""Holding: nothing fires and nothing is sent until an operator says so (`closeloop release`).

A hold stands in the settings, so that it outlives a restart and all replicas keep it. People can go
on working meanwhile; what they are owed goes out afterwards.
"""

from __future__ import annotations

from storage.unit import Tx

HOLD = "hold"  # why, "" when nothing is held
LAST_TICK = "clock.last_tick"  # when a clock was last seen to be right

CLOCK = "clock"
RESTORED = "restored"


def held(tx: Tx) -> str:
    """Why everything is held, "" when it is not."""
    return tx.settings.get(HOLD) or ""


def hold(tx: Tx, *, why: str) -> None:
    """Hold everything from now on."""
    tx.settings.put(HOLD, why)


def release(tx: Tx) -> str:
    """Let everything go on, and take the clock as it is. Returns why it was held."""
    why = held(tx)
    if why:
        tx.settings.put(HOLD, "")
    if why == CLOCK:
        tx.settings.put(LAST_TICK, "")
    return why
