"""Cards that were shown on request: nobody owes them, so no record of messages knows them.

Only the newest for each person and case keeps its buttons. What is remembered is lost with the
process; then such a card loses its buttons at the first press that does not count any more.
"""

from __future__ import annotations

from collections import OrderedDict

MOST = 2000


class Shown:
    """Which message shows which case, for each chat."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[int, str], int] = OrderedDict()

    def put(self, chat: int, case_id: str, message: int) -> int | None:
        """This message shows the case now; the one that did before."""
        before = self._found.pop((chat, case_id), None)
        self._found[chat, case_id] = message
        if len(self._found) > MOST:
            self._found.popitem(last=False)
        return before

    def take(self, chat: int, case_id: str) -> int | None:
        """The message that shows the case, which is then forgotten."""
        return self._found.pop((chat, case_id), None)
