"""Announces people who have left: the card with what they had, for those who hand it over.

Open tasks go to the fallback at once (`timers.replace_leavers`). From the card the manager hands
everything over (`handing_over.py`), and the owner of a process what they had in its cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from handlers import casework
from handlers.cards.leavers import directory_facts
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Fact, Line, Tone
from handlers.reading.formatter import Formatter, formatter, name_of
from handlers.table_values import people_of_process
from handlers.tokens import Token
from storage.errors import StorageError
from storage.unit import Tx
from workflows.actions.hand_over import was_with
from workflows.case.effects import Lane, Post
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task
from workflows.directory import Absence, Directory
from workflows.flow.leavers import line_above
from workflows.records import CaseQuery

KIND = "handover"  # of the card; also the verb of its button
SEEN = "leavers.seen"  # the setting with those who were announced
MOST = 50  # items on a card and in a form
_CASES_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a person who has left had."""

    tasks: tuple[tuple[Case, Task], ...]  # open ones, with whoever has them now
    filed: tuple[str, ...]  # cases that run and of which nobody has the filer's place yet
    absences: tuple[Absence, ...]  # of others, for which they are the deputy
    in_directory: bool = False  # whether they have roles, a department or people below them
    vacant: bool = False  # whether one of these still waits for a new people file

    @property
    def anything(self) -> bool:
        """Whether there is something to be handed over or to be cared for."""
        return bool(self.tasks or self.filed or self.absences or self.in_directory)


# ---------------------------------------------------------------------------- announcing


