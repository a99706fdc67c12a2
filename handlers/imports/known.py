"""The names that a deployment knows: steps, grades, departments and people, as tables have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.imports.mapping import plain_word
from workflows.directory import Directory
from workflows.model.definition import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """What each name means: the id of a node or option, a department's id, a person's key.

    Names are keys of `plain_word`. A name of several people means none of them.
    """

    nodes: Mapping[str, str]
    grades: Mapping[str, str]
    grade_headings: tuple[str, ...]
    departments: Mapping[str, str]
    people: Mapping[str, str]
    department_of: Mapping[str, str]  # by the key of a person


def known_names(definition: Definition, directory: Directory) -> KnownNames:
    """Return the names of a process and of the company."""
    field = None if definition.grouped_by is None else definition.field(definition.grouped_by)
    people = directory.people.values()
    return KnownNames(
        nodes=_only((node.id, (node.id, *_texts(node.name))) for node in definition.nodes),
        grades=_only(
            (one.id, (one.id, *_texts(one))) for one in (field.options if field is not None else ())
        ),
        grade_headings=(field.id, *_texts(field.label)) if field is not None else (),
        departments=_only(
            (one.id, (one.id, one.name_zh, one.name_en)) for one in directory.departments.values()
        ),
        people=_only((one.key, (one.id, one.name, one.name_en, one.email)) for one in people),
        department_of={one.key: one.department for one in people},
    )


def _texts(text: object) -> tuple[str, str]:
    return str(getattr(text, "zh", "")), str(getattr(text, "en", ""))


def _only(named: Iterable[tuple[str, tuple[str, ...]]]) -> Mapping[str, str]:
    """Return what each name means, without names that mean several things."""
    found: dict[str, set[str]] = {}
    for key, names in named:
        for name in filter(None, map(plain_word, names)):
            found.setdefault(name, set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}
