"""Planted defects of approvals and suppliers are found in scripted plays, each by its promise."""

from __future__ import annotations

from functools import cache

import pytest

from tests.simulation import administering_scripts, supplier_scripts
from tests.simulation.company import LAUNCH
from tests.simulation.scripted import Script, perform
from tests.simulation.scripts import PLANTED, left

DEFECTS = {**PLANTED, **supplier_scripts.PLANTED, **administering_scripts.PLANTED}


@cache
def unharmed(script: Script, processes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(perform(script, processes=processes))


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found_in_its_script_and_nothing_without_it(name: str) -> None:
    defect = DEFECTS[name]
    with defect.planted():
        harmed = perform(defect.script, processes=defect.processes, harmed=True)

    assert unharmed(defect.script, defect.processes) == ()
    assert defect.promise in {violation.partition(":")[0] for violation in harmed}


def test_whoever_is_above_a_leaver_may_hand_over_what_they_had_and_once_more() -> None:
    assert unharmed(left, (LAUNCH,)) == ()
