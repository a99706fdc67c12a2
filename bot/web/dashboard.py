"""The dashboard (docs/how-to/dashboard.md): read-only pages for people, after a login by a link.

Only a POST uses a link, since crawlers and scanners open every address that they see. Each request
asks the directory whether its person is still in the company.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.runtime.outsiders import TurnedAway
from bot.web.dashboard_pages import STYLES, DashboardPages
from bot.web.dashboard_request import (
    SESSION,
    Cookies,
    fresh,
    read_list,
    sent_field,
    was_shown,
)
from bot.web.dashboard_watch import alert_page, figures_page
from bot.web.figures import FigureKeeper
from bot.web.form_limits import Allowance, sender_of
from bot.web.frame import HEADERS, styled
from bot.web.problems import Problem, wait, words_for
from handlers.alerts.shown import ShownAlert, firing_alerts
from handlers.case_lists import views_of
from handlers.dashboard import login
from handlers.dashboard.case import case_page
from handlers.dashboard.cases import case_list, first_view
from handlers.i18n import LANGUAGES, translator
from handlers.office import Office
from handlers.reading.formatter import formatter, name_of
from handlers.refusals import say_problem
from handlers.reports.opened import reported
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import CloseloopError, Refusal
from workflows.model.definition import Definition

log = structlog.stdlib.get_logger("closeloop.dashboard")

WRONG_A_MINUTE, WRONG_A_DAY = 20, 1000  # links from one address that log nobody in
LATER_S = 30
_STATUS = {"case_unknown": 404, "process_unknown": 404, "not_your_case": 403, "report_closed": 403}

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Who asks, in which language, and how the pages are made for them."""

    person: Person
    pages: DashboardPages
    alerts: tuple[ShownAlert, ...]

    @property
    def language(self) -> str:
        return self.pages.words.language


