"""One certificate is handed in again, beside the others (`only = "subject"`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

from handlers.actions.decide import _alone
from tests.contract import values as v
from tests.unit.workflows import certified
from workflows.case.scope import Opened, Scope
from workflows.case.task import ContentRef, form_key
from workflows.form_values import values_of
from workflows.loading import load_definition
from workflows.records import Content

DEFINITION = load_definition(
    certified.TEXT.replace('form = "supplier"\ndue', 'form = "supplier"\nonly = "subject"\ndue'),
    file="certified.toml",
).definition
AMEND = DEFINITION.work_node("amend")
FILED = {**certified.GIVEN, "agency": ["f9"], "agency_expires": "2027-01-01"}
RENEWED = {"iso9001": ["f7"], "iso9001_expires": "2030-01-01"}


def content(key: str, values: Mapping[str, object]) -> Content:
    return Content(
        id=key,
        case_id="S-2026-0001",
        kind="form:supplier",
        author="p",
        at=v.NOW,
        salt="s",
        body={"values": values},
        digest="d",
    )


def latest(key: str) -> dict[str, Any]:
    """The values of a case whose certificate was renewed under this key."""
    refs = (("start", ContentRef(id="k1", digest="d")), (key, ContentRef(id="k2", digest="d")))
    case = replace(v.case("S-2026-0001"), forms=refs)
    contents = {"k1": content("k1", FILED), "k2": content("k2", RENEWED)}
    return dict(values_of(case, contents, DEFINITION))


def branch(subject: str) -> Scope:
    return Scope(id="b1", opened=Opened(target="amend", subject=subject))


def test_renewing_one_certificate_keeps_the_others() -> None:
    assert latest(form_key("amend", branch("iso9001"))) == {**FILED, **RENEWED}
    assert latest(form_key("amend", None)) == RENEWED  # the whole form was asked again


def test_each_subject_has_a_form_of_its_own() -> None:
    assert form_key("amend", branch("iso9001")) == "task:amend:iso9001"
    assert form_key("amend", branch("")) == form_key("amend", None) == "task:amend"


def test_the_step_asks_for_nothing_but_the_certificate() -> None:
    def asked(scope: Scope | None) -> list[str]:
        case = SimpleNamespace(started=lambda spot: scope)
        it: Any = SimpleNamespace(definition=DEFINITION, case=case)
        return [field.id for field in _alone(it, AMEND, v.task()).fields]

    assert asked(branch("iso9001")) == ["iso9001", "iso9001_expires"]
    assert len(asked(None)) == len(DEFINITION.forms["supplier"].fields)
    assert len(asked(branch("else"))) == len(DEFINITION.forms["supplier"].fields)
