"""Groups: who is in them, and what happens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.telegram.html_text import found_in
from tests.fakes.telegram.world import Account, Chat, Json, Message, Topic

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake
    from tests.fakes.telegram.person import Person

SUPERGROUP = -1_000_000_000_000
ANONYMOUS_ADMIN = Account(1_087_968_824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Account(136_817_688, "Channel", username="Channel_Bot", is_bot=True)
IN_GROUP = {"member", "administrator"}


def new_group(
    fake: TelegramFake,
    title: str,
    people: list[Account],
    *,
    supergroup: bool,
    forum: bool,
    bot: str,
) -> Group:
    number = 4_000_000_000 + len(fake.world.chats)  # longer than 32 bits
    chat = Chat(
        SUPERGROUP - number if supergroup else -number,
        "supergroup" if supergroup else "group",
        title,
        is_forum=forum,
        bot_status=bot,
        members={account.id: "member" for account in people},
    )
    return Group(fake, fake.world.chat(chat))


class Group:
    """A group as its people see it; `group.chat` is what `person.says(chat=…)` takes."""

    def __init__(self, fake: TelegramFake, chat: Chat) -> None:
        self.fake = fake
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    def messages(self) -> list[Message]:
        return [message for message in self.chat.messages.values() if not message.deleted]

    def from_bot(self) -> list[Message]:
        return [message for message in self.messages() if message.sender is self.fake.bot]

    # ---------------------------------------------------------------- the bot
    async def adds_bot(self, by: Person) -> None:
        self._bot_becomes("member", by)
        await self._service({"new_chat_members": [self.fake.bot.json()]}, by.account)

    async def removes_bot(self, by: Person) -> None:
        self._bot_becomes("kicked", by)

    async def promotes_bot(self, by: Person) -> None:
        """An administrator reads everything."""
        self._bot_becomes("administrator", by)

    def _bot_becomes(self, status: str, by: Person) -> None:
        from tests.fakes.telegram.person import member_json

        bot = self.fake.bot.json()
        before, self.chat.bot_status = self.chat.bot_status, status
        told = {
            "chat": self.chat.json(),
            "from": by.account.json(),
            "date": int(self.fake.now()),
            "old_chat_member": member_json(before, bot),
            "new_chat_member": member_json(status, bot),
        }
        self.fake.tell("my_chat_member", told, queue=f"chat {self.id}")

    # ---------------------------------------------------------------- people
    async def joins(self, person: Person) -> None:
        self.chat.members[person.id] = "member"
        await self._service({"new_chat_members": [person.account.json()]}, person.account)

    async def leaves(self, person: Person) -> None:
        del self.chat.members[person.id]
        await self._service({"left_chat_member": person.account.json()}, person.account)

    async def is_renamed(self, title: str, by: Person) -> None:
        self.chat.title = title
        await self._service({"new_chat_title": title}, by.account)

    async def channel_says(self, text: str, channel: str = "News") -> Message:
        """Somebody writes as a channel."""
        identity = {"id": SUPERGROUP - 1_900_000_001, "type": "channel", "title": channel}
        return self._spoken(text, CHANNEL_BOT, identity)

    async def anonymous_admin_says(self, text: str) -> Message:
        return self._spoken(text, ANONYMOUS_ADMIN, self.chat.json())

    def _spoken(self, text: str, sender: Account, identity: Json) -> Message:
        body = {"text": text, "entities": found_in(text)}
        message = self.fake.world.post(self.chat, body, sender, sender_chat=identity)
        self.fake.announce(message)
        return message

    # ---------------------------------------------------------------- topics
    async def opens_topic(self, name: str, by: Person) -> int:
        body = {"forum_topic_created": {"name": name, "icon_color": 0x6FB9F0}}
        message = await self._service(body, by.account)
        message.thread = message.id
        self.chat.topics[message.id] = Topic(message.id, name)
        return message.id

    async def closes_topic(self, thread: int, by: Person) -> None:
        self.chat.topics[thread].closed = True
        await self._service({"forum_topic_closed": {}}, by.account, thread=thread)

    async def removes_topic(self, thread: int) -> None:
        del self.chat.topics[thread]
        for message in self.chat.messages.values():
            message.deleted = message.deleted or message.thread == thread
        self.fake.world.signal.ring()

    # ---------------------------------------------------------------- the group itself
    async def migrates(self, by: Person, *, told: bool = True) -> Group:
        """The group becomes a supergroup with another id; `told=False` loses the updates."""
        old = self.chat
        assert old.type == "group", f"{old.title} is a supergroup already"
        new = Chat(
            SUPERGROUP + old.id,
            "supergroup",
            old.title,
            bot_status=old.bot_status,
            members=dict(old.members),
        )
        self.fake.world.chat(new)
        await self._service({"migrate_to_chat_id": new.id}, by.account, told=told)
        old.migrated_to = new.id
        self.chat = new
        await self._service({"migrate_from_chat_id": old.id}, by.account, told=told)
        return self

    async def is_deleted(self) -> None:
        self.chat.deleted = True

    async def _service(
        self, body: Json, sender: Account, *, thread: int | None = None, told: bool = True
    ) -> Message:
        """Bots see service messages, also in privacy mode."""
        message = self.fake.world.post(self.chat, body, sender, thread=thread)
        if told and self.chat.bot_status in IN_GROUP:
            self.fake.announce(message)
        self.fake.world.signal.ring()
        return message
