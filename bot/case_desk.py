"""What every platform asks: to do something, to keep a file, to open one."""

from __future__ import annotations

import asyncio

from handlers import router
from handlers.conversation import uploads
from handlers.conversation.intents import Intent
from handlers.documents import papers
from handlers.office import Office
from handlers.pages import Answer
from handlers.reading.case import open_file
from handlers.rendering.jobs import JOBS, Render, RenderFailed
from storage.unit import Database
from workflows.errors import Refusal
from workflows.ports import Files
from workflows.records import StoredFile


async def in_a_thread(job: str, content: bytes) -> bytes:
    """Runs a job of `handlers.rendering.jobs` beside the event loop, without limits: for tests."""
    try:
        return await asyncio.to_thread(JOBS[job], content)
    except Exception as error:
        raise RenderFailed(repr(error)) from error


class OfficeDesk:
    """Keeps the promises of `handlers.conversation.ports.CaseDesk`."""

    def __init__(
        self, *, db: Database, files: Files, office: Office, render: Render = in_a_thread
    ) -> None:
        self._db = db
        self._files = files
        self._office = office
        self._render = render

    async def handle(self, intent: Intent) -> Answer:
        """Do what a person wants; never raises for what a person can do wrong."""
        return await router.handle(self._db, self._office, intent)

    async def upload(self, *, person: str, name: str, content: bytes) -> StoredFile:
        """Keep an upload until a form takes it; Refusal when it is too big or of a wrong type."""
        return await uploads.upload(
            self._db,
            self._files,
            self._office,
            person=person,
            name=name,
            content=content,
            render=self._render,
        )

    async def open_file(self, *, person: str, file_id: str) -> tuple[StoredFile, bytes]:
        """A file or a document, which is made now, that this person may read; Refusal otherwise."""
        if file_id.startswith(papers.PREFIX):
            return await papers.open_paper(
                self._db,
                self._files,
                self._office,
                person=person,
                name=file_id,
                render=self._render,
            )
        file = await self._db.read(
            lambda tx: open_file(tx, self._office, file_id=file_id, person=person), by=person
        )
        try:
            return file, await self._files.read(file.id)
        except FileNotFoundError:
            raise Refusal("file_unknown") from None
