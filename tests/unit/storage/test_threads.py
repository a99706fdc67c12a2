"""A unit whose error no future can have fails all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.connect import open_database
from storage.unit import Tx


async def test_a_unit_that_raises_stop_iteration_fails_and_nobody_waits_for_ever(
    tmp_path: Path,
) -> None:
    def stops(_: Tx) -> str:
        nothing: tuple[str, ...] = ()
        return next(iter(nothing))

    database = await open_database(f"sqlite:///{tmp_path / 'closeloop.db'}")
    async with asyncio.timeout(10):
        for call in (database.run(stops), database.read(stops)):
            with pytest.raises(RuntimeError, match="raised StopIteration") as caught:
                await call
            assert isinstance(caught.value.__cause__, StopIteration)
    await database.aclose()
