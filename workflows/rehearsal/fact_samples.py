"""Sample values for the fields behind facts: those at which a fact passes a number of a condition.

A fact is sampled at its turning points, not the fields behind it at theirs: for each combination of
the choices behind a fact, the least number of a field is found by bisection with which the fact
reaches the number in the condition, the other fields being plain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from math import ceil

from workflows.calculating import Given, calculate, score_of
from workflows.case.state import Case
from workflows.conditions import Condition
from workflows.fact_rules import Formula
from workflows.loading import Loaded
from workflows.model.fields import FieldType, FormField

MOST = 10**12  # the greatest number that is tried
HIGHEST = 100  # the highest score

Values = Mapping[str, object]

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_QUOTED = re.compile(r"d?(?:\"[^\"]*\"|'[^']*')")
_DAY = date(2026, 3, 2)  # any: a rehearsal uses the tables as the definition has them


def numbers_in(texts: Iterable[str]) -> set[Decimal]:
    """Return the numbers in these conditions, 0 if there is none."""
    found = {Decimal(n) for text in texts for n in _NUMBER.findall(_QUOTED.sub("", text))}
    return found or {Decimal(0)}


class FactSamples:
    """The facts of one definition as a rehearsal calculates them."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._conditions = tuple(loaded.conditions.values())

    def behind(self, condition: Condition) -> frozenset[str]:
        """Return the fields that a condition reads, itself or by its facts."""
        formulas = self._loaded.formulas
        own = condition.fields - formulas.keys()
        read = (formulas[name].behind for name in condition.fields & formulas.keys())
        return own.union(*read)

    def known(self, values: Values) -> Values:
        """Return the values with the facts that can be calculated from them."""
        if not self._loaded.formulas:
            return values
        facts = self._facts(values)
        known = {name: Decimal(one).scaleb(-2) for name, one in facts.items()}
        return {**values, **known, **self._scored(values)}

    def levels(self, field: str) -> tuple[int, ...]:
        """Return the numbers to try in a field of a scorecard; none for any other field.

        The score of a form whose fields have one number is this number. So these are the ones
        around which the score, its grade or an average of it passes a number of a condition.
        """
        found: set[int] = set()
        for key, card in self._loaded.definition.scorecards.items():
            if all(item.field != field for item in card.items):
                continue
            score, grade = f"{key}.score", f"{key}.grade"
            rules = self._loaded.definition.facts.items()
            read = {score, *(name for name, rule in rules if rule.average == score)}
            texts = [one.text for one in self._conditions if not read.isdisjoint(one.fields)]
            compared = numbers_in(texts) if texts else ()
            found.update(ceil(number) + step for number in compared for step in (-1, 0, 1))
            graded = any(grade in one.fields for one in self._conditions)
            starts = [one.from_ for one in card.grades] if graded else []
            found.update(start + step for start in starts for step in (-1, 0))
        return tuple(number for number in sorted(found) if 0 <= number <= HIGHEST)

    def remembered(self, case: Case) -> Iterator[tuple[str, object]]:
        """Yield the options and counts that conditions read.

        A count is capped above the largest number with which it is compared.
        """
        for name, rule in self._loaded.definition.facts.items():
            texts = [one.text for one in self._conditions if name in one.fields]
            fact = case.fact(name) if texts else None
            if fact is not None and rule.options:
                yield name, fact.option
            elif fact is not None and rule.count is not None:
                yield name, min(fact.number // 100, int(max(numbers_in(texts))) + 1)

    def half_scored(self, values: Values) -> Iterator[tuple[str, str]]:
        """Yield the values of the fields of scorecards of which others have no value yet."""
        for card in self._loaded.definition.scorecards.values():
            fields = [item.field for item in card.items]
            if any(values.get(name) is None for name in fields):
                yield from ((one, repr(values[one])) for one in fields if values.get(one))

    def leaders(self, fields: Iterable[FormField]) -> dict[str, str]:
        """Return the fields that get the number of another field of their form and scorecard."""
        first: dict[str, str] = {}
        leads: dict[str, str] = {}
        cards = self._loaded.definition.scorecards.items()
        for field in fields:
            for key, card in cards:
                if any(item.field == field.id for item in card.items):
                    leads[field.id] = first.setdefault(key, field.id)
        return {name: lead for name, lead in leads.items() if name != lead}

    def _scored(self, values: Values) -> Values:
        found: dict[str, object] = {}
        for key, card in self._loaded.definition.scorecards.items():
            score = score_of(card, values)
            if score is not None:
                found[f"{key}.score"] = Decimal(score).scaleb(-2)
                found[f"{key}.grade"] = card.grade(score).id
        return found

    def turning_points(self, field: FormField, read: str) -> Iterator[int]:
        """Yield the numbers around which a fact passes a number of a condition.

        They are numbers of a field, or of the sum of its rows, whose name is `read`.
        """
        for name, formula in self._calculated():
            texts = [c.text for c in self._conditions if name in c.fields]
            if not texts or read not in formula.behind:
                continue
            span = _bounds(field) if read == field.id else (0, MOST)
            for others in self._others(read, formula.behind):
                for number in sorted(numbers_in(texts)):
                    yield from self._around(read, span, others, (name, int(number * 100)))

    def _calculated(self) -> Iterator[tuple[str, Formula]]:
        formulas = self._loaded.formulas.items()
        return ((name, one) for name, one in formulas if one.calculation is not None)

    def _facts(self, values: Values) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, formula in self._calculated():
            given = Given(values=values, facts=found, day=_DAY, tables={})
            one = calculate(formula, self._loaded.definition, given)
            if one is not None:
                found[name] = one[0]
        return found

    def _others(self, read: str, behind: frozenset[str]) -> Iterator[Values]:
        """Yield values of the other fields behind a fact: each choice, and plain numbers."""
        asked = ((one, name) for one in self._loaded.definition.every_field() for name in one.names)
        varied = {name: _plain(one) for one, name in asked if name in behind - {read}}
        for values in product(*varied.values()):
            yield dict(zip(varied, values, strict=True))

    def _around(
        self, read: str, span: tuple[int, int], others: Values, goal: tuple[str, int]
    ) -> Iterator[int]:
        """Yield the least number of `read` with which a fact reaches its goal, and its neighbours.

        Nothing if no number within the span reaches it.
        """
        (low, high), (fact, target) = span, goal

        def fact_at(number: int) -> int:
            return self._facts({**others, read: number}).get(fact, 0)

        rises = fact_at(low) < fact_at(high)

        def reached(number: int) -> bool:
            return fact_at(number) >= target if rises else fact_at(number) <= target

        least, most = low, high
        if reached(low) or not reached(high):
            return
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if reached(middle) else (middle, most)
        yield from (number for number in (least, most, most + 1) if number <= high)


def _bounds(field: FormField) -> tuple[int, int]:
    low = field.min if isinstance(field.min, int) else 0
    return low, field.max if isinstance(field.max, int) else MOST


def _plain(field: FormField) -> tuple[object, ...]:
    """Return the values of a field beside another one: every option, or one number."""
    if field.type is FieldType.CHOICE:
        return tuple(option.id for option in field.options)
    return (max(1, _bounds(field)[0]),)
