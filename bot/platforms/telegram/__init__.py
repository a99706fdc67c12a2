"""Telegram: the whole product in private chats and groups."""

from bot.platforms.telegram.platform import TelegramPlatform
from bot.platforms.telegram.settings import TelegramSettings

__all__ = ["TelegramPlatform", "TelegramSettings"]
