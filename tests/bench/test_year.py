"""A small company's two months, played as the bench plays a year."""

from pathlib import Path

import pytest

from tests.bench import year
from tests.bench.ground import Ground


def test_complaints_are_handled_to_their_end_and_the_same_seed_plays_the_same_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year, "PEOPLE", 60)
    monkeypatch.setattr(year, "COMPLAINTS", 8)
    monkeypatch.setattr(year, "DAYS", 60)
    ground = Ground(folder=tmp_path, slow=False)

    (first,) = year.measure(ground)
    (again,) = year.measure(ground)

    counted = {line.name: line.figure for line in first.lines[2:]}
    assert counted == {line.name: line.figure for line in again.lines[2:]}
    assert counted["cases"] == 8
    assert counted["decisions"] > 8 * 5
    assert counted["deadlines"] > 0
