"""Writes the report of a rehearsal, as text for people and as JSON values for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from handlers.i18n import Translator
from handlers.reading.formatter import Formatter
from handlers.reading.people_words import in_words
from workflows.directory import Directory
from workflows.model.definition import Definition
from workflows.moments import Moment, in_zone, iso
from workflows.rehearsal.items import PAUSE
from workflows.rehearsal.publish_check import FILER, PEER, RULE
from workflows.rehearsal.replay import Mismatch, Replayed
from workflows.rehearsal.report import Group, RehearsalFinding, Report, Step, Tally

MOST_NAMES = 12  # people in one line
MOST_FILLS = 4  # fields in one line of a script
MOST_VALUE = 40  # characters of a value in a script


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Writes the results of a rehearsal of one definition."""

    words: Translator
    definition: Definition
    directory: Directory
    zone: ZoneInfo

    # ------------------------------------------------------------ for people

    def report(self, report: Report) -> Iterator[str]:
        """Yield the lines of the whole report."""
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
        """Yield the lines that say who gets the tasks of whom."""
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

    def findings(self, findings: Iterable[RehearsalFinding]) -> Iterator[str]:
        """Yield the lines of all findings, each with its script, and their number."""
        found = [*findings]
        for one in found:
            yield from self.finding(one)
        yield self.words.n("rehearse.count", len(found)) if found else self.words.t("rehearse.good")

    def finding(self, one: RehearsalFinding) -> Iterator[str]:
        """Yield the lines of a finding, with the script that leads to it."""
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

    def _facts(self, one: RehearsalFinding) -> dict[str, str]:
        named = {
            name: self.node(value) if name in {"node", "other", "clock"} else value
            for name, value in one.facts.items()
        }
        if "people" in named:
            named["people"] = self._people(named["people"])
        if "circle" in named:
            named["circle"] = " → ".join(map(self.node, named["circle"].split(" → ")))
        return {**named, "to": self.names(one.to)}

    def _people(self, expression: str) -> str:
        """Return a people expression in words."""
        write = Formatter(
            directory=self.directory, language=self.words.language, zone=self.zone, now=0
        )  # no time is written
        return in_words(expression, self.definition, write)

    def step(self, step: Step) -> str:
        """Return the text of one step of a script."""
        who = self.names((step.who,)) if step.who else self.words.t("rehearse.somebody")
        does = "return.to" if step.does == "return" and step.to else step.does
        said = self.words.t(
            f"rehearse.step.{does}",
            who=who,
            node=self.node(step.node),
            to=self.words.t("name.separator").join(map(self.node, (step.to, *step.also))),
            action=self._action(step.action),
        )
        fills = [
            f"{name} = {str(value)[:MOST_VALUE]}"
            for name, value in step.fills.items()
            if value != "…"
        ]
        return f"{said} ({', '.join(fills[:MOST_FILLS])})" if fills else said

    def replayed(self, replayed: Replayed, *, name: str) -> Iterator[str]:
        """Yield the lines of the result of a scenario."""
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
            missing = self.words.t("name.separator").join(map(str, tally.missing))
            yield "    " + self.words.t("rehearse.missing", what=missing)

    def names(self, people: Iterable[str]) -> str:
        """Return the names of people, at most `MOST_NAMES` of them."""
        several = [*people]
        shown = several[:MOST_NAMES]
        said = self.words.t("name.separator").join(map(self._name, shown))
        more = len(several) - len(shown)
        return self.words.t("rehearse.more", names=said, more=more) if more else said

    def _name(self, key: str) -> str:
        if key in {FILER, PEER}:
            return self.words.t(f"rehearse.{key}")
        if key.startswith(RULE):
            return self.words.t(f"rehearse.{key.replace(':', '.')}")
        if key.startswith("@"):
            return self._place(key[1:].split("."))
        person = self.directory.people[key]
        chinese = self.words.language == "zh"
        return person.name if chinese else person.name_en or person.name

    def _place(self, steps: list[str]) -> str:
        """Return the text for a relation, such as "their own manager"."""
        said = self.words.t("rehearse.theirs", place=self.words.t(f"rehearse.place.{steps[0]}"))
        for step in steps[1:]:
            place = self.words.t(f"rehearse.place.{step}")
            said = self.words.t("rehearse.of", first=said, place=place)
        return said

    def node(self, key: str) -> str:
        """Return the name of a node or a clock; any other text is returned unchanged."""
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

    def time(self, at: Moment) -> str:
        """Return a time with minutes."""
        return f"{in_zone(at, self.zone):%Y-%m-%d %H:%M}"

    # ------------------------------------------------------------ for programs

    def report_facts(self, report: Report) -> dict[str, Any]:
        """Return the whole report as JSON values, with people by readable id."""
        return {
            "process": report.process,
            "start": iso(report.start),
            "situations": report.situations,
            "steps": report.steps,
            "complete": report.complete,
            "coverage": {tally.kind: _tally_facts(tally) for tally in report.tallies},
            "groups": [self.group_facts(group) for group in report.groups],
            "findings": [self.finding_facts(one) for one in report.findings],
        }

    def group_facts(self, group: Group) -> dict[str, Any]:
        """Return who gets the tasks of a group, as JSON values."""
        return {
            "people": self.ids(group.people),
            "gets": [
                {"node": got.node, "way": dict(got.way), "to": self.ids(got.to)}
                for got in group.gets
            ],
        }

    def finding_facts(self, one: RehearsalFinding) -> dict[str, Any]:
        """Return a finding as JSON values."""
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
            "at": iso(step.at),
            "who": self.ids((step.who,))[0] if step.who else None,
            "does": step.does,
            "node": step.node,
            "to": step.to,
            "also": list(step.also) or None,
            "action": step.action,
            "fills": {name: _plain(value) for name, value in step.fills.items()},
        }
        return {name: value for name, value in facts.items() if value not in ("", None, {})}

    def ids(self, people: Iterable[str]) -> list[str]:
        """Return readable ids of people; "filer" and "peer" are returned unchanged."""
        known: Mapping[str, Any] = self.directory.people
        return [known[key].id if key in known else key for key in people]


def replayed_facts(replayed: Replayed, *, name: str) -> dict[str, Any]:
    """Return the result of a scenario, as JSON values."""
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
                "at": iso(one.at),
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
