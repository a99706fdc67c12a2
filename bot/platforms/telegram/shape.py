"""Validates the fields of updates that the adapter reads.

The client library does not validate them. The types are those of core.telegram.org/bots/api#update.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

Number = Annotated[int, Strict(), Field(ge=-(2**63), lt=2**63)]
Text = Annotated[str, Strict()]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _ChatShape(_Part):
    id: Number
    type: Text


class _User(_Part):
    id: Number
    is_bot: bool
    first_name: Text
    language_code: Text | None = None
    username: Text | None = None


class _FileShape(_Part):
    file_id: Text
    file_unique_id: Text


class _Message(_Part):
    message_id: Number
    date: Number
    chat: _ChatShape
    sender: _User | None = Field(default=None, alias="from")
    text: Text | None = None
    caption: Text | None = None
    document: _FileShape | None = None
    photo: tuple[_FileShape, ...] = ()
    reply_to_message: Mapping[str, Any] | None = None
    entities: tuple[Mapping[str, Any], ...] = ()
    media_group_id: Text | None = None
    migrate_to_chat_id: Number | None = None


class _Click(_Part):
    id: Text
    sender: _User = Field(alias="from")
    data: Text | None = None
    message: _Message | None = None


class _Membership(_Part):
    chat: _ChatShape
    sender: _User = Field(alias="from")


class _Update(_Part):
    update_id: Number
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _Click | None = None
    my_chat_member: _Membership | None = None


def what_is_wrong(raw: Mapping[str, Any]) -> str:
    """Return the invalid fields of an update with their errors; "" if there are none."""
    try:
        _Update.model_validate(raw)
    except ValidationError as error:
        places = {".".join(map(str, one["loc"])): one["type"] for one in error.errors()[:5]}
        return "; ".join(f"{place}: {kind}" for place, kind in places.items())
    return ""
