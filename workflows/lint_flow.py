"""Lint of the data flow: fields are filled before they are read, people set before they are named.

A fact is **certain** at a node if it holds on every path from filing to that node. Facts are the
required fields of the start form, without those that are asked on a condition; those of the form of
a task or an approval, after it was completed or decided; those of the forms of actions that a node
requires; and the names that the route of a gateway sets. A path back by `return_to` adds nothing.
At the join of a fork the facts of all its branches are certain that have no condition.

* Conditions of a gateway read only certain fields. Otherwise the case would silently take another
  route, because an empty field makes a condition false.
* The people of a node, the names that a route sets, and the ladders of a node mention only certain
  names and fields; so does the survey, at every end that completes a case.
* Copying in (`cc`) mentions what is at least **possible**: filled, or set, on some path to the
  node.
* The clocks of the case, their ladders and that of the pause run from filing on, before anything is
  certain. There an empty field makes a condition false, and the owner is the fallback for people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows.conditions import Condition
from workflows.expressions import RESERVED, Expression
from workflows.fact_rules import Formulas
from workflows.lint_graph import Edge, edges, nearest
from workflows.mentions import Flaw, Mention, MentionPlace, Texts, conditions, people
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRED_REQUIRED, FieldType
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    Node,
    TaskNode,
    WorkNode,
)
from workflows.regions import regions
from workflows.said import Saying, said
from workflows.toml_lines import Path

Fact = tuple[str, str]  # ("field", id) or ("name", name)
Facts = frozenset[Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The facts that are certain and possible when a node is entered, by reachable node."""

    certain: Mapping[str, Facts]
    possible: Mapping[str, Facts]


def flaws(definition: Definition, texts: Texts, formulas: Formulas) -> Iterator[Flaw]:
    """Yield the names and fields that are read too early, or that do not exist."""
    known = facts(definition)
    yield from _names(definition)
    for mention in people(definition):
        expression = texts.people.get(mention.text)
        if expression is None:
            continue
        stray = [*_strays(definition, mention, expression)]
        yield from stray
        if not stray:
            yield from _early_people(definition, known, mention, expression)
    for index, node in enumerate(definition.nodes):
        card = definition.scorecards.get(getattr(node, "score", None) or "")
        if card is not None:
            here: Path = ("nodes", index, "score")
            mention = Mention(path=here, text="", place=MentionPlace.ROUTE, of=node.id)
            named = (item.field for item in card.items)
            fields = [("field", name) for name in named if definition.field(name) is not None]
            yield from _early(definition, known, mention, fields)
    given = {*definition.kept, EXPIRED_REQUIRED}
    for mention in conditions(definition):
        condition = texts.conditions.get(mention.text)
        if condition is not None:
            read = sorted(("field", name) for name in condition.fields - given)
            yield from _early(definition, known, mention, read)
            yield from _early_facts(definition, known, mention, condition, formulas)


def facts(definition: Definition) -> Known:
    """Return what is known when each node is entered, without unreachable nodes."""
    nodes = {node.id: node for node in definition.nodes}
    ways = [way for way in edges(definition) if way.target in nodes]
    certain, possible = _Gains(definition, surely=True), _Gains(definition, surely=False)
    return Known(
        certain=_spread(definition, nodes, ways, certain, frozenset.intersection),
        possible=_spread(definition, nodes, ways, possible, frozenset.union),
    )


def _spread(
    definition: Definition,
    nodes: Mapping[str, Node],
    ways: list[Edge],
    gains: _Gains,
    meet: Callable[[Facts, Facts], Facts],
) -> Mapping[str, Facts]:
    """Propagate the facts along the edges until nothing changes, as a data-flow analysis."""
    found: dict[str, Facts] = {definition.start: gains.at_filing()}
    forks = _Joins(definition, ways, gains) if gains.surely else None
    changed = True
    while changed:
        changed = False
        for way in ways:
            if way.source not in found or (forks is not None and forks.arrives(way)):
                continue
            carried = found[way.source] | gains.on(nodes[way.source], way)
            if forks is not None and forks.opens(way):
                gathered = forks.gathered(way, found)
                if gathered is None:
                    continue
                carried |= gathered
            here = found.get(way.target)
            new = carried if here is None else meet(here, carried)
            if new != here:
                found[way.target], changed = new, True
    return found


