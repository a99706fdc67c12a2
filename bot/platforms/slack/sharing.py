"""Uploads files to Slack: files that a person asked for, and the documents of a case that ended.

Source: docs.slack.dev/messaging/working-with-files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import aiohttp
import structlog

from bot.platforms.slack.api import SlackApi
from bot.platforms.slack.errors import SlackProblem, Trouble
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Delivery
from handlers.pages import FileLink
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.slack")

CLOSED = "closed"
LATER = "render_busy"  # the code of the refusal to render a document now
MOST_TRIES = 5  # attempts to post documents; the buttons of the card still fetch them
PAGE, PAGES = 200, 5  # of a thread
UPLOAD_S = 60
_GOOD = 200
_AGAIN = (Trouble.LIMITED, Trouble.TRANSIENT, Trouble.TOKEN, Trouble.AMBIGUOUS)


class Sharing:
    """Posts files that a person may read into a conversation."""

    def __init__(self, api: SlackApi, conversation: Conversation) -> None:
        self._api = api
        self._conversation = conversation

    async def share(
        self, files: Iterable[str], *, person: str, channel: str, thread: str = ""
    ) -> None:
        """Post files in one message.

        Args:
            files: ids of files and documents.
            person: the key of the reader.
            channel: the id of the conversation.
            thread: the timestamp of the message above, "" for none.

        Raises:
            Refusal: the person may not read one of the files, or it cannot be rendered now.
            SlackProblem: Slack does not accept them.
        """
        uploaded = []
        for file_id in files:
            file, content = await self._conversation.open_file(person=person, file_id=file_id)
            uploaded.append({"id": await self._upload(file.name, content), "title": file.name})
        if not uploaded:
            return
        under = {"thread_ts": thread} if thread else {}
        self._api.pace.spend(["files.completeUploadExternal"])
        await self._api.call(
            "files.completeUploadExternal", files=uploaded, channel_id=channel, **under
        )

    async def _upload(self, name: str, content: bytes) -> str:
        method = "files.getUploadURLExternal"
        told = await self._api.call(method, filename=name, length=len(content))
        try:
            async with self._api.session.post(
                str(told["upload_url"]),
                data=content,
                timeout=aiohttp.ClientTimeout(total=UPLOAD_S),
            ) as answer:
                if answer.status != _GOOD:
                    raise SlackProblem(
                        Trouble.TRANSIENT, f"status_{answer.status}", method="upload"
                    )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SlackProblem(Trouble.TRANSIENT, "no_reply", method="upload") from error
        return str(told["file_id"])

    # ------------------------------------------------------------------ the closing documents

    async def documents(self, delivery: Delivery, *, channel: str, thread: str) -> None:
        """Post the documents of a case that ended, once, even if its card is delivered again."""
        card = delivery.cards[delivery.to.language]
        if card.kind != CLOSED or not card.files:
            return
        try:
            there = await self._there(channel, thread) if delivery.attempt > 1 else set()
            wanted = [one.id for one in first_of_each(card.files) if one.name not in there]
            await self.share(wanted, person=delivery.to.person, channel=channel, thread=thread)
        except Refusal as refusal:
            if refusal.code == LATER and delivery.attempt < MOST_TRIES:
                raise SlackProblem(Trouble.TRANSIENT, LATER, method="documents") from refusal
            log.warning("slack_documents_refused", case=card.case_id, why=refusal.code)
        except SlackProblem as problem:
            if problem.kind in _AGAIN and delivery.attempt < MOST_TRIES:
                raise
            log.warning("slack_documents_not_posted", case=card.case_id, error=str(problem))

    async def _there(self, channel: str, thread: str) -> set[str]:
        """Return the names of the files in a thread."""
        names: set[str] = set()
        args: dict[str, Any] = {"channel": channel, "ts": thread, "limit": PAGE}
        for _ in range(PAGES):
            answer = await self._api.call("conversations.replies", **args)
            for message in answer.get("messages") or ():
                names |= {str(one.get("title")) for one in message.get("files") or ()}
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            args["cursor"] = cursor
        return names


def first_of_each(files: Sequence[FileLink]) -> list[FileLink]:
    """Return the first document of each media type, which is in the reader's language."""
    found: dict[str, FileLink] = {}
    for file in files:
        found.setdefault(file.media_type, file)
    return list(found.values())
