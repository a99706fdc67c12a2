"""Rate limits: token buckets by method and by conversation, and pauses that Slack demanded.

The tiers are described in docs.slack.dev/apis/web-api/rate-limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

MOST_KEPT = 10_000
LONGEST_LINE = 60.0  # seconds
LEAST = 0.01  # seconds; a shorter wait could be rounded to 0 and be repeated for ever
_NEARLY = 1e-6

# Calls at once, and calls a minute after that. Both together are within the tier in any minute.
RATES: dict[str, tuple[float, float]] = {
    "chat.postMessage": (20, 200),
    "chat.update": (15, 33),
    "conversations.open": (15, 33),
    "conversations.history": (10, 38),
    "conversations.replies": (10, 38),
    "users.list": (5, 14),
    "views.publish": (25, 70),
    "files.completeUploadExternal": (25, 70),
}
CONVERSATION = (1.0, 57.0)  # posts to one conversation
UNLIMITED = (0.0, 0.0)


@dataclass(slots=True)
class _Bucket:
    most: float  # calls at once
    per_second: float
    level: float
    at: float
    promised: float = 0.0  # the tokens until this time are reserved for callers that wait

    def filled(self, now: float) -> None:
        gained = max(now - self.at, 0.0) * self.per_second
        self.level = min(self.most, self.level + gained)
        self.at = now

    def wait(self) -> float:
        lacking = 1.0 - self.level
        return lacking / self.per_second if lacking > _NEARLY else 0.0


class SlackPace:
    """Counts calls. A key is a method, or a method, a space and a conversation.

    `now` is a monotonic clock in seconds. Slack counts the calls of all replicas together, so each
    uses an equal part of the rates but those of a conversation, in which one replica at a time
    posts.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._replicas = 1
        self._buckets: dict[str, _Bucket] = {}
        self._parked: dict[str, float] = {}

    def wait(self, keys: Iterable[str]) -> float:
        """Return the seconds until a call with these keys is allowed; 0 counts it as made."""
        listed = list(keys)
        longest, slowest = max(((self._wait(key), key) for key in listed), default=(0.0, ""))
        if longest > 0.0:
            return max(self._behind(slowest, longest), LEAST)
        self.spend(listed)
        return 0.0

    def spend(self, keys: Iterable[str]) -> None:
        """Count a call that is made without waiting: the answer to a person."""
        for key in keys:
            bucket = self._bucket(key)
            if bucket is not None:
                bucket.level -= 1.0

    def give_back(self, keys: Iterable[str]) -> None:
        """Take back what was counted for a call that is not made after all."""
        for key in keys:
            bucket = self._bucket(key)
            if bucket is not None:
                bucket.level = min(bucket.most, bucket.level + 1.0)

    def share(self, replicas: int) -> None:
        """Use this part of the rates from now on: there are so many replicas."""
        if replicas == self._replicas:
            return
        now, self._replicas = self._now(), replicas
        for key, bucket in self._buckets.items():
            bucket.filled(now)
            bucket.most, bucket.per_second = self._part(key)
            bucket.level = min(bucket.most, bucket.level)

    def park(self, key: str, seconds: float) -> None:
        """Allow no call with this key for some seconds, as Slack demanded."""
        until = self._now() + seconds
        self._parked[key] = max(until, self._parked.get(key, 0.0))
        self._forget()

    def release(self, key: str) -> None:
        """Allow calls with this key again."""
        self._parked.pop(key, None)

    def _behind(self, key: str, wait: float) -> float:
        """Return the seconds until the next unreserved token, and reserve it.

        At most `LONGEST_LINE` seconds are added, so that something more urgent can be sent before.
        """
        bucket = self._bucket(key)
        if bucket is None:
            return wait
        now = self._now()
        turn = max(now + wait, bucket.promised + 1.0 / bucket.per_second)
        bucket.promised = min(turn, now + wait + LONGEST_LINE)
        return bucket.promised - now

    def _wait(self, key: str) -> float:
        parked = max(0.0, self._parked.get(key, 0.0) - self._now())
        bucket = self._bucket(key)
        return max(parked, bucket.wait() if bucket is not None else 0.0)

    def _bucket(self, key: str) -> _Bucket | None:
        rate = _rate(key)
        if rate == UNLIMITED:
            return None
        now = self._now()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget()
            most, per_second = self._part(key)
            bucket = self._buckets[key] = _Bucket(most, per_second, most, now)
        bucket.filled(now)
        return bucket

    def _part(self, key: str) -> tuple[float, float]:
        """Return the calls at once and those a second of this replica."""
        at_once, a_minute = _rate(key)
        if " " in key:
            return at_once, a_minute / 60
        return max(1.0, at_once / self._replicas), a_minute / 60 / self._replicas

    def _forget(self) -> None:
        if len(self._buckets) < MOST_KEPT and len(self._parked) < MOST_KEPT:
            return
        now = self._now()
        self._parked = {key: until for key, until in self._parked.items() if until > now}
        for bucket in self._buckets.values():
            bucket.filled(now)
        self._buckets = {k: b for k, b in self._buckets.items() if b.level < b.most}


def _rate(key: str) -> tuple[float, float]:
    method, _, conversation = key.partition(" ")
    return CONVERSATION if conversation else RATES.get(method, UNLIMITED)