class _Joins:
    """What the branches of forks bring to their joins, where all of them come together."""

    def __init__(self, definition: Definition, ways: list[Edge], gains: _Gains) -> None:
        """Find the edges by which branches come to their joins."""
        forks = (node for node in definition.nodes if isinstance(node, ForkNode))
        self._always = {
            (fork.id, one.to) for fork in forks for one in fork.branches if one.when is None
        }
        self._regions = regions(definition)
        self._ways = ways
        self._gains = gains
        self._nodes = {node.id: node for node in definition.nodes}

    def arrives(self, way: Edge) -> bool:
        """Return whether a branch comes to its join by this edge."""
        return any(way.target == one.join and way.source in one.nodes for one in self._regions)

    def opens(self, way: Edge) -> bool:
        """Return whether this edge leads from a fork to its join."""
        return any(way.source == one.fork and way.target == one.join for one in self._regions)

    def gathered(self, way: Edge, found: Mapping[str, Facts]) -> Facts | None:
        """Return what is certain after all branches without a condition; `way` is of the fork.

        None while nothing is known of one of them.
        """
        facts: Facts = frozenset()
        for one in self._regions:
            if one.fork != way.source or (one.fork, one.branch) not in self._always:
                continue
            arriving = [
                found[other.source] | self._gains.on(self._nodes[other.source], other)
                for other in self._ways
                if other.source in one.nodes and other.target == one.join and other.source in found
            ]
            if not arriving:
                return None
            facts |= frozenset.intersection(*arriving)
        return facts


@dataclass(frozen=True, slots=True)
class _Gains:
    """The facts that an edge adds: certain ones, or possible ones."""

    definition: Definition
    surely: bool

    def at_filing(self) -> Facts:
        return self._form(self.definition.start_form)

    def on(self, node: Node, way: Edge) -> Facts:
        if isinstance(node, GatewayNode):
            assert way.route is not None, "a gateway is left by its routes"
            return frozenset(("name", name) for name in node.routes[way.route].set)
        if not isinstance(node, WorkNode) or (way.goes_back and self.surely):
            return frozenset()
        offered = self.definition.actions
        if self.surely:
            done = [offered[key] for key in node.requires if key in offered]
        else:
            done = [action for action in offered.values() if node.id in action.nodes]
        own = None if isinstance(node, ApprovalNode) and node.for_each else node.form
        forms = (own, *(action.form for action in done))
        return frozenset().union(*(self._form(form) for form in forms))

    def _form(self, key: str | None) -> Facts:
        if key is None:
            return frozenset()
        form = self.definition.forms.get(key)
        if form is None:  # reported already; no follow-up findings
            every = (field for _, field in self.definition.all_fields())
            return frozenset(("field", name) for field in every for name in field.names)
        sure = (field for field in form.fields if field.always or not self.surely)
        return frozenset(("field", name) for field in sure for name in field.names)


# ------------------------------------------------------------ what is too early


def _early_people(
    definition: Definition, known: Known, mention: Mention, expression: Expression
) -> Iterator[Flaw]:
    needed = [("name", name) for name in expression.names]
    needed += [("field", field) for field in expression.fields]
    yield from _early(definition, known, mention, needed)


def _early(
    definition: Definition, known: Known, mention: Mention, needed: Iterable[Fact]
) -> Iterator[Flaw]:
    for kind, name in needed:
        for node in _nodes_of(definition, mention):
            have = (known.possible if mention.place is MentionPlace.COPY else known.certain).get(
                node
            )
            if have is None or (kind, name) in have:
                continue
            yield _early_flaw(mention, kind, name, node)
            break


def _early_facts(
    definition: Definition,
    known: Known,
    mention: Mention,
    condition: Condition,
    formulas: Formulas,
) -> Iterator[Flaw]:
    """Yield the facts that are read before a form was taken that they are worked out from."""
    for name in sorted(condition.fields & formulas.by_fact.keys()):
        if formulas.by_fact[name].calculation is None:
            continue  # worked out by a gateway, not when a form is taken
        behind = [("field", field) for field in sorted(formulas.by_fact[name].behind)]
        early = next(_early(definition, known, mention, behind), None)
        if early is not None:
            problem = said(
                "early_fact", '"{fact}" is not known yet: {reason}', fact=name, reason=early.problem
            )
            yield Flaw(path=early.path, problem=problem, hint=early.hint)


