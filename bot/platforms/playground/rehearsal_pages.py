"""The requests of the page about rehearsals (docs/reference/playground-api.md, "Rehearsal")."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.playground.as_json import json_answer
from bot.platforms.playground.desk import RehearsalDesk
from bot.platforms.playground.intake import language_of, read_json, text_field
from handlers.playground.rehearsal_page import PageBegun, PageRehearsal

NAME_LIMIT = 100  # characters of a draft's name


class RehearsalPages:
    """The routes of rehearsals; each makes one call of the desk."""

    def __init__(self, desk: RehearsalDesk) -> None:
        self._desk = desk

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/api/rehearsal", self.look, methods=["GET"]),
            Route("/api/rehearsal", self.begin, methods=["POST"]),
            Route("/api/rehearsal/stop", self.stop, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Return the current state of the rehearsal."""
        return json_answer({"rehearsal": await self._seen(request)})

    async def begin(self, request: Request) -> Response:
        """Start a rehearsal, or return the one that is running."""
        body = await read_json(request)
        if "draft" in body:
            answer = await self._desk.rehearse_draft(
                text=text_field(body, "draft", required=False),
                file=PurePath(text_field(body, "file")).name[:NAME_LIMIT],
                language=language_of(request),
            )
        else:
            begun = await self._desk.rehearse(process=text_field(body, "process"))
            answer = PageBegun(begun=begun)
        return json_answer(replace(answer, rehearsal=await self._seen(request)))

    async def stop(self, request: Request) -> Response:
        """Stop the rehearsal."""
        await read_json(request)
        await self._desk.stop_rehearsal()
        return json_answer({"rehearsal": await self._seen(request)})

    async def _seen(self, request: Request) -> PageRehearsal | None:
        part = request.query_params.get("part", "")
        return await self._desk.rehearsal(language=language_of(request), part=part)
