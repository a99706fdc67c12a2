"""Events are stored under names from a table, never under the names of their classes."""

from dataclasses import dataclass
from typing import get_args

import pytest

from workflows.event_names import EVENTS, name_of, name_of_kind
from workflows.events import Body, CopiedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """What nobody gave a stored name."""


def test_every_event_has_one_stored_name() -> None:
    kinds = set(get_args(Body))
    without = sorted(kind.__name__ for kind in kinds - set(EVENTS.values()))

    assert without == [], "give them names in workflows/event_names.py"
    assert len(EVENTS) == len(kinds)
    assert {name_of_kind(kind) for kind in kinds} == set(EVENTS)


def test_an_event_without_a_stored_name_is_an_error_that_names_it() -> None:
    assert name_of(CopiedIn(people=(), content=None)) == "CopiedIn"
    with pytest.raises(TypeError, match=r"Unnamed has no stored name in workflows\.event_names"):
        name_of(Unnamed())  # type: ignore[arg-type]
