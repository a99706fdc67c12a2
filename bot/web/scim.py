"""SCIM 2.0 (RFC 7643, 7644): Okta, Entra ID and others create, change and remove people."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.directory_sync import MANY, Source
from bot.scim_people import (
    DEACTIVATE,
    DELETE,
    ENTERPRISE,
    SCIM,
    forgotten,
    hold,
    is_active,
    put_users,
    release,
)
from bot.web.access import Access
from bot.web.problems import HEADERS, Problem, words_for
from bot.web.scim_json import CORE, Json, ScimError, fits, patched, read_filter, read_resource
from bot.web.scim_schemas import CONFIGURATION, SCHEMAS, TYPES
from handlers.i18n import Translator
from handlers.office import Office
from storage.unit import Database, Tx
from workflows.errors import CloseloopError, ConfigError, Refusal
from workflows.moments import iso
from workflows.records import DirectoryEntry

log = structlog.stdlib.get_logger("closeloop.scim")

PATH = "/scim/v2"
MEDIA_TYPE = "application/scim+json"
MESSAGES = "urn:ietf:params:scim:api:messages:2.0:"
BODY_MOST = 4 * 1024 * 1024  # a group of ten thousand members has one
PAGE, PAGE_MOST = 100, 200
KINDS = {"Users": "user", "Groups": "group"}

Endpoint = Callable[[Request, Translator], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScimApi:
    """The routes of SCIM."""

    access: Access
    db: Database
    office: Office
    source: Source

    def route(self) -> BaseRoute:
        """Return the route for the web server."""
        routes = []
        for name in KINDS:
            routes += [
                Route(f"/{name}", self._answering(self.listed), methods=["GET"]),
                Route(f"/{name}", self._answering(self.create), methods=["POST"]),
                Route(f"/{name}/{{id}}", self._answering(self.show), methods=["GET"]),
                Route(f"/{name}/{{id}}", self._answering(self.change), methods=["PUT", "PATCH"]),
                Route(f"/{name}/{{id}}", self._answering(self.delete), methods=["DELETE"]),
            ]
        for name in ("ServiceProviderConfig", "ResourceTypes", "Schemas"):
            routes.append(Route(f"/{name}", self._answering(self.describe), methods=["GET"]))
            routes.append(Route(f"/{name}/{{id}}", self._answering(self.describe), methods=["GET"]))
        app = Starlette(routes=routes, exception_handlers={HTTPException: self._no_such_address})
        app.router.redirect_slashes = False
        return Mount(PATH, app=app)

    # ------------------------------------------------------------------ reading

    async def describe(self, request: Request, words: Translator) -> Response:
        """Answer with what is supported, the types or the schemas."""
        name = _type_of(request)
        if name == "ServiceProviderConfig":
            return _json(CONFIGURATION)
        known: list[Json] = {"ResourceTypes": TYPES, "Schemas": SCHEMAS}[name]
        wanted = request.path_params.get("id")
        if wanted is None:
            return _json(_page(known, total=len(known), start=1))
        found = next((one for one in known if one["id"].lower() == wanted.lower()), None)
        if found is None:
            raise ScimError(404, "unknown")
        return _json(found)

    async def show(self, request: Request, words: Translator) -> Response:
        """Answer with a user or a group."""
        kind, entry_id = _kind_of(request), request.path_params["id"]

        def unit(tx: Tx) -> Json:
            return _resource(tx, _entry(tx, kind, entry_id), request)

        return _json(_chosen(await self.db.read(unit), request))

    async def listed(self, request: Request, words: Translator) -> Response:
        """Answer with a page of users or groups."""
        kind, params = _kind_of(request), request.query_params
        start, count = _number(params, "startIndex", 1), _number(params, "count", PAGE)
        start, count = max(start, 1), min(max(count, 0), PAGE_MOST)
        conditions = read_filter(params["filter"]) if params.get("filter") else []

        def unit(tx: Tx) -> Json:
            if conditions:
                near = _near(tx, kind, conditions)
                fitting = [one for one in near if fits({**one.data, "id": one.id}, conditions)]
                total, page = len(fitting), fitting[start - 1 : start - 1 + count]
            else:
                total = tx.entries.count(SCIM, kind)
                page = list(tx.entries.page(SCIM, kind, offset=start - 1, limit=count))
            shown = [_chosen(_resource(tx, one, request), request) for one in page]
            return _page(shown, total=total, start=start)

        return _json(await self.db.read(unit))

    # ------------------------------------------------------------------ changing

    async def create(self, request: Request, words: Translator) -> Response:
        """Create a user or a group; 409 if there is one of this name."""
        kind, data = _kind_of(request), read_resource(await _body(request))
        entry_id = self.office.ids.new(kind[0])

        def unit(tx: Tx) -> Json:
            now = self.office.clock.now()
            tx.journal.begin()  # one change after the other, on every replica
            new = DirectoryEntry(source=SCIM, id=entry_id, kind=kind, name="", created_at=now)
            self._store(tx, new, data, words)
            return _resource(tx, _entry(tx, kind, entry_id), request)

        found = await self.db.run(unit)
        return _json(found, status=201, location=found["meta"]["location"])

    async def change(self, request: Request, words: Translator) -> Response:
        """Replace a user or a group, or carry out the operations of a PATCH."""
        kind, entry_id = _kind_of(request), request.path_params["id"]
        body = await _body(request)
        whole = read_resource(body) if request.method == "PUT" else None

        def unit(tx: Tx) -> Json:
            tx.journal.begin()
            before = _entry(tx, kind, entry_id)
            data = patched(dict(before.data), body) if whole is None else whole
            self._store(tx, before, data, words)
            gone = not is_active(_entry(tx, kind, entry_id))
            if gone or whole or "active" in json.dumps(body):
                release(tx, entry_id)  # it has left now, or the system has changed its mind
            return _resource(tx, _entry(tx, kind, entry_id), request)

        return _json(_chosen(await self._guarded(unit, entry_id, DEACTIVATE), request))

    async def delete(self, request: Request, words: Translator) -> Response:
        """Remove a user, who leaves, or a group."""
        kind, entry_id = _kind_of(request), request.path_params["id"]

        def unit(tx: Tx) -> Json:
            tx.journal.begin()
            entry = _entry(tx, kind, entry_id)
            if kind == "group":
                tx.entries.remove(SCIM, entry_id)
            else:
                tx.entries.put([forgotten(entry)])
            put_users(tx, self.office, source=self.source, words=words)
            release(tx, entry_id)
            return {}

        await self._guarded(unit, entry_id, DELETE)
        return Response(status_code=204, headers=HEADERS)

    async def _guarded(self, unit: Callable[[Tx], Any], entry_id: str, how: str) -> Any:
        """Run a unit; what the guard stops is kept for the administrators."""
        try:
            return await self.db.run(unit)
        except Refusal as refusal:
            if refusal.code != MANY:
                raise
            await self.db.run(lambda tx: hold(tx, self.office, user=entry_id, how=how))
            facts: dict[str, Any] = dict(refusal.facts)
            raise ScimError(403, "held", **facts) from refusal

    def _store(self, tx: Tx, before: DirectoryEntry, data: Json, words: Translator) -> None:
        """Store an entry and make the people anew."""
        key = "userName" if before.kind == "user" else "displayName"
        name = str(data.get(key, ""))
        if not name:
            raise ScimError(400, "value", kind="invalidValue", attribute=key)
        external = str(data.get("externalId", ""))
        same = tx.entries.find(SCIM, before.kind, name=name.lower())
        if any(one.id != before.id for one in same):
            raise ScimError(409, "taken", kind="uniqueness", name=name)
        if before.kind == "user":
            data.setdefault("active", True)
        else:
            members = dict.fromkeys(one["value"] for one in data.get("members", ()))
            data = {**data, "members": [{"value": one} for one in members]}
        now = self.office.clock.now()
        changed = replace(before, name=name.lower(), external=external, data=data, changed_at=now)
        tx.entries.put([changed])
        put_users(tx, self.office, source=self.source, words=words)

    # ------------------------------------------------------------------ what went wrong

    def _answering(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that answers every error as SCIM does."""

        async def answer(request: Request) -> Response:
            words = words_for(request, default=self.office.company.language)
            try:
                self.access.admit(request)
                return await endpoint(request, words)
            except ScimError as error:
                return _refused(error, words)
            except Problem as problem:
                text = problem.detail or words.t(f"api.{problem.code}", **problem.facts)
                return _error(problem.status, text, headers=problem.headers)
            except ConfigError as error:
                return _error(400, "; ".join(map(str, error.findings)), kind="invalidValue")
            except ClientDisconnect:
                raise
            except CloseloopError as error:  # a failure of the database, or a conflict
                log.warning("scim_unavailable", exc_info=error)
                text = words.t("api.unavailable", seconds=2, most=0)
                return _error(503, text, headers={"retry-after": "2"})
            except Exception:
                log.exception("scim_broken", path=request.url.path)
                return _error(500, words.t("api.broken"))

        return answer

    async def _no_such_address(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = words_for(request, default=self.office.company.language)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        return _error(error.status_code, words.t("scim.unknown"), headers=headers)


def _type_of(request: Request) -> str:
    path: str = request.scope["path"]
    return path.partition(PATH)[2].strip("/").partition("/")[0]


def _kind_of(request: Request) -> str:
    return KINDS[_type_of(request)]


async def _body(request: Request) -> Any:
    """Return the JSON of a request. Raises ScimError 413, 415 or 400."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (MEDIA_TYPE, "application/json"):
        raise ScimError(415, "media_type")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BODY_MOST:
            raise ScimError(413, "too_large", most=BODY_MOST // 1024 // 1024)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ScimError(400, "syntax", kind="invalidSyntax") from error


def _number(params: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(params.get(name, default))
    except ValueError as error:
        raise ScimError(400, "value", kind="invalidValue", attribute=name) from error


# ---------------------------------------------------------------------------- resources


def _entry(tx: Tx, kind: str, entry_id: str) -> DirectoryEntry:
    entry = tx.entries.get(SCIM, entry_id)
    if entry is None or entry.kind != kind:
        raise ScimError(404, "unknown")
    return entry


def _near(
    tx: Tx, kind: str, conditions: list[tuple[str, Any]]
) -> Iterator[DirectoryEntry] | tuple[DirectoryEntry, ...]:
    """Return the entries among which a filter may find some, by an index where there is one."""
    for name, value in conditions:
        lower = name.lower().rpartition(":")[2]
        if lower == "id":
            entry = tx.entries.get(SCIM, str(value))
            return () if entry is None or entry.kind != kind else (entry,)
        if lower == "externalid":
            return tx.entries.find(SCIM, kind, external=str(value))
        if lower == ("username" if kind == "user" else "displayname"):
            return tx.entries.find(SCIM, kind, name=str(value).lower())
    return tx.entries.all(SCIM, kind)


def _resource(tx: Tx, entry: DirectoryEntry, request: Request) -> Json:
    """Return an entry as SCIM shows it."""
    name = {kind: path for path, kind in KINDS.items()}[entry.kind]
    schemas = [f"{CORE}{name.removesuffix('s')}"]
    if ENTERPRISE in entry.data:
        schemas.append(ENTERPRISE)
    found: Json = {"schemas": schemas, "id": entry.id, **entry.data}
    at = "" if str(request.base_url).rstrip("/").endswith(PATH) else PATH
    found["meta"] = {
        "resourceType": name.removesuffix("s"),
        "created": iso(entry.created_at),
        "lastModified": iso(entry.changed_at),
        "location": f"{str(request.base_url).rstrip('/')}{at}/{name}/{entry.id}",
    }
    return found


def _chosen(resource: Json, request: Request) -> Json:
    """Return the attributes that a request asks for."""
    params = request.query_params
    without = {one.strip().lower() for one in params.get("excludedAttributes", "").split(",")}
    asked = params.get("attributes", "").split(",")
    only = {one.strip().partition(".")[0].lower() for one in asked}
    always = {"schemas", "id", "meta"}
    return {
        name: value
        for name, value in resource.items()
        if name in always
        or (name.lower() not in without and (only == {""} or name.lower() in only))
    }


def _page(resources: list[Json], *, total: int, start: int) -> Json:
    return {
        "schemas": [f"{MESSAGES}ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": resources,
    }


def _json(body: Json, *, status: int = 200, location: str = "") -> Response:
    headers = {**HEADERS, **({"location": location} if location else {})}
    return JSONResponse(body, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def _refused(error: ScimError, words: Translator) -> Response:
    text = words.t(f"scim.{error.code}", **error.facts)
    return _error(error.status, text, kind=error.kind)


def _error(
    status: int, text: str, *, kind: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    body: Json = {"schemas": [f"{MESSAGES}Error"], "status": str(status), "detail": text}
    if kind:
        body["scimType"] = kind
    given = {**HEADERS, **(headers or {})}
    return JSONResponse(body, status_code=status, headers=given, media_type=MEDIA_TYPE)
