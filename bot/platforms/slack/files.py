"""Files that people sent to Slack, fetched with our token and only from Slack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem
from bot.platforms.slack.settings import SlackSettings
from handlers.conversation.one_platform import Conversation
from handlers.conversation.refused import refusal_text
from handlers.i18n import Translator
from handlers.pages import FILE_MOST
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.slack")

TRIES = 4
_FOUND = 200
_SERVER = 500
_CHUNK = 65_536


class NotFetched(Exception):
    """The file is not there, or not for us."""


class Fetch:
    """Downloads. What is too big is cut off just above the limit, so that its size tells."""

    def __init__(self, settings: SlackSettings, api: SlackApi) -> None:
        self._api = api
        self._token = settings.bot_token
        self._home = urlsplit(settings.base_url)

    async def content(self, file: Mapping[str, Any]) -> bytes:
        """The bytes of a file; NotFetched when Slack does not hand it out."""
        url = str(file.get("url") or "")
        for attempt in range(TRIES):
            if attempt:
                await self._api.pause(2.0 ** (attempt - 1))
            try:
                if not url or attempt:
                    url = await self._address(str(file.get("id") or ""))
                found = await self._read(url)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.info("slack_file_failed", error=type(error).__name__)
                continue
            if found is not None:
                return found
        raise NotFetched(str(file.get("id")))

    async def kept(
        self,
        files: Iterable[Mapping[str, Any]],
        conversation: Conversation,
        *,
        person: str,
        words: Translator,
    ) -> tuple[list[str], list[str]]:
        """The ids of the uploads that became of files at Slack, and what is wrong with the others.

        What is too big by what Slack says of it is not fetched.
        """
        kept: list[str] = []
        problems: list[str] = []
        for file in files:
            name = str(file.get("name") or "")
            try:
                if int(file.get("size") or 0) > FILE_MOST:
                    raise Refusal("file_too_big", most=FILE_MOST // 1024 // 1024)
                content = await self.content(file)
                kept.append(
                    (await conversation.upload(person=person, name=name, content=content)).id
                )
            except NotFetched:
                problems.append(words.t("slack.file_gone", name=name))
            except Refusal as refusal:
                problems.append(f"{name}: {refusal_text(refusal, words)}")
        return kept, problems

    async def _address(self, file_id: str) -> str:
        try:
            answer = await self._api.call("files.info", file=file_id)
        except SlackProblem as problem:
            if problem.code in ("file_not_found", "file_deleted"):
                raise NotFetched(file_id) from None
            return ""
        told = answer.get("file") or {}
        return str(told.get("url_private_download") or told.get("url_private") or "")

    async def _read(self, url: str) -> bytes | None:
        """None when it may be there a little later."""
        if not self._trusted(url):
            log.warning("slack_file_elsewhere", host=urlsplit(url).hostname)
            return None
        told = {"Authorization": f"Bearer {self._token}"}
        async with self._api.session.get(url, headers=told, allow_redirects=False) as answer:
            if answer.status != _FOUND:
                log.info("slack_file_refused", status=answer.status)
                return None
            content = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > FILE_MOST:
                    break
            return bytes(content)

    def _trusted(self, url: str) -> bool:
        """Whether our token may be shown there."""
        at = urlsplit(url)
        if at.scheme == self._home.scheme and at.netloc == self._home.netloc:
            return True
        host = at.hostname or ""
        return at.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
