"""The requests of the page about drafts (docs/reference/playground-api.md, "Drafts")."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.platforms.playground.as_json import json_answer
from bot.platforms.playground.desk import DraftsPort
from bot.platforms.playground.guard import HttpProblem
from bot.platforms.playground.intake import language_of, read_json, text_field


class DraftPages:
    """The routes of drafts; each makes one call of the folder."""

    def __init__(self, drafts: DraftsPort) -> None:
        self._drafts = drafts

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/api/drafts", self.all, methods=["GET"]),
            Route("/api/drafts", self.save, methods=["POST"]),
            Route("/api/drafts/check", self.check, methods=["POST"]),
            Route("/api/drafts/{file}", self.one, methods=["GET"]),
        ]

    async def all(self, request: Request) -> Response:
        """Return the drafts of the folder."""
        return json_answer({"drafts": await self._drafts.drafts(language=language_of(request))})

    async def one(self, request: Request) -> Response:
        """Return the text of a draft."""
        draft = await self._drafts.draft(file=request.path_params["file"])
        if draft is None:
            raise HttpProblem(404, "not_found")
        return json_answer(draft)

    async def check(self, request: Request) -> Response:
        """Return what is wrong with a text, and its diagram."""
        body = await read_json(request)
        seen = await self._drafts.check(
            file=text_field(body, "file"),
            text=text_field(body, "text", required=False),
            language=language_of(request),
        )
        return json_answer(seen)

    async def save(self, request: Request) -> Response:
        """Save a draft, if its file is still as it was read."""
        body = await read_json(request)
        saved = await self._drafts.save(
            file=text_field(body, "file"),
            text=text_field(body, "text", required=False),
            mark=text_field(body, "mark"),
        )
        if saved is None:
            raise HttpProblem(409, "draft_changed")
        return json_answer(saved)
