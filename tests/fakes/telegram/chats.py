"""Chats: what the bot may ask about them and do in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.errors import ApiError, bad
from tests.fakes.telegram.person import member_json
from tests.fakes.telegram.send import sent
from tests.fakes.telegram.table import CAPTION, SENDING, method
from tests.fakes.telegram.world import Chat, Json, Message, Topic

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
REACTIONS = set("👍👎❤🔥👏😁🤔🎉🤩🙏👌💯⚡🏆💔🤝✍🫡🆒👀")
MAX_TOPIC_NAME = 128


def readable(fake: TelegramFake, call: Call) -> Chat:
    call.chat = chat = fake.world.find_chat(call.text("chat_id"))
    if chat.type == "supergroup" and chat.bot_status in {"left", "kicked"}:
        raise ApiError(403, "Forbidden: bot is not a member of the supergroup chat")
    return chat


@method("sendChatAction", "business_connection_id chat_id message_thread_id action")
def send_chat_action(fake: TelegramFake, call: Call) -> bool:
    call.chat = fake.world.writable(call.text("chat_id"))
    if call.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


@method("setMessageReaction", "chat_id message_id reaction is_big")
def set_message_reaction(fake: TelegramFake, call: Call) -> bool:
    chat = readable(fake, call)
    found = fake.world.message(chat, call.integer("message_id"), "message to react")
    reactions = call.json("reaction", "reaction types") or []
    if len(reactions) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in reactions:
        if reaction.get("type") != "emoji":
            raise bad("can't parse ReactionType: invalid reaction type specified")
        if reaction["emoji"].replace("\ufe0f", "") not in REACTIONS:
            raise bad("REACTION_INVALID")
    found.reactions = reactions
    fake.world.signal.ring()
    return True


@method("getChat", "chat_id")
def get_chat(fake: TelegramFake, call: Call) -> Json:
    chat = readable(fake, call)
    return chat.json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


@method("getChatMember", "chat_id user_id")
def get_chat_member(fake: TelegramFake, call: Call) -> Json:
    chat = readable(fake, call)
    user_id = call.integer("user_id")
    account = fake.world.accounts.get(user_id)
    if account is None:
        raise bad("user not found")
    if account is fake.bot:
        return member_json("member" if chat.private else chat.bot_status, account.json())
    if chat.private:
        raise bad("user not found") if chat.id != user_id else bad("chat is private")
    return member_json(chat.members.get(user_id, "left"), account.json())


@method("getChatAdministrators", "chat_id return_bots")
def get_chat_administrators(fake: TelegramFake, call: Call) -> list[Json]:
    chat = readable(fake, call)
    if chat.private:
        raise bad("there are no administrators in the private chat")
    return [
        member_json(status, fake.world.accounts[user].json())
        for user, status in chat.members.items()
        if status in {"administrator", "creator"}
    ]


@method("getChatMemberCount", "chat_id")
def get_chat_member_count(fake: TelegramFake, call: Call) -> int:
    chat = readable(fake, call)
    return 2 if chat.private else len(chat.members) + 1


@method("leaveChat", "chat_id")
def leave_chat(fake: TelegramFake, call: Call) -> bool:
    chat = readable(fake, call)
    if chat.private:
        raise bad("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    return True


# -------------------------------------------------------------------- copies
def _source(fake: TelegramFake, call: Call, what: str) -> Message:
    chat = fake.world.find_chat(call.text("from_chat_id"))
    found = fake.world.message(chat, call.integer("message_id"), f"message to {what}")
    if found.extra.get("protect_content"):
        raise bad(f"message can't be {'copied' if what == 'copy' else 'forwarded'}")
    return found


@method("copyMessage", SENDING, CAPTION, "from_chat_id message_id video_start_timestamp")
def copy_message(fake: TelegramFake, call: Call) -> Json:
    found = _source(fake, call, "copy")
    return {"message_id": sent(fake, call, found.body)["message_id"]}


@method("forwardMessage", SENDING, "from_chat_id message_id video_start_timestamp")
def forward_message(fake: TelegramFake, call: Call) -> Json:
    found = _source(fake, call, "forward")
    by = found.sender.json() if found.sender else fake.bot.json()
    origin = {"type": "user", "date": int(found.date), "sender_user": by}
    return sent(fake, call, found.body | {"forward_origin": origin})


# -------------------------------------------------------------------- pins and topics
@method("pinChatMessage", "business_connection_id chat_id message_id disable_notification")
@method("unpinChatMessage", "business_connection_id chat_id message_id")
def pin(fake: TelegramFake, call: Call) -> bool:
    call.chat = chat = fake.world.writable(call.text("chat_id"))
    fake.world.message(chat, call.integer("message_id"), "message to pin")
    if not chat.private and chat.bot_status != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    return True


def _forum(fake: TelegramFake, call: Call) -> Chat:
    call.chat = chat = fake.world.writable(call.text("chat_id"))
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    if chat.bot_status != "administrator":
        raise bad("not enough rights to create a topic")
    return chat


def _topic(fake: TelegramFake, call: Call) -> Topic:
    topic = _forum(fake, call).topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad("TOPIC_ID_INVALID")
    return topic


@method("createForumTopic", "chat_id name icon_color icon_custom_emoji_id")
def create_forum_topic(fake: TelegramFake, call: Call) -> Json:
    chat = _forum(fake, call)
    name = call.text("name")
    if not 1 <= len(name) <= MAX_TOPIC_NAME:
        raise bad("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    color = call.integer("icon_color", 0x6FB9F0)
    body: Json = {"forum_topic_created": {"name": name, "icon_color": color}}
    opened = fake.world.post(chat, body, fake.bot)
    opened.thread = opened.id
    chat.topics[opened.id] = Topic(opened.id, name)
    return {"message_thread_id": opened.id, "name": name, "icon_color": color}


@method("editForumTopic", "chat_id message_thread_id name icon_custom_emoji_id")
def edit_forum_topic(fake: TelegramFake, call: Call) -> bool:
    topic = _topic(fake, call)
    topic.name = call.text("name") or topic.name
    return True


@method("closeForumTopic", "chat_id message_thread_id")
def close_forum_topic(fake: TelegramFake, call: Call) -> bool:
    topic = _topic(fake, call)
    if topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = True
    return True


@method("reopenForumTopic", "chat_id message_thread_id")
def reopen_forum_topic(fake: TelegramFake, call: Call) -> bool:
    topic = _topic(fake, call)
    if not topic.closed:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.closed = False
    return True
