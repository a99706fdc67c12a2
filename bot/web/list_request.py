"""Reads the filters of a list of cases from the query of a request."""

from __future__ import annotations

from starlette.requests import Request

from bot.web.problems import Problem
from handlers.i18n import Translator
from handlers.office import Office
from handlers.searching import wanted_words
from handlers.systems import System
from storage.unit import Tx
from workflows.case.status import Status
from workflows.records import CaseQuery

LIMIT = 50
LIMIT_MOST = 200

_NAMES = ("process", "status", "overdue", "text", "before", "limit")
_FLAGS = {"true": True, "1": True, "": True, "false": False, "0": False}


def read_query(
    tx: Tx, office: Office, request: Request, *, system: System, words: Translator
) -> CaseQuery:
    """Return the query of a request, for the cases that the system may read.

    Raises:
        Problem: 400 with the problem of each parameter that is unknown or not valid.
    """
    given = dict(request.query_params)
    errors = [(name, words.t("api.field.unknown")) for name in given if name not in _NAMES]
    twice = (name for name in given if len(request.query_params.getlist(name)) > 1)
    errors += [(name, words.t("api.field.twice")) for name in twice]
    status, overdue = given.get("status"), given.get("overdue", "false").lower()
    if status is not None and status not in [one.value for one in Status]:
        known = ", ".join(one.value for one in Status)
        errors.append(("status", words.t("api.field.status", known=known)))
    if overdue not in _FLAGS:
        errors.append(("overdue", words.t("api.field.flag")))
    limit = given.get("limit", str(LIMIT))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= LIMIT_MOST):
        errors.append(("limit", words.t("api.field.limit", most=LIMIT_MOST)))
    if errors:
        raise Problem(400, "fields", errors=errors)
    text = given.get("text", "")
    return CaseQuery(
        process=given.get("process"),
        status=status,
        filers=system.filers(office.directory(tx)),
        processes=system.processes or None,
        overdue_at=office.clock.now() if _FLAGS[overdue] else None,
        words=tuple(wanted_words(tx, office, text, words.language)),
        limit=int(limit),
        before=given.get("before", "").upper() or None,
    )
