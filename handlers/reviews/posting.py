"""Posts the review of a process on the first working day after its quarter or half-year.

The replica that claims the slot stores the review and enqueues its message in one transaction. What
the review says is counted before, in transactions that only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from handlers import start
from handlers.i18n import LANGUAGES
from handlers.office import Office
from handlers.reports.cases import working_day
from handlers.reviews.counting import ReviewedPeriods
from handlers.table_values import people_of_process
from handlers.tokens import REVIEW
from storage.reviews import StoredReview
from storage.unit import Tx
from workflows import slots
from workflows.case.effects import Lane, Post
from workflows.directory import Directory
from workflows.metrics.reviewing import Counted, Reviewed, review_of
from workflows.model.definition import Definition
from workflows.model.review import Review
from workflows.moments import Moment
from workflows.slots import Slot

_SEEN = ""  # the slot that says that the review was in force before


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReview:
    """The review of a process that is due: its newest slot, and what it is about."""

    slot: Slot
    periods: ReviewedPeriods

    @property
    def job(self) -> str:
        """The calendar job under which its slots are claimed."""
        return f"{REVIEW}:{self.periods.process}"


def due(tx: Tx, office: Office, *, now: Moment) -> tuple[DueReview, ...]:
    """Return the reviews whose newest slot was not claimed yet."""
    found = (
        _newest(office, definition.key, review, now) for definition, review in _all(tx, office)
    )
    return tuple(one for one in found if not {_SEEN, one.slot.name} <= tx.settings.slots(one.job))


def _all(tx: Tx, office: Office) -> Iterator[tuple[Definition, Review]]:
    for loaded in start.in_force(tx, office):
        if loaded.definition.review is not None:
            yield loaded.definition, loaded.definition.review


def _newest(office: Office, process: str, review: Review, now: Moment) -> DueReview:
    last, former = slots.ended(review, office.calendar, now=now)
    periods = ReviewedPeriods(process=process, last=last, former=former)
    return DueReview(slot=slots.newest(review, office.calendar, now=now), periods=periods)


def next_at(tx: Tx, office: Office, *, now: Moment) -> Moment | None:
    """Return when the next review is due; None without any."""
    following = (slots.following(one, office.calendar, now=now) for _, one in _all(tx, office))
    return min((slot.due_at for slot in following), default=None)


def began_before(tx: Tx, due: DueReview) -> bool:
    """Return whether the slot was due before the process had a review; then nothing is posted."""
    first = _SEEN not in tx.settings.slots(due.job)
    return first and due.slot.due_at < start.in_force_since(tx, due.periods.process)


def post(tx: Tx, office: Office, due: DueReview, counted: Counted | None) -> bool:
    """Claim a slot, store its review and enqueue its message; return whether this replica did.

    Without `counted` only the slot is claimed, and so is the first one if its period has no case:
    a process that was put in force lately is not reviewed yet.
    """
    now, process = office.clock.now(), due.periods.process
    first = tx.settings.take_slot(job=due.job, slot=_SEEN, at=now)
    if not tx.settings.take_slot(job=due.job, slot=due.slot.name, at=now) or counted is None:
        return False
    if first and not counted.now.all.cases:
        return False
    loaded = start.current(tx, office, process)
    periods, day = due.periods, working_day(office)
    review = review_of(
        loaded.definition, counted, last=periods.last, former=periods.former, day=day
    )
    stored = StoredReview(
        process=process,
        period=review.period,
        definition=loaded.hash,
        posted_at=now,
        body=msgspec.to_builtins(review),
    )
    tx.reviews.add(stored)
    tell(tx, office, stored, anew=True)
    return True


def reviewed_in(stored: StoredReview) -> Reviewed:
    """Return what a stored review says."""
    return msgspec.convert(stored.body, Reviewed)


def readers_of(definition: Definition, directory: Directory) -> tuple[str, ...]:
    """Return who gets the review of a process: as it says, or the administrators without anybody.

    Empty if the process has no review any more.
    """
    if definition.review is None:
        return ()
    named = people_of_process(definition.review.to, definition, directory)
    active = tuple(filter(directory.active, named))
    return active or tuple(sorted(filter(directory.active, directory.admins)))


def tell(tx: Tx, office: Office, stored: StoredReview, *, anew: bool) -> None:
    """Enqueue the message of a review, or with `anew` False its update where it was sent."""
    definition = office.shelf.get(tx, stored.definition).definition
    readers = readers_of(definition, office.directory(tx))
    _post(tx, office, stored, definition, readers, anew=anew)


def _post(
    tx: Tx,
    office: Office,
    stored: StoredReview,
    definition: Definition,
    to: Iterable[str],
    *,
    anew: bool,
) -> None:
    args = {"process": stored.process, "period": stored.period}
    args |= {f"name.{one}": definition.name.of(one) for one in LANGUAGES}
    slot = f"{REVIEW}:{stored.process}:{stored.period}"
    posts = [
        Post(to=one, slot=slot, kind=REVIEW, lane=Lane.TASK, args=args, anew=anew) for one in to
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
