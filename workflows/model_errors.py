"""Converts pydantic's validation errors of a definition to flaws that authors can act on."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from workflows.mentions import Flaw
from workflows.misfits import Misfit
from workflows.model.alerts import PERCENT
from workflows.model.definition import Definition
from workflows.model.facts import FACT_NAME
from workflows.said import Saying, said
from workflows.toml_lines import Path

_KEY_MARK = "[key]"  # pydantic's mark of an invalid key, as opposed to an invalid value
_SHOWN = 40  # characters of a wrong value
_HUGE = 10**18  # hexadecimal numbers can be longer than Python's limit for printing

_PATTERNS = {
    "^[a-z][a-z0-9_-]{0,39}$": said(
        "form_of_key", "Use small letters, digits, - and _, beginning with a letter"
    ),
    "^[a-z][a-z0-9_]{0,39}$": said(
        "form_of_id", "Use small letters, digits and _, beginning with a letter"
    ),
    FACT_NAME: said("form_of_fact", 'Write the name of a fact, such as "quarter.score"'),
    "^[A-Z]{3}$": said("form_of_currency", 'Use three capital letters, such as "CNY"'),
    "^[A-Z]{1,4}$": said("form_of_prefix", "Use one to four capital letters"),
    PERCENT: said("form_of_percent", 'Write a percentage in quotes, such as "85%"'),
}
_EXAMPLES = {
    "Text": said("write_words", 'Write {{ zh = "…", en = "…" }}'),
    "Option": said("write_option", 'Write {{ id = "…", zh = "…", en = "…" }}'),
}
_STEPS = {("nodes",), ("steps",)}  # of a definition, of a scenario
_BASED_ON = said(
    "based_on_first",
    'Write it on the first line as "closeloop process pull" does, with twelve digits: {line}',
    line='based_on = "0123456789ab"',
)
_WRITE_TABLE = said("write_table", "Write {{ key = … }}")

Both = tuple[str, str]  # problem, hint


def flaws(error: ValidationError, *, model: type[BaseModel] = Definition) -> tuple[Flaw, ...]:
    """Return every error as a flaw with its path in the document, which `model` describes."""
    found = error.errors(include_url=False)
    return tuple(_flaw({**one, "model": model}) for one in found if not _is_echo(one))


def _is_echo(details: Any) -> bool:
    """Return whether a list is too short only because of mistakes inside it."""
    if details["type"] != "too_short":
        return False
    least: int = details["ctx"]["min_length"]
    return len(details["input"]) >= least


def _flaw(details: Any) -> Flaw:
    location: Path = details["loc"]
    say = _SAY.get(details["type"], _anything)
    problem, hint = say(details)
    path = (*location, "kind") if say is _kind else _path(location)
    return Flaw(path=path, problem=problem, hint=hint)


def _path(location: Path) -> Path:
    """Return the path in the document, without the kind that pydantic inserts."""
    tagged = location[:1] in _TAGGED and len(location) > 2  # noqa: PLR2004 - nodes, index, kind
    path = location[:2] + location[3:] if tagged else location
    return tuple(part for part in path if part != _KEY_MARK)


def _missing(details: Any) -> Both:
    key = details["loc"][-1]
    problem = said("missing", '"{key}" is missing', key=key)
    if key in {"zh", "en"}:
        return problem, said(
            "both_languages", "Every text stands here in both languages, zh and en"
        )
    if details["loc"] in _STEPS:
        return problem, said("add_step", "Add at least one step: a table [[{key}]]", key=key)
    return problem, said("add_key", "Add {key} = … here", key=key)


def _unknown(details: Any) -> Both:
    *around, key = details["loc"]
    problem = said("unknown_key", '"{key}" is not known here', key=key)
    if (around, key) == ([], "based_on"):
        return problem, _BASED_ON
    return problem, _nearest(str(key), _keys_at(details["model"], tuple(around)))


def _table(details: Any) -> Both:
    hint = _EXAMPLES.get(details.get("ctx", {}).get("class_name", ""), _WRITE_TABLE)
    return said("want_table", "a table is expected, not {given}", given=_shown(details)), hint


def _list(details: Any) -> Both:
    problem = said("want_list", "a list is expected, not {given}", given=_shown(details))
    return problem, said("write_list", "Write [ … ] around it")


def _text(details: Any) -> Both:
    problem = said("want_text", "a text is expected, not {given}", given=_shown(details))
    return problem, said("write_quotes", "Put it in quotes")


def _number(details: Any) -> Both:
    problem = said("want_number", "a whole number is expected, not {given}", given=_shown(details))
    return problem, said("write_digits", "Write digits, without quotes")


def _boolean(details: Any) -> Both:
    problem = said("want_boolean", "true or false is expected, not {given}", given=_shown(details))
    return problem, said("no_quotes", "Write it without quotes")


def _one_of(details: Any) -> Both:
    allowed = re.findall(r"'([^']*)'", details["ctx"]["expected"])
    problem = said("unknown_value", "{given} is not known here", given=_shown(details))
    return problem, _nearest(str(details["input"]), allowed)


def _kind(details: Any) -> Both:
    kind = details["ctx"]["tag"]
    if details["loc"][:1] == _ALERTS:
        problem = said("unknown_alert_kind", '"{kind}" is no kind of alert', kind=kind)
        return problem, _ALERT_KINDS
    return said("unknown_kind", '"{kind}" is no kind of node', kind=kind), _KINDS


def _no_kind(details: Any) -> Both:
    hint = _ALERT_KINDS if details["loc"][:1] == _ALERTS else _KINDS
    return said("missing", '"{key}" is missing', key="kind"), hint


_ALERTS: Path = ("alerts",)
_TAGGED: tuple[Path, ...] = (("nodes",), _ALERTS)
_KINDS = said(
    "write_kind",
    'Write kind = "task", "approval", "gateway", "fork", "wait", "process", "service" or "end"',
)
_ALERT_KINDS = said(
    "write_alert_kind", 'Write kind = "case_age", "backlog", "open_tasks" or "rate"'
)


def _pattern(details: Any) -> Both:
    allowed = _PATTERNS[details["ctx"]["pattern"]]
    return said("unfit_form", "{given} cannot stand here", given=_shown(details)), allowed


def _empty(details: Any) -> Both:
    least = details["ctx"]["min_length"]
    problem = said("empty", "this is empty") if least == 1 else said("short", "this is too short")
    return problem, said("at_least_needed", "At least {least} is needed", least=least)


def _too_long(details: Any) -> Both:
    most = details["ctx"]["max_length"]
    hint = said("at_most_long", "At most {most} are allowed", most=most)
    return said("long", "this is too long"), hint


def _too_small(details: Any) -> Both:
    hint = said("at_least", "At least {least} is allowed", least=details["ctx"]["ge"])
    return said("too_small", "{given} is too small", given=_shown(details)), hint


def _too_great(details: Any) -> Both:
    hint = said("at_most", "At most {most} is allowed", most=details["ctx"]["le"])
    return said("too_great", "{given} is too great", given=_shown(details)), hint


def _own(details: Any) -> Both:
    """Return problem and hint of our own validators, which may give only the hint."""
    error = details["ctx"]["error"]
    unfit = said("unfit", "{given} does not fit here", given=_shown(details))
    if isinstance(error, Misfit):
        return error.problem or unfit, error.hint
    problem, colon, hint = str(error).partition(": ")
    if not colon:
        problem, hint = unfit, problem
    return problem, hint[:1].upper() + hint[1:]


def _anything(details: Any) -> Both:
    problem = said(
        "unfit_because",
        "{given} does not fit here: {reason}",
        given=_shown(details),
        reason=details["msg"],
    )
    return problem, said("mend", "Mend the value")


_SAY: Mapping[str, Callable[[Any], Both]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "model_type": _table,
    "model_attributes_type": _table,
    "dict_type": _table,
    "tuple_type": _list,
    "string_type": _text,
    "int_type": _number,
    "int_parsing": _number,
    "int_from_float": _number,
    "bool_type": _boolean,
    "bool_parsing": _boolean,
    "enum": _one_of,
    "literal_error": _one_of,
    "union_tag_invalid": _kind,
    "union_tag_not_found": _no_kind,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _empty,
    "too_short": _empty,
    "string_too_long": _too_long,
    "too_long": _too_long,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_great,
    "value_error": _own,
}


def _shown(details: Any) -> str:
    """Return the wrong value, shortened to what helps to recognise it."""
    value = details["input"]
    if isinstance(value, dict):
        return said("a_table", "a table")
    if isinstance(value, list):
        return said("a_list", "a list")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > _HUGE:
        return said("such_a_number", "such a number")
    text = str(value)
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f'"{text}"' if isinstance(value, str) else text


def _nearest(word: str, known: list[str]) -> Saying:
    close = get_close_matches(word.lower(), known, n=1)
    if close:
        return said("perhaps", "Perhaps you mean {word}", word=close[0])
    return said("known_here", "Known here: {known}", known=", ".join(known))


# ----------------------------------------------------------------- what a place in the model knows


def _keys_at(model: type[BaseModel], location: Path) -> list[str]:
    """Return the keys that the model has at a location."""
    annotation: Any = model
    for part in location:
        annotation = _below(annotation, part)
    return [field.alias or name for name, field in annotation.model_fields.items()]


def _below(annotation: Any, part: str | int) -> Any:
    """Return the model or container at the next step of a location."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found: Any = annotation.model_fields[str(part)].annotation
    elif get_origin(annotation) in {Union, types.UnionType}:
        found = next(kind for kind in get_args(annotation) if part in _kind_of(kind))
    else:  # tuple[X, ...] or dict[str, X]
        found = next(arg for arg in reversed(get_args(annotation)) if arg is not Ellipsis)
    return _bare(found)


def _kind_of(node: Any) -> tuple[Any, ...]:
    return get_args(node.model_fields["kind"].annotation)


def _bare(annotation: Any) -> Any:
    """Return the annotation without metadata and None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        left = [arg for arg in get_args(annotation) if arg is not type(None)]
        return _bare(left[0]) if len(left) == 1 else annotation
    return annotation
