"""When people were read from the directory of the company, and what administrators hear of it.

They are notified once that many people would leave, which the guard has stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Badge, Card, Tone
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.moments import Moment

KIND = "directory_held"
TOLD = "directory.told"  # the setting with what they were notified of last
COMMAND = "closeloop people sync --accept"
READ = "directory.read"  # the setting with the times of the readings
_NAMES = 20  # on the card


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReadings:
    """When people were tried to be read last, and when that succeeded; 0 for never.

    The first try counts as a success, since the time without one begins there.
    """

    tried: Moment = 0
    good: Moment = 0


def last_readings(tx: Tx) -> LastReadings:
    """Return the times of the last readings."""
    return LastReadings(**json.loads(tx.settings.get(READ) or "{}"))


def note_readings(tx: Tx, readings: LastReadings) -> None:
    """Store the times of the last readings."""
    tx.settings.put(READ, json.dumps({"tried": readings.tried, "good": readings.good}))


def tell_admins(
    tx: Tx, office: Office, *, source: str, leaving: Sequence[str], earlier: int
) -> bool:
    """Notify the administrators that people would leave; return whether it is new to them.

    Args:
        leaving: the ids of the people, in order.
        earlier: how many have left within a day.
    """
    seen = hashlib.sha256("\n".join([source, *leaving]).encode()).hexdigest()
    if tx.settings.get(TOLD) == seen:
        return False
    tx.settings.put(TOLD, seen)
    directory = office.directory(tx)
    facts = {
        "source": source,
        "count": str(len(leaving)),
        "earlier": str(earlier),
        "names": ", ".join(leaving[:_NAMES]),
    }
    posts = [
        Post(to=one, slot=f"{KIND}:{source}", kind=KIND, lane=Lane.TASK, args=facts, anew=True)
        for one in sorted(filter(directory.active, directory.admins))
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
    return True


def settle(tx: Tx) -> None:
    """Forget what they were notified of: nobody is held any more."""
    if tx.settings.get(TOLD):
        tx.settings.put(TOLD, "")


def held_card(args: Mapping[str, str], language: str) -> Card:
    """Return the message to the administrators."""
    words, count = translator(language), int(args["count"])
    names = args["names"]
    if count > _NAMES:
        names = words.n("directory_held.more", count - _NAMES, names=names)
    return Card(
        kind=KIND,
        title=words.t("card.directory_held"),
        badge=Badge(text=words.t("directory_held.badge"), tone=Tone.WARN),
        text=words.n(
            "directory_held.text",
            count,
            names=names,
            earlier=args["earlier"],
            source=args["source"].upper(),
            command=COMMAND,
        ),
    )
