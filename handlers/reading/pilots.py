"""What is said of a pilot while it runs: how many cases and problems, and no verdict."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.office import Office
from handlers.process_names import key_named
from handlers.reading.formatter import Formatter
from storage.unit import Tx
from workflows.actions.problem import ProblemReported
from workflows.moments import DAY, Moment
from workflows.records import CaseQuery, CaseRow

PAGE = 200  # cases of one query


def so_far(tx: Tx, office: Office, case_id: str, form: Formatter, process: str) -> str:
    """Return how the pilot goes that a case has opened, in words; "" if none is open.

    Nothing is compared: whoever looks often enough finds a success by chance.

    Args:
        process: what the case calls the process that it changes.
    """
    process = key_named(tx, office, process)
    pilots = [
        one
        for one in tx.releases.open_of(process)
        if one.kind == "pilot" and one.opening.startswith(f"{case_id}/")
    ]
    if not pilots:
        return ""
    now, departments = office.clock.now(), tuple(one.department for one in pilots)
    filers = [one.key for one in form.directory.people.values() if one.department in departments]
    rows = list(_filed(tx, process, filers, since=min(one.opened_at for one in pilots)))
    problems = sum(
        isinstance(event.body, ProblemReported)
        for _, events in tx.cases.events_of(tuple(row.id for row in rows))
        for event in events
    )
    days = max(-(-(max(one.until or now for one in pilots) - now) // DAY), 0)
    words = form.words
    return words.t(
        "pilot.so_far.text",
        departments=form.listed(map(form.department, departments)),
        cases=len(rows),
        ended=sum(row.closed_at is not None for row in rows),
        problems=problems,
        left=words.n("pilot.so_far.left", days) if days else words.t("pilot.so_far.over"),
    )


def _filed(tx: Tx, process: str, filers: list[str], *, since: Moment) -> Iterator[CaseRow]:
    before: str | None = None
    while before != "":
        query = CaseQuery(
            process=process, filers=tuple(filers), filed_since=since, before=before, limit=PAGE
        )
        rows = tx.cases.find(query)
        yield from rows
        before = rows[-1].id if len(rows) == PAGE else ""
