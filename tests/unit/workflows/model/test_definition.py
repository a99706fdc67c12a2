"""The model of a definition: what may be written, and what it answers."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.unit.workflows import certified, office
from tests.unit.workflows.playbooks import seated
from workflows.case.scope import Opened, Scope
from workflows.case.task import form_key
from workflows.durations import parse_span
from workflows.lint_graph import edges
from workflows.loading import load_definition
from workflows.model.clocks import Rung, RungTime, parse_rung_time
from workflows.model.definition import Definition
from workflows.model.words import Text

COMPLAINT = office.complaint().definition
WORDS = {"zh": "答复", "en": "Answer"}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("50%", {"percent": 50}),
        ("1%", {"percent": 1}),
        ("due", {"base": "due"}),
        ("start", {"base": "start"}),
        ("due + 2wh", {"base": "due", "sign": 1, "span": parse_span("2wh")}),
        ("due - 1h", {"base": "due", "sign": -1, "span": parse_span("1h")}),
        ("start+30m", {"base": "start", "sign": 1, "span": parse_span("30m")}),
    ],
)
def test_a_rung_says_when_it_fires(text, time):
    assert parse_rung_time(text) == RungTime(text=text, **time)


@pytest.mark.parametrize(
    "text", ["", "0%", "100%", "soon", "due +", "due 2h", "due * 2h", "due + 2y", "end + 1h", 50]
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"write|a share|not a length of time"):
        parse_rung_time(text)


def test_a_rung_time_that_was_read_stays_as_it_is():
    time = parse_rung_time("due")

    assert parse_rung_time(time) is time


def test_a_rung_reminds_or_escalates_or_charges_points():
    assert Rung.model_validate({"at": "due", "remind": "assignee"}).escalate is None
    assert Rung.model_validate({"at": "due", "escalate": "owner"}).remind is None
    assert Rung.model_validate({"at": "due + 1wd", "points": 1}).points == 1
    for wrong in (
        {},
        {"remind": "assignee", "escalate": "owner"},
        {"remind": "assignee", "points": 1},
        {"escalate": "owner", "points": 1},
    ):
        with pytest.raises(ValidationError, match="exactly one of remind, escalate, reassign"):
            Rung.model_validate({"at": "due", **wrong})


def test_a_definition_survives_as_data():
    assert Definition.model_validate(COMPLAINT.model_dump()) == COMPLAINT
    assert Definition.model_validate_json(COMPLAINT.model_dump_json()) == COMPLAINT


def test_signers_and_their_rules_survive_as_data():
    signing = seated.process().definition

    assert Definition.model_validate(signing.model_dump()) == signing
    assert Definition.model_validate_json(signing.model_dump_json()) == signing


def test_a_certificate_is_asked_as_its_files_and_the_day_on_which_it_expires():
    form = certified.supplier_form()
    asked = {field.id: (field.type, field.label.zh, field.required) for field in form.fields}

    assert [one.id for one in form.certificates] == ["license", "iso9001", "safety", "agency"]
    assert asked["license"] == ("files", "营业执照", True)
    assert asked["license_expires"] == ("date", "营业执照：有效期至", False)
    assert asked["iso9001_expires"] == ("date", "质量体系证书：有效期至", True)
    assert asked["agency_expires"] == ("date", "代理授权书：有效期至", False)
    assert next(one.label.en for one in form.fields if one.is_expiry) == (
        "Business licence: valid until"
    )


def test_a_certificate_survives_as_data_in_the_way_it_was_written():
    definition = certified.loaded().definition

    assert Definition.model_validate(definition.model_dump()) == definition
    (written,) = (
        field
        for field in definition.model_dump(mode="json")["forms"]["supplier"]["fields"]
        if field["id"] == "iso9001"
    )
    assert (written["type"], written["expires"], written["max_files"]) == ("certificate", True, 2)


def test_where_a_certificate_is_named_its_expiry_is_meant_too():
    definition = certified.loaded().definition

    assert definition.with_expiries(("license", "visit", "else")) == {
        "license",
        "license_expires",
        "visit",
        "else",
    }
    assert definition.with_expiries(("license_expires",)) == {"license_expires"}


def test_a_definition_is_frozen_and_knows_its_keys():
    with pytest.raises(ValidationError, match="frozen"):
        COMPLAINT.key = "other"  # type: ignore[misc] # that is the point
    with pytest.raises(ValidationError, match="Extra inputs"):
        Text.model_validate({"zh": "投诉", "en": "Complaint", "fr": "Plainte"})


def test_a_span_is_read_from_its_text_only():
    clock = COMPLAINT.model_dump()
    clock["pause"]["due"] = 8

    with pytest.raises(ValidationError, match="not a length of time"):
        Definition.model_validate(clock)


def test_nodes_are_found_by_id():
    assert COMPLAINT.node("triage").id == "triage"
    assert COMPLAINT.work_node("confirm").kind == "approval"
    with pytest.raises(KeyError):
        COMPLAINT.node("nowhere")
    with pytest.raises(AssertionError):
        COMPLAINT.work_node("dispatch")


def test_fields_are_found_by_id_in_whatever_form():
    grade = COMPLAINT.field("grade")

    assert grade is not None
    assert ("triage", grade) in list(COMPLAINT.all_fields())
    assert [field.id for field in COMPLAINT.every_field()].count("grade") == 1
    assert COMPLAINT.field("nothing") is None
    option = grade.option("urgent")
    assert option is not None
    assert (option.of("zh"), option.of("en")) == ("紧急", "Urgent")
    assert grade.option("so-so") is None


def test_a_form_may_have_a_field_for_free_text():
    main = COMPLAINT.forms["complaint"].main_field

    assert main is not None
    assert main.id == "what_happened"
    assert COMPLAINT.forms["triage"].main_field is None


@pytest.mark.parametrize(
    ("node", "next_nodes"),
    [
        ("triage", ("dispatch",)),
        ("dispatch", ("resolve",)),
        ("resolve", ("confirm", "triage")),
        ("confirm", ("archive", "resolve", "management_decision")),
        ("closed", ()),
    ],
)
def test_each_node_knows_what_may_follow(node, next_nodes):
    targets = (edge.target for edge in edges(COMPLAINT) if edge.source == node)

    assert tuple(dict.fromkeys(targets)) == next_nodes


def test_an_action_is_called_by_its_button_where_it_has_one():
    answered = office.complaint().definition.actions["answered"]

    assert answered.button is not None
    assert answered.called == answered.button
    assert answered.model_copy(update={"button": None}).called == answered.name


def test_the_first_text_of_the_start_form_tells_cases_apart():
    field = office.complaint().definition.subject_field

    assert field is not None
    assert field.id == "customer"


def test_a_step_with_only_asks_in_a_branch_for_its_certificate_alone():
    text = certified.TEXT.replace(
        'form = "supplier"\ndue', 'form = "supplier"\nonly = "subject"\ndue'
    )
    definition = load_definition(text, file="certified.toml").definition
    form = definition.forms["supplier"]
    branch = Scope(id="b", opened=Opened(target="amend", subject="iso9001"))

    assert [one.id for one in form.about("iso9001")] == ["iso9001", "iso9001_expires"]
    key = form_key("amend", branch)
    assert key == "task:amend:iso9001"
    assert definition.asked_in(key, "supplier") == form.about("iso9001")
    assert definition.asked_in("task:check:iso9001", "supplier") == form.fields
    assert form_key("amend", None) == form_key("amend", Scope(id="b")) == "task:amend"
    assert definition.asked_in("task:amend", "supplier") == form.fields
    assert definition.asked_in("start", "supplier") == form.fields
    assert definition.asked_in("start", "none") == ()


def test_a_definition_knows_its_unique_fields():
    text = certified.TEXT.replace(
        'type = "text", required', 'type = "text", unique = true, required'
    )

    assert load_definition(text, file="certified.toml").definition.unique == ("supplier",)
    assert certified.loaded().definition.unique == ()


def test_a_mail_is_found_by_its_id():
    mail = {"id": "answer", "name": WORDS, "on": "answered", "to": "contact"}
    mails = [{**mail, "subject": WORDS, "text": WORDS}]
    definition = Definition.model_validate({**COMPLAINT.model_dump(by_alias=True), "mails": mails})
    assert definition.mail("answer") == definition.mails[0]
    assert definition.mail("other") is None
