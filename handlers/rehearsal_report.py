"""A rehearsal as people read it, in their language, and as programs read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.i18n import Translator
from workflows.definition import Definition
from workflows.directory import Directory
from workflows.rehearsal.items import PAUSE
from workflows.rehearsal.publish_check import FILER, PEER
from workflows.rehearsal.replay import Mismatch, Replayed
from workflows.rehearsal.report import Found, Group, Report, Step, Tally

MOST_NAMES = 12  # of people in one line
MOST_FILLS = 4  # of fields in one line of a script
MOST_VALUE = 40  # characters of a value in a script


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is needed to say what a rehearsal found."""

    words: Translator
    definition: Definition
    directory: Directory
    zone: ZoneInfo

    # ------------------------------------------------------------ for people

    def report(self, report: Report) -> Iterator[str]:
        """The whole report, line by line."""
        t = self.words.t
        name = self.definition.name.of(self.words.language)
        yield t("rehearse.title", name=name, key=report.process, start=self.time(report.start))
        yield t("rehearse.size", situations=report.situations, steps=report.steps)
        if not report.complete:
            yield t("rehearse.incomplete")
        yield ""
        yield t("rehearse.coverage")
        for tally in report.tallies:
            yield from self._tally(tally)
        yield ""
        yield from self.groups(report.groups)
        yield ""
        yield from self.findings(report.findings)

    def groups(self, groups: Iterable[Group]) -> Iterator[str]:
        """Who gets the work of whom."""
        yield self.words.t("rehearse.who")
        for group in groups:
            names = self.names(group.people)
            yield "  " + self.words.n("rehearse.people", len(group.people), names=names)
            by_node: dict[str, dict[str, None]] = {}
            for got in group.gets:
                by_node.setdefault(got.node, {}).update(dict.fromkeys(got.to))
            for node, people in by_node.items():
                to = self.names(people)
                yield "    " + self.words.t("rehearse.gets", node=self.node(node), people=to)

    def findings(self, findings: Iterable[Found]) -> Iterator[str]:
        """Everything to mend, with the way to see it; or that there is nothing."""
        found = [*findings]
        for one in found:
            yield from self.finding(one)
        yield self.words.n("rehearse.count", len(found)) if found else self.words.t("rehearse.good")

    def finding(self, one: Found) -> Iterator[str]:
        """One thing to mend."""
        t = self.words.t
        place = f"{one.file}:{one.line}" if one.line else one.file
        facts = self._facts(one)
        yield f"{place}: {one.where}: {t(f'rehearse.finding.{one.code}', **facts)}"
        yield "  → " + t(f"rehearse.hint.{one.code}", **facts)
        if one.people:
            names = self.names(one.people)
            yield "  " + self.words.n("rehearse.concerns", len(one.people), names=names)
        if one.script:
            yield "  " + t("rehearse.script")
            for step in one.script:
                yield f"    {self.time(step.at)}  {self.step(step)}"

    def _facts(self, one: Found) -> dict[str, str]:
        named = {
            name: self.node(value) if name in {"node", "other", "clock"} else value
            for name, value in one.facts.items()
        }
        if "circle" in named:
            named["circle"] = " → ".join(map(self.node, named["circle"].split(" → ")))
        return {**named, "to": self.names(one.to)}

    def step(self, step: Step) -> str:
        """One step of a script."""
        who = self.names((step.who,)) if step.who else self.words.t("rehearse.somebody")
        said = self.words.t(
            f"rehearse.step.{step.does}",
            who=who,
            node=self.node(step.node),
            to=self.node(step.to),
            action=self._action(step.action),
        )
        fills = [
            f"{name} = {str(value)[:MOST_VALUE]}"
            for name, value in step.fills.items()
            if value != "…"
        ]
        return f"{said} ({', '.join(fills[:MOST_FILLS])})" if fills else said

    def replayed(self, replayed: Replayed, *, name: str) -> Iterator[str]:
        """What came of a scenario."""
        t = self.words.t
        for mismatch in replayed.mismatches:
            yield from self._mismatch(mismatch)
        facts = {"name": name, "steps": replayed.steps, "of": replayed.of}
        if replayed.good:
            yield t("rehearse.scenario.good", **facts)
        else:
            count = len(replayed.mismatches)
            yield self.words.n("rehearse.scenario.bad", count, **facts)

    def _mismatch(self, one: Mismatch) -> Iterator[str]:
        place = f"{one.file}:{one.line}" if one.line else one.file
        said = self.words.t(f"rehearse.mismatch.{one.code}", wanted=one.wanted)
        yield f"{place}: {one.where}: {self.time(one.at)}: {said}"
        for what in one.instead:
            yield "  " + self.words.t("rehearse.happened", what=what)
        if not one.instead:
            yield "  " + self.words.t("rehearse.nothing_happened")

    def _tally(self, tally: Tally) -> Iterator[str]:
        kind = self.words.t(f"rehearse.kind.{tally.kind}")
        yield f"  {tally.covered}/{len(tally.all)}  {kind}"
        if tally.missing:
            missing = ", ".join(map(str, tally.missing))
            yield "    " + self.words.t("rehearse.missing", what=missing)

    def names(self, people: Iterable[str]) -> str:
        """Names of people; of many the first ones."""
        several = [*people]
        shown = several[:MOST_NAMES]
        said = ", ".join(map(self._name, shown))
        more = len(several) - len(shown)
        return self.words.t("rehearse.more", names=said, more=more) if more else said

    def _name(self, key: str) -> str:
        if key in {FILER, PEER}:
            return self.words.t(f"rehearse.{key}")
        if key.startswith("@"):
            return self._place(key[1:].split("."))
        person = self.directory.people[key]
        chinese = self.words.language == "zh"
        return person.name if chinese else person.name_en or person.name

    def _place(self, steps: list[str]) -> str:
        """Somebody's own manager, head, …"""
        said = self.words.t("rehearse.theirs", place=self.words.t(f"rehearse.place.{steps[0]}"))
        for step in steps[1:]:
            place = self.words.t(f"rehearse.place.{step}")
            said = self.words.t("rehearse.of", first=said, place=place)
        return said

    def node(self, key: str) -> str:
        """The name of a node or a clock; anything else as it is."""
        language = self.words.language
        found = next((node for node in self.definition.nodes if node.id == key), None)
        if found is not None:
            return found.name.of(language)
        clock = self.definition.clocks.get(key)
        if clock is not None:
            return clock.name.of(language)
        return self.words.t("rehearse.pause") if key == PAUSE else key

    def _action(self, key: str) -> str:
        found = self.definition.actions.get(key)
        return found.name.of(self.words.language) if found is not None else key

    def time(self, at: datetime) -> str:
        """A moment, to the minute."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    # ------------------------------------------------------------ for programs

    def report_facts(self, report: Report) -> dict[str, Any]:
        """The whole report as plain values; people by readable id."""
        return {
            "process": report.process,
            "start": report.start.isoformat(),
            "situations": report.situations,
            "steps": report.steps,
            "complete": report.complete,
            "coverage": {tally.kind: _tally_facts(tally) for tally in report.tallies},
            "groups": [self.group_facts(group) for group in report.groups],
            "findings": [self.finding_facts(one) for one in report.findings],
        }

    def group_facts(self, group: Group) -> dict[str, Any]:
        """Who gets the work of a group."""
        return {
            "people": self.ids(group.people),
            "gets": [
                {"node": got.node, "way": dict(got.way), "to": self.ids(got.to)}
                for got in group.gets
            ],
        }

    def finding_facts(self, one: Found) -> dict[str, Any]:
        """One thing to mend."""
        facts = self._facts(one)
        return {
            "kind": one.kind.value,
            "code": one.code,
            "file": one.file,
            "line": one.line,
            "where": one.where,
            "problem": self.words.t(f"rehearse.finding.{one.code}", **facts),
            "hint": self.words.t(f"rehearse.hint.{one.code}", **facts),
            "facts": dict(one.facts),
            "people": self.ids(one.people),
            "to": self.ids(one.to),
            "script": [self._step_facts(step) for step in one.script],
        }

    def _step_facts(self, step: Step) -> dict[str, Any]:
        facts = {
            "at": step.at.isoformat(),
            "who": self.ids((step.who,))[0] if step.who else None,
            "does": step.does,
            "node": step.node,
            "to": step.to,
            "action": step.action,
            "fills": {name: _plain(value) for name, value in step.fills.items()},
        }
        return {name: value for name, value in facts.items() if value not in ("", None, {})}

    def ids(self, people: Iterable[str]) -> list[str]:
        """Readable ids; "filer" and "peer" as they are."""
        known: Mapping[str, Any] = self.directory.people
        return [known[key].id if key in known else key for key in people]


def replayed_facts(replayed: Replayed, *, name: str) -> dict[str, Any]:
    """What came of a scenario, as plain values."""
    return {
        "scenario": name,
        "steps": replayed.steps,
        "of": replayed.of,
        "good": replayed.good,
        "mismatches": [
            {
                "code": one.code,
                "file": one.file,
                "line": one.line,
                "where": one.where,
                "at": one.at.isoformat(),
                "wanted": one.wanted,
                "instead": list(one.instead),
            }
            for one in replayed.mismatches
        ],
    }


def _tally_facts(tally: Tally) -> dict[str, Any]:
    return {
        "covered": tally.covered,
        "all": len(tally.all),
        "missing": [str(item) for item in tally.missing],
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
