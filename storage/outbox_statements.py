"""The statements of the outbox, built once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql

from storage import tables as t
from storage.columns import Packed
from storage.prepared import Prepared
from storage.statements import InEach, numbered, upsert
from storage.tables import numbers
from workflows.case.effects import Lane, Refresh
from workflows.moments import Moment
from workflows.records import OutboxRow

_old = t.outbox.c
_sent = t.messages.c

_this_row = (
    _old.case_id == bindparam("of_case"),
    _old.person == bindparam("of_person"),
    _old.slot == bindparam("of_slot"),
    _old.number == bindparam("of_number"),
    _old.claim == bindparam("of_claim"),
)
_same_revision = _old.revision == bindparam("of_revision")
_free = {"lease_owner": null(), "next_at": _old.ready_at}


def _owe(insert: Any) -> Any:
    statement = numbered(insert, t.outbox)
    new = statement.excluded
    leased = _old.lease_owner.is_not(None)
    waiting = and_(_old.lease_owner.is_(None), _old.attempts == 0)
    sooner = case((new.ready_at < _old.ready_at, new.ready_at), else_=_old.ready_at)
    return statement.on_conflict_do_update(
        index_elements=list(t.outbox.primary_key.columns),
        set_={
            "kind": new.kind,
            "task": new.task,
            "args": new.args,
            "lane": case((new.lane < _old.lane, new.lane), else_=_old.lane),
            "ready_at": case((leased, new.ready_at), else_=sooner),
            "next_at": case((waiting, sooner), else_=_old.next_at),
            "revision": _old.revision + 1,
            "refresh_only": and_(_old.refresh_only, new.refresh_only),
        },
    )


# Enqueue a post. A pending row for the same slot is replaced and keeps its place in the queue.
OWE = Prepared(InEach(_owe))
REFRESHES = 4  # per statement; a decision rarely has more
_TASKS = tuple(f"task_{number}" for number in range(REFRESHES))
_SLOTS = tuple(f"slot_{number}" for number in range(REFRESHES))
_SOON_TASKS = tuple(f"soon_task_{number}" for number in range(REFRESHES))
_SOON_SLOTS = tuple(f"soon_slot_{number}" for number in range(REFRESHES))


def about(refreshes: Sequence[Refresh]) -> dict[str, str | None]:
    """Return the parameters of up to `REFRESHES` refreshes: their tasks and slots."""
    return _filled(_TASKS, _SLOTS, refreshes)


def soon(refreshes: Sequence[Refresh]) -> dict[str, str | None]:
    """Return the same for the refreshes that must not wait."""
    return _filled(_SOON_TASKS, _SOON_SLOTS, [one for one in refreshes if one.soon])


def _filled(
    task_names: Sequence[str], slot_names: Sequence[str], refreshes: Sequence[Refresh]
) -> dict[str, str | None]:
    tasks, slots = [one.task for one in refreshes], [one.slot for one in refreshes]
    names = (*task_names, *slot_names)
    return dict(zip(names, _padded(tasks) + _padded(slots), strict=True))


def _padded(values: list[str | None]) -> list[str | None]:
    return values + [None] * (REFRESHES - len(values))


def _is_about(columns: Any) -> Any:
    return and_(columns.case_id == bindparam("of_case"), _is_one_of(columns, _TASKS, _SLOTS))


def _is_one_of(columns: Any, tasks: Sequence[str], slots: Sequence[str]) -> Any:
    return or_(
        columns.task.in_([bindparam(name, type_=Text) for name in tasks]),
        columns.slot.in_([bindparam(name, type_=Text) for name in slots]),
    )


def _lane_of_refresh(columns: Any) -> Any:
    """Build the lane of a refresh: messages with outdated buttons before those with old texts."""
    soon = _is_one_of(columns, _SOON_TASKS, _SOON_SLOTS)
    return case((soon, int(Lane.TASK)), else_=int(Lane.REMINDER))


_as_it_is = {  # the row of a message that only has to be updated
    "case_id": _sent.case_id,
    "person": _sent.person,
    "slot": _sent.slot,
    "kind": _sent.kind,
    "lane": _lane_of_refresh(_sent),
    "task": _sent.task,
    "args": _sent.args,
    "created_at": bindparam("now", type_=BigInteger),
    "ready_at": bindparam("now", type_=BigInteger),
    "next_at": bindparam("now", type_=BigInteger),
    "attempts": literal(0),
    "revision": literal(1),
    "refresh_only": true(),
    "tried": literal([], type_=Packed),
    "error": literal(""),
    "claim": literal(0),
}


def _owe_refresh(insert: Any) -> Any:
    order = (_sent.person, _sent.slot, _sent.sent_at.desc(), _sent.platform)
    sent = select(*_as_it_is.values()).where(_is_about(_sent)).order_by(*order)
    if insert is postgresql.insert:  # the newest row of a slot comes first, and the others conflict
        sent = sent.add_columns(numbers.next_value())
    else:  # one number for all of them: a row is known by its slot and its number
        sent = sent.add_columns(bindparam("number", type_=BigInteger))
    statement = insert(t.outbox).from_select([*_as_it_is, "number"], sent)
    return statement.on_conflict_do_nothing(index_elements=list(t.outbox.primary_key.columns))


_lane_now = _lane_of_refresh(_old)
RENEW = Prepared(
    update(t.outbox)
    .where(_is_about(_old))
    .values(
        revision=_old.revision + 1,
        lane=case((and_(_old.refresh_only, _lane_now < _old.lane), _lane_now), else_=_old.lane),
    )
)
# Enqueue every message about a task or slot, unless a row for its slot is pending already.
OWE_REFRESH = Prepared(InEach(_owe_refresh))

# Materialised, or PostgreSQL may lock and take more rows than it was asked for.
_due = (
    select(_old.case_id, _old.person, _old.slot)
    .where(_old.next_at <= bindparam("now", type_=BigInteger))
    .order_by(_old.lane, _old.next_at, _old.number)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED", dialect="postgresql")
)
CLAIM = (
    update(t.outbox)
    .where(
        _old.case_id == _due.c.case_id,
        _old.person == _due.c.person,
        _old.slot == _due.c.slot,
    )
    .values(
        lease_owner=bindparam("owner"),
        next_at=bindparam("lease_until", type_=BigInteger),
        claim=_old.claim + 1,
    )
    .returning(t.outbox)
)

DONE = Prepared(delete(t.outbox).where(*_this_row, _same_revision))
RENEWED_MEANWHILE = Prepared(
    update(t.outbox).where(*_this_row).values(**_free, attempts=0, error="")
)
STILL_OWED = Prepared(update(t.outbox).where(*_this_row).values(**_free))
RENEW_LEASE = Prepared(
    update(t.outbox)
    .where(*_this_row, _old.lease_owner.is_not(None))
    .values(next_at=bindparam("lease_until", type_=BigInteger))
)
STILL_MINE = Prepared(
    update(t.outbox).where(*_this_row).values(claim=_old.claim)
)  # locks the row, changes nothing
RETRY = Prepared(
    update(t.outbox)
    .where(*_this_row)
    .values(
        lease_owner=null(),
        next_at=bindparam("at", type_=BigInteger),
        attempts=_old.attempts + bindparam("failed"),
        error=bindparam("why"),
        tried=bindparam("on_platforms", type_=Packed),
        claim=_old.claim - bindparam("unused"),
    )
)
PUT_OFF_AT_ONCE = 16  # rows in one statement
_PLACE = {"case_id": Text, "person": Text, "slot": Text, "number": BigInteger, "claim": Integer}
_later = union_all(
    *(
        select(
            *(bindparam(f"{name}_{n}", type_=kind).label(name) for name, kind in _PLACE.items()),
            bindparam(f"at_{n}", type_=BigInteger).label("at"),
        )
        for n in range(PUT_OFF_AT_ONCE)
    )
).cte("later")
PUT_OFF = Prepared(
    update(t.outbox)
    .where(*(_old[name] == _later.c[name] for name in _PLACE))
    .values(lease_owner=null(), next_at=_later.c.at, claim=_later.c.claim - text("1"))
)


def put_off(rows: Sequence[tuple[OutboxRow, Moment]]) -> dict[str, Any]:
    """Return the parameters of `PUT_OFF` for up to `PUT_OFF_AT_ONCE` rows.

    Unused parameters match no row.
    """
    values: dict[str, Any] = dict.fromkeys(
        f"{name}_{n}" for name in (*_PLACE, "at") for n in range(PUT_OFF_AT_ONCE)
    )
    for n, (row, at) in enumerate(rows):
        values |= {
            f"case_id_{n}": row.case_id or "",
            f"person_{n}": row.to,
            f"slot_{n}": row.slot,
            f"number_{n}": int(row.id),
            f"claim_{n}": row.claim,
            f"at_{n}": at,
        }
    return values


RELEASE = update(t.outbox).where(_old.lease_owner == bindparam("owner")).values(**_free)

_WHERE_IT_IS = ("kind", "task", "args", "ref", "content_hash", "revision", "sent_at")
SENT = Prepared(upsert(t.messages, update=_WHERE_IT_IS))
SENT_TOO = Prepared(
    upsert(t.messages)
)  # by a former owner of the row: the report of the new owner has priority
# Its content is unknown, because a former owner of the row changed it.
UNSURE = Prepared(
    update(t.messages)
    .where(
        _sent.case_id == bindparam("of_case"),
        _sent.person == bindparam("of_person"),
        _sent.slot == bindparam("of_slot"),
        _sent.platform == bindparam("on_platform"),
        _sent.ref == bindparam("of_ref"),
        _sent.content_hash != bindparam("of_content"),
    )
    .values(content_hash="")
)
MESSAGE = tuple(t.messages.c.keys())  # the columns of the next two
WHERE = Prepared(
    select(t.messages)
    .where(
        _sent.case_id == bindparam("of_case"),
        _sent.person == bindparam("of_person"),
        _sent.slot == bindparam("of_slot"),
    )
    .order_by(_sent.platform)
)

BY_REF = Prepared(
    select(t.messages).where(
        _sent.platform == bindparam("on_platform"), _sent.ref == bindparam("of_ref")
    )
)

NEXT_AT = select(func.min(_old.next_at))
COUNT = select(func.count()).select_from(t.outbox)
OLDEST = select(func.min(_old.ready_at)).where(_old.next_at <= bindparam("now", type_=BigInteger))
