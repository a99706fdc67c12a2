"""Planted defects of the rules of approvals are found in scripted plays, each by its promise."""

from __future__ import annotations

from functools import cache

import pytest

from tests.simulation.scripted import Script, perform
from tests.simulation.scripts import PLANTED, left


@cache
def unharmed(script: Script) -> tuple[str, ...]:
    return tuple(perform(script))


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_defect_is_found_in_its_script_and_nothing_without_it(name: str) -> None:
    defect = PLANTED[name]
    with defect.planted():
        harmed = perform(defect.script, harmed=True)

    assert unharmed(defect.script) == ()
    assert defect.promise in {violation.partition(":")[0] for violation in harmed}


def test_whoever_is_above_a_leaver_may_hand_over_what_they_had_and_once_more() -> None:
    assert unharmed(left) == ()
