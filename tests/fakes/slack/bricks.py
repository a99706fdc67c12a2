"""Short ways to write Block Kit in tests."""

from typing import Any

from tests.fakes.slack.block_shapes import Json


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(number: int | str, **more: Any) -> Json:
    return {"text": plain(f"Option {number}"), "value": str(number), **more}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def button(number: int | str = 1, **more: Any) -> Json:
    return {"type": "button", "action_id": f"b{number}", "text": plain("Go"), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def field(element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "label": plain("Label"),
        "element": {"action_id": "a", **element},
        **more,
    }


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", **more}


def section(text: str = "Text", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def confirm(**more: str) -> Json:
    texts = {"title": "Sure?", "text": "Really", "confirm": "Yes", "deny": "No"} | more
    return {name: plain(text) for name, text in texts.items()}


TEXT = {"type": "plain_text_input"}
NUMBER = {"type": "number_input", "is_decimal_allowed": False}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}
