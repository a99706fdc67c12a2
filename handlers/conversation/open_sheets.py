"""A cache of the forms that people have open, for platforms that show a whole form at once.

The cache is in memory. A form that is not in it, such as after a restart, is read again.
"""

from __future__ import annotations

from collections import OrderedDict

from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, FormSheet

MOST = 500  # forms in the cache; the least recently opened is removed first


class OpenSheets:
    """The forms that were opened recently, by person and token."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._kept: OrderedDict[tuple[str, str], FormSheet] = OrderedDict()

    def keep(self, person: str, sheet: FormSheet) -> None:
        """Add a form that was opened."""
        self._kept[person, sheet.token] = sheet
        self._kept.move_to_end((person, sheet.token))
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def kept(self, person: str, token: str) -> FormSheet | None:
        """Return the form if it is in the cache, else None."""
        return self._kept.get((person, token))

    async def get(self, person: str, token: str) -> FormSheet | None:
        """Return the form as it was opened; None if it cannot be opened any more."""
        kept = self._kept.get((person, token))
        return kept if kept is not None else (await self.renewed(person, token)).form

    async def renewed(self, person: str, token: str) -> Answer:
        """Read the form again, with the values of its draft; else return the reason as text."""
        answer = await self._conversation.look(person, token)
        if answer.form is not None:
            self.keep(person, answer.form)
        return answer

    def forget(self, person: str, token: str) -> None:
        """Remove a form that was submitted."""
        self._kept.pop((person, token), None)
