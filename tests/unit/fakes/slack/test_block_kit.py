"""Every limit of Block Kit is refused one step beyond it, and taken at it."""

import pytest

from tests.fakes.slack.block_kit import check_blocks, check_message
from tests.fakes.slack.bricks import (
    TEXT,
    actions,
    button,
    confirm,
    field,
    option,
    options,
    plain,
    section,
    select,
    table,
)

# What is taken, and the same one step further, which is refused at this place.
MESSAGES: dict[str, tuple[list, list, str]] = {
    "50 blocks": ([section()] * 50, [section()] * 51, "/blocks"),
    "section of 3000": ([section("x" * 3000)], [section("x" * 3001)], "/blocks/0/text/text"),
    "section with text": ([section()], [section("")], "/blocks/0/text/text"),
    "10 fields": (
        [{"type": "section", "fields": [plain("x")] * 10}],
        [{"type": "section", "fields": [plain("x")] * 11}],
        "/blocks/0/fields",
    ),
    "field of 2000": (
        [{"type": "section", "fields": [plain("x" * 2000)]}],
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        "/blocks/0/fields/0/text",
    ),
    "text or fields": ([section()], [{"type": "section"}], "/blocks/0"),
    "header of 150": (
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "header", "text": plain("x" * 151)}],
        "/blocks/0/text/text",
    ),
    "header is plain": (
        [{"type": "header", "text": plain("x")}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "/blocks/0/text/type",
    ),
    "10 context elements": (
        [{"type": "context", "elements": [plain("x")] * 10}],
        [{"type": "context", "elements": [plain("x")] * 11}],
        "/blocks/0/elements",
    ),
    "25 actions": (
        [actions(*map(button, range(25)))],
        [actions(*map(button, range(26)))],
        "/blocks/0/elements",
    ),
    "button of 75": (
        [actions(button(text=plain("x" * 75)))],
        [actions(button(text=plain("x" * 76)))],
        "/blocks/0/elements/0/text/text",
    ),
    "button value of 2000": (
        [actions(button(value="x" * 2000))],
        [actions(button(value="x" * 2001))],
        "/blocks/0/elements/0/value",
    ),
    "button url of 3000": (
        [actions(button(url="x" * 3000))],
        [actions(button(url="x" * 3001))],
        "/blocks/0/elements/0/url",
    ),
    "button label of 75": (
        [actions(button(accessibility_label="x" * 75))],
        [actions(button(accessibility_label="x" * 76))],
        "/blocks/0/elements/0/accessibility_label",
    ),
    "button style": (
        [actions(button(style="danger"))],
        [actions(button(style="default"))],
        "/blocks/0/elements/0/style",
    ),
    "no invented field": (
        [actions(button())],
        [actions(button(colour="red"))],
        "/blocks/0/elements/0",
    ),
    "action_id of 255": (
        [actions(button("x" * 254))],
        [actions(button("x" * 255))],
        "/blocks/0/elements/0/action_id",
    ),
    "action_id once": (
        [actions(button(1)), actions(button(2))],
        [actions(button(1)), actions(button(1))],
        "/blocks/1/elements/0/action_id",
    ),
    "block_id of 255": (
        [section(block_id="x" * 255)],
        [section(block_id="x" * 256)],
        "/blocks/0/block_id",
    ),
    "block_id once": (
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
        "/blocks/1/block_id",
    ),
    "5 in an overflow": (
        [actions({"type": "overflow", "action_id": "o", "options": options(5)})],
        [actions({"type": "overflow", "action_id": "o", "options": options(6)})],
        "/blocks/0/elements/0/options",
    ),
    "an overflow has options": (
        [actions({"type": "overflow", "action_id": "o", "options": options(1)})],
        [actions({"type": "overflow", "action_id": "o", "options": []})],
        "/blocks/0/elements/0/options",
    ),
    "100 in a select": (
        [actions(select(options=options(100)))],
        [actions(select(options=options(101)))],
        "/blocks/0/elements/0/options",
    ),
    "a select has options": (
        [actions(select(options=options(1)))],
        [actions(select(options=[]))],
        "/blocks/0/elements/0/options",
    ),
    "100 groups": (
        [actions(select(option_groups=[{"label": plain("G"), "options": options(1)}] * 100))],
        [actions(select(option_groups=[{"label": plain("G"), "options": options(1)}] * 101))],
        "/blocks/0/elements/0/option_groups",
    ),
    "options or groups": (
        [actions(select(options=options(1)))],
        [
            actions(
                select(
                    options=options(1), option_groups=[{"label": plain("G"), "options": options(1)}]
                )
            )
        ],
        "/blocks/0/elements/0",
    ),
    "option of 75": (
        [actions(select(options=[option(1, text=plain("x" * 75))]))],
        [actions(select(options=[option(1, text=plain("x" * 76))]))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    "option value of 150": (
        [actions(select(options=[option("x" * 150, text=plain("x"))]))],
        [actions(select(options=[option("x" * 151, text=plain("x"))]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    "option description of 75": (
        [actions(select(options=[option(1, description=plain("x" * 75))]))],
        [actions(select(options=[option(1, description=plain("x" * 76))]))],
        "/blocks/0/elements/0/options/0/description/text",
    ),
    "option value once": (
        [actions(select(options=[option(1), option(2)]))],
        [actions(select(options=[option(1), option(1)]))],
        "/blocks/0/elements/0/options",
    ),
    "initial option is offered": (
        [actions(select(options=options(2), initial_option=option(1)))],
        [actions(select(options=options(2), initial_option=option(2)))],
        "/blocks/0/elements/0",
    ),
    "placeholder of 150": (
        [actions(select(options=options(1), placeholder=plain("x" * 150)))],
        [actions(select(options=options(1), placeholder=plain("x" * 151)))],
        "/blocks/0/elements/0/placeholder/text",
    ),
    "10 checkboxes": (
        [actions({"type": "checkboxes", "action_id": "c", "options": options(10)})],
        [actions({"type": "checkboxes", "action_id": "c", "options": options(11)})],
        "/blocks/0/elements/0/options",
    ),
    "10 radio buttons": (
        [actions({"type": "radio_buttons", "action_id": "c", "options": options(10)})],
        [actions({"type": "radio_buttons", "action_id": "c", "options": options(11)})],
        "/blocks/0/elements/0/options",
    ),
    "confirm title of 100": (
        [actions(button(confirm=confirm(title="x" * 100)))],
        [actions(button(confirm=confirm(title="x" * 101)))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    "confirm text of 300": (
        [actions(button(confirm=confirm(text="x" * 300)))],
        [actions(button(confirm=confirm(text="x" * 301)))],
        "/blocks/0/elements/0/confirm/text/text",
    ),
    "confirm buttons of 30": (
        [actions(button(confirm=confirm(confirm="x" * 30, deny="x" * 30)))],
        [actions(button(confirm=confirm(confirm="x" * 30, deny="x" * 31)))],
        "/blocks/0/elements/0/confirm/deny/text",
    ),
    "image alt of 2000": (
        [{"type": "image", "image_url": "https://x", "alt_text": "x" * 2000}],
        [{"type": "image", "image_url": "https://x", "alt_text": "x" * 2001}],
        "/blocks/0/alt_text",
    ),
    "image url of 3000": (
        [{"type": "image", "image_url": "x" * 3000, "alt_text": "x"}],
        [{"type": "image", "image_url": "x" * 3001, "alt_text": "x"}],
        "/blocks/0/image_url",
    ),
    "image title of 2000": (
        [{"type": "image", "image_url": "x", "alt_text": "x", "title": plain("x" * 2000)}],
        [{"type": "image", "image_url": "x", "alt_text": "x", "title": plain("x" * 2001)}],
        "/blocks/0/title/text",
    ),
    "image has a source": (
        [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"}],
        [{"type": "image", "alt_text": "x"}],
        "/blocks/0",
    ),
    "markdown of 12000 in all": (
        [{"type": "markdown", "text": "x" * 6000}] * 2,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "/blocks",
    ),
    "100 rows": ([table(100, 2)], [table(101, 2)], "/blocks/0/rows"),
    "20 columns": ([table(1, 20)], [table(1, 21)], "/blocks/0/rows/0"),
    "one table": ([table(1, 1)], [table(1, 1), table(1, 1)], "/blocks"),
    "video title of 200": (
        [
            {
                "type": "video",
                "alt_text": "x",
                "title": plain("x" * 200),
                "video_url": "https://x",
                "thumbnail_url": "https://x",
            }
        ],
        [
            {
                "type": "video",
                "alt_text": "x",
                "title": plain("x" * 201),
                "video_url": "https://x",
                "thumbnail_url": "https://x",
            }
        ],
        "/blocks/0/title/text",
    ),
    "known blocks": ([{"type": "divider"}], [{"type": "carousel"}], "/blocks/0/type"),
    "blocks are objects": ([{"type": "divider"}], ["divider"], "/blocks/0"),
    "fields belong in modals": ([section()], [field(TEXT)], "/blocks/0/type"),
    "no fields among buttons": (
        [actions(button())],
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "/blocks/0/elements/0/type",
    ),
    "rich text has known parts": (
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
                ],
            }
        ],
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "shout", "text": "x"}]}
                ],
            }
        ],
        "/blocks/0/elements/0/elements/0/type",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_taken_up_to_the_limit_and_refused_beyond(name: str) -> None:
    taken, refused, pointer = MESSAGES[name]

    assert check_blocks(taken, "message") == []
    assert [problem.pointer for problem in check_blocks(refused, "message")] == [pointer]


def test_the_text_of_a_message_has_a_budget() -> None:
    within = {"blocks": [section("x" * 3000)] * 4}
    beyond = {"blocks": [*within["blocks"], section("x")]}

    assert check_message(within) == []
    assert [problem.code for problem in check_message(beyond)] == ["msg_blocks_too_long"]


def test_a_problem_reads_as_slack_writes_it() -> None:
    (problem,) = check_blocks([section("x" * 3001)], "message")

    assert problem.line() == (
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    )
    assert problem.as_json()["constraint"] == 3000
