"""Sheets that people have open, for platforms that show a whole form and get it back later.

A sheet is remembered for a while in memory. After that, or after a restart, it is read again.
"""

from __future__ import annotations

from collections import OrderedDict

from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, FormSheet

MOST = 500


class OpenSheets:
    """The sheets that were opened lately, by person and token."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._kept: OrderedDict[tuple[str, str], FormSheet] = OrderedDict()

    def keep(self, person: str, sheet: FormSheet) -> None:
        """It was just opened."""
        self._kept[person, sheet.token] = sheet
        self._kept.move_to_end((person, sheet.token))
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def kept(self, person: str, token: str) -> FormSheet | None:
        """The sheet, if it was opened lately."""
        return self._kept.get((person, token))

    async def get(self, person: str, token: str) -> FormSheet | None:
        """The sheet as it was opened; None when it cannot be opened any more."""
        kept = self._kept.get((person, token))
        return kept if kept is not None else (await self.renewed(person, token)).form

    async def renewed(self, person: str, token: str) -> Answer:
        """The sheet as it would be opened now, with what the draft holds, or why it is not."""
        answer = await self._conversation.look(person, token)
        if answer.form is not None:
            self.keep(person, answer.form)
        return answer

    def forget(self, person: str, token: str) -> None:
        """It was handed in."""
        self._kept.pop((person, token), None)
