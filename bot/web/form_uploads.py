"""Keeps the files that came with a web form, so that they need not be chosen again.

They are uploads of the link until a case is filed with them. Those that no case uses are deleted
after a day, as all uploads are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.web.filing_request import SentFile
from handlers.form_links import FormLink
from handlers.office import Limits, Office
from handlers.pages import FormSheet, Question
from handlers.refusals import say_problem
from handlers.rendering.jobs import Render
from handlers.uploads import upload
from storage.unit import Database
from workflows.errors import Refusal
from workflows.model.fields import FieldType
from workflows.ports import Files

OVER_LIMIT = ("too_many_uploads", "too_much_uploaded")  # of the link; nothing more is accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiles:
    """The ids of the files that were accepted, and why others were not, by the field's id."""

    ids: Mapping[str, Sequence[str]]
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUploads:
    """Keeps the files of web forms. `limits` are those of one link."""

    db: Database
    files: Files
    office: Office
    render: Render
    limits: Limits

    async def keep(
        self, sent: Sequence[SentFile], sheet: FormSheet, link: FormLink, *, language: str
    ) -> KeptFiles:
        """Keep the files that the form has a field for; those for another field are ignored.

        Raises:
            Refusal: the link has reached its limits of a day.
        """
        asked = {one.id: one for one in sheet.questions if one.type == FieldType.FILES}
        ids: dict[str, list[str]] = {}
        problems: dict[str, str] = {}
        for file in sent:
            question = asked.get(file.field)
            if question is None:
                continue
            kept = ids.setdefault(file.field, [])
            try:
                if len(question.files) + len(kept) >= question.max_files:
                    raise Refusal("too_many_files", most=question.max_files)
                kept.append(await self._store(file, question, link))
            except Refusal as refusal:
                if refusal.code in OVER_LIMIT:
                    raise
                problems[file.field] = say_problem(refusal, language=language)
        return KeptFiles(ids=ids, problems=problems)

    async def _store(self, file: SentFile, question: Question, link: FormLink) -> str:
        stored = await upload(
            self.db,
            self.files,
            self.office,
            person=link.via,
            name=file.name,
            content=await file.content(),
            render=self.render,
            limits=self.limits,
        )
        if question.accept and stored.media_type not in question.accept:
            raise Refusal("file_kind_refused", name=stored.name, kinds=question.accept_text)
        return stored.id
