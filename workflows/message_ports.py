"""The stores of a transaction that hold messages: owed, received, dead, the chat's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from workflows.effects import Effect
from workflows.records import (
    ChatMessage,
    DeadLetter,
    DigestLine,
    Draft,
    LinkNotice,
    OutboxRow,
    OwedAnswer,
    RedeemedCode,
    SentMessage,
)


class Outbox(Protocol):
    """Messages that are owed, and those that were sent."""

    def add(
        self,
        effects: Sequence[Effect],
        *,
        case_id: str | None,
        now: datetime,
        not_before: Mapping[str, datetime],
    ) -> None:
        """Owe messages. A later one for the same (case, person, slot) replaces an unsent one.

        A Refresh becomes one row for each message sent, or still owed, about its task or slot.
        `not_before` says, by person, when a quiet message may go.
        """
        ...

    def claim(
        self, *, now: datetime, limit: int, owner: str, lease_until: datetime
    ) -> tuple[OutboxRow, ...]:
        """Take messages to send: lane first, then age; one at a time for each (person, slot)."""
        ...

    def done(self, row: OutboxRow, *, sent: SentMessage | None) -> None:
        """A message was sent, or none had to be: keep where it is, unless a newer one is owed."""
        ...

    def renew(self, row: OutboxRow, *, lease_until: datetime) -> bool:
        """Keep what was claimed for longer. False when somebody else has it by now."""
        ...

    def posted(self, row: OutboxRow, *, sent: SentMessage) -> None:
        """Keep where a message is on one platform, while others are still owed it."""
        ...

    def retry(self, row: OutboxRow, *, at: datetime, error: str, tried: Sequence[str]) -> None:
        """Try again at `at`. An empty `error` is a delay, not a failed attempt."""
        ...

    def put_off(self, rows: Sequence[tuple[OutboxRow, datetime]]) -> None:
        """Try each of these again at its time, for the pace of a platform: no failed attempt."""
        ...

    def drop(self, row: OutboxRow) -> None:
        """Stop owing it; the caller has kept a dead letter or found another way."""
        ...

    def sent(self, *, case_id: str | None, to: str, slot: str) -> tuple[SentMessage, ...]:
        """Where this message is, on every platform it was posted to."""
        ...

    def at(self, *, platform: str, ref: str) -> SentMessage | None:
        """The message that a platform knows by this reference, or None."""
        ...

    def next_at(self) -> datetime | None:
        """When the next message may be sent."""
        ...

    def oldest(self, *, now: datetime) -> datetime | None:
        """Since when the longest-waiting message that may be sent has been waiting."""
        ...

    def count(self) -> int:
        """How many messages are owed, those that wait for their time included."""
        ...

    def release_leases(self, *, owner: str) -> None:
        """Free what an owner had claimed."""
        ...


class Digests(Protocol):
    """The lines of digests: which of them tells whom of which case."""

    def add(self, lines: Sequence[DigestLine]) -> None:
        """Keep lines; those that are there already stay as they are."""
        ...

    def of_reader(self, person: str, *, digest: str) -> tuple[DigestLine, ...]:
        """The lines of one digest, in the order in which they came."""
        ...

    def of_case(self, case_id: str) -> tuple[DigestLine, ...]:
        """Every line about a case, in the order in which they came."""
        ...


class Inbox(Protocol):
    """Idempotency keys of interactions."""

    def seen(self, *, source: str, key: str) -> Mapping[str, Any] | None:
        """The stored answer to this interaction, or None when it is new."""
        ...

    def remember(
        self,
        *,
        source: str,
        key: str,
        answer: Mapping[str, Any],
        at: datetime,
        person: str | None = None,
        owed_at: datetime | None = None,
    ) -> None:
        """Keep the answer, which is owed to the person if it is not told until `owed_at`.

        Conflict when another replica was faster.
        """
        ...

    def told(self, *, source: str, keys: Sequence[str]) -> None:
        """These answers reached their people: they are owed no more."""
        ...

    def owed_next(self, *, source: str) -> datetime | None:
        """When the next answer is to be told again, or a claim of one ends."""
        ...

    def claim_owed(
        self, *, source: str, now: datetime, until: datetime, limit: int
    ) -> tuple[OwedAnswer, ...]:
        """Take answers that nobody said were told; nobody else takes them until then."""
        ...

    def forget_answers(self) -> None:
        """Keep that it was done, and not what was said: a repetition is told that it was done."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Remove keys older than any repetition can be. Returns how many."""
        ...


class Drafts(Protocol):
    """Forms that somebody began to fill in: one of each kind for a person, on any platform."""

    def get(self, person: str, form: str) -> Draft | None:
        """The draft of this sheet, or None."""
        ...

    def put(self, draft: Draft) -> None:
        """Keep a draft, instead of the one that is there."""
        ...

    def drop(self, person: str, form: str) -> None:
        """Forget a draft."""
        ...

    def of(self, person: str) -> tuple[Draft, ...]:
        """A person's drafts, the newest first."""
        ...

    def sent(self, *, via: str) -> tuple[Draft, ...]:
        """Those that were handed in on a platform and are not dealt with yet, oldest first."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Remove drafts that nobody has touched since. Returns how many."""
        ...


class LinkCodes(Protocol):
    """Codes that link an account to a person: for a short time, once."""

    def offer(
        self, *, digest: str, person: str, ends_at: datetime, by_operator: bool = False
    ) -> None:
        """Keep the digest of a new code, instead of an older one of this person."""
        ...

    def redeem(self, digest: str, *, now: datetime) -> RedeemedCode | None:
        """Whose code it is, and it is used up; None when there is no such code any more."""
        ...

    def count_try(
        self, *, platform: str, account: str, now: datetime, until: datetime, most: int
    ) -> int:
        """Count a try of this account; how many there were. They are forgotten at `until`.

        A try beyond `most` does not put the end off.
        """
        ...

    def forget_tries(self, *, platform: str, account: str) -> None:
        """Count this account's tries anew."""
        ...

    def note(self, notice: LinkNotice) -> None:
        """Keep what was linked, so that it can be objected to."""
        ...

    def noted(self, notice_id: str) -> LinkNotice | None:
        """What was linked under this id, or None."""
        ...

    def drop_notice(self, notice_id: str) -> None:
        """Nobody can object to it any more."""
        ...

    def forget(self, *, before: datetime) -> int:
        """Remove notices and tries that are older. Returns how many notices."""
        ...


class DeadLetters(Protocol):
    """What could not be handled."""

    def put(self, letter: DeadLetter) -> None:
        """Keep one."""
        ...

    def all(self) -> tuple[DeadLetter, ...]:
        """All of them, newest first."""
        ...

    def forget(self, words: Collection[str]) -> int:
        """Remove those in which any of these words stands. Returns how many."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def remove(self, letter_id: str) -> DeadLetter | None:
        """Take one out; None when there is none of this id."""
        ...


class ChatLog(Protocol):
    """The playground's own chat."""

    def add(self, message: ChatMessage) -> None:
        """Append a message."""
        ...

    def change(
        self, message_id: str, *, body: Mapping[str, Any], at: datetime, unread: bool
    ) -> bool:
        """Change a message; False when there is none."""
        ...

    def of(self, person: str, *, limit: int = 500) -> tuple[ChatMessage, ...]:
        """A person's conversation, oldest first."""
        ...

    def read(self, person: str, *, case_id: str | None = None) -> None:
        """Mark messages as read, all or those of one case."""
        ...

    def unread(self) -> Mapping[str, int]:
        """Unread messages per person."""
        ...
