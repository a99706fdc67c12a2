"""Reads what happened in a case by the version of its definition that held then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from handlers.reading.case import Reading


def at_events(reading: Reading) -> Callable[[int], Reading]:
    """Return a function that returns the reading for the event with a number.

    Nodes, forms and facts have the names and kinds there that they had at that event. What the
    reader may not see by one of both versions stays hidden.
    """
    ended = [until for _, until in reversed(reading.case.earlier)]  # the newest version first
    before = reading.definition.before

    @cache
    def version(index: int) -> Reading:
        known = (reading.definition, *before)
        definition = before[index].model_copy().follow(known)
        found = replace(reading, world=replace(reading.world, definition=definition))
        vars(found)["hidden"] = found.hidden | reading.hidden
        return found

    def at(seq: int) -> Reading:
        later = sum(until > seq for until in ended)
        return version(later - 1) if later else reading

    return at
