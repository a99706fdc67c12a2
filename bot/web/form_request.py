"""Reads a web form that a customer sent: answers by field, files, and the marks of the page."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from bot.runtime.bodies import sendable
from bot.web.filing_request import SentFile, hash_of, read_parts
from bot.web.problems import Problem
from workflows.model.fields import FieldType, Form

# The names of the parts of a page: `f.` and the field's id or the name of a cell, and these.
FIELD = "f."
ONCE = "once"  # says that two requests are one
SEEN = "seen"  # the ids of the fields that were on the page
MORE = "more"  # the id of the field of which one more row is asked for
TRAP = "website"  # hidden from people; programs fill it in

_PARTS_MOST = 2000  # a field of rows may have 100 rows of 8 cells
_ONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form that was sent. `once` is "" if it is missing or malformed."""

    once: str
    seen: frozenset[str]
    more: str
    trapped: bool
    texts: Mapping[str, Sequence[str]]  # by the field's id or the name of a cell
    files: Sequence[SentFile]
    digest: str

    def answers(self, form: Form) -> dict[str, object]:
        """Return the answers by the field's id, without the files that came with the request."""
        found: dict[str, object] = {}
        for field in form.fields:
            given = self.texts.get(field.id, ())
            if field.type is FieldType.ROWS:
                found[field.id] = self._rows(field.id, [one.id for one in field.columns])
            elif field.type in (FieldType.CHOICES, FieldType.FILES):
                found[field.id] = list(given)
            elif given:
                found[field.id] = given[-1]
        return {name: value for name, value in found.items() if value not in ("", [])}

    def _rows(self, field: str, columns: Sequence[str]) -> list[dict[str, object]]:
        cells = re.compile(rf"{re.escape(field)}/(\d{{1,3}})/({'|'.join(columns)})")
        rows: dict[int, dict[str, object]] = {}
        for name, given in self.texts.items():
            if (cell := cells.fullmatch(name)) is not None:
                rows.setdefault(int(cell[1]), {})[cell[2]] = given[-1]
        return [rows[number] for number in sorted(rows)]


@asynccontextmanager
async def read_form_request(request: Request) -> AsyncIterator[SentForm]:
    """Read the form in a request; its files are there during the context.

    Raises:
        Problem: 400 unreadable, 413 too large, 415 of another media type.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    if kind != "multipart/form-data" or encoded:
        raise Problem(415, "media_type")
    parts = await read_parts(request, fields_most=_PARTS_MOST)
    try:
        yield await _sent(parts)
    finally:
        await parts.close()


async def _sent(parts: FormData) -> SentForm:
    own: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    files: list[SentFile] = []
    for name, part in parts.multi_items():
        plain = sendable(name)
        field = plain.removeprefix(FIELD)
        if isinstance(part, UploadFile):
            if plain.startswith(FIELD) and (part.filename or part.size):
                files.append(SentFile(field=field, part=part))
        elif plain.startswith(FIELD):
            texts.setdefault(field, []).append(sendable(part))
        else:
            own[plain] = sendable(part)
    hashes = [(one.field, one.name, await hash_of(one)) for one in files]
    told = json.dumps([texts, hashes], ensure_ascii=False, sort_keys=True)
    once = own.get(ONCE, "")
    return SentForm(
        once=once if _ONCE.fullmatch(once) else "",
        seen=frozenset(own.get(SEEN, "").split()),
        more=own.get(MORE, ""),
        trapped=bool(own.get(TRAP, "").strip()),
        texts=texts,
        files=files,
        digest=hashlib.sha256(told.encode()).hexdigest(),
    )
