"""Rate limits: per private chat, per group, and over all chats.

Telegram documents about one message a second in a chat, 20 a minute in a group and 30 a second in
all (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

CHAT_RATE = 1.0  # messages a second in a private chat
CHAT_BURST = 3.0
GROUP_MOST, GROUP_S = 20, 60.0
ALL_MOST, ALL_S = 25, 1.0
FORGOTTEN_S = 120.0
MOST_KNOWN = 5000
LONGEST_LINE = 60.0  # the longest wait by reservations; an urgent message may come meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """The part of the rates that one replica uses."""

    chat_burst: float
    group_most: int
    all_most: int

    @classmethod
    def of(cls, replicas: int) -> _Rates:
        return cls(
            chat_burst=max(1.0, CHAT_BURST / replicas),
            group_most=max(1, GROUP_MOST // replicas),
            all_most=max(1, ALL_MOST // replicas),
        )


@dataclass(slots=True)
class _Chat:
    tokens: float
    at: float
    parked: float = 0.0  # no message before then: Telegram has asked for it
    promised: float = 0.0  # the last place that was reserved
    sent: deque[float] = field(default_factory=deque)


class TelegramPace:
    """Counts messages, and tells how long the next one to a chat has to wait.

    Private chats have a token bucket; groups and all chats together have sliding windows. After a
    "Too Many Requests" only that chat is parked. `seconds` is a clock; groups have negative ids.
    Telegram counts the messages of all replicas together, so each uses an equal part of the rates
    but the rate of a private chat, in which one replica at a time sends.
    """

    def __init__(
        self, *, seconds: Callable[[], float], pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self.seconds = seconds
        self._pause = pause
        self._chats: dict[int, _Chat] = {}
        self._all: deque[float] = deque()
        self._promised = 0.0
        self._rates = _Rates.of(1)

    def share(self, replicas: int) -> None:
        """Use this part of the rates from now on: there are so many replicas."""
        self._rates = _Rates.of(replicas)

    def wait(self, chat: int) -> float:
        """Return the seconds until a message may be sent to a chat; 0.0 for now."""
        now, rates = self.seconds(), self._rates
        waits = [0.0, _room(self._all, rates.all_most, ALL_S, now)]
        known = self._chats.get(chat)
        if known is not None:
            waits.append(known.parked - now)
            waits.append(
                _room(known.sent, rates.group_most, GROUP_S, now)
                if chat < 0
                else (1 - self._tokens(known, now)) / CHAT_RATE
            )
        return max(waits)

    def ask(self, chat: int) -> float:
        """Return the seconds to wait, and count the message if it is 0.0.

        Each caller who has to wait gets a later place, so that not all return at the same time.
        """
        wait = self.wait(chat)
        if wait <= 0:
            self.spend(chat)
            return 0.0
        now, rates = self.seconds(), self._rates
        known = self._chat(chat, now)
        after = GROUP_S / rates.group_most if chat < 0 else 1 / CHAT_RATE
        turn = max(now + wait, known.promised + after, self._promised + ALL_S / rates.all_most)
        turn = min(turn, now + wait + LONGEST_LINE)
        known.promised = turn
        self._promised = max(now, self._promised) + ALL_S / rates.all_most
        return turn - now

    def give_back(self, chat: int) -> None:
        """Uncount a message that `ask` has counted and that is not sent."""
        known = self._chats.get(chat)
        if known is not None:
            known.tokens += 1
            for sent in (known.sent, self._all):
                if sent:
                    sent.pop()

    def spend(self, chat: int) -> None:
        """Count a message to a chat."""
        now = self.seconds()
        known = self._chat(chat, now)
        known.tokens, known.at = self._tokens(known, now) - 1, now
        if chat < 0:
            known.sent.append(now)
        self._all.append(now)

    def park(self, chat: int, seconds: float) -> None:
        """Send nothing to a chat for so many seconds."""
        now = self.seconds()
        known = self._chat(chat, now)
        known.parked = max(known.parked, now + seconds)

    async def turn(self, chat: int, *, most: float) -> bool:
        """Wait until a message may be sent, and count it.

        Returns False at once when a wait would be longer than `most` seconds.
        """
        while (wait := self.wait(chat)) > 0:
            if wait > most:
                return False
            await self._pause(wait)
        self.spend(chat)
        return True

    def _tokens(self, chat: _Chat, now: float) -> float:
        tokens = chat.tokens + (now - chat.at) * CHAT_RATE
        return min(self._rates.chat_burst, tokens)

    def _chat(self, chat: int, now: float) -> _Chat:
        if chat not in self._chats:
            if len(self._chats) >= MOST_KNOWN:
                self._forget(now)
            self._chats[chat] = _Chat(self._rates.chat_burst, now)
        return self._chats[chat]

    def _forget(self, now: float) -> None:
        self._chats = {
            number: chat
            for number, chat in self._chats.items()
            if max(chat.at + FORGOTTEN_S, chat.parked) > now
        }


def _room(sent: deque[float], most: int, seconds: float, now: float) -> float:
    """Return the seconds until a window of `seconds` has fewer than `most` messages."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[len(sent) - most] + seconds - now if len(sent) >= most else 0.0
