"""Puts the people of another directory in force, with the guard of `people import`.

Other directories lose people by and by: the guard counts everybody who has left within a day, so
that many small losses are stopped as one large one is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.config import Config
from bot.directory_settings import Ldap, PeopleRules
from bot.directory_source import Draft, FoundPerson, draft_of
from bot.people_import import Import, ImportSummary, plan_import
from handlers.i18n import Translator
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.moments import DAY, Moment
from workflows.ports import Ids
from workflows.records import DirectoryEntry

LEFT = "directory.left"  # the setting with who left lately, by key
WINDOW = DAY  # in which they are counted
MANY = "many_left"  # the code of the guard's refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A directory that people come from: `name` is "ldap" or "scim", `shown` is for messages."""

    name: str
    shown: str
    rules: PeopleRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """The result: who changed, and whose manager is not among the people."""

    summary: ImportSummary
    directory: Directory
    no_manager: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)  # by the ids of users in the source


def source_of(config: Config) -> Source:
    """Return the directory that a configuration names.

    Raises:
        Refusal: people come from a file.
    """
    name = config.people.source
    if name == "file":
        raise Refusal("people_from_file")
    rules: Ldap | PeopleRules = config.ldap if name == "ldap" else config.scim
    return Source(name=name, shown=config.ldap.url if name == "ldap" else "SCIM", rules=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """What a directory would change; nothing is stored yet."""

    draft: Draft
    plan: Import
    earlier: tuple[str, ...]  # ids of people who have left lately

    @property
    def too_many_leave(self) -> Refusal:
        """The refusal of the guard."""
        left = self.plan.summary.left
        return Refusal(
            MANY,
            count=len(left),
            names=", ".join(left),
            earlier=len(self.earlier),
            earlier_names=", ".join(self.earlier),
        )

    def result(self) -> Synced:
        """Return the result of the plan."""
        ids = {person.id: person.key for person in self.plan.people}
        return Synced(
            summary=self.plan.summary,
            directory=self.plan.directory,
            no_manager=self.draft.no_manager,
            keys={user: ids[name] for name, user in self.draft.users.items()},
        )


def plan_sync(
    tx: Tx,
    found: Sequence[FoundPerson],
    *,
    source: Source,
    ids: Ids,
    now: Moment,
    words: Translator,
    keep: Iterable[Person] = (),
) -> SyncPlan:
    """Return what the people of a directory would change.

    Raises:
        ConfigError: the findings about them.
    """
    current = tx.people.directory()
    draft = draft_of(
        found,
        rules=source.rules,
        current=current,
        bound=tx.entries.bound(source.name),
        source=source.shown,
        words=words,
        keep=keep,
    )
    earlier = left_lately(tx, now=now)
    plan = plan_import(current, draft.file, ids, known=draft.known, earlier=len(earlier))
    names = sorted(current.people[key].id for key in earlier)
    return SyncPlan(draft=draft, plan=plan, earlier=tuple(names))


def put_in_force(
    tx: Tx, planned: SyncPlan, *, source: Source, now: Moment, accept: bool = False
) -> Synced:
    """Replace the directory as planned in this transaction.

    Raises:
        Refusal: `many_left` with the names, unless `accept` is given.
    """
    plan = planned.plan
    if plan.many_leave and not accept:
        raise planned.too_many_leave
    before = tx.people.directory()
    if plan.departments_changed or not plan.summary.nothing:
        tx.people.replace(plan.people, plan.departments, via=source.name)
    done = planned.result()
    _bind(tx, done.keys, source=source, directory=done.directory, now=now)
    left = {person.key for person in before.people.values() if person.id in plan.summary.left}
    note_left(tx, left, now=now, accept=accept)
    return done


def _bind(
    tx: Tx, keys: Mapping[str, str], *, source: Source, directory: Directory, now: Moment
) -> None:
    """Store whom each user is here, where that has changed."""
    known = {one.id: one for one in tx.entries.all(source.name, "user")}
    changed = []
    for user, key in keys.items():
        one, name = known.get(user), directory.people[key].id.lower()
        if one is None:
            one = DirectoryEntry(
                source=source.name, id=user, kind="user", name=name, created_at=now
            )
        name = name if source.name == "ldap" else one.name
        if (one.person, one.name) != (key, name):
            changed.append(replace(one, person=key, name=name, changed_at=now))
    tx.entries.put(changed)


# ---------------------------------------------------------------------------- the guard's window


def left_lately(tx: Tx, *, now: Moment) -> frozenset[str]:
    """Return the keys of those who left within the window and did not come back."""
    people = tx.people.directory().people
    kept: dict[str, Moment] = json.loads(tx.settings.get(LEFT) or "{}")
    return frozenset(
        key
        for key, at in kept.items()
        if now - WINDOW < at <= now and key in people and not people[key].active
    )


def note_left(tx: Tx, left: Collection[str], *, now: Moment, accept: bool) -> None:
    """Store who left now. Those who were accepted count no more."""
    if accept:
        kept: dict[str, Moment] = {}
    else:
        before: dict[str, Moment] = json.loads(tx.settings.get(LEFT) or "{}")
        kept = {key: at for key, at in before.items() if now - WINDOW < at <= now}
        kept |= dict.fromkeys(left, now)
    text = json.dumps(kept, sort_keys=True)
    if text != (tx.settings.get(LEFT) or "{}"):
        tx.settings.put(LEFT, text)
