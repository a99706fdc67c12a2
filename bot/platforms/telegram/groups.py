"""Groups that are shown tasks in short: which they are, and what is wrong with them.

Nothing is decided in a group and nothing that anybody wrote is shown there: what is pressed goes on
in the private chat.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from telegram import Chat, ChatMember

from handlers.conversation.ports import Addressee

log = structlog.stdlib.get_logger("closeloop.telegram")

CHANNEL = "#"  # begins the name of a channel, as the outbox knows it
_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_REFUSED_HINT = (
    "add the bot to that group again and let it write there, "
    "or mend the group's number in [telegram] groups"
)


class Groups:
    """The groups of the configuration, by the names that definitions use."""

    def __init__(self, groups: Mapping[str, int]) -> None:
        self._groups = groups
        self._seen: set[int] = set()

    def account(self, name: str) -> str:
        """The number of a group, "" when the configuration has none of this name."""
        return str(self._groups.get(name, ""))

    def changed(self, chat: Chat, status: str) -> None:
        """We were added to a group, or removed."""
        if status not in _OUT:
            self.seen(chat)
            return
        self._seen.discard(chat.id)
        for name in self._names(chat.id):
            log.error("telegram_group_lost", channel=name, id=chat.id, hint=_REFUSED_HINT)

    def seen(self, chat: Chat) -> None:
        """We are in a group: whoever sets us up finds its number in the log."""
        if chat.id in self._seen:
            return
        self._seen.add(chat.id)
        hint = f"to show tasks there: groups = {{ complaints = {chat.id} }} in [telegram]"
        names = self._names(chat.id)
        log.info(
            "telegram_group",
            id=chat.id,
            title=chat.title,
            channels=names,
            hint="" if names else hint,
        )

    def refused(self, to: Addressee, *, why: str) -> None:
        """What is owed to a group cannot be delivered."""
        if to.person.startswith(CHANNEL):
            log.error(
                "telegram_group_refused",
                channel=to.person,
                id=to.account,
                why=why,
                hint=_REFUSED_HINT,
            )

    def _names(self, chat: int) -> list[str]:
        return [name for name, number in self._groups.items() if number == chat]
