"""The values of the forms of a case: the latest of each field, and those that no other may have."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.case.state import Case
from workflows.case.status import Status
from workflows.model.definition import Definition
from workflows.records import FORM, Content


def values_of(
    case: Case, contents: Mapping[str, Content], definition: Definition
) -> Mapping[str, object]:
    """Return the latest value of every form field of a case, by the field's id.

    A field that was empty in the last submission of its form has none, and neither has one whose
    last submission was erased.
    """
    values: dict[str, object] = {}
    for what, ref in case.forms:
        content = contents.get(ref.id)
        if content is None:
            continue
        for field in definition.asked_in(what, content.kind.removeprefix(FORM)):
            for name in field.names:
                values.pop(name, None)
        if content.body is not None:
            values.update(content.body.get("values", {}))
    return values


def unique_of(
    case: Case, values: Mapping[str, object], definition: Definition
) -> Mapping[str, str]:
    """Return the values of a running case that no other open case may have, by the field's id."""
    if case.status is not Status.RUNNING:
        return {}
    return {name: str(values[name]) for name in definition.unique if values.get(name)}
