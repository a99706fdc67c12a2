"""Sends a training card to whoever uses a version of a process for the first time.

Only for versions that a change of the process has released. A person uses a version when they file
a case that starts on it, or get a task of such a case. The card is recorded and enqueued in the
transaction of that decision, once for each person and version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.office import Office
from handlers.tokens import TRAINING
from storage.trainings import TrainingCard
from storage.unit import Tx
from workflows.case.effects import CHANNEL, Effect, Lane, Post
from workflows.case.state import Case
from workflows.releases import Release


def follow(
    tx: Tx,
    office: Office,
    case: Case,
    effects: Sequence[Effect],
    *,
    change: Release,
    filed: bool,
) -> None:
    """Record and enqueue the cards of those who use the version of a case for the first time.

    Args:
        effects: the messages that follow from the command.
        change: the first release of the version.
        filed: whether the command has started the case.
    """
    now, directory = office.clock.now(), office.directory(tx)
    places: dict[str, str] = {case.filer: ""} if filed else {}
    for person, node in _given(case, effects):
        places.setdefault(person, node)
    shown = [
        training
        for person, node in sorted(places.items())
        if directory.active(person)
        and tx.trainings.show(
            training := TrainingCard(
                process=change.process,
                version=change.version,
                person=person,
                node=node,
                shown_at=now,
            )
        )
    ]
    owe(tx, office, shown)


def told_to_help(tx: Tx, office: Office, opened: Sequence[Release]) -> None:
    """Send the card of a version to whoever its releases, at least one, name as helper.

    Who has it already gets it updated: it says then that they are asked.
    """
    release = opened[0]  # they have the same helper
    if not release.helper or not office.directory(tx).active(release.helper):
        return
    training = TrainingCard(
        process=release.process,
        version=release.version,
        person=release.helper,
        node="",
        shown_at=office.clock.now(),
    )
    owe(tx, office, [training], anew=tx.trainings.show(training))


def _given(case: Case, effects: Sequence[Effect]) -> Iterator[tuple[str, str]]:
    """Yield who gets the card of a task, and the node of that task."""
    for effect in effects:
        if isinstance(effect, Post) and effect.kind == "task" and effect.anew:
            task = case.task(effect.task or "")
            if task is not None and not effect.to.startswith(CHANNEL):
                yield effect.to, task.node


def owe(tx: Tx, office: Office, several: Sequence[TrainingCard], *, anew: bool = True) -> None:
    """Enqueue training cards, or with `anew` False their updates where they were sent."""
    posts = [
        Post(
            to=one.person,
            slot=f"{TRAINING}:{one.process}:{one.version}",
            kind=TRAINING,
            lane=Lane.TASK,
            args={"process": one.process, "version": str(one.version)},
            anew=anew,
        )
        for one in several
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
