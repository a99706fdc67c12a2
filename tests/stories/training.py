"""A version that a change has released, with a helper, for stories on every platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import releases
from tests.stories.process_change import FASTER
from workflows.loading import load_definition
from workflows.moments import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.unit import Tx
    from tests.office import Workplace

ACT = "PC-2026-0001/v1"


async def piloted(
    work: Workplace,
    text: str = FASTER,
    *,
    departments: Sequence[str] = ("sales",),
    act: str = ACT,
    helper: str = "he.jun",
) -> None:
    """Let departments start a version of the complaint process, as the step of a change does."""
    pilot = {"departments": departments, "until": work.clock.now() + 30 * DAY}
    await _opened(work, releases.open_pilot, text, act=act, helper=helper, **pilot)


async def released(work: Workplace, text: str, *, act: str, helper: str = "") -> None:
    """Put a version of the complaint process in force, as the step of a change does."""
    await _opened(work, releases.release_to_all, text, act=act, helper=helper)


async def _opened(
    work: Workplace, how: Callable[..., Any], text: str, *, act: str, helper: str, **more: object
) -> None:
    loaded = load_definition(text, file="complaint.toml")
    directory = await work.directory()
    people = {one: directory.by_id(one) for one in ("chen.jing", "gao.feng", helper)}
    keys = {one: person.key for one, person in people.items() if person is not None}

    def unit(tx: Tx) -> None:
        now, key, owner = work.clock.now(), loaded.definition.key, keys["chen.jing"]
        tx.definitions.store(key=key, hash=loaded.hash, text=text, at=now, by=owner)
        how(
            tx,
            work.office,
            process=key,
            hash=loaded.hash,
            opening=act,
            by=owner,
            second=keys["gao.feng"],
            helper=keys.get(helper, ""),
            **more,
        )

    await work.database.run(unit)
    await work.settle()