def somebody_left(tx: Tx, office: Office) -> bool:
    """Return whether people have left, or come back, since the last announcement. Only reads."""
    return tx.settings.get(SEEN) != _written(_gone(office.directory(tx)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unannounced:
    """People who have left and were not announced yet; `first` if nobody ever was."""

    people: tuple[str, ...]
    first: bool


def unannounced(tx: Tx, office: Office) -> Unannounced:
    """Return who is to be announced. Only reads."""
    kept = tx.settings.get(SEEN)
    people = _gone(office.directory(tx)) - _announced(tx)
    return Unannounced(people=tuple(sorted(people)), first=kept is None)


def announce(tx: Tx, office: Office, leaver: str, *, first: bool) -> bool:
    """Notify the manager and the process owners that somebody has left, and store it as announced.

    Somebody without a manager is announced to the administrators. Who had left before the `first`
    time is announced only if there is an open task of theirs. Return whether anybody is notified.
    """
    directory = office.directory(tx)
    posts = []
    for person in people_to_tell(tx, office, directory, leaver):
        left = what_they_had(tx, office, directory, leaver, reader=person)
        if left.tasks or (not first and left.anything):
            posts.append(card_for(person, leaver))
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
    tx.settings.put(SEEN, _written({*_announced(tx), leaver}))
    return bool(posts)


def note_returns(tx: Tx, office: Office) -> None:
    """Note who has come back, so that they are announced again when they leave again."""
    tx.settings.put(SEEN, _written(_announced(tx) & _gone(office.directory(tx))))


def _announced(tx: Tx) -> set[str]:
    return set(json.loads(tx.settings.get(SEEN) or "[]"))


def _gone(directory: Directory) -> set[str]:
    return {key for key, person in directory.people.items() if not person.active}


def _written(people: set[str]) -> str:
    return json.dumps(sorted(people))


def people_to_tell(tx: Tx, office: Office, directory: Directory, leaver: str) -> tuple[str, ...]:
    """Return who hears of a leaver: the manager or the administrators, and the process owners."""
    above = line_above(directory, leaver)[:1] or tuple(sorted(directory.admins))
    cases = _cases(tx, leaver)
    owners = (owner for case in cases for owner in _owners(tx, office, directory, case))
    return tuple(filter(directory.active, dict.fromkeys((*above, *owners))))


def may_hand_all_over(directory: Directory, leaver: str, *, person: str) -> bool:
    """Return whether a person may hand over whatever a leaver had, not only as a process owner."""
    return person in (*line_above(directory, leaver), *directory.admins)


def _cases(tx: Tx, leaver: str) -> Iterator[Case]:
    """Yield the running cases in which a person has a part.

    One that cannot be read is left out, so that the others are handed over meanwhile; whatever
    works on it raises an alarm.
    """
    query = CaseQuery(participant=leaver, status=Status.RUNNING.value, limit=_CASES_MOST)
    for row in tx.cases.find(query):
        try:
            yield casework.find(tx, row.id, lock=False)
        except StorageError:
            raise  # the database cannot be read now
        except Exception:  # noqa: BLE001, S112 — as said above
            continue


def _owners(tx: Tx, office: Office, directory: Directory, case: Case) -> tuple[str, ...]:
    definition = office.shelf.get(tx, case.definition).definition
    return people_of_process("owner", definition, directory)


def card_for(to: str, leaver: str, *, anew: bool = True) -> Post:
    """Return the message with the card about a leaver; an update of it unless `anew`."""
    return Post(
        to=to, slot=f"{KIND}:{leaver}", kind=KIND, lane=Lane.TASK, args={"who": leaver}, anew=anew
    )


def what_they_had(
    tx: Tx, office: Office, directory: Directory, leaver: str, *, reader: str
) -> Left:
    """Return what a person had who has left, and what of it the reader may hand over.

    For a process owner this is what they had in its cases.
    """
    every = may_hand_all_over(directory, leaver, person=reader)
    cases = [
        case
        for case in _cases(tx, leaver)
        if every or reader in _owners(tx, office, directory, case)
    ]
    tasks = tuple(
        (case, task) for case in cases for task in case.open_tasks if was_with(task, leaver)
    )
    filed = tuple(case.id for case in cases if case.acting_filer == leaver)
    if not every:
        return Left(tasks=tasks, filed=filed, absences=())
    now, person = office.clock.now(), directory.get(leaver)
    roles = person.roles if person is not None else ()
    led = any(one.head == leaver for one in directory.departments.values())
    led = led or any(directory.below(leaver))
    return Left(
        tasks=tasks,
        filed=filed,
        absences=tuple(
            one
            for one in directory.absences
            if one.deputy == leaver and now < one.ends_at and directory.active(one.person)
        ),
        in_directory=bool(roles) or led,
        vacant=led or any(not any(directory.with_role(role)) for role in roles),
    )


# ---------------------------------------------------------------------------- the card


def card(tx: Tx, office: Office, *, reader: str, leaver: str, language: str) -> Card:
    """Return the card: what the leaver had, who has it now, and the button."""
    directory, words = office.directory(tx), translator(language)
    write = formatter(office, directory, reader=directory.get(reader), language=language)
    left = what_they_had(tx, office, directory, leaver, reader=reader)
    waiting = any(not _handed(task, reader) for _, task in left.tasks)
    waiting = waiting or bool(left.filed or left.absences or left.vacant)
    token = Token(verb=KIND, argument=leaver)
    button = Button(verb=KIND, label=words.t("button.handover"), token=str(token), style="primary")
    return Card(
        kind=KIND,
        title=words.t("card.handover", who=name_of(directory.get(leaver), language)),
        badge=Badge(text=words.t("task.open"), tone=Tone.WARN)
        if waiting
        else Badge(text=words.t("task.done"), tone=Tone.GOOD),
        text=words.n("handover.text", len(left.tasks)),
        facts=tuple(_facts(left, directory, leaver, write, reader=reader)),
        lines=tuple(
            Line(
                when="",
                text=words.t(
                    "handover.line",
                    item=called(tx, office, case, task, language),
                    who=write.names(task.owners) or words.t("task.nobody"),
                ),
            )
            for case, task in left.tasks[:MOST]
        ),
        buttons=(button,) if left.anything else (),
        note=words.n("list.more", len(left.tasks) - MOST) if len(left.tasks) > MOST else "",
    )


def _facts(
    left: Left, directory: Directory, leaver: str, write: Formatter, *, reader: str
) -> Iterator[Fact]:
    absent = write.names(dict.fromkeys(one.person for one in left.absences))
    rows = {"handover.filed": write.listed(left.filed[:MOST]), "handover.deputises": absent}
    for label, value in rows.items():
        if value:
            yield Fact(label=write.words.t(label), value=value)
    if may_hand_all_over(directory, leaver, person=reader):
        yield from directory_facts(directory, leaver, write)


def _handed(task: Task, reader: str) -> bool:
    """Return whether somebody other than the reader of the card has the task for good."""
    return task.assignee is not None and task.assignee != reader and len(task.former) > 1


def called(tx: Tx, office: Office, case: Case, task: Task, language: str) -> str:
    """Return what a task is called in lists of several cases: the number and the step."""
    definition = office.shelf.of(tx, case).definition
    return f"{case.id} · {definition.node(task.node).name.of(language)}"
