"""response_urls: each can be used five times within 30 minutes, and can replace its own message.

Source: docs.slack.dev/interactivity/handling-user-interaction.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

USES = 5
LIFE_S = 25 * 60  # less than 30 minutes, because the clock of Slack may differ
MOST = 5000
SPARED = 1  # uses that are kept for answers to the person


@dataclass(slots=True)
class _ResponseUrl:
    url: str
    until: float
    uses: int = 0


class ResponseUrls:
    """The response_urls of recent clicks, in memory; without one, an update is one more API call.

    `now` is a monotonic clock in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._by_url: OrderedDict[str, _ResponseUrl] = OrderedDict()
        self._by_message: dict[str, str] = {}
        self._fresh: list[str] = []

    def note(self, url: str, *, message: str = "") -> None:
        """Add a `response_url`; `message` is the reference of the message that was clicked."""
        if not url or url in self._by_url:
            return
        self._by_url[url] = _ResponseUrl(url, self._now() + LIFE_S)
        if message:
            self._by_message[message] = url
            self._fresh = [*self._fresh[-MOST:], message]
        while len(self._by_url) > MOST:
            gone, _ = self._by_url.popitem(last=False)
            self._by_message = {m: u for m, u in self._by_message.items() if u != gone}

    def fresh(self) -> list[str]:
        """Return the messages that were clicked since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def use(self, url: str) -> bool:
        """Return whether a `response_url` can be used once more, and count the use."""
        found = self._by_url.get(url)
        if found is None:
            self.note(url)
            found = self._by_url[url]
        if not self._alive(found):
            return False
        found.uses += 1
        return True

    def for_message(self, ref: str) -> str:
        """Return a `response_url` that can replace this message, "" if there is none."""
        url = self._by_message.get(ref, "")
        found = self._by_url.get(url)
        if found is not None and self._alive(found, spare=SPARED):
            return url
        self._by_message.pop(ref, None)
        return ""

    def spent(self, url: str) -> None:
        """Do not use a `response_url` again, because Slack refused it."""
        if url in self._by_url:
            self._by_url[url].uses = USES

    def _alive(self, found: _ResponseUrl, *, spare: int = 0) -> bool:
        return found.uses < USES - spare and self._now() < found.until
