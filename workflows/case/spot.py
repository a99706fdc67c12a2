"""A place in a case: a scope, and a branch of its fork."""

from __future__ import annotations

from msgspec import Struct


class Spot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A scope, and the branch of its fork by the node with which it begins.

    Without arguments it is the whole case, outside of all forks.
    """

    scope: str = ""
    branch: str = ""


WHOLE = Spot()
