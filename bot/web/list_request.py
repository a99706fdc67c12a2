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
from workflows.directory import Directory
from workflows.records import CaseQuery

LIMIT = 50
LIMIT_MOST = 200

_NAMES = ("process", "status", "department", "overdue", "text", "order", "before", "limit")
_ONE_OF = {"status": tuple(one.value for one in Status), "order": ("oldest",)}
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
    for name, values in _ONE_OF.items():
        if name in given and given[name] not in values:
            errors.append((name, words.t("api.field.one_of", known=", ".join(values))))
    overdue, limit = given.get("overdue", "false").lower(), given.get("limit", str(LIMIT))
    if overdue not in _FLAGS:
        errors.append(("overdue", words.t("api.field.flag")))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= LIMIT_MOST):
        errors.append(("limit", words.t("api.field.limit", most=LIMIT_MOST)))
    directory = office.directory(tx)
    filers, department = system.filers(directory), given.get("department")
    if department is not None:
        filers = _of_department(directory, department, filers)
        if not filers:
            errors.append(("department", words.t("api.field.department")))
    if errors:
        raise Problem(400, "fields", errors=errors)
    text = given.get("text", "")
    return CaseQuery(
        process=given.get("process"),
        status=given.get("status"),
        filers=filers,
        processes=system.processes or None,
        overdue_at=office.clock.now() if _FLAGS[overdue] else None,
        words=tuple(wanted_words(tx, office, text, words.language)),
        oldest="order" in given,
        limit=int(limit),
        before=given.get("before", "").upper() or None,
    )


def _of_department(
    directory: Directory, department: str, filers: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Return those of the filers, or of all people, who are in a department, none if it is none."""
    people = directory.people.items()
    return tuple(
        key
        for key, one in people
        if one.department == department and (filers is None or key in filers)
    )
