"""Applies the answers about a spot to the text of a draft."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.answers import RAW_MOST, clean_line
from handlers.changing.questions import ASSIGNEE, CANDIDATES, REMOVE, YES
from handlers.changing.spots import Kind, Spot
from handlers.i18n import Translator
from handlers.i18n.sayings import told
from handlers.pages import Question
from workflows import toml_edits
from workflows.directory import Directory
from workflows.errors import Finding, FormInvalid, Refusal
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.toml_lines import Path

_UNNAMED = "field"
_LONGEST = 40  # characters of an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a draft is checked against."""

    directory: Directory | None
    calendars: Collection[str] | None


def edited(
    text: str,
    spot: Spot,
    answers: Mapping[str, object],
    *,
    questions: Sequence[Question],
    company: Company,
    words: Translator,
) -> str:
    """Return the text of a draft with the answers about a spot; all other text stays as it is.

    Args:
        text: the text of a draft without findings.
        questions: what was asked.
        words: the language in which problems are said.

    Raises:
        FormInvalid: an answer does not fit, or nothing would change.
        Refusal: `change_layout` if the text is written in a way that cannot be changed here.
    """
    given = _taken(questions, answers)
    first = next((one.id for one in questions if given[one.id] != (one.value or "")), "")
    first = first or questions[0].id
    try:
        made = _EDITS[spot.kind](text, spot.path, given)
    except toml_edits.CannotEdit:
        raise Refusal("change_layout") from None
    if made == text:
        raise FormInvalid({first: Refusal("change_nothing")})
    found = check(made, file="", directory=company.directory, calendars=company.calendars)
    if found:
        raise FormInvalid({_asked(found[0], given) or first: _unfit(found[0], words)})
    return made


def _taken(questions: Sequence[Question], answers: Mapping[str, object]) -> dict[str, str]:
    """Return the answer to each question as clean text. Raises FormInvalid."""
    given: dict[str, str] = {}
    problems: dict[str, Refusal] = {}
    for one in questions:
        raw = answers.get(one.id)
        text = given[one.id] = clean_line("" if raw is None else str(raw)[:RAW_MOST])
        if one.choices and text not in [choice.id for choice in one.choices]:
            problems[one.id] = Refusal("not_an_option" if text else "choice_required")
        elif one.required and not text:
            problems[one.id] = Refusal("field_required")
        elif one.max is not None and len(text) > one.max:
            problems[one.id] = Refusal("text_too_long", most=one.max, length=len(text))
    if problems:
        raise FormInvalid(problems)
    return given


def loaded(text: str) -> Loaded:
    """Return the definition of a text without findings."""
    return load_definition(text, file="")


def _unfit(found: Finding, words: Translator) -> Refusal:
    problem, hint = told(found.problem, words=words), told(found.hint, words=words)
    return Refusal("change_unfit", why=f"{problem} → {hint}")


def _asked(found: Finding, given: Mapping[str, str]) -> str:
    """Return the question that a finding is about, by the last key of its place."""
    key = found.where.rpartition(".")[2]
    return key if key in given else ""


# ---------------------------------------------------------------------------- one for each kind


def _put(text: str, path: Path, value: object) -> str:
    """Set a value if it is another one, so that its layout stays if it is the same."""
    here: Any = tomllib.loads(text)
    for part in path:
        if isinstance(here, dict) and part not in here:
            here = None
            break
        here = here[part]
    return text if here == value else toml_edits.set_value(text, path, value)


def _at(text: str, path: tuple[str, ...]) -> Path:
    """Return the path of a spot in the document, with positions for ids of nodes and fields."""
    top, key, *rest = path
    tree = tomllib.loads(text)
    if top == "nodes":
        return top, _index(tree["nodes"], key)
    if not rest:
        return top, key
    return top, key, "fields", _index(tree[top][key]["fields"], rest[0])


