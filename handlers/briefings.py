"""Enqueues the morning list for whoever wants it, and the weekly figures of owners and managers.

The morning list has a person's open tasks, the overdue ones first, at the start of the working day.
The figures of the week go to process owners and managers on its first working day. Each person
chooses with `/digest`: both, only the weekly figures (the default), or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers import start
from handlers.office import Office
from handlers.table_values import process_owners
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.directory import Directory
from workflows.errors import Refusal
from workflows.moments import Moment

MORNING, WEEK = "morning", "week"  # the kinds of their cards, and how their slots begin
CHOOSE = "digest"  # the command, and the verb of its buttons
_WISH = "briefing:"  # and the key of the person: the name of a setting
_TYPED = {"on": "daily", "daily": "daily", "每天": "daily", "开": "daily"}
_TYPED |= {"weekly": "weekly", "每周": "weekly", "off": "none", "关": "none", "不要": "none"}


class Wish(StrEnum):
    """What a person wants to get."""

    DAILY = "daily"  # the morning list, and the figures of the week
    WEEKLY = "weekly"  # the figures only
    NONE = "none"


def wish_of(tx: Tx, person: str) -> Wish:
    """Return what a person chose; the weekly figures without a choice."""
    return _wish(tx.settings.get(_WISH + person))


def _wish(stored: str | None) -> Wish:
    return Wish(stored or Wish.WEEKLY)


def choose(tx: Tx, *, person: str, typed: str) -> Wish:
    """Store what a person typed or pressed. Raises Refusal `digest_unknown`."""
    found = _TYPED.get(typed.strip().casefold())
    if found is None and typed not in list(Wish):
        raise Refusal("digest_unknown", typed=typed[:40])
    wish = Wish(found or typed)
    tx.settings.put(_WISH + person, wish.value)
    return wish


def forget(tx: Tx, *, person: str) -> None:
    """Forget what a person chose."""
    if tx.settings.get(_WISH + person):
        tx.settings.put(_WISH + person, "")


def owe(
    tx: Tx, office: Office, *, day: date, zone: ZoneInfo, now: Moment, first_of_week: bool
) -> int:
    """Add what people in a time zone get on this working day to the outbox; return how many.

    A message is made when it is sent. Whoever has nothing to do then, or no figures, gets none.
    """
    directory, company = office.directory(tx), office.company
    here = [p.key for p in directory.people.values() if p.active and company.zone_of(p) == zone]
    stored = tx.settings.beginning_with(_WISH)
    wishes = {key: _wish(stored.get(_WISH + key)) for key in here}
    leads = frozenset(leaders(tx, office, directory)) if first_of_week else frozenset()
    posts: list[Post] = []
    for key, wish in sorted(wishes.items()):
        if wish is Wish.DAILY:
            posts.append(_post(key, MORNING, day))
        if key in leads and wish is not Wish.NONE:
            posts.append(_post(key, WEEK, day))
    awake = {post.to: company.awake(directory.get(post.to), now) for post in posts}
    tx.outbox.add(posts, case_id=None, now=now, not_before=awake)
    return len(posts)


def leaders(tx: Tx, office: Office, directory: Directory) -> Iterator[str]:
    """Yield the process owners, the managers, and the heads of departments."""
    for loaded in start.in_force(tx, office):
        yield from process_owners(loaded.definition, directory)
    yield from (person.manager for person in directory.people.values() if person.manager)
    yield from (one.head for one in directory.departments.values() if one.head)


def _post(to: str, kind: str, day: date) -> Post:
    args = {"day": day.isoformat()}
    slot = f"{kind}:{day.isoformat()}"
    return Post(to=to, slot=slot, kind=kind, lane=Lane.DIGEST, quiet=True, args=args)
