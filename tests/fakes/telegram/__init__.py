"""A strict Telegram Bot API on a loopback port, and people who use it.

    async with TelegramFake(now=clock) as telegram:
        li = telegram.person("Li Qiang", language_code="zh-hans")
        bot = Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)
        ...                                        # the bot polls, or sets a webhook
        await li.starts()
        card = await li.waits_for("C-1001")        # a text, or a question about a message
        toast = await li.taps("Approve", in_message=card)
        await li.waits_for(lambda message: message is card and not message.buttons)
        checks.sound(telegram)

Time is the test's: move its clock, then `telegram.tick()`. Nothing in here sleeps.
"""

from tests.fakes.telegram.clicks import Click, Toast
from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.group import Group
from tests.fakes.telegram.person import Person
from tests.fakes.telegram.world import Chat, Message

__all__ = ["Chat", "Click", "Group", "Message", "Person", "TelegramFake", "Toast"]
