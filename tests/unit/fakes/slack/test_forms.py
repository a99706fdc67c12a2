"""A form takes what Slack's client lets a person fill, and sends it as Slack does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.fakes.slack import CannotDo, Modal, Person
from tests.fakes.slack.bricks import field, modal, options, plain, section
from tests.fakes.slack.raw import RawClient, RawSocket


async def show(api: RawClient, ana: Person, *blocks: dict, **more: Any) -> Modal:
    trigger = api.slack.new_trigger(ana.id)
    told = await api("views.open", trigger_id=trigger, view=modal(*blocks, **more))
    assert told["ok"], told
    return ana.modal


TEXT = {"type": "plain_text_input"}


ELEMENTS: dict[str, dict] = {
    "text": TEXT,
    "number": {"type": "number_input", "is_decimal_allowed": True},
    "date": {"type": "datepicker"},
    "time": {"type": "timepicker"},
    "moment": {"type": "datetimepicker"},
    "one": {"type": "static_select", "options": options(3)},
    "some": {"type": "multi_static_select", "options": options(3)},
    "radio": {"type": "radio_buttons", "options": options(2)},
    "boxes": {"type": "checkboxes", "options": options(2)},
    "who": {"type": "users_select"},
    "team": {"type": "multi_users_select"},
    "rich": {"type": "rich_text_input"},
    "mail": {"type": "email_text_input"},
    "link": {"type": "url_text_input"},
    "files": {"type": "file_input"},
}


def everything(ana: Person) -> dict[str, Any]:
    return {
        "text": "Words",
        "number": 3.5,
        "date": date(2026, 3, 9),
        "time": "08:30",
        "moment": datetime(2026, 3, 9, tzinfo=UTC),
        "one": "Option 1",
        "some": ["Option 0", "2"],
        "radio": "Option 1",
        "boxes": ["Option 0"],
        "who": ana,
        "team": [ana],
        "rich": "Words",
        "mail": "a@b.cd",
        "link": "https://x",
        "files": [("a.png", b"x")],
    }


async def test_every_kind_of_field_is_filled_as_slack_sends_it(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    fields = [
        field({**one, "action_id": f"a-{name}"}, block_id=name, label=plain(name))
        for name, one in ELEMENTS.items()
    ]
    opened = await show(api, ana, *fields, callback_id="all")

    errors, payload = await link.answered(opened.submit(everything(ana)))

    state = payload["view"]["state"]["values"]
    sent = {
        name: {key: value for key, value in state[name][f"a-{name}"].items() if key != "type"}
        for name in ELEMENTS
    }
    assert errors == {}
    assert sent["number"] == {"value": "3.5"}
    assert sent["date"] == {"selected_date": "2026-03-09"}
    assert sent["time"] == {"selected_time": "08:30"}
    assert sent["moment"] == {"selected_date_time": 1_773_014_400}
    assert [one["value"] for one in sent["some"]["selected_options"]] == ["0", "2"]
    assert sent["team"] == {"selected_users": [ana.id]}
    assert sent["rich"]["rich_text_value"]["type"] == "rich_text"
    assert sent["files"]["files"][0]["name"] == "a.png"
    assert ana.modal_or_none is None
    api.slack.assert_clean()


CLIENT: dict[str, tuple[dict, Any, str]] = {
    "required": (TEXT, None, "required"),
    "too short": ({**TEXT, "min_length": 3}, "ab", "at least 3 characters"),
    "too long": ({**TEXT, "max_length": 3}, "abcd", "at most 3 characters"),
    "two lines": (TEXT, "a\nb", "one line only"),
    "no number": ({"type": "number_input", "is_decimal_allowed": True}, "x", "not a number"),
    "no decimals": ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "a whole number"),
    "too little": (
        {"type": "number_input", "is_decimal_allowed": False, "min_value": "5"},
        4,
        "at least 5",
    ),
    "too much": (
        {"type": "number_input", "is_decimal_allowed": False, "max_value": "5"},
        6,
        "at most 5",
    ),
    "no address": ({"type": "email_text_input"}, "me", "not an e-mail address"),
    "no link": ({"type": "url_text_input"}, "here", "not a URL"),
}


@pytest.mark.parametrize("name", CLIENT)
async def test_the_client_lets_nothing_wrong_through(
    name: str, api: RawClient, ana: Person
) -> None:
    element, value, error = CLIENT[name]
    opened = await show(api, ana, field(element))

    assert await opened.submit({"Label": value}) == {"Label": error}
    assert api.slack.outgoing.log == []


async def test_a_field_takes_what_it_offers_only(api: RawClient, ana: Person) -> None:
    opened = await show(
        api,
        ana,
        field(
            {"type": "file_input", "action_id": "f", "max_files": 1, "filetypes": ["png"]},
            label=plain("File"),
        ),
        field(
            {
                "type": "multi_static_select",
                "action_id": "m",
                "options": options(3),
                "max_selected_items": 1,
            },
            label=plain("Many"),
        ),
        field({"type": "users_select", "action_id": "u"}, label=plain("Who")),
    )

    for name, value in {
        "File": [("a.png", b""), ("b.png", b"")],
        "Many": ["0", "1"],
        "Who": "Nobody",
        "Nothing": "x",
    }.items():
        with pytest.raises(CannotDo):
            await opened.fill({name: value})
    with pytest.raises(CannotDo, match="png"):
        await opened.fill(File=[("a.exe", b"")])


async def test_options_are_asked_for_and_checked(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    opened = await show(
        api, ana, field({"type": "external_select", "min_query_length": 2}, label=plain("Who"))
    )

    with pytest.raises(CannotDo, match="2 characters"):
        await opened.search("Who", "g")
    found, payload = await link.answered(opened.search("Who", "op"), {"options": options(2)})
    assert (payload["type"], payload["value"]) == ("block_suggestion", "op")
    assert found == ["Option 0", "Option 1"]
    _, payload = await link.answered(opened.fill(Who=("opt", "Option 1")), {"options": options(2)})
    assert payload["value"] == "opt"
    assert opened.value("Who")["value"] == "1"
    await link.answered(opened.search("Who", "op"), {"options": options(101)})
    assert "options were refused" in api.slack.failures[0]


async def test_answers_to_a_submission_change_the_stack(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    opened = await show(api, ana, field(TEXT, block_id="what"))
    await opened.fill(Label="Words")

    answer: dict = {"response_action": "errors", "errors": {"what": "No"}}
    assert (await link.answered(opened.submit(), answer))[0] == {"Label": "No"}
    answer = {"response_action": "push", "view": modal(section("Second"))}
    await link.answered(opened.submit(), answer)
    assert ana.modal.text == "Second"
    with pytest.raises(CannotDo, match="not on top"):
        await opened.submit()
    answer = {"response_action": "update", "view": modal(section("Done"))}
    await link.answered(ana.modal.submit(), answer)
    assert ana.modal.text == "Done"
    await ana.close_modal()
    assert ana.modal.value("Label") == "Words"
    await link.answered(ana.modal.submit(), {"response_action": "clear"})
    assert ana.modal_or_none is None
    api.slack.assert_clean()


BAD_ANSWERS: list[dict] = [
    {"response_action": "errors", "errors": {"elsewhere": "No"}},
    {"response_action": "errors", "errors": {}},
    {"response_action": "dance"},
    {"response_action": "update", "view": modal()},
    {"text": "Thanks"},
]


@pytest.mark.parametrize("answer", BAD_ANSWERS)
async def test_a_wrong_answer_to_a_submission_is_a_failure(
    answer: dict, api: RawClient, link: RawSocket, ana: Person
) -> None:
    opened = await show(api, ana, field(TEXT, block_id="what"))

    errors, _ = await link.answered(opened.submit({"Label": "x"}), answer)

    assert errors
    assert len(api.slack.failures) == 1
    assert opened.is_open


async def test_closing_tells_the_app_when_it_asked(
    api: RawClient, link: RawSocket, ana: Person
) -> None:
    await show(api, ana, section(), notify_on_close=True)

    _, payload = await link.answered(ana.close_modal())

    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    assert "trigger_id" not in payload


async def test_a_field_that_stays_keeps_what_was_typed(api: RawClient, ana: Person) -> None:
    opened = await show(api, ana, field({**TEXT, "initial_value": "old"}, block_id="a"))
    assert opened.value("Label") == "old"
    await opened.fill(Label="typed")
    again = {**TEXT, "initial_value": "new"}

    view = modal(field(again, block_id="a"), section("More"))
    await api("views.update", view_id=opened.view.id, view=view)
    assert ana.modal.value("Label") == "typed"
    await api("views.update", view_id=opened.view.id, view=modal(field(again, block_id="b")))
    assert ana.modal.value("Label") == "new"
