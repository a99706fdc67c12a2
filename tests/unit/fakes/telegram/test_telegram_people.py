"""People press only what is there; groups show the bot only what it may see."""

from __future__ import annotations

import asyncio
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.launch import init_data
from tests.unit.fakes.telegram.conftest import Clock
from workflows.moments import SECOND, moment_of


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label.lower())] for label in labels]
    )


def said(fake: TelegramFake) -> list[Any]:
    return [update.payload.get("text") for update in fake.updates.all]


# -------------------------------------------------------------------- pressing
async def test_only_buttons_of_the_current_version_can_be_pressed(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    sent = await bot.send_message(li.id, "Well?", reply_markup=keyboard("Yes", "No"))
    await bot.edit_message_text("Done", li.id, sent.message_id)

    with pytest.raises(AssertionError, match="sees no button 'Yes'"):
        await li.taps("Yes")
    stale = li.presses_old("Yes", li.last())
    with pytest.raises(AssertionError, match="never stood"):
        li.presses_old("Perhaps", li.last())
    assert stale.data == "yes"


async def test_nobody_presses_in_a_chat_that_is_not_theirs(fake: TelegramFake, bot: Bot) -> None:
    li, wang = fake.person("Li"), fake.person("Wang")
    await bot.send_message(li.id, "Well?", reply_markup=keyboard("Yes"))

    with pytest.raises(AssertionError, match="Wang cannot see"):
        await wang.taps("Yes", in_message=li.last())
    forged = wang.forges("yes", li.last())
    assert forged.json()["from"]["id"] == wang.id


async def test_a_click_is_answered_once_and_soon(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Well?", reply_markup=keyboard("Yes"))
    first, late = li.presses("Yes"), li.presses("Yes")
    await bot.answer_callback_query(first.id, "Once", show_alert=True)

    toast = await first.answered()
    assert (toast.text, toast.alert) == ("Once", True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(first.id, "Twice")
    clock.pass_by(16)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(late.id)


async def test_a_click_on_a_deleted_message_has_no_message_any_more(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    sent = await bot.send_message(li.id, "Well?", reply_markup=keyboard("Yes"))
    card = li.last()
    await bot.delete_message(li.id, sent.message_id)
    li.forges("yes", card)
    (update,) = await bot.get_updates()

    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_links_and_copied_texts_need_no_answer(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    buttons = [
        InlineKeyboardButton("Open", url=f"https://t.me/{fake.bot.username}?start=t_1"),
        InlineKeyboardButton("Copy", copy_text=CopyTextButton("C-1")),
        InlineKeyboardButton("Site", url="https://example.com/x"),
    ]
    await bot.send_message(li.id, "x", reply_markup=InlineKeyboardMarkup([buttons]))

    assert (await li.taps("Copy")).copied == "C-1"
    assert (await li.taps("Site")).url == "https://example.com/x"
    await li.taps("Open")
    assert said(fake) == ["/start t_1"]
    with pytest.raises(AssertionError):
        await li.opens("https://t.me/somebody_else?start=x")


# -------------------------------------------------------------------- messages
async def test_html_becomes_text_and_entities_in_utf16(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    due = moment_of(datetime(2026, 11, 22, tzinfo=UTC))
    sent = await bot.send_message(
        li.id,
        f" 🙂<b>好<i>x</i></b> &lt;&amp;&#33;&nope; <a href='https://a.cn/?a=1&amp;b'>a</a>"
        f'<tg-time unix="{due // SECOND}" format="wDT">soon</tg-time>'
        '<pre><code class="language-py">1</code></pre><blockquote expandable>q</blockquote>\n',
        parse_mode="HTML",
    )

    assert sent.text == "🙂好x <&!&nope; asoon1q"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        (MessageEntity.BOLD, 2, 2),
        (MessageEntity.ITALIC, 3, 1),
        (MessageEntity.TEXT_LINK, 15, 1),
        ("date_time", 16, 4),
        (MessageEntity.PRE, 20, 1),
        (MessageEntity.EXPANDABLE_BLOCKQUOTE, 21, 1),
    ]
    assert sent.entities[2].url == "https://a.cn/?a=1&b"
    assert sent.entities[4].language == "py"


async def test_code_holds_nothing_else(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    sent = await bot.send_message(
        li.id, "<b>a<code>b<i>c</i></code>d</b><code><u>e</u></code>", parse_mode="HTML"
    )

    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 0, 1),
        ("code", 1, 2),
        ("bold", 3, 1),
        ("code", 4, 1),
    ]


async def test_an_edit_without_a_keyboard_removes_it(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    sent = await bot.send_message(li.id, "Well?", reply_markup=keyboard("Yes"))
    waiting = asyncio.create_task(li.sees_no_more(lambda message: bool(message.buttons)))
    await bot.edit_message_text("Well?", li.id, sent.message_id)
    await waiting

    assert li.last().buttons == []
    assert [version.markup is None for version in li.last().past] == [False]


async def test_a_reply_and_a_force_reply(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    question = await li.says("Why?")
    await bot.send_message(li.id, "Because", reply_parameters=ReplyParameters(question.id))
    await li.says("I see", reply_to=li.last())
    first, second = await bot.get_updates()

    assert first.message is not None
    assert second.message is not None
    assert second.message.reply_to_message is not None
    assert second.message.reply_to_message.text == "Because"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(li.id, "x", reply_parameters=ReplyParameters(99))
    lost = ReplyParameters(99, allow_sending_without_reply=True)
    assert (await bot.send_message(li.id, "x", reply_parameters=lost)).reply_to_message is None


async def test_files_go_up_and_down_in_all_forms(
    fake: TelegramFake, clock: Clock, bot: Bot
) -> None:
    li = fake.person("Li")
    await li.sends_document("账单.pdf", b"%PDF", "application/pdf", caption="Bill")
    await li.sends_album([b"\xff\xd8one", b"\xff\xd8two"])
    document, first, second = await bot.get_updates()
    assert document.message is not None
    assert document.message.document is not None
    assert document.message.document.file_name == "账单.pdf"
    file = await bot.get_file(document.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"%PDF"
    assert first.message is not None
    assert second.message is not None
    assert first.message.media_group_id == second.message.media_group_id

    again = await bot.send_document(li.id, document.message.document.file_id)
    assert again.document is not None
    assert again.document.file_name == "账单.pdf"
    clock.pass_by(3601)
    with pytest.raises(InvalidToken, match="Not Found"):
        await file.download_as_bytearray()


async def test_commands_are_kept_by_scope_and_language(fake: TelegramFake, bot: Bot) -> None:
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("tasks", "Tasks")])
    await bot.set_my_commands([BotCommand("tasks", "待办")], scope=scope, language_code="zh")

    assert (await bot.get_my_commands(scope, "zh"))[0].description == "待办"
    assert fake.settings.commands_for("all_private_chats", "en") == ["tasks"]
    await bot.set_my_commands([], scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope, "zh") == ()


# -------------------------------------------------------------------- people
async def test_who_waits_may_look_below_a_message_only(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    await bot.send_message(li.id, "Saved")
    question = await li.says("again")
    waiting = asyncio.create_task(li.waits_for("Saved", after=question))
    await asyncio.wait({waiting}, timeout=0)
    assert not waiting.done()
    await bot.send_message(li.id, "Saved")

    assert (await waiting).id > question.id


async def test_what_is_too_long_for_one_message_comes_as_several(fake: TelegramFake) -> None:
    await fake.person("Li").says("x" * 4096 + "y" * 10)

    assert said(fake) == ["x" * 4096, "y" * 10]


async def test_who_blocked_the_bot_or_never_met_it_cannot_be_reached(
    fake: TelegramFake, bot: Bot
) -> None:
    li, wang = fake.person("Li", language_code="zh-hans"), fake.person("Wang", started=False)
    await li.blocks_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(li.id, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation"):
        await bot.send_message(wang.id, "x")
    await li.unblocks_bot()
    await wang.starts("abc")
    await bot.send_message(li.id, "x")
    await bot.send_message(wang.id, "x")
    blocked, unblocked, started = await bot.get_updates()

    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member is not None
    assert unblocked.my_chat_member.from_user.language_code == "zh-hans"
    assert started.message is not None
    assert started.message.from_user is not None
    assert started.message.from_user.language_code is None
    assert started.message.from_user.id > 2**32


async def test_launch_data_is_signed_with_the_token(fake: TelegramFake) -> None:
    li = fake.person("Li", language_code="zh")

    fields = dict(parse_qsl(init_data(fake, li, age=60, start_param="t_1")))
    given = fields.pop("hash")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = hmac.digest(b"WebAppData", fake.token.encode(), "sha256")

    assert hmac.digest(key, lines.encode(), "sha256").hex() == given
    assert json.loads(fields["user"])["id"] == li.id
    assert (fields["auth_date"], fields["start_param"]) == ("1789999940", "t_1")


# -------------------------------------------------------------------- groups
async def test_privacy_mode_shows_commands_mentions_and_replies_only(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    team = fake.group("Team", li)
    me = fake.bot.username
    await bot.send_message(team.id, "Hello")
    for text in ("chat", "/tasks", f"/tasks@{me}", "/tasks@other_bot", f"@{me} look", "/a/b c"):
        await li.says(text, chat=team.chat)
    await li.says("yes", chat=team.chat, reply_to=team.from_bot()[0])
    await team.is_renamed("Team 2", li)

    assert said(fake) == ["/tasks", f"/tasks@{me}", f"@{me} look", "yes", None]
    await team.promotes_bot(li)
    await li.says("chat", chat=team.chat)
    assert said(fake)[-1] == "chat"


async def test_a_bot_is_added_and_removed(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    team = fake.group("Team", li, bot="left")
    await team.adds_bot(li)
    await bot.send_message(team.id, "Hello")
    await team.removes_bot(li)
    await li.says("/tasks", chat=team.chat)
    added, hello, removed = await bot.get_updates()

    assert added.my_chat_member is not None
    assert added.my_chat_member.new_chat_member.status == "member"
    assert hello.message is not None
    assert hello.message.new_chat_members[0].id == fake.bot.id
    assert removed.my_chat_member is not None
    assert removed.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(team.id, "x")


async def test_a_migration_is_told_from_both_sides(fake: TelegramFake, bot: Bot) -> None:
    li = fake.person("Li")
    team = fake.group("Team", li)
    old = team.id
    await team.migrates(li)
    before, after = await bot.get_updates()

    assert before.message is not None
    assert (before.message.chat.id, before.message.migrate_to_chat_id) == (old, team.id)
    assert after.message is not None
    assert (after.message.chat.id, after.message.migrate_from_chat_id) == (team.id, old)
    await bot.send_message(team.id, "Hello")


async def test_a_migration_that_nobody_told_is_learned_from_the_refusal(
    fake: TelegramFake, bot: Bot
) -> None:
    li = fake.person("Li")
    team = fake.group("Team", li)
    old = team.id
    await team.migrates(li, told=False)

    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(old, "x")
    assert refused.value.new_chat_id == team.id
    assert fake.updates.all == []


async def test_topics_channels_and_other_bots(fake: TelegramFake, bot: Bot) -> None:
    li, robot = fake.person("Li"), fake.person("Robot", is_bot=True, username="robot_bot")
    team = fake.group("Team", li, robot, forum=True, bot="administrator")
    thread = await team.opens_topic("Complaints", li)
    sent = await bot.send_message(team.id, "x", message_thread_id=thread)
    await team.channel_says("News")
    await team.anonymous_admin_says("Order!")
    await robot.says("beep", chat=team.chat)
    await team.removes_topic(thread)

    assert sent.message_thread_id == thread
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(team.id, "x", message_thread_id=thread)
    _, news, order, beep = await bot.get_updates()
    assert news.message is not None
    assert news.message.sender_chat is not None
    assert news.message.sender_chat.type == "channel"
    assert order.message is not None
    assert order.message.sender_chat == order.message.chat
    assert beep.message is not None
    assert beep.message.from_user is not None
    assert beep.message.from_user.is_bot
