"""The simulation finds planted defects, and nothing on the same seeds without them."""

from __future__ import annotations

from functools import cache

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.play import Report, Setting, play

FEW = 12


@cache
def unharmed(seed: int, setting: Setting) -> Report:
    return play(seed, setting)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_defect_is_found_within_a_few_seeds(name: str) -> None:
    mutant = MUTANTS[name]
    found: set[str] = set()
    for seed in range(mutant.first_seed, mutant.first_seed + FEW):
        with mutant.planted():
            harmed = play(seed, mutant.harmed())
        assert unharmed(seed, mutant.setting).violations == (), seed
        found = {violation.partition(":")[0] for violation in harmed.violations}
        if mutant.promise in found:
            break

    assert mutant.promise in found
