"""`/healthz` (alive), `/readyz` (able to work), `/metrics` (figures): for machines to read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.runtime import hold
from bot.runtime.health import Health
from bot.runtime.metrics import Metrics
from workflows.ports import Database

DATABASE_LIMIT_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPages:
    """What can be asked about this process."""

    health: Health
    metrics: Metrics
    db: Database

    def routes(self) -> Sequence[BaseRoute]:
        """The routes, for any application that serves them."""
        return (
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.figures, methods=["GET"]),
        )

    async def alive(self, request: Request) -> Response:
        """200 as long as the event loop turns."""
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        """200 when everything is well, else 503; either way what was looked at."""
        held = await self._held()
        checks = self.health.checks(held=held)
        ready = all(state == "ok" for state in checks.values())
        body = {"ready": ready, "checks": dict(checks), "held": held or ""}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def figures(self, request: Request) -> Response:
        """Everything that is counted, as Prometheus reads it."""
        held = await self._held()
        states = self.health.checks(held=held).values()
        self.metrics.level("ready", all(state == "ok" for state in states))
        age = self.health.self_check_age
        self.metrics.level("self_check_age_seconds", float("nan") if age is None else age)
        return Response(self.metrics.text(), headers={"content-type": self.metrics.content_type})

    async def _held(self) -> str | None:
        try:
            async with asyncio.timeout(DATABASE_LIMIT_S):
                return await self.db.read(hold.held)
        except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
            return None
