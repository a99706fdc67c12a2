"""The real bot in a storm of faults, in simulated time: no promise is broken, and it is repeatable.

R1 to R11 and R18, R20. `make simulate` plays a year of it; see docs/explanation/simulation.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.simulation.play import Setting, play
from tests.simulation.years import years

HERE = Path(__file__).parent
CORPUS = tomllib.loads((HERE / "seeds.toml").read_text(encoding="utf-8"))["seeds"]
BRIEF = Setting(days=0.4)
PART = 0.6  # of a year of suppliers; ten years are played by `make simulate`


@pytest.mark.parametrize("known", CORPUS, ids=lambda known: str(known["seed"]))
def test_a_seed_that_found_something_once_breaks_no_promise(known) -> None:
    report = play(known["seed"], Setting(days=known["days"]))

    assert report.violations == (), "\n".join([known["found"], *report.tail])
    assert report.figures.get("decisions", 0) > 0


@pytest.mark.parametrize("known", CORPUS, ids=lambda known: str(known["seed"]))
def test_the_defect_of_a_pinned_seed_has_a_test_of_its_own(known) -> None:
    file, _, name = known["test"].partition("::")

    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_the_same_seed_is_the_same_story_however_python_hashes() -> None:
    first, again = (play(7, BRIEF) for _ in range(2))
    script = (
        "from tests.simulation.play import Setting, play; print(play(7, Setting(days=0.4)).hash)"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert first == again
    assert elsewhere.stdout.strip() == first.hash
    assert play(8, BRIEF).hash != first.hash


def test_suppliers_live_through_quarters_renewals_and_faults_and_no_promise_is_broken() -> None:
    report = play(3, years(PART))

    assert report.violations == (), "\n".join(report.tail)
    assert report.figures["suppliers filed"] > 1
    assert report.figures["crashes"] > 1
