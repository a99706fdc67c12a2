"""Writes the texts of refusals: what happened and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.i18n import Typed, dates, translator
from handlers.limits import DayRule
from handlers.office import Office
from handlers.reading.formatter import formatter
from handlers.uploads import kinds_in_words
from storage.unit import Tx
from workflows.durations import parse_span
from workflows.errors import CloseloopError, FormInvalid, Refusal
from workflows.model.words import Text

_PEOPLE = ("by", "owners", "principal")
_SPANS = ("cap",)
_TIMES = ("at",)


def say(
    error: CloseloopError,
    *,
    office: Office,
    tx: Tx,
    person: str,
    language: str,
    typed: Typed | None = None,
) -> str:
    """Return the text of a refusal for a person, with names and with times in their zone.

    Args:
        person: the key of the reader.
        typed: how commands are typed where the text is read.
    """
    words = translator(language).typing(typed)
    directory = office.directory(tx)
    write = formatter(office, directory, reader=directory.get(person), language=language)
    facts: dict[str, object] = {}
    for name, value in plain_facts(error, language=language).items():
        if name in _PEOPLE:
            facts[name] = write.names(map(str, value if isinstance(value, tuple) else (value,)))
        elif name in _TIMES and isinstance(value, int):
            facts[name] = write.at(value)
        elif name in _SPANS:
            facts[name] = write.span(parse_span(str(value)))
        else:
            facts[name] = value
    if error.code == "case_closed":
        facts["status"] = words.t(f"status.{error.facts['status']}")
    msgid = f"refusal.{error.code}"
    if error.facts.get("by") == person and words.has(f"{msgid}.you"):
        msgid += ".you"
    return words.t(msgid, **facts) if words.has(msgid) else words.t("refusal.unavailable")


def problems_of(invalid: FormInvalid, *, language: str) -> Mapping[str, str]:
    """Return the text of every problem of a form, by field."""
    found = invalid.problems.items()
    return {field: say_problem(refusal, language=language) for field, refusal in found}


def problems_in_form(problems: Mapping[str, Refusal], *, language: str) -> dict[str, str]:
    """Return the text of each problem by field, and of one in a cell also by the cell's name."""
    found: dict[str, str] = {}
    for name, refusal in problems.items():
        found[name] = say_problem(refusal, language=language)
        cell, inner = refusal.facts.get("cell"), refusal.facts.get("problem")
        if isinstance(inner, Refusal):
            found[str(cell)] = say_problem(inner, language=language)
    return found


def say_problem(refusal: Refusal, *, language: str) -> str:
    """Return the text of the problem of a field."""
    facts = plain_facts(refusal, language=language)
    return translator(language).t(f"refusal.{refusal.code}", **facts)


def plain_facts(error: CloseloopError, *, language: str) -> Mapping[str, object]:
    """Return the facts of a refusal, those that are not texts yet in the reader's language."""
    facts = {name: _in_words(fact, language) for name, fact in error.facts.items()}
    kinds = facts.get("kinds")
    if isinstance(kinds, tuple):
        facts["kinds"] = kinds_in_words(kinds, language=language)
    return facts


def _in_words(fact: object, language: str) -> object:
    if isinstance(fact, Refusal):
        return say_problem(fact, language=language)
    if isinstance(fact, Text):
        return fact.of(language)
    if isinstance(fact, tuple) and any(isinstance(one, Text) for one in fact):
        named = (str(_in_words(one, language)) for one in fact)
        return translator(language).t("name.separator").join(named)
    if isinstance(fact, DayRule):
        return fact.in_words(language)
    if isinstance(fact, date):
        return dates.calendar_day(fact, language=language)
    return fact
