"""Reads the elements and sequence flows of BPMN from a definition.

The id of a node is the id of its element. What is added to a node has its id, a dot and a word:
"review.outcome" is the gateway behind the approval "review".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import assert_never

from handlers.bpmn.parts import Element, Event, Kind, Model, Service, Way, Work
from handlers.diagram.conditions import in_words
from handlers.i18n import translator
from handlers.i18n.dates import span
from workflows.model.clocks import Rung
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
)
from workflows.model.starts import Start

START = "start.event"  # the id of a node has no dot


def read(definition: Definition, *, language: str) -> Model:
    """Return the elements and flows, without the gateways at which flows come together."""
    reader = _Reader(definition, language)
    parts = [reader.start(), *(part for node in definition.nodes for part in reader.of(node))]
    ways = [Way(source=START, target=definition.start, main=True)]
    ways += [part for part in parts if isinstance(part, Way)]
    elements = [part for part in parts if isinstance(part, Element)]
    for lonely in [one for one in elements if one.id not in {way.target for way in ways}]:
        if lonely.id == START:
            continue
        if lonely.kind == "endEvent":
            elements.remove(lonely)
            continue
        # A completed case comes here when it is revoked: that begins with a message.
        begin = f"{lonely.id}.begin"
        elements.append(Element(id=begin, kind="startEvent", name=lonely.name, event="message"))
        ways.append(Way(source=begin, target=lonely.id))
    return Model(
        key=definition.key,
        name=definition.name.of(language),
        about=definition.purpose.of(language),
        elements=tuple(elements),
        ways=tuple(ways),
    )


def variable(node: str, what: str) -> str:
    """Return the name of the variable with the result of a node."""
    return f"{node}_{what}".replace("-", "_")


class _Reader:
    """Reads the nodes of one definition in one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.language = language
        self.words = translator(language)

    def start(self) -> Element:
        return Element(id=START, kind="startEvent", name=self.words.t("diagram.start"))

    def of(self, node: Node) -> Iterator[Element | Way]:
        """Yield the parts of a node."""
        match node:
            case TaskNode():
                yield from self._task(node)
            case ApprovalNode():
                yield from self._approval(node)
            case GatewayNode():
                yield from self._gateway(node)
            case ForkNode():
                yield from self._fork(node)
            case WaitNode():
                yield from self._wait(node)
            case ProcessNode():
                yield from self._process(node)
            case ServiceNode():
                yield from self._service(node)
            case EndNode():
                refused = node.status != "completed"
                name = node.name.of(self.language)
                ending: Event = "terminate" if refused else ""
                yield Element(id=node.id, kind="endEvent", name=name, event=ending)
            case _:
                assert_never(node)

    def _task(self, node: TaskNode) -> Iterator[Element | Way]:
        yield self._work(node)
        if not node.return_to:
            yield Way(source=node.id, target=node.next, origin=node.id, main=True)
            return
        back = self.words.t("diagram.return")
        yield from self._chosen(
            node,
            [
                ("complete", "", node.next, True),
                *((f"return_{to}", back, to, False) for to in node.return_to),
            ],
        )

    def _approval(self, node: ApprovalNode) -> Iterator[Element | Way]:
        yield self._work(node)
        found: list[tuple[str, str, str, bool]] = []
        for key, outcome in node.outcomes.items():
            given = outcome.label.of(self.language) if outcome.label else None
            label = given or self.words.t(f"diagram.{key}")
            for to in outcome.to:
                result = key if len(outcome.to) == 1 else f"{key}_{to}"
                found.append((result, label, to, key == "approve"))
            if outcome.then is not None:
                after = self.words.n("diagram.after", outcome.at_most or 1)
                found.append((f"{key}_limit", after, outcome.then, False))
        yield from self._chosen(node, found)

    def _chosen(
        self,
        node: TaskNode | ApprovalNode | ProcessNode | ServiceNode,
        results: list[tuple[str, str, str, bool]],
        what: str = "outcome",
    ) -> Iterator[Element | Way]:
        """Yield the gateway behind a node, with a way for each result: name, label, target, main.

        Without a choice there is no gateway.
        """
        if len({to for _, _, to, _ in results}) == 1:
            yield Way(source=node.id, target=results[0][2], origin=node.id, main=True)
            return
        gate = f"{node.id}.{what}"
        yield Element(id=gate, kind="exclusiveGateway", name=self.words.t("bpmn.outcome"))
        yield Way(source=node.id, target=gate, origin=node.id, main=True)
        for result, label, to, main in results:
            condition = f'{variable(node.id, what)} == "{result}"'
            name = label or self.words.t("bpmn.done")
            yield Way(
                source=gate, target=to, origin=node.id, name=name, condition=condition, main=main
            )

    def _gateway(self, node: GatewayNode) -> Iterator[Element | Way]:
        lines = [
            f"{route.when or 'else'}: {route.to}"
            + "".join(f"; {field} = {who}" for field, who in route.set.items())
            + "".join(f"; {fact} = {value}" for fact, value in route.note.items())
            for route in node.routes
        ]
        name, about = node.name.of(self.language), "\n".join(lines)
        if len({route.to for route in node.routes}) == 1:
            yield Element(id=node.id, kind="task", name=name, about=about)
            yield Way(source=node.id, target=node.routes[0].to, origin=node.id, main=True)
            return
        yield Element(id=node.id, kind="exclusiveGateway", name=name, about=about)
        # An engine takes the first way that is true; two ways to one node become one.
        targets = [route.to for route in node.routes]
        torn = len([*groupby(targets)]) > len({*targets})
        before: list[str] = []
        for route in node.routes:
            label = self._said(route.when) if route.when else self.words.t("diagram.else")
            yield Way(
                source=node.id,
                target=route.to,
                origin=node.id,
                name=label,
                condition=_first(route.when, before) if route.when else "",
                default=route.when is None,
            )
            before += [f"({route.when})"] if route.when and torn else []

    def _said(self, condition: str) -> str:
        return in_words(condition, self.definition, language=self.language)

    def _fork(self, node: ForkNode) -> Iterator[Element | Way]:
        chosen = any(branch.when for branch in node.branches)
        kind: Kind = "inclusiveGateway" if chosen else "parallelGateway"
        yield Element(id=node.id, kind=kind, name=node.name.of(self.language))
        for branch in node.branches:
            always = self.words.t("bpmn.always") if chosen else ""
            yield Way(
                source=node.id,
                target=branch.to,
                origin=node.id,
                name=self._said(branch.when) if branch.when else always,
                condition=branch.when or ("true" if chosen else ""),
                main=not branch.when,
            )
        if node.may_be_passed:
            none = self.words.t("diagram.none")
            yield Way(source=node.id, target=node.join, origin=node.id, name=none, default=True)

    def _wait(self, node: WaitNode) -> Iterator[Element | Way]:
        name = node.name.of(self.language)
        events = [self._started(node, one) for one in node.starts]
        if node.until is not None:
            alone = not node.starts
            events.append(
                Element(
                    id=node.id if alone else f"{node.id}.until",
                    kind="intermediateCatchEvent",
                    name=name if alone else self.words.t("diagram.until", day=node.until.text),
                    event="timer",
                    when=node.until.field or "",
                    about=node.until.text,
                )
            )
        targets = [one.to for one in node.starts] + ([node.next] if node.next is not None else [])
        if not node.starts:
            yield events[0]
        else:
            exclusive = f"exclusive: {', '.join(node.exclusive)}" if node.exclusive else ""
            yield Element(id=node.id, kind="eventBasedGateway", name=name, about=exclusive)
        for event, target in zip(events, targets, strict=True):
            if node.starts:
                yield event
                yield Way(source=node.id, target=event.id, origin=node.id, main=True)
            yield Way(source=event.id, target=target, origin=node.id, main=True)

    def _started(self, node: WaitNode, one: Start) -> Element:
        field = self.definition.named(one.at.field or "") if one.at is not None else None
        if one.label is not None:
            name = one.label.of(self.language)
        elif field is not None:
            name = field.label.of(self.language)
        else:
            name = self.words.t(f"diagram.every.{one.every}" if one.every else "diagram.expiry")
        given = one.model_dump(mode="json", exclude_unset=True, exclude={"id", "to", "label"})
        return Element(
            id=f"{node.id}.start.{one.id}",
            kind="intermediateCatchEvent",
            name=name,
            event="message" if one.started_by is not None else "timer",
            when=one.at.field if one.at is not None and one.at.field else variable(one.id, "day"),
            about="\n".join(f"{key}: {value}" for key, value in given.items()),
        )

    def _process(self, node: ProcessNode) -> Iterator[Element | Way]:
        name = node.name.of(self.language)
        yield Element(id=node.id, kind="callActivity", name=name, called=node.process)
        results: list[tuple[str, str, str, bool]] = [
            (ending, self.words.t(f"status.{ending}"), to, ending == "completed")
            for ending, to in node.outcomes.items()
        ]
        yield from self._chosen(node, results, "status")

    def _service(self, node: ServiceNode) -> Iterator[Element | Way]:
        name, about = node.name.of(self.language), self.words.t(f"work.{node.work}")
        service = Service(work=node.work, result=variable(node.id, "result"))
        yield Element(id=node.id, kind="serviceTask", name=name, about=about, service=service)
        results: list[tuple[str, str, str, bool]] = [
            (result, self.words.t(f"work.outcome.{result}"), to, result == "ok")
            for result, to in node.outcomes.items()
        ]
        yield from self._chosen(node, results, "result")

    def _work(self, node: TaskNode | ApprovalNode) -> Element:
        signers = node.seats if isinstance(node, ApprovalNode) else ()
        asked = (node.candidates, *(one.who for one in signers))
        ladder = self.definition.ladders.get(node.ladder)
        work = Work(
            assignee=node.assignee or "",
            candidates=tuple(one for one in asked if one is not None),
            form=node.form or "",
            due=str(node.due),
            due_text=span(node.due, language=self.language),
            ladder="\n".join(map(_rung, ladder.rungs)) if ladder is not None else "",
        )
        return Element(id=node.id, kind="userTask", name=node.name.of(self.language), work=work)


def _first(condition: str, before: list[str]) -> str:
    """Return a condition that is true if it is the first to be true."""
    return f"({condition}) and not ({' or '.join(before)})" if before else condition


def _rung(rung: Rung) -> str:
    given = rung.model_dump(mode="json", exclude_unset=True, exclude={"at"})
    return f"{rung.at.text}: " + ", ".join(f"{key} = {_value(one)}" for key, one in given.items())


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
