"""Loads a scenario and reports all findings at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError

from workflows import model_errors
from workflows.actions.begin import subjects
from workflows.actions.decide import OUTCOMES
from workflows.actions.judge import WORDS as SUBJECTS
from workflows.directory import Directory
from workflows.errors import DefinitionError
from workflows.flow import verdicts
from workflows.loading import Source, read_source
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, Form
from workflows.model.nodes import ApprovalNode, WaitNode
from workflows.registry import ACTIONS
from workflows.rehearsal.scenario import Expectation, Scenario, ScenarioStep
from workflows.toml_lines import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScenario:
    """A scenario that was loaded, with its source."""

    scenario: Scenario
    source: Source


def read_scenario(
    text: str, *, file: str, definition: Definition, directory: Directory
) -> ReadScenario:
    """Load a scenario of a definition; raise DefinitionError with all findings."""
    source = read_source(text.removeprefix("\ufeff").replace("\r\n", "\n"), file=file)
    try:
        scenario = Scenario.model_validate(source.tree)
    except ValidationError as error:
        flaws = model_errors.flaws(error, model=Scenario)
        raise DefinitionError(source.findings(flaws)) from error
    found = source.findings(_Reader(scenario, definition, directory).flaws())
    if found:
        raise DefinitionError(found)
    return ReadScenario(scenario=scenario, source=source)


# ------------------------------------------------------------------ does it fit the definition?

_NEEDS: Mapping[str, str] = {
    word: action.needs for action in ACTIONS.values() for word in action.does if action.needs
}
_WITH_FORM = {"file", "record", *OUTCOMES}
_TO_NODE = {"return", "send_back"}  # `to` of all other actions are people


class _Reader:
    def __init__(self, scenario: Scenario, definition: Definition, directory: Directory) -> None:
        self._scenario = scenario
        self._definition = definition
        self._people = [person.id for person in directory.people.values()]
        self._nodes = [node.id for node in definition.nodes]

    def flaws(self) -> Iterator[Flaw]:
        """Yield the names that the definition and the directory do not have."""
        if self._scenario.process != self._definition.key:
            yield self._unknown(
                ("process",), "process", self._scenario.process, [self._definition.key]
            )
        for index, step in enumerate(self._scenario.steps):
            path: Path = ("steps", index)
            if (step.does == "file") != (index == 0):
                hint = 'Begin with does = "file"; one scenario is about one case'
                yield Flaw(path=path, problem="a case is filed once, first of all", hint=hint)
            yield from self._step(step, path)
            for number, expectation in enumerate(step.expect):
                yield from self._expectation(expectation, (*path, "expect", number))

    def _step(self, step: ScenarioStep, path: Path) -> Iterator[Flaw]:
        if step.who is not None:
            yield from self._persons((*path, "who"), (step.who,))
        if step.node is not None and step.node not in self._nodes:
            yield self._unknown((*path, "node"), "node", step.node, self._nodes)
        names = self._starts if step.does == "begin" else [*self._definition.actions]
        if step.action is not None and step.action not in names:
            yield self._unknown((*path, "action"), "action", step.action, names)
        need = _NEEDS.get(step.does or "")
        if need is not None and getattr(step, need) is None:
            problem = f'"{step.does}" needs "{need}"'
            yield Flaw(path=path, problem=problem, hint=f"Add {need} = …")
        if step.does in _TO_NODE:
            for target in step.to or ():
                if target not in self._nodes:
                    yield self._unknown((*path, "to"), "node", target, self._nodes)
        elif step.does in ("begin", *SUBJECTS):
            known = self._subjects(step.node)
            for subject in step.to or ():
                if subject not in known:
                    yield self._unknown((*path, "to"), "certificate", subject, known)
        else:
            yield from self._persons((*path, "to"), step.to or ())
        yield from self._fills(step, path)

    @property
    def _starts(self) -> list[str]:
        """The ids of the starts of all wait nodes."""
        waits = (one for one in self._definition.nodes if isinstance(one, WaitNode))
        return [start.id for one in waits for start in one.starts]

    def _subjects(self, node: str | None) -> list[str]:
        """Return the certificates that a node checks or renews, or any where it names none."""
        checks = (
            verdicts.certificates(self._definition, one)
            for one in self._definition.nodes
            if isinstance(one, ApprovalNode) and one.checked_form and node in (None, one.id)
        )
        waits = (one for one in self._definition.nodes if isinstance(one, WaitNode))
        starts = (
            subjects(self._definition, start)
            for one in waits
            if node in (None, one.id)
            for start in one.starts
            if start.for_each is not None
        )
        judged = [field.id for fields in checks for field in fields]
        return [*dict.fromkeys((*judged, *(one for found in starts for one in found)))]

    def _fills(self, step: ScenarioStep, path: Path) -> Iterator[Flaw]:
        form = form_of(self._definition, step)
        known = {field.id: field for field in form.fields} if form is not None else {}
        if form is None and step.node is None and step.does in _WITH_FORM:
            known = {field.id: field for field in self._definition.every_field()}
        for name, value in step.fills.items():
            here: Path = (*path, "fills", name)
            field = known.get(name)
            if field is None:
                yield self._unknown(here, "field in this form", name, [*known])
            elif field.options:
                options = [option.id for option in field.options]
                for one in value if isinstance(value, list) else [value]:
                    if one not in options:
                        yield self._unknown(here, "option", str(one), options)
            elif field.type is FieldType.PERSON:
                yield from self._persons(here, (str(value),))

    def _expectation(self, expectation: Expectation, path: Path) -> Iterator[Flaw]:
        for name in ("with_", "reminded", "escalated", "copied", "told"):
            yield from self._persons((*path, name.rstrip("_")), getattr(expectation, name) or ())
        for name in ("node", "lapsed"):
            node = getattr(expectation, name)
            if node is not None and node not in self._nodes:
                yield self._unknown((*path, name), "node", node, self._nodes)
        clocks = [*self._definition.clocks, *self._nodes, "pause"]
        if expectation.clock is not None and expectation.clock not in clocks:
            yield self._unknown((*path, "clock"), "clock", expectation.clock, clocks)

    def _persons(self, path: Path, ids: tuple[str, ...]) -> Iterator[Flaw]:
        for person in ids:
            if person not in self._people:
                yield self._unknown(path, "person", person, self._people)

    def _unknown(self, path: Path, what: str, word: str, known: list[str]) -> Flaw:
        close = get_close_matches(word, known, n=1)
        some = ", ".join(known[:_SOME]) + (", …" if len(known) > _SOME else "")
        hint = f"Perhaps you mean {close[0]}" if close else f"Known here: {some or 'none'}"
        return Flaw(path=path, problem=f'there is no {what} "{word}"', hint=hint)


_SOME = 10


def form_of(definition: Definition, step: ScenarioStep) -> Form | None:
    """Return the form that a step fills, or None if the step does not determine it."""
    key: str | None = None
    if step.does == "file":
        key = definition.start_form
    elif step.does == "record" and step.action in definition.actions:
        key = definition.actions[step.action].form
    elif step.does in OUTCOMES and step.node is not None:
        node = next((node for node in definition.nodes if node.id == step.node), None)
        key = getattr(node, "form", None)
    return definition.forms.get(key) if key is not None else None
