"""Runs a rehearsal in small parts, and makes the JSON of its progress for the playground.

The shapes are those of docs/reference/playground-api.md, "Rehearsal".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo

from handlers import start
from handlers.diagram.coverage import coverage_diagram, coverage_state
from handlers.i18n import dates, translator
from handlers.i18n.sayings import told
from handlers.office import Office
from handlers.rehearsal_items import DEEDS, ItemWords
from handlers.rehearsal_report import Wording
from storage.unit import Tx
from workflows.case.status import Status
from workflows.errors import Finding, Refusal
from workflows.flow.entering import NodeEntered
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.explorer import Graph, Way
from workflows.rehearsal.items import PAUSE, Item, items
from workflows.rehearsal.judge import script, tallies
from workflows.rehearsal.rehearse import Rehearsal, beginning
from workflows.rehearsal.report import RehearsalFinding, Report, Step

Stage = Literal["playing", "judging", "done", "stopped", "broken"]
MOST_TRAILS = 6  # paths to a node that are shown


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


def open_draft(
    tx: Tx, office: Office, *, text: str, file: str, language: str
) -> Rehearsing | list[dict[str, str]]:
    """Begin a rehearsal of a draft, with the present directory.

    Returns the problems instead if the draft cannot be published, see `flaws_view`.
    """
    directory = office.directory(tx)
    flaws = check(text, file=file, directory=directory)
    if flaws:
        return flaws_view(flaws, language=language)
    rehearsal = Rehearsal(
        load_definition(text, file=file),
        directory=directory,
        calendar=office.calendar,
        start=beginning(office.calendar),
    )
    return Rehearsing(rehearsal, draft=True)


def flaws_view(flaws: Iterable[Finding], *, language: str) -> list[dict[str, str]]:
    """Return the problems of a draft as JSON values, each with its place and what to do."""
    words = translator(language)
    return [
        {
            "place": f"{one.file}:{one.line}" if one.line else one.file,
            "where": one.where,
            "text": told(one.problem, words=words),
            "hint": told(one.hint, words=words),
        }
        for one in flaws
    ]


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

    def view(self, *, language: str, part: str = "") -> dict[str, Any]:
        """Return the state of the rehearsal as JSON values.

        `part` is the node, clock or other part whose details are included.
        """
        return _View(self, language).whole(
            report=self._report,
            passed=self._passed,
            wrong=self._rehearsal.seen_wrong if self._report is None else self._report.findings,
            part=part,
        )

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


class _View:
    def __init__(self, shown: Rehearsing, language: str) -> None:
        self._shown = shown
        self._graph = shown.graph
        self._definition = shown.loaded.definition
        self._words = translator(language)
        self._language = language
        self._says = Wording(words=self._words, **shown.words_for)
        self._items = ItemWords(says=self._says)
        self._over = not shown.going_on

    def whole(
        self,
        *,
        report: Report | None,
        passed: int,
        wrong: Sequence[RehearsalFinding],
        part: str,
    ) -> dict[str, Any]:
        now = self._now()
        playing = self._shown.stage == "playing"
        return {
            "process": self._definition.key,
            "name": self._definition.name.of(self._language),
            "file": self._shown.loaded.source.file,
            "draft": self._shown.draft,
            "stage": self._shown.stage,
            "going_on": self._shown.going_on,
            "steps": len(self._graph.ways),
            "situations": len(self._graph.visits),
            "size_text": self._words.t(
                "rehearse.size", situations=len(self._graph.visits), steps=len(self._graph.ways)
            ),
            "passed_text": dates.duration(passed, language=self._language),
            "now": now,
            "tallies": self._tallies(),
            "diagram": coverage_diagram(
                self._definition,
                language=self._language,
                seen=self._graph.seen,
                current=now["node"] if now is not None and playing else "",
                over=self._over,
            ),
            "parts": list(self._parts()),
            "findings": [self._finding(one) for one in wrong],
            "verdict": self._verdict(report, len(wrong)),
            "groups": list(self._groups(report)) if report is not None else [],
            "part": self._part(part) if part else None,
        }

    def _now(self) -> dict[str, Any] | None:
        """Return the path that was played last, or None."""
        if not self._graph.ways:
            return None
        way = self._graph.ways[-1]
        step = self._shown.steps(way)[-1]
        case, began = way.turn.play.case, self._graph.visits[0].play.now
        running = case is not None and case.status is Status.RUNNING
        return {
            "number": len(self._graph.ways),
            "text": self._says.step(step),
            "note": "" if way.turn.done else self._words.t("rehearsal.refused"),
            "at_text": self._says.time(way.turn.play.now),
            "in_text": dates.duration(way.turn.play.now - began, language=self._language),
            "node": case.node if case is not None and running else "",
            "trail": [self._says.node(node) for node in case.trail] if case else [],
        }

    def _tallies(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": tally.kind,
                "label": self._words.t(f"rehearse.kind.{tally.kind}"),
                "covered": tally.covered,
                "all": len(tally.all),
            }
            for tally in tallies(self._definition, self._graph)
        ]

    # ------------------------------------------------------------------ findings, verdict

    def _finding(self, one: RehearsalFinding) -> dict[str, Any]:
        facts = self._says.finding_facts(one)
        names = self._says.names(one.people)
        count = len(one.people)
        node = one.facts.get("node", "")
        return {
            "code": one.code,
            "place": f"{one.file}:{one.line}" if one.line else one.file,
            "where": one.where,
            "text": facts["problem"],
            "hint": facts["hint"],
            "concerns": self._words.n("rehearse.concerns", count, names=names) if count else "",
            "node": node if any(node == known.id for known in self._definition.nodes) else "",
            "script": self._script(one.script),
        }

    def _script(self, steps: Sequence[Step]) -> list[dict[str, str]]:
        return [
            {"at_text": self._says.time(step.at), "text": self._says.step(step)} for step in steps
        ]

    def _verdict(self, report: Report | None, wrong: int) -> dict[str, str]:
        """Return the result of the rehearsal, or the stage that it is in."""
        t, stage = self._words.t, self._shown.stage
        count = self._words.n("rehearse.count", wrong) if wrong else ""
        if report is None:
            tone = "danger" if stage == "broken" else "warn" if stage == "stopped" else "info"
            return {"tone": tone, "text": t(f"rehearsal.stage.{stage}"), "detail": count}
        seen = sum(tally.covered for tally in report.tallies)
        facts = {"seen": seen, "all": sum(len(tally.all) for tally in report.tallies)}
        detail = t("rehearsal.seen_all" if seen == facts["all"] else "rehearsal.seen", **facts)
        if not report.complete:
            detail = t("rehearse.incomplete")
        if report.good:
            return {"tone": "good", "text": t("rehearsal.good"), "detail": detail}
        return {"tone": "danger", "text": count, "detail": detail}

    def _groups(self, report: Report) -> Iterator[dict[str, Any]]:
        for group in report.groups:
            names = self._says.names(group.people)
            by_node: dict[str, dict[str, None]] = {}
            for got in group.gets:
                by_node.setdefault(got.node, {}).update(dict.fromkeys(got.to))
            yield {
                "who": self._words.n("rehearse.people", len(group.people), names=names),
                "gets": [
                    {"node": self._says.node(node), "to": self._says.names(to)}
                    for node, to in by_node.items()
                ],
            }

    # ------------------------------------------------------------------ parts

    def _of(self, part: str) -> list[Item]:
        """Return the items of a part, in the order of the definition."""
        return [
            item
            for item in items(self._definition)
            if (item.kind == "deed" if part == DEEDS else item.of == part and item.kind != "deed")
        ]

    def _parts(self) -> Iterator[dict[str, Any]]:
        """Yield the parts that are not nodes: clocks of the case, questions, and so on."""
        for part in (*self._definition.clocks, PAUSE, DEEDS):
            wanted = self._of(part)
            if wanted:
                state = coverage_state(wanted, self._graph.seen, over=self._over)
                yield {
                    "id": part,
                    "name": self._items.place(part),
                    "state": state,
                    "state_text": self._words.t(f"rehearsal.state.{state}"),
                    "covered": sum(item in self._graph.seen for item in wanted),
                    "all": len(wanted),
                }

    def _part(self, part: str) -> dict[str, Any] | None:
        """Return the items of a part, the shortest script to each, and the trails to the part."""
        wanted = self._of(part)
        if not wanted:
            return None
        trails = self._trails(part)
        said = [[self._says.node(node) for node in trail] for trail in trails[:MOST_TRAILS]]
        more = len(trails) - len(said)
        return {
            "id": part,
            "name": self._items.place(part),
            "items": [self._item(item) for item in wanted if item.kind != "node"],
            "came_text": self._words.n("rehearsal.trails", len(trails)) if trails else "",
            "trails": said,
            "more_text": self._words.n("rehearsal.trails_more", more) if more else "",
        }

    def _item(self, item: Item) -> dict[str, Any]:
        way = self._graph.seen.get(item)
        state = "seen" if way is not None else "missed" if self._over else "ahead"
        return {
            "kind": item.kind,
            "text": self._items.item(item),
            "state": state,
            "state_text": self._words.t("rehearsal.first_on", number=way + 1)
            if way is not None
            else self._words.t(f"rehearsal.state.{state}"),
            "script": self._script(self._shown.steps(way)) if way is not None else [],
        }

    def _trails(self, node: str) -> list[tuple[str, ...]]:
        """Return the different trails on which cases came to a node, the shortest first."""
        reached = {visit.way: visit.number for visit in self._graph.visits}
        trails: dict[int, tuple[str, ...]] = {0: ()}
        found: dict[tuple[str, ...], None] = {}
        for number, way in enumerate(self._graph.ways):
            trail = trails[way.source]
            for seen in way.turn.seen:
                if isinstance(seen.event.body, NodeEntered):
                    trail = (*trail, seen.event.body.node)
                    if seen.event.body.node == node:
                        found[trail] = None
            if number in reached:
                trails[reached[number]] = trail
        return sorted(found, key=len)
