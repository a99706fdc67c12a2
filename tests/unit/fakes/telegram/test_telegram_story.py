"""A whole conversation with python-telegram-bot's real client, polled and by webhook."""

from __future__ import annotations

import asyncio
import json

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.wire import HttpServer, Request, Response, json_response

APPROVE = InlineKeyboardButton("Approve", callback_data="v1:ok:t1", style="success")


async def handle(bot: Bot, update: Update) -> None:
    """A small bot: shows a card, closes it at the click, sends a file back."""
    if update.callback_query is not None:
        message = update.callback_query.message
        assert message is not None
        await update.callback_query.answer("Recorded")
        await bot.edit_message_text(
            "Approved <b>by Li</b>", message.chat.id, message.message_id, parse_mode=ParseMode.HTML
        )
    elif update.message is not None and update.message.document is not None:
        file = await bot.get_file(update.message.document)
        content = bytes(await file.download_as_bytearray())
        await bot.send_document(update.message.chat.id, content, filename="回执.pdf")
    elif update.message is not None:
        await bot.send_message(
            update.message.chat.id,
            "Please <b>decide</b> &lt;now&gt;",
            parse_mode=ParseMode.HTML,
            reply_markup=InlineKeyboardMarkup([[APPROVE]]),
        )


async def poll(bot: Bot) -> None:
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=30, allowed_updates=[]):
            await handle(bot, update)
            offset = update.update_id + 1


async def converse(fake: TelegramFake) -> None:
    li = fake.person("Li Qiang", language_code="zh-hans")
    await li.starts()
    card = await li.waits_for("decide")
    assert card.text == "Please decide <now>"
    assert card.entities == [{"type": "bold", "offset": 7, "length": 6}]

    toast = await li.taps("Approve")
    assert toast.text == "Recorded"
    done = await li.waits_for("Approved")
    assert done is card
    assert done.buttons == []

    await li.sends_document("bill.pdf", b"%PDF-1", "application/pdf")
    back = await li.waits_for(lambda message: "document" in message.body)
    assert back.body["document"]["file_name"] == "回执.pdf"
    await fake.confirmed()


async def test_a_conversation_by_polling(fake: TelegramFake, bot: Bot) -> None:
    polling = asyncio.create_task(poll(bot))
    await converse(fake)
    polling.cancel()

    assert {call.status for call in fake.calls() if call.status} == {200}


async def test_a_conversation_by_webhook(fake: TelegramFake, bot: Bot) -> None:
    seen: list[str] = []

    async def receive(request: Request) -> Response:
        update = Update.de_json({k: json.loads(v) for k, v in request.params.items()}, bot)
        seen.append(str(update.update_id))
        await handle(bot, update)
        return json_response(200, {})

    app = HttpServer(receive)
    await app.start()
    await bot.set_webhook(f"http://127.0.0.1:{app.port}/hook", secret_token="s3cret")
    await converse(fake)
    await app.stop()

    assert len(seen) == 3
    assert [delivery.status for delivery in fake.webhook.deliveries] == [200, 200, 200]
