"""Runs a rehearsal in small parts, so that its progress can be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo

from handlers import start
from handlers.office import Office
from storage.unit import Tx
from workflows.errors import Finding, Refusal
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.explorer import Graph, Way
from workflows.rehearsal.judge import script
from workflows.rehearsal.rehearse import Rehearsal, beginning
from workflows.rehearsal.report import RehearsalFinding, Report, Step

Stage = Literal["playing", "judging", "done", "stopped", "broken"]


def open_rehearsal(tx: Tx, office: Office, *, process: str) -> Rehearsing:
    """Begin a rehearsal of the current version of a process, with the present directory.

    Raises Refusal `process_unknown`.
    """
    in_force = start.in_force(tx, office)
    loaded = next((one for one in in_force if one.definition.key == process), None)
    if loaded is None:
        raise Refusal("process_unknown", process=process)
    return Rehearsing(
        Rehearsal(
            loaded,
            directory=office.directory(tx),
            calendar=office.calendar,
            start=beginning(office.calendar),
        )
    )


def open_draft(tx: Tx, office: Office, *, text: str, file: str) -> Rehearsing | Sequence[Finding]:
    """Begin a rehearsal of a draft, with the present directory.

    Returns the problems instead if the draft cannot be published.
    """
    directory = office.directory(tx)
    flaws = check(text, file=file, directory=directory, calendars=office.calendar.names)
    if flaws:
        return flaws
    rehearsal = Rehearsal(
        load_definition(text, file=file),
        directory=directory,
        calendar=office.calendar,
        start=beginning(office.calendar),
    )
    return Rehearsing(rehearsal, draft=True)


class Rehearsing:
    """A rehearsal from its beginning to its verdict.

    Not thread-safe: `play` and `view` must not run at the same time.
    """

    def __init__(self, rehearsal: Rehearsal, *, draft: bool = False) -> None:
        self.stage: Stage = "playing"
        self.draft = draft
        self._rehearsal = rehearsal
        self._ways = rehearsal.ways()
        self._passed = 0
        self._report: Report | None = None

    @property
    def loaded(self) -> Loaded:
        """The definition that is rehearsed."""
        return self._rehearsal.stage.loaded

    @property
    def going_on(self) -> bool:
        """Whether there are more paths to play, or the report is still to be made."""
        return self.stage in {"playing", "judging"}

    @property
    def graph(self) -> Graph:
        """The paths that were played so far."""
        return self._rehearsal.graph

    def play(self, most: int) -> None:
        """Play at most `most` further paths; after the last one, make the report."""
        if self.stage == "judging":
            self._report = self._rehearsal.report()
            self.stage = "done"
            return
        played = 0
        for way in islice(self._ways, most):
            played += 1
            self._passed += way.turn.play.now - self.graph.visits[way.source].play.now
        if played < most:
            self.stage = "judging"

    def stop(self, stage: Literal["stopped", "broken"] = "stopped") -> None:
        """End the rehearsal before all paths were played."""
        if self.going_on:
            self.stage = stage

    # ------------------------------------------------------------------ being shown

    @property
    def report(self) -> Report | None:
        """The report; None until the rehearsal is done."""
        return self._report

    @property
    def passed(self) -> int:
        """The virtual time of all paths together, in microseconds."""
        return self._passed

    @property
    def findings(self) -> Sequence[RehearsalFinding]:
        """The findings of the report, or those that were found so far."""
        return self._rehearsal.seen_wrong if self._report is None else self._report.findings

    def steps(self, way: int | Way) -> Sequence[Step]:
        """Return the shortest steps to a path, including its own last step."""
        found = self.graph.ways[way] if isinstance(way, int) else way
        return script(self._rehearsal.stage, self.graph, found)

    @property
    def words_for(self) -> Mapping[str, Any]:
        """The arguments for `Wording`, besides its texts."""
        stage = self._rehearsal.stage
        return {
            "definition": stage.definition,
            "directory": stage.directory,
            "zone": ZoneInfo(stage.calendar.data.zone),
        }
