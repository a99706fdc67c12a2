"""Writes the route that a case will take: who will have each step, until when, and if what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.diagram.conditions import in_words
from handlers.limits import day_rule
from handlers.pages import Line
from handlers.reading import people_words
from handlers.reading.formatter import Formatter
from workflows import assignment
from workflows.case.world import World
from workflows.flow.preview import before_filing
from workflows.flow.route import Branch, Coming, Way
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, GatewayNode, TaskNode, WaitNode

_COMPARED = re.compile(r"([\w.]+)\s*(<=|>=|<|>)\s*(-?[\d.]+)")
_OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}
NAMED_MOST = 4  # people of one step that are named
STEPS_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePreview:
    """The preview of the route of a case that a person is about to file."""

    filer: str
    world: World
    write: Formatter

    def lines(self, values: Mapping[str, object]) -> tuple[Line, ...]:
        """Return the route with these values of the start form, which may be incomplete."""
        route = before_filing(filer=self.filer, values=values, world=self.world)
        return coming_lines(route, self.world.definition, self.write)

    @property
    def reads(self) -> frozenset[str]:
        """The names of the fields on which the route depends."""
        return frozenset(_reads(self.world))


def _reads(world: World) -> Iterator[str]:
    for node in world.definition.nodes:
        expressions: list[str] = []
        if isinstance(node, GatewayNode):
            for route in node.routes:
                expressions.extend(route.set.values())
                for name in world.conditions[route.when].fields if route.when else ():
                    formula = world.formulas.get(name)
                    yield from (name,) if formula is None else formula.behind
        elif isinstance(node, WaitNode):
            yield from node.dates
        elif isinstance(node, TaskNode | ApprovalNode):
            expressions.extend(text for _, text in node.workers)
        for text in expressions:
            yield from assignment.parse(text).fields


def coming_lines(
    route: Sequence[Coming], definition: Definition, write: Formatter
) -> tuple[Line, ...]:
    """Return the route as lines: until when, and what with whom.

    The steps where the case is now are left out.
    """
    ahead = [one for one in route if not one.here][:STEPS_MOST]
    return tuple(Line(when=_when(one, write), text=_text(one, definition, write)) for one in ahead)


def _when(one: Coming, write: Formatter) -> str:
    if one.kind == "wait" and one.reads:
        return write.words.t("route.no_date")
    if one.undated:
        return write.words.t("route.after")
    return write.words.t("route.until", when=write.at(one.due_at))


def _text(one: Coming, definition: Definition, write: Formatter) -> str:
    words, node = write.words, definition.node(one.node)
    text = write.text(node.name)
    if one.kind == "step":
        text = words.t("route.step", node=text, who=_who(one, definition, write))
    if isinstance(node, WaitNode) and node.starts:
        steps = dict.fromkeys(write.text(definition.node(each.to).name) for each in node.starts)
        text = words.t("route.rests", node=text, steps=write.listed(steps))
    if isinstance(node, WaitNode) and node.until is not None:
        day = day_rule(node.until, definition).in_words(write.language)
        text = words.t("route.wait", node=text, day=day)
    if all(one.ways):
        ways = words.t("route.or").join(_way(way, definition, write) for way in one.ways)
        text = words.t("route.if", condition=ways, step=text)
    return text


def _way(way: Way, definition: Definition, write: Formatter) -> str:
    return write.words.t("diagram.and").join(_branch(one, definition, write) for one in way)


def _branch(one: Branch, definition: Definition, write: Formatter) -> str:
    """Return the condition of a route, and that those of the routes before it do not hold."""
    conditions = [_negated(text, definition, write) for text in one.unless]
    if one.when is not None:
        conditions.insert(0, in_words(one.when, definition, language=write.language))
    return write.words.t("diagram.and").join(conditions)


def _negated(condition: str, definition: Definition, write: Formatter) -> str:
    """Return that a condition does not hold; of a comparison of numbers the opposite one."""
    compared = _COMPARED.fullmatch(condition.strip())
    if compared is None:
        text = in_words(condition, definition, language=write.language)
        return write.words.t("route.not", condition=text)
    name, sign, number = compared.groups()
    opposite = f"{name} {_OPPOSITE[sign]} {number}"
    return in_words(opposite, definition, language=write.language)


def _who(one: Coming, definition: Definition, write: Formatter) -> str:
    """Return who will have a step, or the rule that will decide it."""
    words = write.words
    if one.rule:
        return words.t("route.by_rule", outcome=words.t(f"outcome.{one.outcome}"))
    return words.t("route.or").join(_people(one, definition, write))


def _people(one: Coming, definition: Definition, write: Formatter) -> Iterator[str]:
    node = definition.node(one.node)
    assert isinstance(node, TaskNode | ApprovalNode), "a step has people"
    each = [_seat(seat.people, write) for seat in one.found]
    if len(each) > 1 and isinstance(node, ApprovalNode):
        yield _signers(node, each, write)
    else:
        yield from each
    if one.reads:
        rules = [people_words.in_words(text, definition, write) for _, text in node.workers]
        if isinstance(node, ApprovalNode) and len(node.seats) > 1:
            yield _signers(node, rules, write)
        else:
            yield from rules


def _signers(node: ApprovalNode, people: Sequence[str], write: Formatter) -> str:
    msgid = "route.in_turn" if node.rule.kind == "in_turn" else "route.signers"
    return write.words.t(msgid, count=len(people), people=write.listed(people[: NAMED_MOST * 2]))


def _seat(people: Sequence[str], write: Formatter) -> str:
    """Return who will have one seat: one person, one of several, or nobody."""
    words = write.words
    if not people:
        return words.t("task.nobody")
    if len(people) == 1:
        return write.name(people[0])
    names = write.names(people[:NAMED_MOST])
    if len(people) > NAMED_MOST:
        names = words.t("route.more", people=names, count=len(people) - NAMED_MOST)
    return words.t("route.one_of", count=len(people), people=names)
