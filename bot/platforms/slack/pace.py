"""How fast we may go: buckets by method and by conversation, and what Slack has parked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

MOST_KEPT = 10_000
LONGEST_LINE = 60.0
LEAST = 0.01  # a wait that rounds to nothing would come back for ever
_NEARLY = 1e-6

# (how many at once, how many a minute after that); together within Slack's tiers in any minute.
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
CONVERSATION = (1.0, 57.0)  # posts into one


@dataclass(slots=True)
class _Bucket:
    most: float
    per_second: float
    level: float
    at: float
    promised: float = 0.0  # until then, somebody who was told to wait comes back for each token

    def filled(self, now: float) -> None:
        gained = max(now - self.at, 0.0) * self.per_second
        self.level = min(self.most, self.level + gained)
        self.at = now

    def wait(self) -> float:
        lacking = 1.0 - self.level
        return lacking / self.per_second if lacking > _NEARLY else 0.0


class SlackPace:
    """Counts what is sent. A key is a method, or a method and a conversation."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[str, _Bucket] = {}
        self._parked: dict[str, float] = {}

    def wait(self, keys: Iterable[str]) -> float:
        """Seconds until a call with these keys may go; with 0 it is counted as going now."""
        listed = list(keys)
        longest, slowest = max(((self._wait(key), key) for key in listed), default=(0.0, ""))
        if longest > 0.0:
            return max(self._behind(slowest, longest), LEAST)
        self.spend(listed)
        return 0.0

    def spend(self, keys: Iterable[str]) -> None:
        """Something goes in any case: the answer to a person who waits for it."""
        for key in keys:
            bucket = self._bucket(key)
            if bucket is not None:
                bucket.level -= 1.0

    def give_back(self, keys: Iterable[str]) -> None:
        """What was counted does not go after all."""
        for key in keys:
            bucket = self._bucket(key)
            if bucket is not None:
                bucket.level = min(bucket.most, bucket.level + 1.0)

    def park(self, key: str, seconds: float) -> None:
        """Slack wants nothing of this kind for so long."""
        until = self._now() + seconds
        self._parked[key] = max(until, self._parked.get(key, 0.0))
        self._forget()

    def release(self, key: str) -> None:
        """It may go again."""
        self._parked.pop(key, None)

    def _behind(self, key: str, wait: float) -> float:
        """Seconds until the turn of the next in line: whoever waits comes back once, not for all.

        Nobody is sent away for long: something more urgent may have to go first.
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
        method, _, conversation = key.partition(" ")
        rate = CONVERSATION if conversation else RATES.get(method)
        if rate is None:
            return None
        now = self._now()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget()
            bucket = self._buckets[key] = _Bucket(rate[0], rate[1] / 60, rate[0], now)
        bucket.filled(now)
        return bucket

    def _forget(self) -> None:
        if len(self._buckets) < MOST_KEPT and len(self._parked) < MOST_KEPT:
            return
        now = self._now()
        self._parked = {key: until for key, until in self._parked.items() if until > now}
        for bucket in self._buckets.values():
            bucket.filled(now)
        self._buckets = {k: b for k, b in self._buckets.items() if b.level < b.most}
