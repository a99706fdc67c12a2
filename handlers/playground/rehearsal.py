"""Makes a rehearsal for the playground's page: its progress, coverage and findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handlers.diagram.coverage import coverage_diagram, coverage_state
from handlers.i18n import dates, translator
from handlers.i18n.sayings import told
from handlers.playground.rehearsal_page import (
    PageFinding,
    PageFlaw,
    PageGot,
    PageGroup,
    PageItem,
    PageNow,
    PagePart,
    PagePartLine,
    PageRehearsal,
    PageStep,
    PageTally,
    PageVerdict,
    Seen,
    Tone,
)
from handlers.rehearsal_items import DEEDS, ItemWords
from handlers.rehearsal_report import Wording
from handlers.rehearsing import Rehearsing
from workflows.case.status import Status
from workflows.errors import Finding
from workflows.flow.entering import NodeEntered
from workflows.rehearsal.items import PAUSE, Item, items
from workflows.rehearsal.judge import tallies
from workflows.rehearsal.report import RehearsalFinding, Report, Step

MOST_TRAILS = 6  # paths to a node that are shown


def rehearsal_view(shown: Rehearsing, *, run: int, language: str, part: str = "") -> PageRehearsal:
    """Return the state of a rehearsal.

    Args:
        run: the number of the rehearsal since the start of the server.
        part: the node, clock or other part whose details are included.
    """
    return _View(shown, language).whole(run=run, part=part)


def flaws_view(flaws: Iterable[Finding], *, language: str) -> tuple[PageFlaw, ...]:
    """Return the problems of a draft, each with its place and what to do."""
    words = translator(language)
    return tuple(
        PageFlaw(
            place=f"{one.file}:{one.line}" if one.line else one.file,
            where=one.where,
            text=told(one.problem, words=words),
            hint=told(one.hint, words=words),
        )
        for one in flaws
    )


class _View:
    """A rehearsal at one time, in one language."""

    def __init__(self, shown: Rehearsing, language: str) -> None:
        self._shown = shown
        self._graph = shown.graph
        self._definition = shown.loaded.definition
        self._words = translator(language)
        self._language = language
        self._says = Wording(words=self._words, **shown.words_for)
        self._items = ItemWords(says=self._says)
        self._over = not shown.going_on

    def whole(self, *, run: int, part: str) -> PageRehearsal:
        shown, graph = self._shown, self._graph
        now, wrong = self._now(), shown.findings
        return PageRehearsal(
            run=run,
            process=self._definition.key,
            name=self._definition.name.of(self._language),
            file=shown.loaded.source.file,
            draft=shown.draft,
            stage=shown.stage,
            going_on=shown.going_on,
            steps=len(graph.ways),
            situations=len(graph.visits),
            size_text=self._words.t(
                "rehearse.size", situations=len(graph.visits), steps=len(graph.ways)
            ),
            passed_text=dates.duration(shown.passed, language=self._language),
            now=now,
            tallies=self._tallies(),
            diagram=coverage_diagram(
                self._definition,
                language=self._language,
                seen=graph.seen,
                current=now.node if now is not None and shown.stage == "playing" else "",
                over=self._over,
            ),
            parts=tuple(self._parts()),
            findings=tuple(map(self._finding, wrong)),
            verdict=self._verdict(shown.report, len(wrong)),
            groups=tuple(self._groups(shown.report)) if shown.report is not None else (),
            part=self._part(part) if part else None,
        )

    def _now(self) -> PageNow | None:
        """Return the path that was played last, or None."""
        if not self._graph.ways:
            return None
        way = self._graph.ways[-1]
        step = self._shown.steps(way)[-1]
        case, began = way.turn.play.case, self._graph.visits[0].play.now
        running = case is not None and case.status is Status.RUNNING
        return PageNow(
            number=len(self._graph.ways),
            text=self._says.step(step),
            note="" if way.turn.done else self._words.t("rehearsal.refused"),
            at_text=self._says.time(way.turn.play.now),
            in_text=dates.duration(way.turn.play.now - began, language=self._language),
            node=case.node if case is not None and running else "",
            trail=tuple(map(self._says.node, case.trail)) if case else (),
        )

    def _tallies(self) -> tuple[PageTally, ...]:
        return tuple(
            PageTally(
                kind=tally.kind,
                label=self._words.t(f"rehearse.kind.{tally.kind}"),
                covered=tally.covered,
                all=len(tally.all),
            )
            for tally in tallies(self._definition, self._graph)
        )

    # ------------------------------------------------------------------ findings, verdict

    def _finding(self, one: RehearsalFinding) -> PageFinding:
        facts = self._says.finding_facts(one)
        names = self._says.names(one.people)
        count = len(one.people)
        node = one.facts.get("node", "")
        return PageFinding(
            code=one.code,
            place=f"{one.file}:{one.line}" if one.line else one.file,
            where=one.where,
            text=facts["problem"],
            hint=facts["hint"],
            concerns=self._words.n("rehearse.concerns", count, names=names) if count else "",
            node=node if any(node == known.id for known in self._definition.nodes) else "",
            script=self._script(one.script),
        )

    def _script(self, steps: Sequence[Step]) -> tuple[PageStep, ...]:
        return tuple(
            PageStep(at_text=self._says.time(step.at), text=self._says.step(step)) for step in steps
        )

    def _verdict(self, report: Report | None, wrong: int) -> PageVerdict:
        """Return the result of the rehearsal, or the stage that it is in."""
        t, stage = self._words.t, self._shown.stage
        count = self._words.n("rehearse.count", wrong) if wrong else ""
        if report is None:
            tone: Tone = "danger" if stage == "broken" else "warn" if stage == "stopped" else "info"
            return PageVerdict(tone=tone, text=t(f"rehearsal.stage.{stage}"), detail=count)
        seen = sum(tally.covered for tally in report.tallies)
        facts = {"seen": seen, "all": sum(len(tally.all) for tally in report.tallies)}
        detail = t("rehearsal.seen_all" if seen == facts["all"] else "rehearsal.seen", **facts)
        if not report.complete:
            detail = t("rehearse.incomplete")
        if report.good:
            return PageVerdict(tone="good", text=t("rehearsal.good"), detail=detail)
        return PageVerdict(tone="danger", text=count, detail=detail)

    def _groups(self, report: Report) -> Iterator[PageGroup]:
        for group in report.groups:
            names = self._says.names(group.people)
            by_node: dict[str, dict[str, None]] = {}
            for got in group.gets:
                by_node.setdefault(got.node, {}).update(dict.fromkeys(got.to))
            yield PageGroup(
                who=self._words.n("rehearse.people", len(group.people), names=names),
                gets=tuple(
                    PageGot(node=self._says.node(node), to=self._says.names(to))
                    for node, to in by_node.items()
                ),
            )

    # ------------------------------------------------------------------ parts

    def _of(self, part: str) -> list[Item]:
        """Return the items of a part, in the order of the definition."""
        return [
            item
            for item in items(self._definition)
            if (item.kind == "deed" if part == DEEDS else item.of == part and item.kind != "deed")
        ]

    def _parts(self) -> Iterator[PagePartLine]:
        """Yield the parts that are not nodes: clocks of the case, questions, and so on."""
        for part in (*self._definition.clocks, PAUSE, DEEDS):
            wanted = self._of(part)
            if wanted:
                state = coverage_state(wanted, self._graph.seen, over=self._over)
                yield PagePartLine(
                    id=part,
                    name=self._items.place(part),
                    state=state,
                    state_text=self._words.t(f"rehearsal.state.{state}"),
                    covered=sum(item in self._graph.seen for item in wanted),
                    all=len(wanted),
                )

    def _part(self, part: str) -> PagePart | None:
        """Return the items of a part, the shortest script to each, and the trails to the part."""
        wanted = self._of(part)
        if not wanted:
            return None
        trails = self._trails(part)
        said = tuple(tuple(map(self._says.node, trail)) for trail in trails[:MOST_TRAILS])
        more = len(trails) - len(said)
        return PagePart(
            id=part,
            name=self._items.place(part),
            items=tuple(self._item(item) for item in wanted if item.kind != "node"),
            came_text=self._words.n("rehearsal.trails", len(trails)) if trails else "",
            trails=said,
            more_text=self._words.n("rehearsal.trails_more", more) if more else "",
        )

    def _item(self, item: Item) -> PageItem:
        way = self._graph.seen.get(item)
        state: Seen = "seen" if way is not None else "missed" if self._over else "ahead"
        return PageItem(
            kind=item.kind,
            text=self._items.item(item),
            state=state,
            state_text=self._words.t("rehearsal.first_on", number=way + 1)
            if way is not None
            else self._words.t(f"rehearsal.state.{state}"),
            script=self._script(self._shown.steps(way)) if way is not None else (),
        )

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
