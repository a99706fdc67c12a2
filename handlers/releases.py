"""Opens, prolongs and ends releases of versions (rules: versions).

Each act is named by its caller (`opening`), such as the visit of a change case, and does nothing
when it is done again. Versions are stored by `tx.definitions.store` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.clashes import require_apart
from handlers.draft_base import require_base
from handlers.i18n import LANGUAGES, translator
from handlers.office import Office
from handlers.pages import Badge, Card, Tone
from handlers.start import current, department_names
from handlers.table_values import process_owners
from storage.releases import ALL
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.case.events import SYSTEM
from workflows.errors import DefinitionError, Refusal
from workflows.model.definition import Definition
from workflows.moments import DAY, Moment
from workflows.records import StoredDefinition
from workflows.releases import Opening, Release

UPGRADE = "upgrade"  # the opening of what was in force when releases were introduced
DAYS_LEAST = 30  # of a pilot
DEPARTMENT_GONE = "pilot_department_gone"  # the kind of the message to the owners


# ---------------------------------------------------------------------------- opening


def open_pilot(
    tx: Tx,
    office: Office,
    *,
    process: str,
    hash: str,
    departments: Sequence[str],
    until: Moment,
    opening: str,
    by: str,
    second: str = "",
    based_on: str = "",
    helper: str = "",
) -> tuple[Release, ...]:
    """Let departments start a version that others do not have yet; return one release for each.

    Args:
        hash: that of the version, which is stored already.
        departments: their ids.
        until: the planned end; the pilot goes on until it is ended.
        opening: names this act; a second call with it returns what the first one did.
        by: the key of the person who opens it.
        second: the key of the second person who released it; "" without one.
        based_on: with what the hash of the version begins that the draft changes; "" if unknown.
        helper: the key of who helps its users in the first weeks; "" without one.

    Raises:
        Refusal: `definition_unknown`; `release_not_newer` than the version in force;
            `newer_in_force` and `base_unknown` for its base; `no_departments`;
            `no_such_department`; `department_has_release`; `pilot_too_short`; `second_is_first`.
        DefinitionError: as `require_apart`, for its command and the processes that it starts.
        Conflict: another transaction opened a release meanwhile.
    """
    before = tx.releases.of_opening(process, opening)
    if before:
        return before
    if until - office.clock.now() < DAYS_LEAST * DAY:
        raise Refusal("pilot_too_short", days=DAYS_LEAST)
    version = _newer(tx, office, process, hash, based_on=based_on)
    wanted = _opening(office, version, opening=opening, by=by, second=second, helper=helper)
    return _open_for(tx, office, replace(wanted, kind="pilot", until=until), departments)


def open_batch(
    tx: Tx,
    office: Office,
    *,
    process: str,
    hash: str,
    departments: Sequence[str],
    batch: int,
    opening: str,
    by: str,
    second: str = "",
    based_on: str = "",
    helper: str = "",
) -> tuple[Release, ...]:
    """Let the departments of a batch of a roll-out start a version; return one release for each.

    `batch` is its number, from 1; the other arguments and refusals are those of `open_pilot`.
    """
    before = tx.releases.of_opening(process, opening)
    if before:
        return before
    version = _newer(tx, office, process, hash, based_on=based_on)
    wanted = _opening(office, version, opening=opening, by=by, second=second, helper=helper)
    return _open_for(tx, office, replace(wanted, kind="batch", batch=batch), departments)


def release_to_all(
    tx: Tx,
    office: Office,
    *,
    process: str,
    hash: str,
    opening: str,
    by: str,
    second: str = "",
    based_on: str = "",
    helper: str = "",
) -> Release:
    """Put a version in force. Releases to departments of this version or older ones end.

    Returns the release, or the one that is open if the version is in force already. The arguments
    and refusals are those of `open_pilot`.
    """
    before = tx.releases.of_opening(process, opening)
    if before:
        return before[0]
    if tx.definitions.hash_in_force(process) == hash:
        return tx.releases.open_of(process)[0]
    version = _newer(tx, office, process, hash, based_on=based_on)
    wanted = _opening(office, version, opening=opening, by=by, second=second, helper=helper)
    return tx.releases.open_all(wanted)[0]


def prolong(
    tx: Tx, office: Office, *, process: str, opening: str, until: Moment, by: str
) -> tuple[Release, ...]:
    """Move the planned end of a pilot; return its open releases.

    Raises:
        Refusal: `release_unknown`; `release_over` if it has ended; `pilot_not_longer` unless it
            ends later than planned.
    """
    running = [one for one in _of_opening(tx, office, process, opening) if one.open]
    if not running:
        raise Refusal("release_over", opening=opening)
    planned = max(one.until or 0 for one in running)
    if until < planned or until <= office.clock.now():
        raise Refusal("pilot_not_longer", at=planned)
    tx.releases.prolong([one for one in running if one.until != until], until=until, by=by)
    return tuple(replace(one, until=until) for one in running)


def open_releases(tx: Tx, process: str) -> tuple[Release, ...]:
    """Return the open releases of a process: the one to all first, then by department."""
    return tx.releases.open_of(process)


def _newer(tx: Tx, office: Office, process: str, hash: str, *, based_on: str) -> StoredDefinition:
    """Return the stored version with a hash, which must be newer than the one in force."""
    stored = tx.definitions.get(hash)
    if stored is None or stored.key != process:
        raise Refusal("definition_unknown", hash=hash[:12])
    loaded = office.shelf.load(stored)
    for one in tx.definitions.current():
        if one.key == process:
            require_base(tx, based_on, current=one)
            if stored.version <= one.version:
                raise Refusal(
                    "release_not_newer",
                    process=loaded.definition.name,
                    version=stored.version,
                    in_force=one.version,
                )
    require_apart(tx, loaded)
    return stored


def _opening(
    office: Office, version: StoredDefinition, *, opening: str, by: str, second: str, helper: str
) -> Opening:
    """Return what opens a release. Raises Refusal if the second person is the first one."""
    if second and second == by:
        raise Refusal("second_is_first", by=by)
    return Opening(
        process=version.key,
        version=version.version,
        opening=opening,
        at=office.clock.now(),
        by=by,
        second=second,
        helper=helper or None,
    )


def _open_for(
    tx: Tx, office: Office, wanted: Opening, departments: Sequence[str]
) -> tuple[Release, ...]:
    """Release a version to departments. Raises Refusal for the first that cannot have it."""
    named, directory = tuple(dict.fromkeys(departments)), office.directory(tx)
    if not named:
        raise Refusal("no_departments")
    there = {one.department: one for one in tx.releases.open_of(wanted.process)}
    for one in named:
        if one == ALL or one not in directory.departments:
            known = department_names(directory, sorted(directory.departments))
            raise Refusal("no_such_department", department=one[:60], known=known)
        if one in there:
            raise Refusal(
                "department_has_release",
                department=department_names(directory, (one,)),
                version=there[one].version,
                opening=act_of(there[one].opening),
            )
    return tx.releases.open_for(wanted, named)


def act_of(opening: str) -> str:
    """Return what people call the act that opened a release: the number of its case, if it has."""
    return opening.partition("/")[0]


# ---------------------------------------------------------------------------- ending


def roll_back(
    tx: Tx, office: Office, *, process: str, by: str, opening: str = "", act: str = ""
) -> tuple[Release, ...]:
    """End what an act has released, and return the releases that ended; none if they had ended so.

    Cases that run go on with their version. When the version in force is rolled back, the one
    before it is released to all again.

    Args:
        opening: the act; "" for every pilot and batch that is open, or without any for the version
            in force.
        act: names this act; by default it is named after the one that is rolled back.

    Raises:
        Refusal: `release_unknown`; `release_over` if it ended in another way; `no_former_version`.
    """
    several = _of_opening(tx, office, process, opening) if opening else _to_roll_back(tx, process)
    ending = tuple(one for one in several if one.open)
    if not ending:
        if any(one.ended_why == "rolled_back" for one in several):
            return ()
        raise Refusal("release_over", opening=act_of(opening))
    now = office.clock.now()
    to_all = next((one for one in ending if one.department == ALL), None)
    former = None if to_all is None else _former(tx, office, to_all)
    tx.releases.end(ending, at=now, why="rolled_back", by=by)
    if former is not None:
        named = act or f"{ending[0].opening}:back"
        again = Opening(process=process, version=former, opening=named, at=now, by=by)
        tx.releases.open_all(again)
    return ending


def _to_roll_back(tx: Tx, process: str) -> tuple[Release, ...]:
    found = tx.releases.open_of(process)
    return tuple(one for one in found if one.department != ALL) or found


def _of_opening(tx: Tx, office: Office, process: str, opening: str) -> tuple[Release, ...]:
    found = tx.releases.of_opening(process, opening)
    if not found:
        name = current(tx, office, process).definition.name
        raise Refusal("release_unknown", opening=opening[:60], process=name)
    return found


def _former(tx: Tx, office: Office, to_all: Release) -> int:
    former = version_before(tx, to_all.process)
    if former is None:
        name = current(tx, office, to_all.process).definition.name
        raise Refusal("no_former_version", process=name, version=to_all.version)
    return former


def version_before(tx: Tx, process: str) -> int | None:
    """Return the version that was in force before the present one, or None.

    Versions that were only in pilot, or were rolled back, do not count.
    """
    history = tx.releases.history(process)
    newest = next((one for one in history if one.open and one.department == ALL), None)
    if newest is None:
        return None
    earlier = [
        one.version
        for one in history
        if (one.department, one.ended_why) == (ALL, "replaced") and one.version < newest.version
    ]
    if earlier:
        return earlier[-1]
    first = history[0]
    if first.opening == UPGRADE and first.version > 1:  # earlier releases are not known
        return first.version - 1
    return None


# ---------------------------------------------------------------------------- dissolved departments


def of_gone(tx: Tx, office: Office) -> tuple[Release, ...]:
    """Return the open releases to departments that the directory has no more. Only reads."""
    known = office.directory(tx).departments
    open_now = tx.releases.every_open()
    return tuple(one for one in open_now if one.department != ALL and one.department not in known)


def end_gone(tx: Tx, office: Office) -> int:
    """End the releases to dissolved departments, and tell the owners; return how many ended."""
    gone, directory, now = of_gone(tx, office), office.directory(tx), office.clock.now()
    for one in gone:
        tx.releases.end([one], at=now, why="department_gone", by=SYSTEM)
        definition = _definition(tx, office, one)
        args = {
            f"name.{language}": one.process if definition is None else definition.name.of(language)
            for language in LANGUAGES
        }
        args |= {"department": one.department, "version": str(one.version)}
        slot = f"{DEPARTMENT_GONE}:{one.process}:{one.number}"
        people = () if definition is None else process_owners(definition, directory)
        posts = [
            Post(to=to, slot=slot, kind=DEPARTMENT_GONE, lane=Lane.TASK, args=args)
            for to in people or sorted(filter(directory.active, directory.admins))
        ]
        tx.outbox.add(posts, case_id=None, now=now, not_before={})
    return len(gone)


def _definition(tx: Tx, office: Office, one: Release) -> Definition | None:
    """Return the definition of a release, or None if it is damaged."""
    stored = tx.definitions.version(one.process, one.version)
    assert stored is not None, "a version that was stored"
    try:
        return office.shelf.load(stored).definition
    except DefinitionError:
        return None


def department_gone_card(args: Mapping[str, str], language: str) -> Card:
    """Return the message to the owners of a process in pilot: a department was dissolved."""
    words = translator(language)
    facts = {**args, "name": args[f"name.{language}"]}
    return Card(
        kind=DEPARTMENT_GONE,
        title=words.t("card.department_gone", **facts),
        badge=Badge(text=words.t("department_gone.badge"), tone=Tone.WARN),
        text=words.t("department_gone.text", **facts),
    )
