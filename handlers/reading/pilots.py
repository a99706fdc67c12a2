"""What is said of a new version while it is introduced, without a verdict.

How many cases and problems a pilot or batch has, who has read the training card, and who helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.office import Office
from handlers.process_names import key_named
from handlers.reading.formatter import Formatter
from storage.releases import ALL
from storage.unit import Tx
from workflows.actions.problem import ProblemReported
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.moments import DAY, Moment
from workflows.records import CaseQuery, CaseRow

PAGE = 200  # cases of one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilots:
    """Reads what a case has to do with the introduction of a version."""

    tx: Tx
    office: Office
    case: Case

    def so_far(self, form: Formatter, process: str, *, visit: str) -> str:
        """Return how the pilot or batch goes that a visit of the case has opened, in words."""
        return so_far(self.tx, self.office, form, process, f"{self.case.id}/{visit}")

    def read_by(self, form: Formatter, process: str, *, reader: str) -> str:
        """Return how many have read the training card of what the case has released; "" before.

        Whoever filed the case, who owns that process, also reads who has not.
        """
        process = key_named(self.tx, self.office, process)
        own = [
            one
            for one in self.tx.releases.history(process)
            if one.opening.startswith(f"{self.case.id}/")
        ]
        newest, helpers = max((one.version for one in own), default=0), {one.helper for one in own}
        found = self.tx.trainings.of_version(process, newest)
        users = (one for one in found if one.person not in helpers)
        here = [one for one in users if form.directory.active(one.person)]
        if not here:
            return ""
        left = [one.person for one in here if one.read_at is None]
        said = form.words.t("training.read_by", read=len(here) - len(left), shown=len(here))
        if not left or reader != self.case.acting_filer:
            return said
        return f"{said}\n{form.words.t('training.not_yet', names=form.names(left))}"

    def helper(self, *, reader: str) -> str:
        """Return the key of who helps with the version of the case; "" for nobody."""
        change = self.office.shelf.change_of(self.tx, self.case.definition)
        if change is None or self.case.status is not Status.RUNNING:
            return ""
        filer = self.office.directory(self.tx).get(self.case.filer)
        department = "" if filer is None else filer.department
        found = helper_of_version(
            self.tx, self.office, change.process, change.version, departments=(department, ALL)
        )
        return "" if found == reader else found


def helper_of_version(
    tx: Tx, office: Office, process: str, version: int, *, departments: tuple[str, ...]
) -> str:
    """Return the key of who helps with a version in the first of these departments; "" without one.

    Nobody after the first weeks, and nobody who has left the company.
    """
    now, directory = office.clock.now(), office.directory(tx)
    named = {
        one.department: one.helper
        for one in tx.releases.open_of(process)
        if one.version == version and one.helps(now) and directory.active(one.helper or "")
    }
    return next((name for one in departments if (name := named.get(one))), "")


def so_far(tx: Tx, office: Office, form: Formatter, process: str, opening: str) -> str:
    """Return how a pilot or batch goes, in words; "" if it is not open.

    Nothing is compared: whoever looks often enough finds a success by chance.

    Args:
        process: what the case calls the process that it changes.
        opening: the act that opened it.
    """
    process = key_named(tx, office, process)
    pilots = [one for one in tx.releases.of_opening(process, opening) if one.open]
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
    facts = {
        "departments": form.listed(map(form.department, departments)),
        "cases": len(rows),
        "ended": sum(row.closed_at is not None for row in rows),
        "problems": problems,
    }
    if pilots[0].kind == "batch":
        return words.t("stages.now.text", **facts)
    left = words.n("pilot.so_far.left", days) if days else words.t("pilot.so_far.over")
    return words.t("pilot.so_far.text", **facts, left=left)


def _filed(tx: Tx, process: str, filers: list[str], *, since: Moment) -> Iterator[CaseRow]:
    before: str | None = None
    while before != "":
        query = CaseQuery(
            process=process, filers=tuple(filers), filed_since=since, before=before, limit=PAGE
        )
        rows = tx.cases.find(query)
        yield from rows
        before = rows[-1].id if len(rows) == PAGE else ""
