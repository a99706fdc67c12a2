"""The playground's page and its HTTP API (docs/reference/playground-api.md), over a desk."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.playground.as_json import file_json, json_answer
from bot.platforms.playground.assets import load_assets, serve
from bot.platforms.playground.desk import DraftsPort, PlaygroundPort
from bot.platforms.playground.draft_pages import DraftPages
from bot.platforms.playground.guard import LOOPBACK, SECURITY_HEADERS, Guard, HttpProblem
from bot.platforms.playground.intake import (
    language_of,
    optional_field,
    read_intent,
    read_json,
    read_upload,
    text_field,
    values_field,
)
from bot.platforms.playground.rehearsal_pages import RehearsalPages
from handlers.i18n import translator
from handlers.pages import Card
from workflows.errors import Refusal

Texts = Callable[[str], Mapping[str, str]]

# A card as another platform would get it: {"payload": the message, "missing": [what is cut]}.
Preview = Callable[[Card, str], Mapping[str, Any]]

MOVES = frozenset({"hour", "working_day", "next", "two_days", "thirty_days"})
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

# The HTTP status of a refusal by its code; 422 for any other.
_STATUS = {
    "not_known": 404,
    "person_unknown": 404,
    "case_unknown": 404,
    "process_unknown": 404,
    "file_unknown": 404,
    "not_your_case": 403,
    "file_too_big": 413,
    "file_type_refused": 415,
    "file_not_as_named": 415,
    "document_failed": 503,
    "render_busy": 503,
}


def playground_app(
    desk: PlaygroundPort,
    *,
    texts: Texts,
    hosts: Collection[str] = LOOPBACK,
    stopping: asyncio.Event | None = None,
    previews: Mapping[str, Preview] = MappingProxyType({}),
    drafts: DraftsPort | None = None,
    extra: Sequence[BaseRoute] = (),
    signed: tuple[str, ...] = (),
) -> Starlette:
    """Return the playground as an ASGI application.

    Args:
        desk: the use cases.
        texts: returns all texts of a language by msgid; the page gets those that begin with `ui.`,
            and `refusal.<code>` describes a refusal.
        hosts: the host names that requests may use, with the port that is listened on.
        stopping: when it is set, open event streams end.
        previews: by the name of a platform, a card as that platform would get it.
        drafts: the folder of drafts that is played, if there is one.
        extra: further routes behind the same guard.
        signed: the paths of those whose addresses are signed, see `Guard`.
    """
    pages = _Pages(
        desk,
        texts=texts,
        stopping=stopping or asyncio.Event(),
        previews=previews,
        drafts=drafts,
    )
    more = () if drafts is None else DraftPages(drafts).routes()
    return Starlette(
        routes=[*pages.routes(), *RehearsalPages(desk).routes(), *more, *extra],
        middleware=[Middleware(Guard, hosts=hosts, answer=pages.problem, signed=signed)],
        exception_handlers={
            HttpProblem: pages.problem,
            Refusal: pages.refusal,
            HTTPException: pages.http_problem,
            Exception: pages.broken,
        },
    )


class _Pages:
    """The routes of the page; each makes one call of the desk."""

    def __init__(
        self,
        desk: PlaygroundPort,
        *,
        texts: Texts,
        stopping: asyncio.Event,
        previews: Mapping[str, Preview],
        drafts: DraftsPort | None,
    ) -> None:
        self._desk = desk
        self._drafts = drafts
        self._previews = previews
        self._texts = texts
        self._stopping = stopping
        self._assets = load_assets()

    def routes(self) -> list[BaseRoute]:
        get, post = ["GET"], ["POST"]
        return [
            Route("/", self.index, methods=get),
            Route("/static/{path:path}", self.asset, methods=get),
            Route("/api/texts", self.texts, methods=get),
            Route("/api/world", self.world, methods=get),
            Route("/api/chat", self.chat, methods=get),
            Route("/api/case/{id}", self.case, methods=get),
            Route("/api/preview", self.preview, methods=get),
            Route("/api/changes", self.changes, methods=get),
            Route("/api/intents", self.intents, methods=post),
            Route("/api/form", self.form, methods=post),
            Route("/api/files", self.upload, methods=post),
            Route("/api/read", self.read, methods=post),
            Route("/api/clock", self.clock, methods=post),
            Route("/api/reset", self.reset, methods=post),
            Route("/api/sample", self.sample, methods=post),
            Route("/files/{id}", self.file, methods=get),
        ]

    # ---------------------------------------------------------------- the page

    async def index(self, request: Request) -> Response:
        return serve(self._assets["index.html"], request)

    async def asset(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["path"])
        if asset is None:
            raise HttpProblem(404, "not_found")
        return serve(asset, request)

    async def texts(self, request: Request) -> Response:
        words = self._texts(language_of(request))
        return json_answer({key: text for key, text in words.items() if key.startswith("ui.")})

    # ---------------------------------------------------------------- looking

    async def world(self, request: Request) -> Response:
        world = await self._desk.world(language=language_of(request))
        mine = [f"/{name}" for name in self._drafts.commands] if self._drafts is not None else []
        first = sorted(world.commands, key=lambda command: command.text not in mine)
        shown = replace(world, previews=tuple(self._previews), commands=tuple(first))
        return json_answer(replace(shown, drafts=self._drafts is not None))

    async def chat(self, request: Request) -> Response:
        person = _asked(request, "person")
        return json_answer(await self._desk.chat(person=person, language=language_of(request)))

    async def case(self, request: Request) -> Response:
        case = await self._desk.case(
            case_id=request.path_params["id"],
            person=_asked(request, "person"),
            language=language_of(request),
        )
        return json_answer(case)

    async def preview(self, request: Request) -> Response:
        language = language_of(request)
        show = self._previews.get(_asked(request, "platform"))
        chat = await self._desk.chat(person=_asked(request, "person"), language=language)
        wanted = _asked(request, "message")
        card = next((one.card for one in chat.messages if one.id == wanted), None)
        if show is None or card is None:
            raise HttpProblem(404, "not_found")
        return json_answer(show(card, language))

    async def file(self, request: Request) -> Response:
        file, content = await self._desk.open_file(
            person=_asked(request, "person"), file_id=request.path_params["id"]
        )
        inline = file.media_type in SHOWN_INLINE
        way = "inline" if inline else "attachment"
        headers = {
            "content-disposition": f"{way}; filename*=UTF-8''{quote(file.name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "private, max-age=3600" if inline else "no-store",
        }
        return Response(content, media_type=file.media_type, headers=headers)

    async def changes(self, request: Request) -> Response:
        asked = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        if not (asked.isascii() and asked.isdigit()):
            raise HttpProblem(422, "field", field="after")
        return EventSourceResponse(self._stream(int(asked)), headers={"cache-control": "no-store"})

    async def _stream(self, revision: int) -> AsyncIterator[dict[str, str]]:
        while not self._stopping.is_set():
            changed = await self._unless_stopping(self._desk.changed(after=revision))
            if changed is None:
                return
            revision = changed
            yield {
                "event": "change",
                "id": str(revision),
                "data": json.dumps({"revision": revision, "committed": self._desk.committed()}),
            }

    async def _unless_stopping(self, waiting: Awaitable[int]) -> int | None:
        change = asyncio.ensure_future(waiting)
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({change, stop}, return_when=asyncio.FIRST_COMPLETED)
            return change.result() if change.done() else None
        finally:
            for task in (change, stop):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await stop

    # ---------------------------------------------------------------- doing

    async def intents(self, request: Request) -> Response:
        intent = read_intent(await read_json(request))
        return json_answer(await self._desk.handle(intent))

    async def form(self, request: Request) -> Response:
        body = await read_json(request)
        answer = await self._desk.refill(
            person=text_field(body, "person"),
            token=text_field(body, "token"),
            values=values_field(body),
            language=language_of(request),
        )
        return json_answer(answer)

    async def upload(self, request: Request) -> Response:
        person, name, content = await read_upload(request)
        return json_answer(
            file_json(await self._desk.upload(person=person, name=name, content=content))
        )

    async def read(self, request: Request) -> Response:
        body = await read_json(request)
        person, case_id = text_field(body, "person"), optional_field(body, "case")
        await self._desk.mark_read(person=person, case_id=case_id)
        return json_answer({})

    async def clock(self, request: Request) -> Response:
        move = text_field(await read_json(request), "move")
        if move not in MOVES:
            raise HttpProblem(422, "field", field="move")
        return json_answer(await self._desk.move_clock(move=move, language=language_of(request)))

    async def reset(self, request: Request) -> Response:
        await read_json(request)
        await self._desk.reset()
        return json_answer({})

    async def sample(self, request: Request) -> Response:
        if text_field(await read_json(request), "sample") != "year":
            raise HttpProblem(422, "field", field="sample")
        await self._desk.load_year()
        return json_answer({})

    # ---------------------------------------------------------------- when it does not work

    async def problem(self, request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HttpProblem)
        text = self._word(request, f"ui.problem.{problem.code}", problem.facts)
        return json_answer({"problem": text}, status=problem.status)

    async def refusal(self, request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        text = self._word(request, f"refusal.{refusal.code}", refusal.facts)
        return json_answer({"problem": text}, status=_STATUS.get(refusal.code, 422))

    async def http_problem(self, request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        text = self._word(request, "ui.problem.not_found", {})
        return json_answer({"problem": text}, status=problem.status_code)

    async def broken(self, request: Request, problem: Exception) -> Response:
        """Answer an unexpected exception, which the server logs; the page gets no details."""
        answer = json_answer({"problem": self._word(request, "ui.problem.broken", {})}, status=500)
        answer.headers.update(SECURITY_HEADERS)  # this response does not pass the guard
        return answer

    def _word(self, request: Request, msgid: str, facts: Mapping[str, object]) -> str:
        words = translator(language_of(request))
        try:
            return words.t(msgid if words.has(msgid) else "ui.problem.broken", **facts)
        except LookupError:
            return words.t("ui.problem.refused")


def _asked(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise HttpProblem(422, "field", field=name)
    return value
