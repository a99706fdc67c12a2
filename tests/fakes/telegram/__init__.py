"""A strict Telegram Bot API on a loopback port, and people who use it."""

from tests.fakes.telegram.clicks import Click, Toast
from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.group import Group
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.world import Chat, Message

__all__ = ["Chat", "Click", "Group", "Message", "Person", "TelegramFake", "Toast"]
