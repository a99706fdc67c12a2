"""Every method of the strict Telegram is one that the real client can call, and works."""

from __future__ import annotations

import inspect

import httpx
import pytest
from telegram import Bot, BotCommandScopeChat, MenuButtonWebApp, WebAppInfo
from telegram.error import BadRequest

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.table import METHODS

# What the client adds for itself, or turns into something else before it calls.
ITS_OWN = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    "allow_sending_without_reply",
    "reply_to_message_id",
    "disable_web_page_preview",
    "filename",
}
IN_EACH_MEDIUM = {"caption", "parse_mode", "caption_entities"}


def parameters(name: str) -> set[str]:
    return set(inspect.signature(getattr(Bot, name)).parameters) - ITS_OWN


@pytest.mark.parametrize("name", sorted(method.name for method in METHODS.values()))
def test_a_method_knows_every_parameter_of_the_client(name: str) -> None:
    theirs = parameters(name)
    if name == "sendMediaGroup":
        theirs -= IN_EACH_MEDIUM

    assert theirs <= METHODS[name.lower()].params


async def test_what_a_bot_asks_about_a_chat(fake: TelegramFake, bot: Bot) -> None:
    li, wang = fake.person("Li Qiang", username="li"), fake.person("Wang")
    team = fake.group("Team", li)
    team.chat.members[li.id] = "administrator"

    assert (await bot.get_chat(li.id)).username == "li"
    assert (await bot.get_chat(team.id)).title == "Team"
    assert (await bot.get_chat_member(team.id, wang.id)).status == "left"
    assert (await bot.get_chat_member(team.id, fake.bot.id)).status == "member"
    assert [member.user.id for member in await bot.get_chat_administrators(team.id)] == [li.id]
    assert await bot.get_chat_member_count(team.id) == 2
    assert await bot.send_chat_action(li.id, "typing")
    with pytest.raises(BadRequest, match="There are no administrators"):
        await bot.get_chat_administrators(li.id)
    await bot.leave_chat(team.id)
    assert team.chat.bot_status == "left"


async def test_copies_and_forwards(fake: TelegramFake, bot: Bot) -> None:
    li, wang = fake.person("Li"), fake.person("Wang")
    said = await li.says("hello")
    await bot.copy_message(wang.id, li.id, said.id)
    await bot.forward_message(wang.id, li.id, said.id)
    closed = await bot.send_message(li.id, "secret", protect_content=True)

    assert [message.text for message in wang.messages()] == ["hello", "hello"]
    assert "forward_origin" in wang.last().body
    with pytest.raises(BadRequest, match="Message can't be copied"):
        await bot.copy_message(wang.id, li.id, closed.message_id)


async def test_pins_topics_and_many_deletions(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    forum = fake.group("Forum", li, forum=True, bot="administrator")
    topic = await bot.create_forum_topic(forum.id, "Complaints")
    thread = topic.message_thread_id
    await bot.edit_forum_topic(forum.id, thread, "Launches")
    await bot.close_forum_topic(forum.id, thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.close_forum_topic(forum.id, thread)
    await bot.reopen_forum_topic(forum.id, thread)
    first = await bot.send_message(forum.id, "one", message_thread_id=thread)
    second = await bot.send_message(forum.id, "two", message_thread_id=thread)
    await bot.pin_chat_message(forum.id, first.message_id)
    await bot.unpin_chat_message(forum.id, first.message_id)
    await bot.delete_messages(forum.id, [first.message_id, second.message_id])

    assert forum.chat.topics[thread].name == "Launches"
    assert [message.text for message in forum.from_bot()] == [""]


async def test_captions_and_media_are_edited(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    sent = await bot.send_document(li.id, b"x", filename='a "b"; 100%25.txt', caption="one")
    await bot.edit_message_caption(li.id, sent.message_id, caption="<i>two</i>", parse_mode="HTML")

    assert li.last().text == "two"
    assert li.last().body["document"]["file_name"] == 'a "b"; 100%25.txt'
    text = await bot.send_message(li.id, "x")
    with pytest.raises(BadRequest, match="There is no caption"):
        await bot.edit_message_caption(li.id, text.message_id, caption="x")


async def test_settings_are_kept(fake: TelegramFake, bot: Bot) -> None:
    button = MenuButtonWebApp("Open", WebAppInfo("https://a.cn"))
    await bot.set_chat_menu_button(menu_button=button)
    await bot.set_my_description("说明", language_code="zh")
    await bot.set_my_short_description("短")
    await bot.set_my_name("Closeloop")

    assert await bot.get_chat_menu_button() == button
    assert (await bot.get_my_description("zh")).description == "说明"
    assert (await bot.get_my_short_description()).short_description == "短"
    assert (await bot.get_my_name()).name == "Closeloop"
    assert await bot.get_my_commands(BotCommandScopeChat(1)) == ()


async def test_a_defect_of_the_fake_is_told(fake: TelegramFake, http: httpx.AsyncClient) -> None:
    li = fake.person("Li")
    card = {"chat_id": li.id, "text": "x", "reply_markup": '{"keyboard": [[7]]}'}
    answer = await http.post("sendMessage", data=card)

    assert answer.status_code == 500
    assert "the fake broke" in answer.json()["description"]
    assert len(fake.broken) == 1
    fake.broken.clear()