def _index(several: list[dict[str, Any]], wanted: str) -> int:
    return next(number for number, one in enumerate(several) if one["id"] == wanted)


def _keys(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
    """Set keys of a step to the answers of their names."""
    at = _at(text, path)
    for name, value in given.items():
        text = _put(text, (*at, name), value)
    return text


def _numbered(*inside: str) -> Callable[[str, tuple[str, ...], Mapping[str, str]], str]:
    """Return the edit of the entries of a list, whose answers end in the number of the entry."""
    *way, key = inside

    def edit(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
        for name, value in given.items():
            number = int(name.rpartition("_")[2])
            text = _put(text, (*_at(text, path), *way, number, key), value)
        return text

    return edit


def _people(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
    at = _at(text, path)
    node = tomllib.loads(text)["nodes"][at[1]]
    if "signers" in node:
        return _signers(text, (*at, "signers"), node["signers"], given)
    how, other = given["how"], CANDIDATES if given["how"] == ASSIGNEE else ASSIGNEE
    if other in node:
        text = toml_edits.rename_key(text, (*at, other), how)
    return _put(text, (*at, how), given["who"])


def _signers(text: str, at: Path, signers: Any, given: Mapping[str, str]) -> str:
    if isinstance(signers, str):
        return _put(text, at, given["who_0"])
    for number, one in enumerate(signers):
        place: Path = (*at, number) if isinstance(one, str) else (*at, number, "who")
        text = _put(text, place, given[f"who_{number}"])
    return text


def _name(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
    return _words(text, (*_at(text, path), "name"), given, "name")


def _words(text: str, at: Path, given: Mapping[str, str], name: str) -> str:
    for language in ("zh", "en"):
        text = _put(text, (*at, language), given[f"{name}_{language}"])
    return text


def _field(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
    at = _at(text, path)
    if given["keep"] == REMOVE:
        return toml_edits.remove_element(text, at)
    form, number = path[1], _index(tomllib.loads(text)["forms"][path[1]]["fields"], path[2])
    field = tomllib.loads(text)["forms"][form]["fields"][number]
    text = _words(text, (*at, "label"), given, "label")
    hint = {one: given[f"hint_{one}"] for one in ("zh", "en")}
    if any(hint.values()):
        lacking = [one for one, said in hint.items() if not said]
        if lacking:
            raise FormInvalid({f"hint_{lacking[0]}": Refusal("field_required")})
        if "hint" in field:
            text = _words(text, (*at, "hint"), given, "hint")
        else:
            text = toml_edits.set_value(text, (*at, "hint"), hint)
    elif "hint" in field:
        text = toml_edits.remove_key(text, (*at, "hint"))
    required = given["required"] == YES
    if field.get("required", False) != required:
        text = toml_edits.set_value(text, (*at, "required"), required)
    return text


def _add(text: str, path: tuple[str, ...], given: Mapping[str, str]) -> str:
    tree = tomllib.loads(text)
    taken = {one["id"] for form in tree["forms"].values() for one in form["fields"]}
    label = {one: given[f"label_{one}"] for one in ("zh", "en")}
    new = {"id": _new_id(label["en"], taken), "type": given["type"], "label": label}
    return toml_edits.append(text, (*path, "fields"), new)


def _new_id(label: str, taken: Collection[str]) -> str:
    """Return an id for a new field, made of its English label."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    name = plain if plain[:1].isalpha() else _UNNAMED
    name = name[: _LONGEST - 3].rstrip("_")
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)


_EDITS: Mapping[Kind, Callable[[str, tuple[str, ...], Mapping[str, str]], str]] = {
    Kind.LIMIT: _keys,
    Kind.LADDER: _keys,
    Kind.CLOCK: _numbered("within", "limit"),
    Kind.RUNGS: _numbered("rungs", "at"),
    Kind.PEOPLE: _people,
    Kind.NAME: _name,
    Kind.FIELD: _field,
    Kind.ADD: _add,
}
