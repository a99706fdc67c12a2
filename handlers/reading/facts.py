"""Writes facts of cases for one reader: a number, an option, a grade, or an average of a few."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.i18n.amounts import amount
from handlers.reading.formatter import Formatter
from handlers.reading.periods import period_name
from workflows.case.fact import Fact
from workflows.case.state import Case
from workflows.flow.facts import FactNoted, ResultNoted, history
from workflows.model.definition import Definition


def fact_title(name: str, definition: Definition, write: Formatter) -> str:
    """Return the name of a fact of a definition; its key if the definition has none such."""
    kept = definition.kept.get(name)
    if kept is None:
        return name
    text = write.text(kept.name)
    return write.words.t("fact.grade", name=text) if name.endswith(".grade") else text


def fact_text(fact: Fact, definition: Definition, write: Formatter) -> str:
    """Return a fact as text: the label of its option, or its number.

    A number has the mark of its currency if it has one; an average of fewer results than it should
    have says of how many it is.
    """
    kept, rule = definition.kept.get(fact.name), definition.facts.get(fact.name)
    if fact.option:
        option = kept.option(fact.option) if kept is not None else None
        return fact.option if option is None else write.text(option)
    text = amount(fact.number, currency=None if kept is None else kept.currency)
    whole = rule.of_last if rule is not None else None
    few = whole is not None and 0 < fact.of < whole
    return write.words.n("fact.of_only", fact.of, value=text) if few else text


def fact_noted(body: FactNoted | ResultNoted) -> Fact:
    """Return the fact that an event noted, for its value."""
    if isinstance(body, FactNoted):
        return Fact(name=body.fact, number=body.number, seq=0, at=0)
    return Fact(name=body.fact, number=body.number, option=body.option, of=body.of, seq=0, at=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result of a fact: for which period, or when, with the grade of a score."""

    fact: Fact
    when: str
    text: str
    grade: str = ""


def results(name: str, case: Case, definition: Definition, write: Formatter) -> list[Result]:
    """Return the results of a fact that are not void, the earliest first."""
    key, dot, _ = name.partition(".")
    grades = {one.scope: one for one in history(case, f"{key}.grade")} if dot else {}
    found = []
    for fact in history(case, name):
        grade = grades.get(fact.scope) if name == f"{key}.score" else None
        found.append(
            Result(
                fact=fact,
                when=period_text(fact, write),
                text=fact_text(fact, definition, write),
                grade="" if grade is None else fact_text(grade, definition, write),
            )
        )
    return found


def period_text(fact: Fact, write: Formatter) -> str:
    """Return the period for which a fact was noted; without one, when it was."""
    return period_name(write, fact.period) or write.at(fact.at)
