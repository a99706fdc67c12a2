"""The groups of the configuration, which are channels of the outbox, and problems with them.

A group is shown tasks in short, without anything that people wrote. Its buttons open the private
chat; nothing is decided in a group.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from telegram import Chat, ChatMember

from handlers.conversation.ports import Addressee

log = structlog.stdlib.get_logger("closeloop.telegram")

CHANNEL = "#"  # the first character of a channel's name in the outbox
_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_REFUSED_HINT = (
    "add the bot to that group again and let it write there, "
    "or mend the group's number in [telegram] groups"
)


class Groups:
    """Finds the chat id of a channel, and logs what an administrator has to know about groups."""

    def __init__(self, groups: Mapping[str, int]) -> None:
        self._groups = groups
        self._seen: set[int] = set()

    def account(self, name: str) -> str:
        """Return the chat id of a channel as text; "" if the configuration has none."""
        return str(self._groups.get(name, ""))

    def changed(self, chat: Chat, status: str) -> None:
        """Log that the bot was added to a group or, as an error, removed from a configured one."""
        if status not in _OUT:
            self.seen(chat)
            return
        self._seen.discard(chat.id)
        for name in self._names(chat.id):
            log.error("telegram_group_lost", channel=name, id=chat.id, hint=_REFUSED_HINT)

    def seen(self, chat: Chat) -> None:
        """Log the chat id of a group once, for the administrator who configures it."""
        if chat.id in self._seen:
            return
        self._seen.add(chat.id)
        names = self._names(chat.id)
        hint = f"to show tasks there: groups = {{ complaints = {chat.id} }} in [telegram]"
        hint = "" if names else hint
        log.info("telegram_group", id=chat.id, title=chat.title, channels=names, hint=hint)

    def refused(self, to: Addressee, *, why: str) -> None:
        """Log that a message cannot be delivered, if its recipient is a group."""
        if to.person.startswith(CHANNEL):
            facts = {"channel": to.person, "id": to.account, "why": why}
            log.error("telegram_group_refused", **facts, hint=_REFUSED_HINT)

    def _names(self, chat: int) -> list[str]:
        return [name for name, number in self._groups.items() if number == chat]