class Dashboard:
    """Serves the dashboard.

    Args:
        proxied: whether a reverse proxy is in front.
        seconds: a monotonic clock.
        as_anybody: whether an address logs in as the person that it names, in the playground.
    """

    def __init__(
        self,
        *,
        db: Database,
        office: Office,
        figures: FigureKeeper,
        seconds: Callable[[], float],
        turned_away: TurnedAway,
        proxied: bool = False,
        as_anybody: bool = False,
    ) -> None:
        self._db = db
        self._office = office
        self._figures = figures
        self._turned_away = turned_away
        self._proxied = proxied
        self._as_anybody = as_anybody
        self._cookies = Cookies(office.public_url)
        self._wrong = Allowance(a_minute=WRONG_A_MINUTE, a_day=WRONG_A_DAY, seconds=seconds)

    def routes(self) -> list[BaseRoute]:
        """Return the routes for the web server."""
        get, post = ["GET"], ["POST"]
        one = f"/{login.LOGIN}/{{token}}"
        inner = [
            Route("/style.css", self.style, methods=get),
            Route(one, self._answering(self.show_link), methods=get),
            Route(one, self._answering(self.use_link), methods=post),
            Route("/logout", self._answering(self.leave), methods=post),
            Route("/cases/{id}", self._answering(self.case), methods=get),
            Route("/alerts", self._answering(self.alerts), methods=get),
            Route("/figures", self._answering(self.figures), methods=get),
            Route("/figures/{process}", self._answering(self.figures), methods=get),
        ]
        if self._as_anybody:
            inner.append(Route("/as/{person}", self._answering(self.make_link), methods=get))
        app = Starlette(routes=inner, exception_handlers={HTTPException: self._elsewhere})
        app.router.redirect_slashes = False
        first = Route(f"/{login.DASHBOARD}", self._answering(self.cases), methods=get)
        return [first, Mount(f"/{login.DASHBOARD}", app=app)]

    async def aclose(self) -> None:
        """Stop computing figures."""
        await self._figures.aclose()

    # ------------------------------------------------------------------ logging in and out

    async def style(self, request: Request) -> Response:
        """Answer with the style sheet."""
        return styled(STYLES)

    async def make_link(self, request: Request) -> Response:
        """Lead to a new link of a person, in the playground."""
        person, office = request.path_params["person"], self._office

        def unit(tx: Tx) -> str:
            if not office.directory(tx).active(person):
                raise Problem(404, "not_found")
            return login.offer_link(tx, office, person=person)

        token = await self._db.run(unit)
        return self._lead_on(request, f"../{login.LOGIN}/{token}")

    async def show_link(self, request: Request) -> Response:
        """Answer with the page whose button uses a link, which this does not."""
        token, session = request.path_params["token"], request.cookies.get(SESSION, "")

        def unit(tx: Tx) -> tuple[login.Offered, Person | None]:
            offered = login.look_at(tx, self._office, token)
            return offered, login.person_of(tx, self._office, session)

        offered, there = await self._db.read(unit)
        if there is not None and there == offered.person and offered.problem is not None:
            return self._lead_on(request)  # they are logged in, perhaps by this very link
        pages = self._pages(request, offered.person)
        if offered.person is None or offered.problem is not None:
            return self._no_login(request, pages, offered)
        once = fresh()
        response = pages.confirm(name_of(offered.person, pages.words.language), once=once)
        self._cookies.mark(response, once)
        return response

    async def use_link(self, request: Request) -> Response:
        """Log in by a link, once, from the page with the button."""
        token = request.path_params["token"]
        if not was_shown(request, await sent_field(request, "once")):
            self._turned_away("dashboard_forged")
            raise Problem(403, "forged")

        def unit(tx: Tx) -> tuple[login.Offered, str]:
            login.log_out(tx, request.cookies.get(SESSION, ""))
            return login.log_in(tx, self._office, token)

        offered, session = await self._db.run(unit)
        if not session:
            return self._no_login(request, self._pages(request, offered.person), offered)
        assert offered.person is not None, "a session has a person"
        self._office.watch.note("dashboard_login", person=offered.person.key)
        response = self._lead_on(request)
        self._cookies.begin(response, session)
        return response

    async def leave(self, request: Request) -> Response:
        """Log out."""
        session = request.cookies.get(SESSION, "")
        if not session or not login.proves(session, await sent_field(request, "proof")):
            raise Problem(403, "forged")
        await self._db.run(lambda tx: login.log_out(tx, session))
        response = self._pages(request, None).message("left", status=200)
        self._cookies.end(response)
        return response

    def _no_login(
        self, request: Request, pages: DashboardPages, offered: login.Offered
    ) -> Response:
        """Answer for a link that logs nobody in; too many of them are refused."""
        self._turned_away("dashboard_link")
        sender = sender_of(request, proxied=self._proxied)
        left = 0.0 if sender is None else self._wrong.take(sender)
        if left:
            raise wait("too_many", seconds=left)
        problem = offered.problem or login.LinkProblem.UNKNOWN
        status = 404 if problem is login.LinkProblem.UNKNOWN else 410
        return pages.message(f"link_{problem}", status=status)

    # ------------------------------------------------------------------ pages

    async def cases(self, request: Request) -> Response:
        """Answer with a page of a list of cases."""

        def made(tx: Tx, seen: _Seen) -> Response:
            wanted = read_list(request, first=first_view(tx, self._office, reader=seen.person))
            found = case_list(tx, self._office, wanted, reader=seen.person, language=seen.language)
            return seen.pages.cases(found)

        return await self._read(request, made)

    async def case(self, request: Request) -> Response:
        """Answer with one case."""
        number = request.path_params["id"].upper()

        def made(tx: Tx, seen: _Seen) -> Response:
            found = case_page(
                tx, self._office, case_id=number, reader=seen.person, language=seen.language
            )
            return seen.pages.case(found)

        return await self._read(request, made)

    async def alerts(self, request: Request) -> Response:
        """Answer with the alerts that fire."""

        def made(tx: Tx, seen: _Seen) -> Response:
            views = views_of(tx, self._office, reader=seen.person)
            write = formatter(
                self._office,
                self._office.directory(tx),
                reader=seen.person,
                language=seen.language,
            )
            return alert_page(seen.pages, seen.alerts, views=views, write=write)

        return await self._read(request, made)

    async def figures(self, request: Request) -> Response:
        """Answer with the figures of a process, or with those processes that have some."""
        process = request.path_params.get("process", "")

        def look(tx: Tx, seen: _Seen) -> tuple[_Seen, list[Definition]]:
            found = [*reported(tx, self._office, reader=seen.person)]
            if not found or process not in ("", *(one.key for one in found)):
                raise Refusal("report_closed")
            return seen, found

        there = await self._read(request, look)
        if isinstance(there, Response):
            return there
        seen, found = there
        chosen = next((one for one in found if process == one.key), found[0])
        kept, pending = await self._figures.newest(chosen)
        names = [(one.key, one.name.of(seen.language)) for one in found]
        write = (
            formatter(self._office, kept.directory, reader=seen.person, language=seen.language)
            if kept is not None
            else None
        )
        return figures_page(
            seen.pages,
            names,
            chosen=chosen.key,
            document=kept.documents[seen.language] if kept is not None else None,
            at=write.at(kept.at) if write is not None and kept is not None else "",
            pending=pending,
        )

    async def _read(self, request: Request, made: Callable[[Tx, _Seen], T]) -> T | Response:
        """Return what is made for whoever asks; a refusal is a page for them.

        Raises Problem if the session has ended or its person has left.
        """

        def unit(tx: Tx) -> T | Response:
            seen = self._seen(tx, request)
            try:
                return made(tx, seen)
            except Refusal as refusal:
                text = say_problem(refusal, language=seen.language)
                return seen.pages.message(
                    "refused", status=_STATUS.get(refusal.code, 422), text=text
                )

        asker = f"dashboard {request.cookies.get(SESSION, '')[:16]}"
        return await self._db.read(unit, by=asker)

    def _seen(self, tx: Tx, request: Request) -> _Seen:
        session = request.cookies.get(SESSION, "")
        person = login.person_of(tx, self._office, session)
        if person is None:
            raise Problem(401, "session_ended" if session else "no_session")
        pages = self._pages(request, person)
        alerts = firing_alerts(tx, self._office, reader=person, language=pages.words.language)
        return _Seen(
            person=person,
            alerts=alerts,
            pages=replace(
                pages,
                name=name_of(person, pages.words.language),
                proof=login.proof_of(session),
                figures=any(reported(tx, self._office, reader=person)),
                alerts=len(alerts),
            ),
        )

    # ------------------------------------------------------------------ what went wrong

    def _pages(self, request: Request, person: Person | None) -> DashboardPages:
        """Return the pages in the language of the address, of the person, or of the browser."""
        company, asked = self._office.company, _asked_language(request)
        if asked or person is not None:
            words = translator(asked or company.language_of(person))
        else:
            words = words_for(request, default=company.language)
        return DashboardPages(
            words=words,
            company=company.name_in(words.language),
            up="../" * (request.url.path.removeprefix("/").count("/")),
            language=asked,
        )

    @staticmethod
    def _lead_on(request: Request, to: str = f"../../{login.DASHBOARD}") -> Response:
        """Lead to another page in the same language."""
        asked = _asked_language(request)
        location = f"{to}?lang={asked}" if asked else to
        return Response(status_code=303, headers={**HEADERS, "location": location})

    def _answering(self, endpoint: Endpoint) -> Endpoint:
        """Return an endpoint that answers every error with a page."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Problem as refused:
                return self._problem(request, refused)
            except CloseloopError as error:  # a failure of the database, or a conflict
                log.warning("dashboard_unavailable", exc_info=error)
                return self._problem(request, wait("unavailable", seconds=LATER_S, status=503))
            except ClientDisconnect:
                raise
            except Exception:
                log.exception("dashboard_broken")
                return self._problem(request, Problem(500, "broken"))

        return answer

    def _problem(self, request: Request, problem: Problem) -> Response:
        pages = self._pages(request, None)
        response = pages.message(
            problem.code, status=problem.status, headers=problem.headers, **problem.facts
        )
        if problem.code == "session_ended":
            self._cookies.end(response)
        return response

    async def _elsewhere(self, request: Request, error: Exception) -> Response:
        """Answer for an address that is none, or a method that it does not have."""
        assert isinstance(error, HTTPException)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        code = {405: "method"}.get(error.status_code, "not_found")
        return self._problem(request, Problem(error.status_code, code, headers=headers))


def _asked_language(request: Request) -> str:
    """Return the language that an address asks for, "" if it asks for none."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else ""
