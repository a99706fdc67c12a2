"""What the replicas share of a platform: its rate limits, and the pauses that it demands.

A platform counts the messages of the bot, whichever replica sends them. So each replica holds a
lease, and uses an equal part of the rates. A replica that writes in a conversation has it
for a moment, in which the others write nothing there; and so has the one that can answer a click
there. When a platform demands a pause of one replica, the pause is stored, and the others keep to
it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from handlers.conversation.ports import ChatPort
from handlers.deliver import Errand
from storage.unit import Tx
from workflows.moments import MINUTE, SECOND, Moment, seconds

LASTS = 60 * SECOND
RENEWED = 20 * SECOND
TALK = 1_200 * SECOND // 1000  # the limit of a conversation is one message a second
ANSWERING = 10 * SECOND  # a card that was clicked is left to the replica that got the click
AGAIN = SECOND // 2  # between two attempts to write where another replica writes

_SENDING = "sending"  # and the owner
_TALKING = "talking"  # a platform and a conversation
_PAUSED = "paused"  # a platform, and a scope in its own words
_PLATFORM = "platform"  # the owner of pauses, which is none of the replicas


class Replicas:
    """The replicas as one of them, `owner`, sees them. `others` is the number of the others."""

    def __init__(self, platforms: Mapping[str, ChatPort], *, owner: str) -> None:
        self.others = 0
        self._platforms = platforms
        self._lease = f"{_SENDING} {owner}"
        self._owner = owner
        self._renewed: Moment | None = None

    def must_join(self, now: Moment) -> bool:
        """Return whether the lease has to be taken or renewed."""
        return self._renewed is None or not 0 <= now - self._renewed < RENEWED

    def join(self, tx: Tx, *, now: Moment) -> None:
        """Take or renew the lease of this replica."""
        tx.settings.forget_leases(before=now - MINUTE)
        tx.settings.take_lease(self._lease, owner=self._owner, now=now, until=now + LASTS)

    def joined(self, now: Moment) -> None:
        """Note that `join` was committed."""
        self._renewed = now

    def leave(self, tx: Tx) -> None:
        """End the lease: the others may use this part."""
        self._renewed = None
        tx.settings.end_lease(self._lease, owner=self._owner)

    def heed(self, leases: Mapping[str, Moment], *, now: Moment) -> None:
        """Tell the platforms how many replicas there are, and which pauses all have to keep."""
        sending = {name for name in leases if name.startswith(f"{_SENDING} ")} - {self._lease}
        self.others = len(sending)
        for platform in self._platforms.values():
            platform.share(1 + self.others)
        for name, until in leases.items():
            kind, _, rest = name.partition(" ")
            of, _, scope = rest.partition(" ")
            if kind == _PAUSED and of in self._platforms:
                self._platforms[of].park(scope, (until - now) / SECOND)

    def conversations(self, errands: Sequence[Errand]) -> frozenset[str]:
        """Return the names of the conversations in which these messages count."""
        found = {
            one.platform: self._platforms[one.platform].conversation(one.delivery, ref=one.ref)
            for one in errands
        }
        return frozenset(f"{_TALKING} {name} {talk}" for name, talk in found.items() if talk)

    def answerable(self) -> frozenset[str]:
        """Return the names of those in which only this replica can write beside the limits."""
        return frozenset(
            f"{_TALKING} {name} {talk}"
            for name, platform in self._platforms.items()
            for talk in platform.answerable()
        )

    def talk(
        self, tx: Tx, names: Collection[str], *, now: Moment, lasts: int = TALK
    ) -> frozenset[str]:
        """Take these conversations for a moment; return those that another replica has."""
        return frozenset(
            name
            for name in sorted(names)
            if not tx.settings.take_lease(name, owner=self._owner, now=now, until=now + lasts)
        )


def pause(tx: Tx, *, platform: str, scope: str, now: Moment, wait: float) -> None:
    """Store a pause of so many seconds that a platform demanded."""
    tx.settings.forget_leases(before=now - MINUTE)
    name = f"{_PAUSED} {platform} {scope}"
    tx.settings.take_lease(name, owner=_PLATFORM, now=now, until=now + seconds(wait))
