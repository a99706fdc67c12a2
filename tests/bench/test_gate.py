"""The gate lets pass what costs as much as it did, and catches what costs half as much again."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests.bench import gate

T = TypeVar("T")
Ratios = Mapping[str, float]


class DecidesAgain:
    """A database whose units all run three times, the first two for nothing."""

    def __init__(self, inner: SqliteDatabase) -> None:
        self._inner = inner

    async def run(self, unit: Callable[[Tx], T]) -> T:
        def again(tx: Tx) -> T:
            for _ in range(2):
                with tx.connection.begin_nested() as tried:
                    unit(tx)
                    tried.rollback()
            return unit(tx)

        return await self._inner.run(again)

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        return await self._inner.read(unit, by=by)


def measures(*found: Ratios) -> Callable[[], Ratios]:
    """The gate's measurements, one after the other."""
    given = iter(found)
    return lambda: next(given)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "gate.toml"
    path.write_text("# why\napproval = 20.0\ncomplaint = 10.0\n")
    return path


def test_deciding_everything_again_is_caught(tmp_path: Path) -> None:
    record = tmp_path / "gate.toml"
    assert gate.main(["--record"], record=record, measure=partial(gate.measured, rounds=9)) == 0

    again = partial(gate.measured, wrap=DecidesAgain, rounds=9)

    assert gate.main([], record=record, measure=again) == 1


def test_what_costs_as_recorded_passes(record: Path) -> None:
    assert gate.main([], record=record, measure=measures({"approval": 29.0, "complaint": 9.0})) == 0


def test_it_fails_only_when_measured_again(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dear: dict[str, Any] = {"approval": 31.0, "complaint": 10.0}
    fine: dict[str, Any] = {"approval": 21.0, "complaint": 10.0}

    assert gate.main([], record=record, measure=measures(dear, fine)) == 0
    assert gate.main([], record=record, measure=measures(dear, dear)) == 1
    assert "dearer by half or more: approval." in capsys.readouterr().out


def test_a_cheaper_decision_asks_to_be_recorded(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cheap = measures({"approval": 12.0, "complaint": 10.0})

    assert gate.main([], record=record, measure=cheap) == 0
    assert "Much cheaper than recorded: approval" in capsys.readouterr().out


def test_recording_keeps_the_words_at_its_head(record: Path) -> None:
    gate.main(["--record"], record=record, measure=measures({"approval": 8.04, "complaint": 5.0}))

    assert record.read_text() == "# why\napproval = 8.0\ncomplaint = 5.0\n"
