"""The people expressions and conditions of a definition, with their places.

A definition contains texts in two small languages: people expressions (`expressions.py`) and
conditions (`conditions.py`). Loading parses all of them, so that a mistake is found then and not
when a case reaches the text weeks later; lint checks the names that they mention.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows import signs
from workflows.condition_words import ConditionError, Problem, ValueType
from workflows.conditions import Condition, compile_condition
from workflows.expressions import Expression, ExpressionError, parse
from workflows.model.alerts import Told
from workflows.model.approvals import NOBODY_WORDS
from workflows.model.clocks import Rung
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRED_REQUIRED, FieldType
from workflows.model.nodes import (
    ApprovalNode,
    ForkNode,
    GatewayNode,
    Node,
    ProcessNode,
    WaitNode,
    WorkNode,
)
from workflows.said import Saying, said
from workflows.toml_lines import Path

_VALUE_TYPES: Mapping[FieldType, ValueType] = {
    FieldType.TEXT: ValueType.TEXT,
    FieldType.LONG_TEXT: ValueType.TEXT,
    FieldType.EMAIL: ValueType.TEXT,
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.MONEY: ValueType.NUMBER,
    FieldType.DATE: ValueType.DATE,
    FieldType.TIME: ValueType.TEXT,
    FieldType.CHOICE: ValueType.TEXT,
    FieldType.CHOICES: ValueType.TEXTS,
    FieldType.PERSON: ValueType.TEXT,
    FieldType.DEPARTMENT: ValueType.TEXT,
}  # conditions cannot read files; of rows they read the sum

_SPLIT = said("split_decision", "Split the decision over two gateways")
_COMPARE = said(
    "write_comparisons", 'Write comparisons such as grade == "urgent", joined by and, or, not'
)
_HINTS = {
    Problem.EMPTY: said("leave_when_out", 'Leave "when" out where there is no condition'),
    Problem.TOO_LONG: _SPLIT,
    Problem.TOO_COMPLEX: _SPLIT,
    Problem.SYNTAX: _COMPARE,
    Problem.FORBIDDEN: _COMPARE,
    Problem.MAYBE_ZERO: said("divide_by_number", "Divide by a number"),
    Problem.UNKNOWN_OPTION: said("give_options", "Give the field its options"),
    Problem.WRONG_TYPE: said(
        "compare_alike",
        'Texts are compared with texts in quotes, numbers with numbers, dates with d"2026-03-01"',
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """A problem at a path in a definition, before the file is known."""

    path: Path
    problem: str
    hint: str


class MentionPlace(StrEnum):
    """The purpose of a mention."""

    OWNER = "owner"
    STARTED_BY = "started_by"
    WORK = "work"  # assignee, candidates or signers of a node
    NOBODY = "nobody"  # who decides where nobody is named; without a node: in every approval
    COPY = "cc"
    ROUTE = "route"  # a route's condition, or a name that it sets
    LADDER = "ladder"
    CLOCK = "clock"
    FIELD = "field"
    SURVEY = "survey"
    PENALTIES = "penalties"
    MAIL = "mail"  # whether a mail is sent
    COUNT = "count"  # how often it holds in the history of a fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A text in one of the two languages. `of` is the id of its node, ladder or clock."""

    path: Path
    text: str
    place: MentionPlace
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The parsed texts of a definition; `flaws` has those that could not be parsed."""

    people: Mapping[str, Expression]  # by text
    conditions: Mapping[str, Condition]  # by text
    flaws: tuple[Flaw, ...]


def people(definition: Definition) -> Iterator[Mention]:
    """Yield every people expression of a definition."""
    yield Mention(path=("owner",), text=definition.owner, place=MentionPlace.OWNER)
    for index, text in enumerate(definition.admins):
        path: Path = ("admins", index)
        yield Mention(path=path, text=text, place=MentionPlace.STARTED_BY)
    if definition.started_by is not None:
        path = ("started_by",)
        yield Mention(path=path, text=definition.started_by, place=MentionPlace.STARTED_BY)
    if definition.listing is not None:
        read: Path = ("register", "read_by")
        text = definition.listing.read_by
        yield Mention(path=read, text=text, place=MentionPlace.STARTED_BY)
    for index, schedule in enumerate(definition.schedules):
        by_calendar: Path = ("schedules", index, "filed_by")
        yield Mention(path=by_calendar, text=schedule.filed_by, place=MentionPlace.STARTED_BY)
    for index, alert in enumerate(definition.alerts):
        if isinstance(alert, Told):
            told: Path = ("alerts", index, "tell")
            yield Mention(path=told, text=alert.tell, place=MentionPlace.STARTED_BY)
    if definition.review is not None:
        posted: Path = ("review", "to")
        yield Mention(path=posted, text=definition.review.to, place=MentionPlace.STARTED_BY)
    if definition.web_form is not None:
        by_form: Path = ("web_form", "files_for")
        text = definition.web_form.files_for
        yield Mention(path=by_form, text=text, place=MentionPlace.STARTED_BY)
    rules = definition.approvals
    if rules is not None and rules.nobody not in NOBODY_WORDS:
        where = ("approvals", "nobody")
        yield Mention(path=where, text=rules.nobody, place=MentionPlace.NOBODY)
    for key, ladder in definition.ladders.items():
        for index, rung in enumerate(ladder.rungs):
            yield from _rung(rung, ("ladders", key, "rungs", index), key)
    if definition.penalties is not None:
        by: Path = ("penalties", "waived_by")
        yield Mention(path=by, text=definition.penalties.waived_by, place=MentionPlace.PENALTIES)
    for index, node in enumerate(definition.nodes):
        yield from _node_people(node, ("nodes", index))
    if definition.survey is not None:
        yield Mention(path=("survey", "to"), text=definition.survey.to, place=MentionPlace.SURVEY)


def conditions(definition: Definition) -> Iterator[Mention]:
    """Yield every condition of a definition."""
    for key, form in definition.forms.items():
        for index, field in enumerate(form.written):
            at: Path = ("forms", key, "fields", index)
            for word, text in (("when", field.when), ("required_when", field.required_when)):
                if text is not None:
                    asked = (*at, word)
                    yield Mention(path=asked, text=text, place=MentionPlace.FIELD, of=key)
    yield from _counts_and_mails(definition)
    for key, clock in definition.clocks.items():
        for index, limit in enumerate(clock.within):
            if limit.when is not None:
                path: Path = ("clocks", key, "within", index, "when")
                yield Mention(path=path, text=limit.when, place=MentionPlace.CLOCK, of=key)
    for number, node in enumerate(definition.nodes):
        for index, copy in enumerate(node.cc):
            if copy.when is not None:
                path = ("nodes", number, "cc", index, "when")
                yield Mention(path=path, text=copy.when, place=MentionPlace.COPY, of=node.id)
        for index, route in enumerate(node.routes if isinstance(node, GatewayNode) else ()):
            if route.when is not None:
                path = ("nodes", number, "routes", index, "when")
                yield Mention(path=path, text=route.when, place=MentionPlace.ROUTE, of=node.id)
        for index, branch in enumerate(node.branches if isinstance(node, ForkNode) else ()):
            if branch.when is not None:
                path = ("nodes", number, "branches", index, "when")
                yield Mention(path=path, text=branch.when, place=MentionPlace.ROUTE, of=node.id)


def _counts_and_mails(definition: Definition) -> Iterator[Mention]:
    for key, rule in definition.facts.items():
        if rule.count is not None:
            path: Path = ("facts", key, "count")
            yield Mention(path=path, text=rule.count, place=MentionPlace.COUNT, of=key)
    for index, mail in enumerate(definition.mails):
        if mail.when is not None:
            path = ("mails", index, "when")
            yield Mention(path=path, text=mail.when, place=MentionPlace.MAIL, of=mail.id)


def read_texts(definition: Definition) -> Texts:
    """Parse every people expression and every condition of a definition."""
    expressions: dict[str, Expression] = {}
    compiled: dict[str, Condition] = {}
    flaws: list[Flaw] = []
    for mention in people(definition):
        try:
            expressions[mention.text] = parse(mention.text)
        except ExpressionError as error:
            flaws.append(Flaw(path=mention.path, problem=error.problem, hint=error.hint))
    types, choices = field_types(definition), _choices(definition)
    answers = {name: kind for name, kind in types.items() if name != EXPIRED_REQUIRED}
    kept = {name: kind for name, kind in types.items() if name in definition.kept}
    readable = {MentionPlace.FIELD: answers, MentionPlace.COUNT: kept}
    for mention in conditions(definition):
        known = readable.get(mention.place, types)
        try:
            compiled[mention.text] = compile_condition(mention.text, fields=known, choices=choices)
        except ConditionError as error:
            flaws.append(_condition_flaw(mention.path, error, definition))
    return Texts(people=expressions, conditions=compiled, flaws=tuple(flaws))


def _rung(rung: Rung, path: Path, ladder: str) -> Iterator[Mention]:
    asked = (("remind", rung.remind), ("reassign", rung.reassign), ("escalate", rung.escalate))
    for key, text in asked:
        if text is not None:
            yield Mention(path=(*path, key), text=text, place=MentionPlace.LADDER, of=ladder)


def _node_people(node: Node, path: Path) -> Iterator[Mention]:
    for index, copy in enumerate(node.cc):
        to: Path = (*path, "cc", index, "to")
        yield Mention(path=to, text=copy.to, place=MentionPlace.COPY, of=node.id)
    if isinstance(node, GatewayNode):
        for index, route in enumerate(node.routes):
            for name, text in route.set.items():
                fixed: Path = (*path, "routes", index, "set", name)
                yield Mention(path=fixed, text=text, place=MentionPlace.ROUTE, of=node.id)
    elif isinstance(node, WaitNode):
        for index, start in enumerate(node.starts):
            if start.started_by is not None:
                by: Path = (*path, "starts", index, "started_by")
                yield Mention(path=by, text=start.started_by, place=MentionPlace.WORK, of=node.id)
    elif isinstance(node, ProcessNode):
        filed: Path = (*path, "filed_by")
        yield Mention(path=filed, text=node.filed_by, place=MentionPlace.WORK, of=node.id)
    elif isinstance(node, WorkNode):
        for place, asked in node.workers:
            yield Mention(path=(*path, *place), text=asked, place=MentionPlace.WORK, of=node.id)
        if isinstance(node, ApprovalNode) and node.nobody and node.nobody not in NOBODY_WORDS:
            at = (*path, "nobody")
            yield Mention(path=at, text=node.nobody, place=MentionPlace.NOBODY, of=node.id)


def field_types(definition: Definition) -> dict[str, ValueType]:
    """Return the types of everything that a condition may read: fields of forms, and facts."""
    found: dict[str, ValueType] = {
        name: ValueType.TEXT if fact.options else ValueType.NUMBER
        for name, fact in definition.kept.items()
    }
    for _, field in definition.all_fields():
        if field.type in _VALUE_TYPES:
            found.setdefault(field.id, _VALUE_TYPES[field.type])
        if field.sum_name is not None:
            found.setdefault(field.sum_name, ValueType.NUMBER)
    if any(form.certificates for form in definition.forms.values()):
        found.setdefault(EXPIRED_REQUIRED, ValueType.NUMBER)
    return found


def _choices(definition: Definition) -> dict[str, Collection[str]]:
    """Return the option ids of facts and choice fields; a field in two forms has those of both."""
    found = {
        name: [one.id for one in f.options] for name, f in definition.kept.items() if f.options
    }
    for _, field in definition.all_fields():
        if field.type in {FieldType.CHOICE, FieldType.CHOICES}:
            found.setdefault(field.id, []).extend(option.id for option in field.options)
    return {key: tuple(dict.fromkeys(ids)) for key, ids in found.items()}


def _condition_flaw(path: Path, error: ConditionError, definition: Definition) -> Flaw:
    field = definition.field(error.word)
    if error.code is Problem.UNKNOWN_FIELD and field is not None and field.columns:
        hint = said(
            "rows_compared", "Of rows, conditions read the sum: {field}_sum", field=field.id
        )
        return Flaw(path=path, problem=error.problem, hint=hint)
    if error.code is Problem.UNKNOWN_FIELD and field is not None and field.certificate is not None:
        hint = said(
            "certificate_compared",
            "Of a certificate, conditions read the day on which it expires: {name}",
            name=field.certificate.expires_name,
        )
        return Flaw(path=path, problem=error.problem, hint=hint)
    if error.code is Problem.UNKNOWN_FIELD and field is not None:
        hint = said("files_compared", "Files cannot be compared with anything")
        return Flaw(path=path, problem=error.problem, hint=hint)
    hint = _HINTS.get(error.code, _COMPARE)
    if error.code is Problem.FOREIGN_SIGN:
        hint = signs.remedy(error.word)
    elif isinstance(error.hint, Saying):
        hint = said("perhaps_type", "Perhaps you mean {types}", types=error.hint)
    elif error.hint:
        hint = said("perhaps", "Perhaps you mean {word}", word=error.hint)
    elif error.code is Problem.UNKNOWN_FIELD:
        known = ", ".join(sorted(field_types(definition)))
        hint = said("the_fields", "The fields are {known}", known=known)
    return Flaw(path=path, problem=error.problem, hint=hint)
