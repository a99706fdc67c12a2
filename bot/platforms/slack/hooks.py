"""response_urls: each may be used five times in half an hour, and may change its own message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

USES = 5
LIFE_S = 25 * 60  # Slack gives 30 minutes by its own clock
MOST = 5000
SPARED = 1  # of the uses of a message's own hook, for answers to the person


@dataclass(slots=True)
class _Hook:
    url: str
    until: float
    uses: int = 0


class Hooks:
    """Those of recent clicks, in memory: losing them costs a call, nothing else."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._by_url: OrderedDict[str, _Hook] = OrderedDict()
        self._by_message: dict[str, str] = {}

    def note(self, url: str, *, message: str = "") -> None:
        """A click brought this one; `message` is the reference of what was clicked."""
        if not url or url in self._by_url:
            return
        self._by_url[url] = _Hook(url, self._now() + LIFE_S)
        if message:
            self._by_message[message] = url
        while len(self._by_url) > MOST:
            gone, _ = self._by_url.popitem(last=False)
            self._by_message = {m: u for m, u in self._by_message.items() if u != gone}

    def use(self, url: str) -> bool:
        """Whether it may be used once more; then it counts as used."""
        hook = self._by_url.get(url)
        if hook is None:
            self.note(url)
            hook = self._by_url[url]
        if not self._alive(hook):
            return False
        hook.uses += 1
        return True

    def for_message(self, ref: str) -> str:
        """The one that can change this message, "" when there is none."""
        url = self._by_message.get(ref, "")
        hook = self._by_url.get(url)
        if hook is not None and self._alive(hook, spare=SPARED):
            return url
        self._by_message.pop(ref, None)
        return ""

    def spent(self, url: str) -> None:
        """Slack refused it."""
        if url in self._by_url:
            self._by_url[url].uses = USES

    def _alive(self, hook: _Hook, *, spare: int = 0) -> bool:
        return hook.uses < USES - spare and self._now() < hook.until
