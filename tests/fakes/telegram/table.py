"""Which methods there are, and which parameters each of them knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.call import Call

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

Run = Callable[["TelegramFake", Call], Any | Awaitable[Any]]

SENDING = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id "
    "disable_notification protect_content allow_paid_broadcast message_effect_id "
    "suggested_post_parameters reply_parameters reply_markup"
)
CAPTION = "caption parse_mode caption_entities show_caption_above_media"
EDITING = "business_connection_id chat_id message_id inline_message_id reply_markup"


@dataclass(frozen=True)
class Method:
    name: str
    params: frozenset[str]
    run: Run


METHODS: dict[str, Method] = {}


def method(name: str, *params: str) -> Callable[[Run], Run]:
    """Register what answers a method of the Bot API."""

    def register(run: Run) -> Run:
        known = frozenset(" ".join(params).split())
        METHODS[name.lower()] = Method(name, known, run)
        return run

    return register
