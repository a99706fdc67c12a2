"""Web forms (docs/how-to/customers.md): customers file cases at signed addresses, without a login.

A page works without a script. After each submission the server asks for what is missing, also for
fields whose condition the new answers fulfil, and files the case once nothing is.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.runtime.hold import held
from bot.runtime.outsiders import TurnedAway
from bot.systems_settings import WebForms
from bot.web.form_limits import Allowance, sender_of
from bot.web.form_pages import FILED, FormPages
from bot.web.form_request import SentForm, read_form_request
from bot.web.form_uploads import OVER_LIMIT, FormUploads
from bot.web.frame import HEADERS, STYLE, styled
from bot.web.problems import Problem, wait, words_for
from handlers.customer_forms import customer_form, file_for_customer
from handlers.filing import FiledCase, Filing, filed_before
from handlers.form_links import VIA, FormLink, read_link, sign
from handlers.i18n import LANGUAGES, Translator, translator
from handlers.office import Office
from handlers.pages import FormSheet
from handlers.refusals import problems_in_form
from handlers.rendering.jobs import Render
from handlers.router import surely
from handlers.rows import rows_in
from storage.unit import Database, Tx
from workflows.errors import CloseloopError, FormInvalid, Refusal
from workflows.model.fields import FieldType
from workflows.ports import Files

log = structlog.stdlib.get_logger("closeloop.forms")

PATH = f"/{VIA}"
LATER_S = 30  # until a request is to be sent again that failed for a reason of ours
LOOKS_A_MINUTE, LOOKS_A_DAY = 120, 10_000  # pages that one address may open

# The status and the problem of a refusal by its code; any other is a fault of the company.
_REFUSED = {
    "process_unknown": (404, "closed"),
    "process_in_pilot": (404, "closed"),
    "no_web_form": (404, "closed"),
    "key_reused": (409, "sent_already"),
    "key_forgotten": (409, "sent_before"),
}
_UPLOADS_LATER_S = 24 * 3600

Answering = Callable[[Request, Translator], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A form with answers, as it is before a case is filed."""

    sheet: FormSheet
    problems: Mapping[str, str]  # by the field's id and by the cell's name


