"""The desk that every platform has: handle an intent, store an upload, open a file."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import router, uploads
from handlers.as_is import opened as as_is
from handlers.changing.conversation import CHANGE, with_new_draft
from handlers.changing.draft import read_draft_of
from handlers.copying import RESUBMIT, with_copies
from handlers.documents import papers, register_files
from handlers.imports.handed_in import IMPORT, answer_table
from handlers.intents import Intent, Pressed, Submitted
from handlers.office import Office
from handlers.pages import Answer
from handlers.reading.files import open_file
from handlers.rendering.jobs import Render, render_here
from handlers.reports import opened
from handlers.reports.counting import Counting
from handlers.reviews import opened as opened_reviews
from handlers.reviews.deciding import ADOPT, with_draft
from handlers.tokens import Token, find_token
from storage.unit import Database
from workflows.errors import CloseloopError, Refusal
from workflows.ports import Files
from workflows.records import StoredFile


class CaseDesk:
    """Handles intents, stores uploads and opens files. `render` makes documents and photos."""

    def __init__(
        self, *, db: Database, files: Files, office: Office, render: Render = render_here
    ) -> None:
        self._db = db
        self._files = files
        self._office = office
        self._render = render
        self._counting = Counting(db, office)

    async def handle(self, intent: Intent) -> Answer:
        """Handle an intent and return its answer; never raises for a mistake of a person."""
        token = find_token(intent.token) if isinstance(intent, Pressed | Submitted) else None
        if not isinstance(intent, Pressed | Submitted) or token is None:
            return await router.handle(self._db, self._office, intent)
        submitted = isinstance(intent, Submitted)
        if token.verb == IMPORT and (submitted or token.argument):  # the table was handed in
            try:
                return await answer_table(self._db, self._files, self._office, intent)
            except Exception as error:  # noqa: BLE001 - every error is answered, as in the router
                return await router.failed(self._db, self._office, intent, error)
        if token.verb == CHANGE:
            try:
                intent = await self._about_draft(intent, token)
            except Exception as error:  # noqa: BLE001 - as above
                return await router.failed(self._db, self._office, intent, error)
        if isinstance(intent, Submitted) and token.verb == RESUBMIT:
            intent = await with_copies(
                self._db, self._files, self._office, intent, case_id=token.case_id
            )
        if isinstance(intent, Submitted) and token.verb == ADOPT:
            intent = await with_draft(self._db, self._files, self._office, intent, token)
        return await router.handle(self._db, self._office, intent)

    async def _about_draft(self, intent: Pressed | Submitted, token: Token) -> Pressed | Submitted:
        """Read the draft that a button or a form of "Change this" is about; make the new one."""
        await read_draft_of(
            self._db,
            self._files,
            self._office,
            person=intent.person,
            token=token,
            language=intent.language,
        )
        if isinstance(intent, Pressed):
            return intent
        return await with_new_draft(self._db, self._files, self._office, intent, token)

    async def _read_draft(self, person: str, text: str, language: str) -> None:
        """Read the draft that a form is about, if it is one of "Change this"."""
        token = find_token(text)
        if token is None or token.verb != CHANGE:
            return
        try:
            await read_draft_of(
                self._db, self._files, self._office, person=person, token=token, language=language
            )
        except CloseloopError:
            return  # what shows the form says so

    async def refilled(
        self, *, person: str, via: str, token: str, values: Mapping[str, object], language: str = ""
    ) -> Answer:
        """Return a form with these answers and the questions that follow from them.

        Only reads: nothing is decided, and the interaction does not count as handled.

        Args:
            token: the token of the form.
            values: the answers so far, by the question's id.
            language: "zh" or "en"; "" for that of the person.
        """
        await self._read_draft(person, token, language)
        return await router.look(
            self._db,
            self._office,
            person=person,
            via=via,
            token=token,
            values=values,
            language=language,
        )

    async def upload(self, *, person: str, name: str, content: bytes) -> StoredFile:
        """Store an upload until a form uses it. Raises Refusal for a wrong size or type."""
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
        """Return a file, or a document made now, if the person may read it. Raises Refusal."""
        if file_id.startswith(papers.PREFIX):
            return await papers.open_paper(
                self._db,
                self._files,
                self._office,
                person=person,
                name=file_id,
                render=self._render,
            )
        if file_id.startswith(register_files.PREFIX):
            return await register_files.open_file(
                self._db, self._office, person=person, name=file_id, render=self._render
            )
        if file_id.startswith(as_is.PREFIX):
            return await as_is.open_as_is(
                self._db,
                self._office,
                person=person,
                name=file_id,
                counting=self._counting,
                render=self._render,
            )
        if file_id.startswith(opened.PREFIX):
            return await opened.open_report(
                self._db,
                self._office,
                person=person,
                name=file_id,
                counting=self._counting,
                render=self._render,
            )
        if file_id.startswith(opened_reviews.PREFIX):
            return await opened_reviews.open_review(
                self._db, self._office, person=person, name=file_id, render=self._render
            )
        file = await self._db.read(
            lambda tx: open_file(tx, self._office, file_id=file_id, person=person), by=person
        )
        try:
            return file, await self._files.read(file.id)
        except FileNotFoundError:
            raise Refusal("file_unknown") from None
