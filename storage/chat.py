"""The store of the playground's chat: one conversation per person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    bindparam,
    case,
    func,
    select,
    true,
    update,
)

from storage import tables as t
from storage.columns import Packed
from storage.numbering import number_rows
from storage.statements import InEach, numbered
from workflows.moments import Moment
from workflows.records import ChatMessage

_chat = t.chat_messages.c
_FIELDS = tuple(ChatMessage.__dataclass_fields__)
_ADD = InEach(lambda insert: numbered(insert, t.chat_messages))
_CHANGE = (
    update(t.chat_messages)
    .where(_chat.id == bindparam("message"))
    .values(
        body=bindparam("new_body", type_=Packed),
        edited_at=bindparam("now", type_=BigInteger),
        read=case(
            (bindparam("unread", type_=t.chat_messages.c.read.type), False), else_=_chat.read
        ),
    )
)
_OF = (
    select(*(_chat[name] for name in _FIELDS))
    .where(_chat.person == bindparam("of"))
    .order_by(_chat.number.desc())
    .limit(bindparam("limit"))
)
_READ = (
    update(t.chat_messages)
    .where(_chat.person == bindparam("of"), _chat.read.is_(False))
    .values(read=true())
)
_READ_OF_CASE = _READ.where(_chat.case_id == bindparam("in_case"))
_UNREAD = (
    select(_chat.person, func.count())
    .where(_chat.read.is_(False), _chat.author != _chat.person)
    .group_by(_chat.person)
    .order_by(_chat.person)
)


class ChatLog:
    """The store of the playground's chat."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, message: ChatMessage) -> None:
        """Append a message."""
        values = {name: getattr(message, name) for name in _FIELDS}
        values |= {
            "case_id": message.case_id or "",
            "body": dict(message.body),
        }
        number_rows(self._connection, [values])
        self._connection.execute(_ADD.on(self._connection), values)

    def change(self, message_id: str, *, body: Mapping[str, Any], at: Moment, unread: bool) -> bool:
        """Change a message; return False when it does not exist."""
        values = {"message": message_id, "new_body": dict(body), "now": at, "unread": unread}
        return self._connection.execute(_CHANGE, values).rowcount == 1

    def of(self, person: str, *, limit: int = 500) -> tuple[ChatMessage, ...]:
        """Return the last messages of a person's conversation, oldest first."""
        rows = self._connection.execute(_OF, {"of": person, "limit": limit}).mappings().all()
        return tuple(_message(row) for row in reversed(rows))

    def read(self, person: str, *, case_id: str | None = None) -> None:
        """Mark messages as read: all, or those of one case."""
        if case_id is None:
            self._connection.execute(_READ, {"of": person})
        else:
            self._connection.execute(_READ_OF_CASE, {"of": person, "in_case": case_id})

    def unread(self) -> Mapping[str, int]:
        """Return the number of unread messages per person; people without any are left out."""
        return {row[0]: row[1] for row in self._connection.execute(_UNREAD)}


def _message(row: RowMapping) -> ChatMessage:
    fields: dict[str, Any] = dict(row)
    fields["case_id"] = row["case_id"] or None
    return ChatMessage(**fields)