class WebFormRoutes:
    """Serves web forms, and files the cases that customers send.

    Args:
        proxied: whether a reverse proxy is in front.
        seconds: a monotonic clock.
        makes_links: whether the address of a process without a token leads to a signed one.
    """

    def __init__(
        self,
        settings: WebForms,
        *,
        db: Database,
        files: Files,
        office: Office,
        render: Render,
        seconds: Callable[[], float],
        turned_away: TurnedAway,
        proxied: bool = False,
        makes_links: bool = False,
    ) -> None:
        self._settings = settings
        self._db = db
        self._office = office
        self._uploads = FormUploads(
            db=db, files=files, office=office, render=render, limits=settings.limits()
        )
        self._turned_away = turned_away
        self._proxied = proxied
        self._makes_links = makes_links
        self._looks = Allowance(a_minute=LOOKS_A_MINUTE, a_day=LOOKS_A_DAY, seconds=seconds)
        self._senders = Allowance(
            a_minute=settings.sent_a_minute, a_day=settings.sent_a_day, seconds=seconds
        )
        self._links = Allowance(
            a_minute=settings.filed_a_minute, a_day=settings.filed_a_day, seconds=seconds
        )

    def route(self) -> BaseRoute:
        """Return the route for the web server."""
        one = "/{process}/{token}"
        routes = [
            Route("/form.css", self.style, methods=["GET"]),
            Route(one, self._answering(self.show), methods=["GET"]),
            Route(one, self._answering(self.send), methods=["POST"]),
        ]
        if self._makes_links:
            routes.append(Route("/{process}", self.make_link, methods=["GET"]))
        app = Starlette(routes=routes, exception_handlers={HTTPException: self._elsewhere})
        app.router.redirect_slashes = False
        return Mount(PATH, app=app)

    # ------------------------------------------------------------------ what there is

    async def style(self, request: Request) -> Response:
        """Answer with the style sheet, whose address changes with its content."""
        return styled(STYLE)

    async def make_link(self, request: Request) -> Response:
        """Lead to a signed address of a process, in the playground."""
        link = FormLink(process=request.path_params["process"], name="playground")
        token = sign(link, self._settings.secrets[0])
        return Response(status_code=303, headers={**HEADERS, "location": f"{link.process}/{token}"})

    async def show(self, request: Request, words: Translator) -> Response:
        """Answer with the form, or with the thanks for one that was sent."""
        link = self._link(request)
        self._count(self._looks, request)
        once = request.query_params.get(FILED, "")
        pages = self._pages(words)

        def unit(tx: Tx) -> Response:
            _require_no_hold(tx)
            asked = customer_form(tx, self._office, link)
            seen = tx.inbox.seen(source=link.via, key=once) if once else None
            if seen is not None:
                return pages.thanks(asked.web, str(seen.get("case") or ""), once=once)
            sheet = asked.sheet(tx, {}, language=words.language)
            return pages.form(sheet, once=_fresh(), fixed=link.values, problems={})

        return await self._db.read(unit)

    async def send(self, request: Request, words: Translator) -> Response:
        """File a case once, or answer with the form and what it still needs."""
        link = self._link(request)
        self._count(self._senders, request)
        async with read_form_request(request) as sent:
            filing = Filing(process=link.process, via=link.via, key=sent.once, digest=sent.digest)
            before, sheet, raw = await self._db.read(
                lambda tx: self._look(tx, link, filing, sent, words)
            )
            if before is not None:
                return _thank(filing, words)
            files = () if sent.trapped else sent.files
            kept = await self._uploads.keep(files, sheet, link, language=words.language)
        for name, ids in kept.ids.items():
            raw[name] = [*_ids(raw.get(name)), *ids]
        for question in sheet.questions:
            if question.id == sent.more and question.type == FieldType.ROWS:
                rows = [*rows_in(raw.get(question.id)), {}]
                raw[question.id] = rows[: question.max_rows]
        looked = await self._db.read(lambda tx: self._look_again(tx, link, raw, words))
        problems = {**looked.problems, **kept.problems}
        again = self._again(looked.sheet, sent, problems, link, words)
        return again or await self._file(filing, looked.sheet, raw, link, words)

    # ------------------------------------------------------------------ filing

    def _look(
        self, tx: Tx, link: FormLink, filing: Filing, sent: SentForm, words: Translator
    ) -> tuple[FiledCase | None, FormSheet, dict[str, object]]:
        """Return the case that was filed before, the form as it was sent, and its answers."""
        _require_no_hold(tx)
        asked = customer_form(tx, self._office, link)
        raw = sent.answers(asked.form)
        return filed_before(tx, filing), asked.sheet(tx, raw, language=words.language), raw

    def _look_again(
        self, tx: Tx, link: FormLink, raw: Mapping[str, object], words: Translator
    ) -> _Looked:
        asked = customer_form(tx, self._office, link)
        sheet = asked.sheet(tx, raw, language=words.language)
        problems = problems_in_form(asked.problems(raw), language=words.language)
        return _Looked(sheet=sheet, problems=problems)

    def _again(
        self,
        sheet: FormSheet,
        sent: SentForm,
        problems: Mapping[str, str],
        link: FormLink,
        words: Translator,
    ) -> Response | None:
        """Return the form with what it still needs, or None if a case can be filed of it."""
        further = {one.id for one in sheet.questions if one.id not in sent.seen}
        told = {name: text for name, text in problems.items() if _field(name) not in further}
        if sent.more or sent.trapped or not sent.once:
            told = dict(problems) if sent.trapped else {}
        if not (further or problems or sent.more or sent.trapped or not sent.once):
            return None
        _require_mendable(problems, sheet, link)
        notice = ""
        if sent.trapped:
            notice = words.t("web_form.trapped")
        elif not (sent.more or told):
            notice = words.t("web_form.further" if sent.once else "web_form.once_more")
        return self._pages(words).form(
            sheet,
            once=sent.once or _fresh(),
            fixed=link.values,
            problems=told,
            further=further if sent.seen and not sent.more else (),
            notice=notice,
            trapped=sent.trapped,
            status=422 if told or sent.trapped else 200,
        )

    async def _file(
        self,
        filing: Filing,
        sheet: FormSheet,
        raw: Mapping[str, object],
        link: FormLink,
        words: Translator,
    ) -> Response:
        left = self._links.take(link.name)
        if left:
            self._turned_away("form_too_many_of_link")
            raise wait("too_many", seconds=left)
        try:
            await surely(
                self._db,
                lambda tx: file_for_customer(tx, self._office, filing, link=link, raw=raw),
            )
        except FormInvalid as invalid:
            told = {name: _for_outsiders(one) for name, one in invalid.problems.items()}
            problems = problems_in_form(told, language=words.language)
            _require_mendable(problems, sheet, link)
            return self._pages(words).form(
                sheet, once=filing.key, fixed=link.values, problems=problems, status=422
            )
        return _thank(filing, words)

    # ------------------------------------------------------------------ what went wrong

    def _link(self, request: Request) -> FormLink:
        """Return the link of an address. Raises Problem, which says nothing of any process."""
        link = read_link(request.path_params["token"], self._settings.secrets)
        if link is None or link.process != request.path_params["process"]:
            self._turned_away("form_token")
            raise Problem(404, "not_found")
        if link.is_over(self._office.clock.now(), revoked=self._settings.revoked):
            self._turned_away("form_ended")
            raise Problem(410, "ended")
        return link

    def _count(self, allowance: Allowance, request: Request) -> None:
        sender = sender_of(request, proxied=self._proxied)
        left = 0.0 if sender is None else allowance.take(sender)
        if left:
            self._turned_away("form_too_many")
            raise wait("too_many", seconds=left)

    def _pages(self, words: Translator) -> FormPages:
        return FormPages(words=words, company=self._office.company.name_in(words.language))

    def _words(self, request: Request) -> Translator:
        """Return the texts in the language of the address, else in that of the browser."""
        asked = request.query_params.get("lang", "")
        if asked in LANGUAGES:
            return translator(asked)
        return words_for(request, default=self._office.company.language)

    def _answering(self, endpoint: Answering) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that answers every error with a page."""

        async def answer(request: Request) -> Response:
            words = self._words(request)
            try:
                return await endpoint(request, words)
            except Problem as refused:
                return self._pages(words).problem(refused)
            except Refusal as refusal:
                return self._pages(words).problem(_problem_of(refusal))
            except CloseloopError as error:  # a failure of the database, or a conflict
                log.warning("form_unavailable", exc_info=error)
                problem = wait("unavailable", seconds=LATER_S, status=503)
                return self._pages(words).problem(problem)
            except ClientDisconnect:
                raise
            except Exception:
                log.exception("form_broken", process=request.path_params["process"][:40])
                return self._pages(words).problem(Problem(500, "broken"))

        return answer

    async def _elsewhere(self, request: Request, error: Exception) -> Response:
        """Answer for an address that is none, or a method that it does not have."""
        assert isinstance(error, HTTPException)
        code = {405: "method"}.get(error.status_code, "not_found")
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        problem = Problem(error.status_code, code, headers=headers)
        return self._pages(self._words(request)).problem(problem)


def _problem_of(refusal: Refusal) -> Problem:
    """Return the page for a refusal; one that the customer cannot do anything about is logged."""
    if refusal.code in OVER_LIMIT:
        return wait("too_much", seconds=_UPLOADS_LATER_S)
    if refusal.code not in _REFUSED:
        return _out_of_order(str(refusal))
    status, code = _REFUSED[refusal.code]
    return Problem(status, code, case=refusal.facts.get("case", ""))


def _out_of_order(why: str) -> Problem:
    """Return the page for what the company has to mend, and log it."""
    log.error("form_out_of_order", why=why)
    return wait("out_of_order", seconds=LATER_S, status=503)


def _require_no_hold(tx: Tx) -> None:
    if held(tx):
        raise wait("unavailable", seconds=LATER_S, status=503)


def _require_mendable(problems: Mapping[str, str], sheet: FormSheet, link: FormLink) -> None:
    """Raise Problem if a problem is in a field that the customer cannot fill in."""
    asked = {one.id for one in sheet.questions} - set(link.values)
    wrong = [name for name in problems if _field(name) not in asked]
    if wrong:
        raise _out_of_order(f"nobody is asked for {', '.join(wrong)} of {link.process}")


def _for_outsiders(refusal: Refusal) -> Refusal:
    """Return a refusal without the number of a case of somebody else."""
    return Refusal("value_taken") if refusal.code == "value_taken_by" else refusal


def _thank(filing: Filing, words: Translator) -> Response:
    query = urlencode({"lang": words.language, FILED: filing.key})
    return Response(status_code=303, headers={**HEADERS, "location": f"?{query}"})


def _fresh() -> str:
    return secrets.token_urlsafe(24)


def _field(name: str) -> str:
    """Return the id of the field that a cell, or the field itself, belongs to."""
    return name.partition("/")[0]


def _ids(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
