"""A field of type email: one address, however it was typed, asked as a text on every platform."""

from __future__ import annotations

import pytest

from handlers.answers import read_form
from handlers.sheets import form_sheet
from handlers.tokens import Token
from tests.unit.handlers import travel
from workflows.directory import Directory
from workflows.errors import FormInvalid
from workflows.model.fields import Form

FORM = Form.model_validate(
    {
        "name": {"zh": "表", "en": "Form"},
        "fields": [{"id": "mail", "type": "email", "label": {"zh": "邮箱", "en": "E-mail"}}],
    }
)
WORLD = travel.world(Directory(people={}, departments={}))


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (" li.na@example.com ", "li.na@example.com"),
        ("ｌｉ．ｎａ＠example．com", "li.na@example.com"),
        ("li.na@\u200bexample.com", "li.na@example.com"),
    ],
)
def test_an_address_is_kept_as_it_is_meant(raw: str, kept: str) -> None:
    assert read_form(FORM, {"mail": raw}, world=WORLD) == {"mail": kept}


@pytest.mark.parametrize("raw", ["li.na", "a@example.com, b@example.com", "a@example.com\nBcc: b"])
def test_what_is_not_one_address_is_to_be_mended(raw: str) -> None:
    with pytest.raises(FormInvalid) as invalid:
        read_form(FORM, {"mail": raw}, world=WORLD)

    assert invalid.value.problems["mail"].code == "not_an_address"


def test_an_empty_one_is_none() -> None:
    assert read_form(FORM, {"mail": " "}, world=WORLD) == {}


def test_it_is_asked_as_a_text() -> None:
    token = Token(verb="new", argument="care")
    sheet = form_sheet(FORM, token=token, language="en", world=WORLD, title="Care", submit="Go")

    assert [one.type for one in sheet.questions] == ["text"]
