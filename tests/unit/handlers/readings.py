"""Readings of a case, for tests of what is said about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.reading.case import Reading, open_unchecked
from storage.unit import Tx
from tests.office import Workplace
from workflows.case.events import Body, Event

KNOWN = {
    *("takeover", "claim", "act", "complete", "approve", "reject", "return", "back", "transfer"),
    *("urge", "ask", "reply", "comment", "copy", "watch", "unwatch", "withdraw", "score"),
    "details",
}


def known(verbs: Iterable[str]) -> list[str]:
    """The verbs of this list, in their order: a new action adds others between them."""
    return [verb for verb in verbs if verb in KNOWN]


async def reading_of(
    work: Workplace,
    person_id: str,
    *,
    case_id: str = "C-2026-0001",
    language: str = "zh",
    lasting: bool = False,
) -> Reading:
    """A case as this person reads it, with its history at hand."""
    reader = (await work.directory()).by_id(person_id)
    assert reader is not None

    def read(tx: Tx) -> Reading:
        reading = open_unchecked(
            tx,
            work.office,
            case_id=case_id,
            reader=reader,
            language=language,
            lasting=lasting,
        )
        times = reading.load_downtimes()
        reading = replace(reading, load_downtimes=lambda: times)
        return with_history(reading, reading.events)

    return await work.database.read(read)


def with_history(reading: Reading, events: tuple[Event, ...]) -> Reading:
    """The same reading, as if this were the history."""
    return replace(reading, load_events=lambda: events, load_event=lambda seq: events[seq - 1])


def happened(reading: Reading, body: Body, *, actor: str, on_behalf_of: str = "") -> Event:
    """An event of now."""
    return Event(
        seq=1,
        at=reading.now,
        actor=actor,
        on_behalf_of=on_behalf_of or None,
        via="slack",
        body=body,
    )
