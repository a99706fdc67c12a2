"""The HTTP API for other systems (docs/reference/http.md): they file cases and read them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Any
from urllib.parse import urlencode

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.web.access import Access
from bot.web.filing_request import FilingRequest, SentFile, idempotency_key, read_filing
from bot.web.list_request import read_query
from bot.web.problems import HEADERS, Problem, wait, words_for
from handlers.filing import FiledCase, Filing, check_form, file_in, filed_before, start_form
from handlers.i18n import Translator
from handlers.office import Office
from handlers.reading.record import case_facts, case_line
from handlers.refusals import problems_of, say
from handlers.rendering.jobs import Render
from handlers.router import surely
from handlers.systems import System
from handlers.uploads import upload
from storage.unit import Database, Tx
from workflows.directory import Person
from workflows.errors import CloseloopError, FormInvalid, Refusal
from workflows.model.fields import FieldType, Form
from workflows.ports import Files

log = structlog.stdlib.get_logger("closeloop.api")

PATH = "/api"
UNSURE_S = 2  # until a request that may have been carried out is to be sent again
A_DAY_S = 24 * 3600

# The status of a refusal by its code; 422 for any other.
_STATUS = {
    "case_unknown": 404,
    "key_reused": 409,
    "key_forgotten": 409,
    "file_too_big": 413,
    "file_type_refused": 415,
    "file_not_as_named": 415,
    "too_many_uploads": 429,
    "too_much_uploaded": 429,
    "render_busy": 503,
    "definition_damaged": 503,
}
_LATER = {429: A_DAY_S, 503: UNSURE_S}

# The part of a request that a refusal is about.
_FIELDS = {
    "process_unknown": "process",
    "process_in_pilot": "process",
    "definition_damaged": "process",
}

Endpoint = Callable[[Request, Translator], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a request to file a case comes to: the filer and the form, or an earlier case."""

    filer: Person
    form: Form | None = None
    before: FiledCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The routes of the API."""

    access: Access
    db: Database
    files: Files
    office: Office
    render: Render

    def route(self) -> BaseRoute:
        """Return the route for the web server."""
        get, post = ["GET"], ["POST"]
        routes = [
            Route("/cases", self._answering(self.file_case), methods=post),
            Route("/cases", self._answering(self.list_cases), methods=get),
            Route("/cases/{id}", self._answering(self.show_case), methods=get),
            Route("/openapi.json", self.describe, methods=get),
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: self._no_such_address})
        app.router.redirect_slashes = False
        return Mount(PATH, app=app)

    # ------------------------------------------------------------------ what there is

    async def file_case(self, request: Request, words: Translator) -> Response:
        """File a case, once for each idempotency key; 201 for a new one, 200 for a repetition."""
        system = self.access.admit(request)
        key = idempotency_key(request)
        async with read_filing(request, words=words) as asked:
            filing = Filing(process=asked.process, via=system.via, key=key, digest=asked.digest)
            found = await self.db.read(lambda tx: self._look(tx, system, filing, asked, words))
            filed = found.before or await self._file(filing, asked, found, words)
        facts = await self.db.read(lambda tx: case_facts(tx, self.office, case_id=filed.id))
        headers = {"location": f"{PATH}/cases/{filed.id}"}
        return _json(facts, status=201 if filed.new else 200, headers=headers)

    async def show_case(self, request: Request, words: Translator) -> Response:
        """Answer with a case, if the system may file for its filer."""
        system = self.access.admit(request)
        number = request.path_params["id"].upper()

        def unit(tx: Tx) -> dict[str, Any]:
            facts = case_facts(tx, self.office, case_id=number)
            filer = self.office.directory(tx).by_id(facts["filer"] or "")
            if not (system.may_start(facts["process"]) and system.serves(filer)):
                raise Refusal("case_unknown", case=number[:40])
            return facts

        return _json(await self.db.read(unit))

    async def list_cases(self, request: Request, words: Translator) -> Response:
        """Answer with a page of the cases that the system may read, newest first."""
        system = self.access.admit(request)

        def unit(tx: Tx) -> tuple[list[dict[str, Any]], str]:
            query = read_query(tx, self.office, request, system=system, words=words)
            directory = self.office.directory(tx)
            rows = tx.cases.find(query)
            further = rows[-1].id if len(rows) == query.limit else ""
            return [case_line(row, directory) for row in rows], further

        lines, further = await self.db.read(unit)
        headers = {}
        if further:
            following = urlencode({**request.query_params, "before": further})
            headers["link"] = f'<{PATH}/cases?{following}>; rel="next"'
        return _json(lines, headers=headers)

    async def describe(self, request: Request) -> Response:
        """Answer with the OpenAPI description, which needs no token."""
        text = resources("bot.web").joinpath("openapi.json").read_bytes()
        return Response(text, media_type="application/json", headers={"cache-control": "no-cache"})

    # ------------------------------------------------------------------ filing

    def _look(
        self, tx: Tx, system: System, filing: Filing, asked: FilingRequest, words: Translator
    ) -> _Asked:
        """Return what a request comes to. Raises Problem and Refusal; nothing is stored."""
        filer = self._filer(tx, system, asked)
        if filer is None:
            text = words.t("api.field.nobody", person=asked.person[:60])
            raise Problem(422, "fields", errors=[("as", text)])
        before = filed_before(tx, filing)
        if before is not None:
            return _Asked(filer=filer, before=before)
        if not filer.active:
            text = words.t("api.field.nobody", person=asked.person[:60])
            raise Problem(422, "fields", errors=[("as", text)])
        named = [*asked.values, *(one.field for one in asked.files)]
        process, key = filing.process, filer.key
        form = start_form(tx, self.office, process, filer=key, given=named)
        raw = _with_files(form, asked, words)
        check_form(tx, self.office, process, filer=key, raw=raw)
        return _Asked(filer=filer, form=form)

    def _filer(self, tx: Tx, system: System, asked: FilingRequest) -> Person | None:
        """Return the filer of a request, also one who has left. Raises Problem 403."""
        filer = self.office.directory(tx).by_id(asked.person)
        if not system.may_start(asked.process):
            raise Problem(403, "not_for_process", name=system.name, process=asked.process[:60])
        if not system.serves(filer) and not (filer is None and system.serves_everyone):
            raise Problem(403, "not_for_person", name=system.name, person=asked.person[:60])
        return filer

    async def _file(
        self, filing: Filing, asked: FilingRequest, found: _Asked, words: Translator
    ) -> FiledCase:
        assert found.form is not None, "there is no earlier case"
        filer, raw = found.filer.key, dict(asked.values)
        sent: dict[str, list[str]] = {}
        for file in asked.files:
            sent.setdefault(file.field, []).append(await self._keep(file, filer, words))
        raw |= sent

        def unit(tx: Tx) -> FiledCase:
            if not self.office.directory(tx).active(filer):
                raise Refusal("person_unknown")
            return file_in(tx, self.office, filing, filer=filer, raw=raw)

        return await surely(self.db, unit)

    async def _keep(self, file: SentFile, filer: str, words: Translator) -> str:
        """Store a file as an upload of the filer, and return its id. Raises Problem."""
        try:
            kept = await upload(
                self.db,
                self.files,
                self.office,
                person=filer,
                name=file.name,
                content=await file.content(),
                render=self.render,
            )
        except Refusal as refusal:
            problem = await self._refused(refusal, words)
            problem.errors = ((file.field, problem.detail),)
            raise problem from refusal
        return kept.id

    # ------------------------------------------------------------------ what went wrong

    def _answering(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that answers every error with a problem."""

        async def answer(request: Request) -> Response:
            words = words_for(request, default=self.office.company.language)
            try:
                return await endpoint(request, words)
            except Problem as problem:
                return problem.response(words)
            except Refusal as refusal:
                return (await self._refused(refusal, words)).response(words)
            except CloseloopError as error:  # a failure of the database, or a conflict
                log.warning("api_unavailable", exc_info=error)
                return wait("unavailable", seconds=UNSURE_S, status=503).response(words)
            except Exception:
                log.exception("api_broken", path=request.url.path)
                return Problem(500, "broken").response(words)

        return answer

    async def _refused(self, refusal: Refusal, words: Translator) -> Problem:
        language = words.language
        if isinstance(refusal, FormInvalid):
            problems = problems_of(refusal, language=language)
            return Problem(422, "fields", errors=problems.items())
        text = await self.db.read(
            lambda tx: say(refusal, office=self.office, tx=tx, person="", language=language)
        )
        status = _STATUS.get(refusal.code, 422)
        field = _FIELDS.get(refusal.code, str(refusal.facts.get("field", "")))
        later = {"retry-after": str(_LATER[status])} if status in _LATER else {}
        errors = [(field, text)] if field else []
        return Problem(status, refusal.code, detail=text, errors=errors, headers=later)

    async def _no_such_address(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = words_for(request, default=self.office.company.language)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        if error.status_code == 405:  # noqa: PLR2004
            problem = Problem(405, "method", headers=headers, allowed=headers.get("allow", ""))
        else:
            problem = Problem(error.status_code, "not_found", headers=headers)
        return problem.response(words)


def _with_files(form: Form, asked: FilingRequest, words: Translator) -> dict[str, object]:
    """Return the values of a request with a name for each file, to check them before it is stored.

    Raises:
        Problem: a file is for a field that takes none.
    """
    known = {field.id: field for field in form.fields}
    raw: dict[str, object] = dict(asked.values)
    sent: dict[str, list[str]] = {}
    for number, file in enumerate(asked.files):
        if known[file.field].type is not FieldType.FILES:
            errors = [(file.field, words.t("api.field.no_files"))]
            raise Problem(422, "fields", errors=errors)
        sent.setdefault(file.field, []).append(f"file-{number}")
    return raw | sent


def _json(body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(body, status_code=status, headers={**HEADERS, **(headers or {})})
