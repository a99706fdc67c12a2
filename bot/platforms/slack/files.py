"""Fetches files that people sent to Slack, with the bot's token and only from Slack."""

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
    """The file does not exist any more, or the app may not read it."""


class FileDownloads:
    """Downloads files. One that is too big is read up to just above the limit, and then refused."""

    def __init__(self, settings: SlackSettings, api: SlackApi) -> None:
        self._api = api
        self._token = settings.bot_token
        self._home = urlsplit(settings.base_url)

    async def content(self, file: Mapping[str, Any]) -> bytes:
        """Return the content of a file that Slack describes by `id` and `url`.

        A file that is not there yet is tried `TRIES` times, after one, two and four seconds.

        Raises:
            NotFetched: Slack does not return it.
        """
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
        """Fetch files and store them as uploads of a person.

        A file that is too big by its description is not fetched.

        Args:
            files: files as Slack describes them.
            conversation: stores the uploads.
            person: the key of the person who sent them.
            words: the language of the problems.

        Returns:
            The ids of the uploads, and a text for each file that was not stored.
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
        """Return the content, or None if the file may be available later."""
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
        """Return whether the token may be sent to this URL: only to the API and to slack.com."""
        at = urlsplit(url)
        if at.scheme == self._home.scheme and at.netloc == self._home.netloc:
            return True
        host = at.hostname or ""
        return at.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
