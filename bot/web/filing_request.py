"""Reads the request that files a case: JSON, or multipart/form-data with files.

The size is limited while the body arrives. Files are not kept in memory: the parser writes those of
more than 1 MB to temporary files.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.runtime.bodies import (
    FormParser,
    TooBig,
    announces_more,
    measured,
    read_body,
    read_value,
    sendable,
)
from bot.web.problems import Problem
from handlers.i18n import Translator
from handlers.pages import FILE_MOST

JSON_MOST = 1024 * 1024
FILES_MOST = 2 * FILE_MOST  # of a request together
MULTIPART_MOST = FILES_MOST + JSON_MOST
PARTS_MOST = 200
KEY_MOST = 200

_OWN = ("process", "as", "fields")
_READ_AT_ONCE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file in a request, for the field of this id."""

    field: str
    part: UploadFile

    @property
    def name(self) -> str:
        """The name that it was sent with."""
        return self.part.filename or "file"

    async def content(self) -> bytes:
        """Return its bytes."""
        await self.part.seek(0)
        return await self.part.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRequest:
    """What a request asks for: the process, the id of the filer, values and files by field."""

    process: str
    person: str
    values: Mapping[str, object]
    files: Sequence[SentFile] = ()
    digest: str = field(default="", compare=False)


def idempotency_key(request: Request) -> str:
    """Return the idempotency key of a request, "" without one. Raises Problem."""
    given = request.headers.getlist("idempotency-key")
    if not given:
        return ""
    key = given[0].strip()
    visible = key.isascii() and key.isprintable() and " " not in key
    if len(given) > 1 or not 0 < len(key) <= KEY_MOST or not visible:
        raise Problem(400, "key")
    return key


@asynccontextmanager
async def read_filing(request: Request, *, words: Translator) -> AsyncIterator[FilingRequest]:
    """Read a request; its files are there during the context.

    Raises:
        Problem: 400 unreadable, 413 too large, 415 of another media type, 422 incomplete.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "compressed")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        yield await _of_json(request, words)
    elif kind == "multipart/form-data":
        form = await read_parts(request)
        try:
            yield await _of_form(form, words)
        finally:
            await form.close()
    else:
        raise Problem(415, "media_type", headers={"accept": ", ".join(_ACCEPTED)})


_ACCEPTED = ("application/json", "multipart/form-data")


async def _of_json(request: Request, words: Translator) -> FilingRequest:
    try:
        body = await read_body(request, most=JSON_MOST)
    except TooBig:
        raise Problem(413, "body_too_large", most=JSON_MOST // 1024) from None
    value = _object(body)
    errors = [(name, words.t("api.field.unknown")) for name in value if name not in _OWN]
    return await _made(value, value.get("fields", {}), (), errors, words)


def _object(body: bytes | str) -> dict[str, Any]:
    try:
        value = sendable(read_value(body))
    except (ValueError, RecursionError):
        raise Problem(400, "not_json") from None
    if not isinstance(value, dict):
        raise Problem(400, "not_json")
    return value


async def read_parts(request: Request, *, fields_most: int = PARTS_MOST) -> FormData:
    """Read multipart/form-data, whose files are open until it is closed.

    Args:
        fields_most: how many parts may be other than files.

    Raises:
        Problem: 400 unreadable, 413 too large.
    """
    too_large = Problem(
        413, "file_too_large", most=FILE_MOST // 1024**2, together=FILES_MOST // 1024**2
    )
    if announces_more(request, most=MULTIPART_MOST):
        raise too_large
    parser = FormParser(
        request.headers,
        measured(request, most=MULTIPART_MOST),
        max_files=PARTS_MOST,
        max_fields=fields_most,
        max_part_size=JSON_MOST,
    )
    try:
        form = await parser.parse()
    except TooBig:
        raise too_large from None
    except (MultiPartException, KeyError, ValueError):
        raise Problem(400, "not_multipart") from None
    if any((one.size or 0) > FILE_MOST for one in form.values() if isinstance(one, UploadFile)):
        await form.close()
        raise too_large
    return form


async def _of_form(form: FormData, words: Translator) -> FilingRequest:
    """Return the request in a form: its parts are those of the JSON, and fields by their ids."""
    errors = []
    own: dict[str, object] = {}
    values: dict[str, object] = {}
    files = []
    for name, part in form.multi_items():
        if isinstance(part, UploadFile):
            files.append(SentFile(field=sendable(name), part=part))
        elif name not in _OWN:
            values[sendable(name)] = _several(values.get(name), part)
        elif name in own:
            errors.append((name, words.t("api.field.twice")))
        else:
            own[name] = part
    given = own.get("fields")
    more = _object(given) if isinstance(given, str) else {}
    return await _made(own, {**values, **more}, files, errors, words)


def _several(before: object, value: str) -> object:
    if before is None:
        return value
    return [*before, value] if isinstance(before, list) else [before, value]


async def _made(
    own: Mapping[str, object],
    values: object,
    files: Sequence[SentFile],
    errors: list[tuple[str, str]],
    words: Translator,
) -> FilingRequest:
    for name in ("process", "as"):
        if own.get(name) in (None, ""):
            errors.append((name, words.t("api.field.required")))
        elif not isinstance(own[name], str):
            errors.append((name, words.t("api.field.text")))
    if not isinstance(values, dict):
        errors.append(("fields", words.t("api.field.object")))
    if errors:
        raise Problem(422, "fields", errors=errors)
    assert isinstance(values, dict)
    hashes = [(one.field, one.name, await hash_of(one)) for one in files]
    told = [own["process"], own["as"], values, hashes]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return FilingRequest(
        process=str(own["process"]),
        person=str(own["as"]),
        values=values,
        files=files,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


async def hash_of(file: SentFile) -> str:
    """Return the SHA-256 of a file, computed in a thread."""

    def read() -> str:
        found = hashlib.sha256()
        file.part.file.seek(0)
        while chunk := file.part.file.read(_READ_AT_ONCE):
            found.update(chunk)
        return found.hexdigest()

    return await asyncio.to_thread(read)
