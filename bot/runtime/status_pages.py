"""`/healthz` (the process runs), `/readyz` (it can work) and `/metrics`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.runtime import hold
from bot.runtime.health import Health
from bot.runtime.levels import read_levels, show_levels
from bot.runtime.metrics import Metrics
from bot.runtime.writing import Writing
from storage.unit import Database, Tx
from workflows.ports import TimeSource

T = TypeVar("T")

DATABASE_LIMIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPages:
    """The status pages of this process."""

    health: Health
    metrics: Metrics
    db: Database
    clock: TimeSource
    writing: Writing

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes for an application that serves them."""
        return (
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.figures, methods=["GET"]),
        )

    async def alive(self, request: Request) -> Response:
        """Answer 200 as long as the event loop runs."""
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        """Answer 200 when every check is good, else 503, with the results of the checks."""
        held = await self._ask(hold.held)
        checks = await self._checks(held)
        ready = all(state == "ok" for state in checks.values())
        body = {"ready": ready, "checks": checks, "held": held or ""}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def figures(self, request: Request) -> Response:
        """Answer with all metrics in the format of Prometheus."""
        levels = await self._ask(lambda tx: read_levels(tx, now=self.clock.now()))
        if levels is not None:
            show_levels(levels, self.metrics)
        self.metrics.checks(await self._checks(None if levels is None else levels.held))
        age = self.health.self_check_age
        self.metrics.level("self_check_age_seconds", float("nan") if age is None else age)
        return Response(self.metrics.text(), headers={"content-type": self.metrics.content_type})

    async def _checks(self, held: str | None) -> Mapping[str, str]:
        """Return the result of every check: "ok", or what is wrong."""
        return {**self.health.checks(held=held), "writing": await self.writing.look() or "ok"}

    async def _ask(self, look: Callable[[Tx], T]) -> T | None:
        """Return the result of a read, or None when the database does not answer."""
        try:
            async with asyncio.timeout(DATABASE_LIMIT_S):
                return await self.db.read(look)
        except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
            return None
