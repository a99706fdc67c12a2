"""What stands beside us: the libraries alone, and nobody at all, doing nothing but to answer.

`python -m tests.bench.bare slack URL APP_TOKEN BOT_TOKEN` and the like: a process of its own, as
the bot has one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp


async def bolt(api_url: str, app_token: str, bot_token: str) -> None:
    """slack-bolt with one listener that acknowledges."""
    from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token=bot_token, base_url=api_url)
    app = AsyncApp(client=client, process_before_response=True)

    async def acknowledge(ack: Any) -> None:
        await ack()

    app.action(re.compile(""))(acknowledge)
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.start_async()


async def socket(api_url: str, app_token: str, bot_token: str) -> None:
    """Nobody: every envelope is acknowledged as it comes."""
    headers = {"Authorization": f"Bearer {app_token}"}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{api_url}apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with session.ws_connect(url) as connection:
            async for message in connection:
                told = json.loads(message.data)
                if "envelope_id" in told:
                    await connection.send_json({"envelope_id": told["envelope_id"]})


def telegram(api_url: str, token: str) -> None:
    """python-telegram-bot with one handler that answers."""
    from telegram import Update
    from telegram.ext import Application, CallbackQueryHandler, ContextTypes

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer()

    built = Application.builder().token(token).base_url(f"{api_url}/bot")
    application = built.concurrent_updates(True).connection_pool_size(32).build()
    application.add_handler(CallbackQueryHandler(answer))
    application.run_polling(allowed_updates=["callback_query"])


async def calls(api_url: str, token: str) -> None:
    """Nobody: every click is answered as it comes, one after the other."""
    offset = 0
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **values: object) -> Any:
            async with session.post(f"{api_url}/bot{token}/{method}", json=values) as answer:
                return (await answer.json())["result"]

        while True:
            for update in await call("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                query = update["callback_query"]["id"]
                await call("answerCallbackQuery", callback_query_id=query)


def main(kind: str, *arguments: str) -> None:
    """Until killed."""
    logging.disable(logging.CRITICAL)
    if kind == "telegram":
        telegram(*arguments)
        return
    kinds: dict[str, Callable[..., Coroutine[Any, Any, None]]]
    kinds = {"slack": bolt, "socket": socket, "calls": calls}
    asyncio.run(kinds[kind](*arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
