"""The latest value of every field, and those that no other open case may have."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as changed

from tests.unit.workflows.deeds import file
from tests.unit.workflows.playbook import Playbook, whatever
from tests.unit.workflows.playbooks.test_checking import checks
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.form_values import unique_of, values_of
from workflows.records import FORM, Content


def content(values: dict[str, object] | None, *, id: str = "k1", form: str = "") -> Content:
    body = None if values is None else {"values": values}
    return Content(
        id=id, case_id="X", kind=FORM + form, author="p", at=0, salt="", body=body, digest="d"
    )


def test_the_last_submission_of_a_form_counts_and_an_erased_one_has_no_values():
    play = Playbook(checks())
    definition, form = play.process.definition, play.process.definition.start_form
    field = definition.forms[form].fields[0].id
    play >> file("wu.min") << whatever
    case = changed(
        play.case,
        forms=tuple(("start", ContentRef(id=one, digest="d")) for one in ("k1", "k2", "gone")),
    )
    first = content({field: "a", "other": 1}, form=form)
    second = content({field: "b"}, id="k2", form=form)

    assert values_of(case, {"k1": first}, definition)[field] == "a"
    assert values_of(case, {"k1": first, "k2": second}, definition)[field] == "b"
    erased = replace(second, body=None)
    assert field not in values_of(case, {"k1": first, "k2": erased}, definition)


def test_only_a_running_case_has_unique_values():
    play = Playbook(checks())
    play >> file("wu.min") << whatever
    definition = play.process.definition
    form = definition.forms[definition.start_form]
    first = form.fields[0].model_copy(update={"unique": True})
    only = form.model_copy(update={"fields": (first, *form.fields[1:])})
    unique = definition.model_copy(
        update={"forms": {**definition.forms, definition.start_form: only}}
    )

    assert unique_of(play.case, {first.id: 7}, unique) == {first.id: "7"}
    assert unique_of(play.case, {first.id: ""}, unique) == {}
    ended = changed(play.case, status=Status.COMPLETED)
    assert unique_of(ended, {first.id: 7}, unique) == {}
