"""Messages of the bot: sending, changing, deleting, and answering clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.telegram import html_text, keyboards
from tests.fakes.telegram.call import Call
from tests.fakes.telegram.errors import NOT_MODIFIED, TOO_OLD, bad
from tests.fakes.telegram.html_text import Entity
from tests.fakes.telegram.keyboards import Markup
from tests.fakes.telegram.table import EDITING, SENDING, method
from tests.fakes.telegram.world import HOUR, Chat, Json, Message

if TYPE_CHECKING:
    from tests.fakes.telegram.fake import TelegramFake

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_SOURCE = 1 << 15
MAX_TOAST = 200
GENERAL_TOPIC = 1
PREVIEW_FIELDS = {
    "is_disabled",
    "url",
    "prefer_small_media",
    "prefer_large_media",
    "show_above_text",
}
REPLY_FIELDS = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
    "checklist_task_id",
    "poll_option_id",
}


# -------------------------------------------------------------------- reading
def formatted(call: Call, name: str, entities: str) -> tuple[str, list[Entity]]:
    """The text that people see and its entities."""
    source = call.text(name)
    if len(source.encode()) > MAX_SOURCE:
        raise bad("text is too long")
    mode = call.text("parse_mode").lower()
    if mode == "html":
        return html_text.parse(source)
    if mode not in {"", "none"}:
        raise bad("unsupported parse_mode")
    given = call.json(entities, "entities") or []
    if any(not {"type", "offset", "length"} <= set(entity) for entity in given):
        raise bad("can't parse MessageEntity: Can't find field")
    return html_text.trim(source, given)


def text_body(call: Call, *, editing: bool = False) -> Json:
    if not call.text("text"):
        raise bad("message text is empty")
    text, entities = formatted(call, "text", "entities")
    if not text:
        raise bad("text must be non-empty")
    if len(text) > MAX_TEXT:
        raise bad("MESSAGE_TOO_LONG" if editing else "message is too long")
    preview = call.json("link_preview_options", "link preview options")
    if preview is not None and not set(preview) <= PREVIEW_FIELDS:
        raise bad(f"unknown fields in link preview options: {sorted(preview)}")
    return {"text": text, "entities": entities}


def caption_body(call: Call) -> Json:
    text, entities = formatted(call, "caption", "caption_entities")
    if len(text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return {"caption": text, "caption_entities": entities} if text else {}


def markup(call: Call, chat: Chat) -> Markup | None:
    return keyboards.read(call.text("reply_markup"), private=chat.private)


def target(fake: TelegramFake, call: Call) -> dict[str, Any]:
    """Where a new message goes: the chat, its thread, what it answers, its keyboard."""
    chat = fake.world.writable(call.text("chat_id"))
    call.chat = chat
    thread = call.integer("message_thread_id") or None
    if thread is not None:
        topic = chat.topics.get(thread)
        if thread == GENERAL_TOPIC or topic is None:
            raise bad("message thread not found")
        if topic.closed and chat.bot_status != "administrator":
            raise bad("TOPIC_CLOSED")
    extra: Json = {
        "silent": call.flag("disable_notification"),
        "protect_content": call.flag("protect_content"),
    }
    return {
        "chat": chat,
        "thread": thread,
        "reply_to": _replied(fake, call, chat),
        "markup": markup(call, chat),
        "extra": extra,
    }


def _replied(fake: TelegramFake, call: Call, chat: Chat) -> Message | None:
    wanted = call.json("reply_parameters", "reply parameters")
    if wanted is None:
        return None
    if not isinstance(wanted, dict):
        raise bad("object expected as reply parameters")
    if not {"message_id"} <= set(wanted) <= REPLY_FIELDS:
        raise bad(f"can't parse reply parameters: fields {sorted(wanted)}")
    if "chat_id" in wanted and str(wanted["chat_id"]) != str(chat.id):
        chat = fake.world.find_chat(str(wanted["chat_id"]))
    found = chat.messages.get(int(wanted.get("message_id", 0)))
    if found is not None and not found.deleted:
        return found
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def sent(fake: TelegramFake, call: Call, body: Json) -> Json:
    return fake.world.post(body=body, sender=fake.bot, **target(fake, call)).json()


@method("sendMessage", SENDING, "text parse_mode entities link_preview_options")
def send_message(fake: TelegramFake, call: Call) -> Json:
    call.chat = fake.world.writable(call.text("chat_id"))
    return sent(fake, call, text_body(call))


# -------------------------------------------------------------------- changing
def editable(fake: TelegramFake, call: Call) -> Message:
    chat = fake.world.writable(call.text("chat_id"))
    call.chat = chat
    found = fake.world.message(chat, call.integer("message_id"), "message to edit")
    if found.sender is not fake.bot:
        raise bad("message can't be edited")
    if found.markup is not None and "inline_keyboard" not in found.markup:
        raise bad("message can't be edited")
    return found


def changed(fake: TelegramFake, call: Call, found: Message, body: Json) -> Json:
    keyboard = markup(call, found.chat)
    if keyboard is not None and "inline_keyboard" not in keyboard:
        raise bad("inline keyboard expected")
    if (body, keyboard) == (found.body, found.markup):
        raise bad(NOT_MODIFIED)
    found.change(body, keyboard, fake.world.now())
    fake.world.signal.ring()
    return found.json()


@method("editMessageText", EDITING, "text parse_mode entities link_preview_options")
def edit_text(fake: TelegramFake, call: Call) -> Json:
    found = editable(fake, call)
    body = text_body(call, editing=True)
    if "text" not in found.body:
        raise bad("there is no text in the message to edit")
    return changed(fake, call, found, body)


@method("editMessageReplyMarkup", EDITING)
def edit_markup(fake: TelegramFake, call: Call) -> Json:
    found = editable(fake, call)
    return changed(fake, call, found, found.body)


# -------------------------------------------------------------------- deleting
def _delete(fake: TelegramFake, chat: Chat, found: Message) -> None:
    now = fake.world.now()
    own = found.sender is fake.bot
    may = own or chat.private or chat.bot_status == "administrator"
    if not may or (now - found.date > 48 * HOUR and chat.bot_status != "administrator"):
        raise bad("message can't be deleted for everyone" if own else "message can't be deleted")
    found.deleted = True


@method("deleteMessage", "chat_id message_id")
def delete_message(fake: TelegramFake, call: Call) -> bool:
    call.chat = chat = fake.world.writable(call.text("chat_id"))
    found = fake.world.message(chat, call.integer("message_id"), "message to delete")
    _delete(fake, chat, found)
    fake.world.signal.ring()
    return True


# -------------------------------------------------------------------- clicks
@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
def answer_callback_query(fake: TelegramFake, call: Call) -> bool:
    click = fake.clicks.get(call.text("callback_query_id"))
    if click is None or click.answered_at is not None:
        raise bad(TOO_OLD)
    if fake.world.now() - click.at > fake.answer_window:
        raise bad(TOO_OLD)
    text = call.text("text")
    if len(text) > MAX_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    url = call.text("url")
    if url and not url.startswith((f"https://t.me/{fake.bot.username}?start=", "tg://")):
        raise bad("URL_INVALID")
    click.answer(text, alert=call.flag("show_alert"), url=url, at=fake.world.now())
    call.chat = click.message.chat
    fake.world.signal.ring()
    return True
