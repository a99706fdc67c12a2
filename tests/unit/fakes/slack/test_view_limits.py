"""Every limit of a view is refused one step beyond it, and taken at it."""

import pytest

from tests.fakes.slack.block_kit import check_view
from tests.fakes.slack.bricks import (
    NUMBER,
    TEXT,
    actions,
    button,
    field,
    modal,
    plain,
    section,
    table,
)

MODALS: dict[str, tuple[dict, dict, str]] = {
    "100 blocks": (modal(*[section()] * 100), modal(*[section()] * 101), "/view/blocks"),
    "a block at least": (modal(section()), modal(), "/view/blocks"),
    "title of 24": (
        modal(section(), title=plain("x" * 24)),
        modal(section(), title=plain("x" * 25)),
        "/view/title/text",
    ),
    "submit of 24": (
        modal(section(), submit=plain("x" * 24)),
        modal(section(), submit=plain("x" * 25)),
        "/view/submit/text",
    ),
    "close of 24": (
        modal(section(), close=plain("x" * 24)),
        modal(section(), close=plain("x" * 25)),
        "/view/close/text",
    ),
    "private_metadata of 3000": (
        modal(section(), private_metadata="x" * 3000),
        modal(section(), private_metadata="x" * 3001),
        "/view/private_metadata",
    ),
    "callback_id of 255": (
        modal(section(), callback_id="x" * 255),
        modal(section(), callback_id="x" * 256),
        "/view/callback_id",
    ),
    "external_id of 255": (
        modal(section(), external_id="x" * 255),
        modal(section(), external_id="x" * 256),
        "/view/external_id",
    ),
    "label of 2000": (
        modal(field(TEXT, label=plain("x" * 2000))),
        modal(field(TEXT, label=plain("x" * 2001))),
        "/view/blocks/0/label/text",
    ),
    "hint of 2000": (
        modal(field(TEXT, hint=plain("x" * 2000))),
        modal(field(TEXT, hint=plain("x" * 2001))),
        "/view/blocks/0/hint/text",
    ),
    "max_length of 3000": (
        modal(field({**TEXT, "max_length": 3000})),
        modal(field({**TEXT, "max_length": 3001})),
        "/view/blocks/0/element/max_length",
    ),
    "min below max": (
        modal(field({**TEXT, "min_length": 5, "max_length": 5})),
        modal(field({**TEXT, "min_length": 6, "max_length": 5})),
        "/view/blocks/0/element",
    ),
    "initial text fits": (
        modal(field({**TEXT, "initial_value": "xx", "max_length": 2})),
        modal(field({**TEXT, "initial_value": "xxx", "max_length": 2})),
        "/view/blocks/0/element/initial_value",
    ),
    "numbers are words": (
        modal(field({**NUMBER, "min_value": "1"})),
        modal(field({**NUMBER, "min_value": 1})),
        "/view/blocks/0/element/min_value",
    ),
    "number says if decimal": (
        modal(field(NUMBER)),
        modal(field({"type": "number_input"})),
        "/view/blocks/0/element",
    ),
    "initial number fits": (
        modal(field({**NUMBER, "initial_value": "9", "max_value": "9"})),
        modal(field({**NUMBER, "initial_value": "10", "max_value": "9"})),
        "/view/blocks/0/element/initial_value",
    ),
    "dates are dates": (
        modal(field({"type": "datepicker", "initial_date": "2026-03-09"})),
        modal(field({"type": "datepicker", "initial_date": "9.3.2026"})),
        "/view/blocks/0/element/initial_date",
    ),
    "times are times": (
        modal(field({"type": "timepicker", "initial_time": "08:30"})),
        modal(field({"type": "timepicker", "initial_time": "24:30"})),
        "/view/blocks/0/element/initial_time",
    ),
    "moments are numbers": (
        modal(field({"type": "datetimepicker", "initial_date_time": 1_773_000_000})),
        modal(field({"type": "datetimepicker", "initial_date_time": "1773000000"})),
        "/view/blocks/0/element/initial_date_time",
    ),
    "10 files": (
        modal(field({"type": "file_input", "max_files": 10})),
        modal(field({"type": "file_input", "max_files": 11})),
        "/view/blocks/0/element/max_files",
    ),
    "100 lines": (
        modal(field({"type": "rich_text_input", "max_lines": 100})),
        modal(field({"type": "rich_text_input", "max_lines": 101})),
        "/view/blocks/0/element/max_lines",
    ),
    "one focus": (
        modal(field({**TEXT, "focus_on_load": True})),
        modal(
            field({**TEXT, "focus_on_load": True}),
            field({**TEXT, "focus_on_load": True, "action_id": "b"}),
        ),
        "/view/blocks/1/element",
    ),
    "fields need a submit": (
        modal(field(TEXT)),
        {name: value for name, value in modal(field(TEXT)).items() if name != "submit"},
        "/view",
    ),
    "no tables": (modal(section()), modal(table(1, 1)), "/view/blocks/0/type"),
    "alert of 200": (
        modal({"type": "alert", "text": plain("x" * 200)}),
        modal({"type": "alert", "text": plain("x" * 201)}),
        "/view/blocks/0/text/text",
    ),
    "a modal has a title": (modal(section()), modal(section(), title=None), "/view"),
}


@pytest.mark.parametrize("name", MODALS)
def test_a_modal_is_taken_up_to_the_limit_and_refused_beyond(name: str) -> None:
    taken, refused, pointer = MODALS[name]

    assert check_view(taken) == []
    assert pointer in [problem.pointer for problem in check_view(refused)]


def test_a_home_takes_its_blocks_only() -> None:
    home = {"type": "home", "blocks": [section(), actions(button())]}

    assert check_view(home, kind="home") == []
    for block in ({"type": "alert", "text": plain("x")}, {"type": "markdown", "text": "x"}):
        assert check_view({**home, "blocks": [block]}, kind="home")
    assert check_view({**home, "title": plain("x")}, kind="home")
