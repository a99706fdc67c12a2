"""Reads and checks the requests of the page; sizes are limited while they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.platforms.playground.guard import HttpProblem
from bot.runtime.bodies import (
    FormParser,
    TooBig,
    announces_more,
    measured,
    read_body,
    read_value,
    sendable,
)
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import FILE_MOST

JSON_LIMIT = 256 * 1024
UPLOAD_LIMIT = FILE_MOST + 64 * 1024  # bytes: the file and the multipart framing
KEY_LIMIT = 200
LANGUAGES = ("zh", "en")


def language_of(request: Request) -> str:
    """Return the requested language, else that of the browser, else "zh"."""
    asked = request.query_params.get("language", "")
    if asked in LANGUAGES:
        return asked
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


async def read_json(request: Request) -> Mapping[str, Any]:
    """Return the JSON object of a request.

    Raises:
        HttpProblem: the body is no JSON object or larger than `JSON_LIMIT` bytes.
    """
    try:
        body = await read_body(request, most=JSON_LIMIT)
    except TooBig:
        raise HttpProblem(413, "too_large", limit=JSON_LIMIT // 1024) from None
    try:
        value = sendable(read_value(body))
    except (ValueError, RecursionError):
        raise HttpProblem(400, "json") from None
    if not isinstance(value, dict):
        raise HttpProblem(400, "json")
    return value


def text_field(body: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    """Return a text of the request.

    Raises:
        HttpProblem: it is missing although required, or no text.
    """
    value = body.get(name, "")
    if not isinstance(value, str) or (required and not value):
        raise HttpProblem(422, "field", field=name)
    return value


def optional_field(body: Mapping[str, Any], name: str) -> str | None:
    """Return a text of the request, or None if it is missing; HttpProblem if it is no text."""
    return None if body.get(name) is None else text_field(body, name)


def read_intent(body: Mapping[str, Any]) -> Intent:
    """Return the intent of a request.

    Raises:
        HttpProblem: a field is missing or invalid.
    """
    person, key = text_field(body, "person"), text_field(body, "key")
    language = text_field(body, "language", required=False)
    if len(key) > KEY_LIMIT:
        raise HttpProblem(422, "field", field="key")
    if language not in {"", *LANGUAGES}:
        raise HttpProblem(422, "field", field="language")
    match body.get("type"):
        case "said":
            return Said(
                person=person,
                via="playground",
                key=key,
                language=language,
                text=text_field(body, "text", required=False),
                case_id=optional_field(body, "case"),
                files=_texts(body.get("files") or [], "files"),
            )
        case "pressed":
            token = text_field(body, "token")
            return Pressed(person=person, via="playground", key=key, language=language, token=token)
        case "submitted":
            return Submitted(
                person=person,
                via="playground",
                key=key,
                language=language,
                token=text_field(body, "token"),
                values=values_field(body),
            )
        case _:
            raise HttpProblem(422, "field", field="type")


async def read_upload(request: Request) -> tuple[str, str, bytes]:
    """Return person, name and content of an upload.

    Raises:
        HttpProblem: the upload is invalid or too large, which is noticed while it arrives.
    """
    if announces_more(request, most=UPLOAD_LIMIT):
        raise HttpProblem(413, "file_too_large", limit=FILE_MOST // 1024**2)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HttpProblem(400, "upload")
    stream = measured(request, most=UPLOAD_LIMIT)
    parser = FormParser(request.headers, stream, max_files=1, max_fields=2, max_part_size=1024)
    try:
        form = await parser.parse()
    except TooBig:
        raise HttpProblem(413, "file_too_large", limit=FILE_MOST // 1024**2) from None
    except (MultiPartException, KeyError, ValueError):
        raise HttpProblem(400, "upload") from None
    try:
        person, file = form.get("person"), form.get("file")
        if not isinstance(person, str) or not isinstance(file, UploadFile):
            raise HttpProblem(422, "field", field="file")
        content = await file.read()
        if len(content) > FILE_MOST:
            raise HttpProblem(413, "file_too_large", limit=FILE_MOST // 1024**2)
        return person, file.filename or "file", content
    finally:
        await form.close()


def _texts(value: object, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise HttpProblem(422, "field", field=name)
    return tuple(value)


def values_field(body: Mapping[str, Any]) -> dict[str, object]:
    """Return the answers of a form in the request; HttpProblem if they are no object."""
    value = body.get("values")
    if not isinstance(value, dict):
        raise HttpProblem(422, "field", field="values")
    return value  # each value is checked by its form, which can name the field
