"""Small runs of what is measured by size; the figures themselves are for `make bench`."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.bench import growth_decisions, growth_lists, pictures, rehearsals
from tests.bench.environment import NotBuilt
from tests.bench.ground import Ground
from tests.bench.pictures import Panel


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(folder=tmp_path, slow=False)


def test_decisions_are_measured_on_copies_of_a_grown_case(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth_decisions, "EVENTS", (5, 12))
    monkeypatch.setattr(growth_decisions, "BRANCHES", (1, 3))
    monkeypatch.setattr(growth_decisions, "COPIES", 4)
    monkeypatch.setattr(growth_decisions, "WARM", 1)
    monkeypatch.setattr(growth_decisions, "ROUNDS", 1)
    panels: list[Panel] = []

    found = list(growth_decisions.tables(ground, panels))

    assert [line.name for table in found for line in table.lines] == [
        *("at event 5", "at event 12") * 2,
        *("at branch 1", "at branch 3"),
    ]
    assert all(line.figure > 0 for table in found for line in table.lines)
    assert set(panels[0].lines) == {"after comments", "after returns"}


def test_lists_are_measured_among_so_many_cases(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth_lists, "CASES", (100, 300))
    monkeypatch.setattr(growth_lists, "ROUNDS", 1)
    panels: list[Panel] = []

    found = list(growth_lists.tables(ground, panels))

    assert [table.title.split(" open")[0] for table in found] == ["SQLite, 100", "SQLite, 300"]
    assert {len(points) for points in panels[0].lines.values()} == {2}


def test_more_cases_than_there_is_room_for_are_left_out_aloud(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth_lists, "CASES", (100, 10**15))
    monkeypatch.setattr(growth_lists, "ROUNDS", 1)

    found = list(growth_lists.tables(ground, []))

    assert len(found) == 1
    assert "1,000,000,000,000,000 cases do not fit" in capsys.readouterr().out


def test_a_picture_that_cannot_be_drawn_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(cache: Path) -> Path:
        raise NotBuilt("ERROR: nothing fits")

    monkeypatch.setattr(pictures, "built", fails)
    panel = Panel(title="A", across="x", up="y", lines={"one": [(1, 1)]})

    said = pictures.draw(tmp_path / "a.svg", [panel])

    assert said == "  no picture is drawn: ERROR: nothing fits"
    assert not (tmp_path / "a.svg").exists()


def test_definitions_of_any_length_can_be_rehearsed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsals, "STEPS", (2, 4))
    monkeypatch.setattr(rehearsals, "ROUNDS", 1)
    monkeypatch.setattr(rehearsals, "done", lambda *_, **__: CompletedProcess([], 0))
    panels: list[Panel] = []

    (table,) = rehearsals.tables(ground, panels)

    assert [line.name for line in table.lines] == [
        "4 nodes in a row",
        "6 nodes in a row",
        "the complaint",
        rehearsals.COMMAND,
    ]
