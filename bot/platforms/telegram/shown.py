"""The cards that were shown on request, which are in no record of delivered messages.

Only the newest one for each chat and case keeps its buttons. This is known in memory only: after a
restart such a card loses its buttons at the first press that is refused.
"""

from __future__ import annotations

from collections import OrderedDict

MOST = 2000


class Shown:
    """The message that shows a case, by chat; at most `MOST` of them."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[int, str], int] = OrderedDict()

    def put(self, chat: int, case_id: str, message: int) -> int | None:
        """Store the message that shows a case; return the previous one, or None."""
        before = self._found.pop((chat, case_id), None)
        self._found[chat, case_id] = message
        if len(self._found) > MOST:
            self._found.popitem(last=False)
        return before

    def take(self, chat: int, case_id: str) -> int | None:
        """Remove and return the message that shows a case, or None."""
        return self._found.pop((chat, case_id), None)