def _early_flaw(mention: Mention, kind: str, name: str, node: str) -> Flaw:
    if kind == "name":
        problem = said(
            "not_set",
            '"{name}" may not be set yet when the case comes to "{node}"',
            name=name,
            node=node,
        )
        hint = said(
            "set_before", 'Set "{name}" in every route of a gateway that stands before', name=name
        )
    elif mention.place is MentionPlace.COPY:
        problem = said(
            "never_filled",
            '"{field}" is never filled when the case comes to "{node}"',
            field=name,
            node=node,
        )
        hint = said("copy_later", "Copy people in at a later node, or ask for the field earlier")
    else:
        problem = said(
            "still_empty",
            '"{field}" may still be empty when the case comes to "{node}"',
            field=name,
            node=node,
        )
        hint = said(
            "require_field",
            "Make the field required, in a form that is filled on every path there",
        )
    return Flaw(path=mention.path, problem=problem, hint=hint)


def _nodes_of(definition: Definition, mention: Mention) -> tuple[str, ...]:
    """Return the nodes at which a text is read; none for what runs from filing on."""
    if mention.place in {MentionPlace.WORK, MentionPlace.COPY, MentionPlace.ROUTE}:
        return (mention.of,)
    if mention.place is MentionPlace.NOBODY:
        named = (node for node in definition.nodes if isinstance(node, ApprovalNode))
        return tuple(
            node.id for node in named if (node.id == mention.of if mention.of else not node.nobody)
        )
    if mention.place is MentionPlace.LADDER:
        return tuple(
            node.id
            for node in definition.nodes
            if isinstance(node, TaskNode | ApprovalNode) and mention.of in node.ladders
        )
    if mention.place is MentionPlace.SURVEY:
        return tuple(
            node.id
            for node in definition.nodes
            if isinstance(node, EndNode) and node.status == "completed"
        )
    return ()


# ------------------------------------------------------------ what is out of place

_NO_CASE = said(
    "no_case_yet", 'There is no case yet: use roles, departments and people, such as "role:buyer"'
)


def _strays(definition: Definition, mention: Mention, expression: Expression) -> Iterator[Flaw]:
    """Yield words that are not allowed at this place, and names and fields that do not exist."""

    def flaw(problem: Saying, hint: Saying) -> Flaw:
        return Flaw(path=mention.path, problem=problem, hint=hint)

    if "assignee" in expression.words and mention.place is not MentionPlace.LADDER:
        yield flaw(
            said("stray_assignee", '"assignee" means somebody only in a ladder'),
            said("write_filer", 'Write "filer", a role or a name'),
        )
    if mention.place is MentionPlace.OWNER and "owner" in expression.words:
        yield flaw(
            said("owner_by_owner", "the owner is named by the owner"),
            said("write_role", 'Write a role or a person: "role:buyer"'),
        )
    if mention.place in {MentionPlace.OWNER, MentionPlace.STARTED_BY}:
        bound = [word for word in expression.words if word == "filer"]
        for name in (*bound, *expression.names, *expression.fields):
            yield flaw(
                said("nobody_yet", '"{name}" means nobody before a case is filed', name=name),
                _NO_CASE,
            )
        return
    settable = _settable(definition)
    for name in expression.names:
        if name not in settable:
            otherwise = said("let_set", 'Let a gateway set it, or write a role: "role:…"')
            hint = nearest(name, (*settable, *RESERVED), otherwise=otherwise)
            yield flaw(said("never_set", 'no gateway sets "{name}"', name=name), hint)
    for field_id in expression.fields:
        field = definition.field(field_id)
        if field is None:
            known = [f.id for _, f in definition.all_fields() if f.type is FieldType.PERSON]
            hint = nearest(field_id, known, otherwise=_PERSON_FIELD)
            yield flaw(said("no_field", 'no form has a field "{field}"', field=field_id), hint)
        elif field.type is not FieldType.PERSON:
            problem = said("no_person_field", '"{field}" holds no person', field=field_id)
            yield flaw(problem, _PERSON_FIELD)


_PERSON_FIELD = said("name_person_field", "Name a field of type person")


def _settable(definition: Definition) -> tuple[str, ...]:
    gateways = (node for node in definition.nodes if isinstance(node, GatewayNode))
    return tuple(dict.fromkeys(name for g in gateways for route in g.routes for name in route.set))


def _names(definition: Definition) -> Iterator[Flaw]:
    """Yield the names set by gateways that are reserved words of the language."""
    for mention in people(definition):
        name = mention.path[-1]
        if mention.place is MentionPlace.ROUTE and name in RESERVED:
            problem = said(
                "reserved_name",
                '"{name}" has a meaning of its own in people expressions',
                name=name,
            )
            hint = said("other_name", "Choose another name")
            yield Flaw(path=mention.path, problem=problem, hint=hint)
