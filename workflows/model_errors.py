"""What pydantic says about a definition, said again for the person who wrote it."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from workflows.definition import Definition
from workflows.mentions import Flaw
from workflows.toml_lines import Path

_KEY_MARK = "[key]"  # how pydantic says that a key, not its value, is wrong
_SHOWN = 40  # characters of a wrong value
_HUGE = 10**18  # hexadecimal numbers can be longer than Python is willing to print

_PATTERNS = {
    "^[a-z][a-z0-9_-]{0,39}$": "small letters, digits, - and _, beginning with a letter",
    "^[a-z][a-z0-9_]{0,39}$": "small letters, digits and _, beginning with a letter",
    "^[A-Z]{1,4}$": "one to four capital letters",
}
_EXAMPLES = {
    "Text": 'Write { zh = "…", en = "…" }',
    "Option": 'Write { id = "…", zh = "…", en = "…" }',
}

Said = tuple[str, str]  # problem, hint


def flaws(error: ValidationError, *, model: type[BaseModel] = Definition) -> tuple[Flaw, ...]:
    """Every error as a flaw with its place in the document, which `model` describes."""
    found = error.errors(include_url=False)
    return tuple(_flaw({**one, "model": model}) for one in found if not _is_echo(one))


def _is_echo(details: Any) -> bool:
    """Whether a list is called too short only because of mistakes inside it."""
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
    """The place in the document: without the node's kind, which pydantic puts in between."""
    tagged = location[:1] == ("nodes",) and len(location) > 2  # noqa: PLR2004 - nodes, index, kind
    path = location[:2] + location[3:] if tagged else location
    return tuple(part for part in path if part != _KEY_MARK)


def _missing(details: Any) -> Said:
    key = details["loc"][-1]
    if key in {"zh", "en"}:
        return f'"{key}" is missing', "Every text stands here in both languages, zh and en"
    return f'"{key}" is missing', f"Add {key} = … here"


def _unknown(details: Any) -> Said:
    *around, key = details["loc"]
    known = _keys_at(details["model"], tuple(around))
    return f'"{key}" is not known here', _nearest(str(key), known)


def _table(details: Any) -> Said:
    hint = _EXAMPLES.get(details.get("ctx", {}).get("class_name", ""), "Write { key = … }")
    return f"a table is expected, not {_shown(details)}", hint


def _list(details: Any) -> Said:
    return f"a list is expected, not {_shown(details)}", "Write [ … ] around it"


def _text(details: Any) -> Said:
    return f"a text is expected, not {_shown(details)}", "Put it in quotes"


def _number(details: Any) -> Said:
    return f"a whole number is expected, not {_shown(details)}", "Write digits, without quotes"


def _boolean(details: Any) -> Said:
    return f"true or false is expected, not {_shown(details)}", "Write it without quotes"


def _one_of(details: Any) -> Said:
    allowed = re.findall(r"'([^']*)'", details["ctx"]["expected"])
    return f"{_shown(details)} is not known here", _nearest(str(details["input"]), allowed)


def _kind(details: Any) -> Said:
    return f'"{details["ctx"]["tag"]}" is no kind of node', _KINDS


def _no_kind(_: Any) -> Said:
    return '"kind" is missing', _KINDS


_KINDS = 'Write kind = "task", "approval", "gateway" or "end"'


def _pattern(details: Any) -> Said:
    allowed = _PATTERNS[details["ctx"]["pattern"]]
    return f"{_shown(details)} cannot stand here", f"Use {allowed}"


def _empty(details: Any) -> Said:
    least = details["ctx"]["min_length"]
    return "this is empty" if least == 1 else "this is too short", f"At least {least} is needed"


def _too_long(details: Any) -> Said:
    return "this is too long", f"At most {details['ctx']['max_length']} are allowed"


def _too_small(details: Any) -> Said:
    return f"{_shown(details)} is too small", f"At least {details['ctx']['ge']} is allowed"


def _too_great(details: Any) -> Said:
    return f"{_shown(details)} is too great", f"At most {details['ctx']['le']} is allowed"


def _own(details: Any) -> Said:
    """Our own validators say "problem: what to do", or only what to do."""
    said = str(details["ctx"]["error"])
    problem, colon, hint = said.partition(": ")
    if not colon:
        problem, hint = f"{_shown(details)} does not fit here", said
    return problem, hint[:1].upper() + hint[1:]


def _anything(details: Any) -> Said:
    return f"{_shown(details)} does not fit here: {details['msg']}", "Mend the value"


_SAY: Mapping[str, Callable[[Any], Said]] = {
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
    """The wrong value, as far as it helps to recognise it."""
    value = details["input"]
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > _HUGE:
        return "such a number"
    text = str(value)
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return f'"{text}"' if isinstance(value, str) else text


def _nearest(word: str, known: list[str]) -> str:
    close = get_close_matches(word.lower(), known, n=1)
    return f"Perhaps you mean {close[0]}" if close else f"Known here: {', '.join(known)}"


# ----------------------------------------------------------------- what a place in the model knows


def _keys_at(model: type[BaseModel], location: Path) -> list[str]:
    """The keys that the model knows at a place."""
    annotation: Any = model
    for part in location:
        annotation = _below(annotation, part)
    return [field.alias or name for name, field in annotation.model_fields.items()]


def _below(annotation: Any, part: str | int) -> Any:
    """The model or container that a step leads to."""
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
    """Without metadata and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        left = [arg for arg in get_args(annotation) if arg is not type(None)]
        return left[0] if len(left) == 1 else annotation
    return annotation
