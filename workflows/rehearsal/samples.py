"""Sample values for forms, with which every condition has every possible result.

A field that no condition and no people expression reads gets one plain value if it is required, and
is empty otherwise. Other fields get the values at which a condition may change: every option of a
choice, the numbers and dates next to those in conditions, the texts in conditions and one other
text, and no value where the field is optional. Fields behind a fact that a condition reads get the
values at which the fact passes a number of the condition (`fact_samples.py`). Of all combinations
those are kept that differ in the results of conditions now, or in what a condition will read once
its other fields are filled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product

from workflows import mentions
from workflows.case.state import Case
from workflows.conditions import Condition
from workflows.field_rules import expired_required, is_asked
from workflows.loading import Loaded
from workflows.mentions import read_texts
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRED_REQUIRED, FieldType, FormField
from workflows.model.nodes import WaitNode
from workflows.rehearsal.fact_samples import FactSamples, numbers_in

COMBINATIONS = 4_000  # limit of combinations for one form; beyond it, fields vary two at a time
FILER = "@filer"  # represents the filer
OTHER = "@other"  # represents another person

Values = Mapping[str, object]

_TEXT = re.compile(r"(?<!d)(?:\"([^\"]*)\"|'([^']*)')")
_DAY = re.compile(r"d[\"'](\d{4}-\d{2}-\d{2})")
_SOME_DAY = "2026-03-02"
_LATER_DAY = "2026-06-01"  # for a node that waits for it, and for a certificate
PAST_DAY = "2020-01-01"  # on which a certificate has expired
_SOME_TIME = "09:00"
_SOME_TEXT = "…"
_SOME_ADDRESS = "somebody@example.com"
_NUMERIC = (FieldType.NUMBER, FieldType.MONEY)


class Samples:
    """The sample values for the forms of one definition."""

    def __init__(self, loaded: Loaded) -> None:
        self._definition: Definition = loaded.definition
        self._compiled: Mapping[str, Condition] = loaded.conditions
        self._conditions: tuple[Condition, ...] = _deciding(loaded)
        self._facts = FactSamples(loaded)
        read = {name for one in self._conditions for name in self._facts.behind(one)}
        expressions = read_texts(loaded.definition).people.values()
        self._asked = {name for expression in expressions for name in expression.fields}
        self._read = frozenset(read | self._asked)
        nodes = (node for node in self._definition.nodes if isinstance(node, WaitNode))
        asking = [
            c
            for c in mentions.conditions(self._definition)
            if c.place is mentions.MentionPlace.FIELD
        ]
        asked = {name for one in asking for name in self._compiled[one.text].fields}
        self._kept = frozenset(asked & self._definition.kept.keys())
        waits = [*nodes]
        self._waited = frozenset(name for node in waits for name in node.dates)
        forms = {one.of_form for node in waits for one in node.starts if one.on_expiry_of}
        for form in filter(None, forms):
            whole = self._definition.forms[form].certificates
            self._waited |= {one.expires_name for one in whole}
        self._found: dict[object, tuple[Values, ...]] = {}
        self.complete = True  # False when a form had more combinations than were tried

    def known(self, values: Values) -> tuple[object, ...]:
        """Return the results of all conditions, as far as they are determined by the values."""
        known = self._facts.known(values)
        if EXPIRED_REQUIRED in self._read:
            lacking = expired_required(
                self._definition, known, self._compiled, day=date.fromisoformat(_SOME_DAY)
            )
            known = {**known, EXPIRED_REQUIRED: lacking}
        answers = tuple(self._answer(condition, known) for condition in self._conditions)
        return (*answers, *self._facts.half_scored(values))

    def remembered(self, case: Case) -> tuple[tuple[str, object], ...]:
        """Return the options and counts of a case that conditions read."""
        return tuple(self._facts.remembered(case))

    def of(self, form: str | None, values: Values) -> tuple[Values, ...]:
        """Return the sets of values to try in a form, given what is known of the case before."""
        if form is None or form not in self._definition.forms:
            return ({},)
        relevant = {name: repr(values.get(name)) for name in sorted(self._read | self._kept)}
        key = (form, tuple(relevant.items()))
        if key not in self._found:
            self._found[key] = tuple(self._try(form, values))
        return self._found[key]

    # ------------------------------------------------------------ combinations

    def _try(self, form: str, values: Values) -> Iterator[Values]:
        asked = self._definition.forms[form]
        fields, whole = asked.fields, asked.certificates
        known = self._read | self._waited
        plain = {f.id: plain_value(f) for f in fields if f.required and f.id not in self._read}
        plain |= {c.id: plain_value(c.parts[0]) for c in whole if c.expires_name in known}
        plain |= {f.id: _LATER_DAY for f in fields if f.id in self._waited - self._read}
        leads = self._facts.leaders(fields)
        read = [(f, n) for f in fields for n in f.names if n in self._read and n not in leads]
        varied = {name: self._candidates(f, name) for f, name in read}
        if EXPIRED_REQUIRED in self._read:
            needed = [one for one in whole if one.required or one.required_when]
            plain |= {part.id: plain_value(part) for one in needed for part in one.parts}
            varied |= {one.expires_name: (_LATER_DAY, PAST_DAY) for one in needed[:1]}
        seen = set()
        for chosen in self._combinations(varied):
            chosen |= {name: chosen[lead] for name, lead in leads.items() if lead in chosen}
            filled = self._asked_ones(fields, {**plain, **chosen}, values)
            key = self._difference({name: filled.get(name) for name in chosen}, filled, values)
            if key not in seen:
                seen.add(key)
                yield filled

    def _asked_ones(self, fields: Iterable[FormField], given: Values, values: Values) -> Values:
        """Return the values of the fields that are asked, without empty ones."""
        own = {name for field in fields for name in field.names}
        before = {name: value for name, value in values.items() if name not in own}
        filled: dict[str, object] = {}
        for field in fields:
            asked = is_asked(field, {**before, **filled}, self._compiled)
            for name in field.names:
                if asked and given.get(name) is not None:
                    filled[name] = given[name]
        return filled

    def _combinations(
        self, varied: Mapping[str, tuple[object, ...]]
    ) -> Iterator[dict[str, object]]:
        size = 1
        for candidates in varied.values():
            size *= len(candidates)
        if size <= COMBINATIONS:
            for one in product(*varied.values()):
                yield dict(zip(varied, one, strict=True))
            return
        self.complete = False
        yield from islice(_by_pairs(varied), COMBINATIONS)

    def _difference(self, chosen: Values, filled: Values, before: Values) -> object:
        values = {**before, **filled}
        waiting = {
            name: repr(chosen[name])
            for condition in self._conditions
            for name in sorted(self._facts.behind(condition) & chosen.keys())
            if any(values.get(other) is None for other in self._facts.behind(condition))
        }
        people = {name: chosen.get(name) for name in sorted(self._asked & chosen.keys())}
        return (self.known(values), tuple(waiting.items()), tuple(people.items()))

    def _answer(self, condition: Condition, values: Values) -> object:
        empty = tuple(sorted(name for name in condition.fields if values.get(name) is None))
        return empty or condition.evaluate(values)

    # ------------------------------------------------------------ candidates

    def _candidates(self, field: FormField, name: str) -> tuple[object, ...]:
        texts = [c.text for c in self._conditions if name in c.fields]
        own = _turning_points if name == field.id else _numbers  # else it is the sum of rows
        points: list[object] = [*self._facts.levels(name)]
        if points:
            return tuple(points)
        if name != field.id or field.type in _NUMERIC:
            points = [*self._facts.turning_points(field, name)]
        if points:
            points.append(plain_value(field) if name == field.id else 1)
        if texts or not points:
            points = [*own(field, texts), *points]
        found = [*dict.fromkeys(points)]
        if not field.required:
            found.append(None)
        return tuple(found)


def _deciding(loaded: Loaded) -> tuple[Condition, ...]:
    """Return the conditions on which it depends what is asked and where a case goes.

    Where a field must be filled changes neither, and neither does a mail.
    """
    found = mentions.conditions(loaded.definition)
    found = (one for one in found if one.place is not mentions.MentionPlace.MAIL)
    texts = dict.fromkeys(one.text for one in found if one.path[-1] != "required_when")
    return tuple(loaded.conditions[text] for text in texts)


def _by_pairs(varied: Mapping[str, tuple[object, ...]]) -> Iterator[dict[str, object]]:
    """Yield combinations in which at most two fields differ from their first value."""
    first = {name: candidates[0] for name, candidates in varied.items()}
    for a, b in combinations(varied, 2):
        for x, y in product(varied[a], varied[b]):
            yield {**first, a: x, b: y}


def _turning_points(field: FormField, texts: list[str]) -> Iterator[object]:
    match field.type:
        case FieldType.CHOICE:
            yield from (option.id for option in field.options)
        case FieldType.CHOICES:
            ids = [option.id for option in field.options]
            yield from ((one,) for one in ids)
            yield tuple(ids)
        case FieldType.NUMBER | FieldType.MONEY:
            yield from _numbers(field, texts)
        case FieldType.DATE:
            yield from _days(texts)
        case FieldType.PERSON:
            yield from (OTHER, FILER)
        case _:
            found = [a or b for text in texts for a, b in _TEXT.findall(text)]
            yield from (*found, plain_value(field))


def _numbers(field: FormField, texts: list[str]) -> Iterator[object]:
    points = {n + step for n in numbers_in(texts) for step in (-1, 0, 1)}
    least, most = (Decimal(n) if isinstance(n, int) else None for n in (field.min, field.max))
    points |= {limit for limit in (least, most) if limit is not None}
    for point in sorted(points):
        if (least is None or point >= least) and (most is None or point <= most):
            yield int(point) if point == point.to_integral_value() else str(point)


def _days(texts: list[str]) -> Iterator[object]:
    named = {date.fromisoformat(day) for text in texts for day in _DAY.findall(text)}
    for day in sorted(named or {date.fromisoformat(_SOME_DAY)}):
        for step in (-1, 0, 1):
            yield (day + timedelta(days=step)).isoformat()


def plain_value(field: FormField) -> object:
    """Return a valid value of a field."""
    match field.type:
        case FieldType.NUMBER | FieldType.MONEY:
            if isinstance(field.min, int):
                return field.min
            return min(1, field.max) if isinstance(field.max, int) else 1
        case FieldType.DATE:
            return _LATER_DAY if field.is_expiry else _SOME_DAY
        case FieldType.TIME:
            return _SOME_TIME
        case FieldType.CHOICE:
            return field.options[0].id if field.options else _SOME_TEXT
        case FieldType.CHOICES:
            return tuple(option.id for option in field.options[:1])
        case FieldType.PERSON:
            return OTHER
        case FieldType.FILES:
            return (_SOME_TEXT,)
        case FieldType.ROWS:
            return ({},)
        case FieldType.EMAIL:
            return _SOME_ADDRESS
        case _:
            return _SOME_TEXT
