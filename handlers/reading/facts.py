"""Writes facts of cases for one reader: a number, an option, a grade, or an average of a few."""

from __future__ import annotations

from handlers.i18n.amounts import amount
from handlers.reading.formatter import Formatter
from workflows.case.fact import Fact
from workflows.flow.facts import FactNoted, ResultNoted
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
