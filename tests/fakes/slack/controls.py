"""What a person can operate: every control of a surface, its label and its value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.block_shapes import Json

State = dict[str, dict[str, Json]]

# Which key of `state.values` and of an action an element fills.
VALUE_KEY = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "file_input": "files",
}


def initial_key(kind: str) -> str:
    return {"value": "initial_value", "rich_text_value": "initial_value"}.get(
        VALUE_KEY[kind], VALUE_KEY[kind].replace("selected", "initial")
    )


@dataclass(frozen=True, slots=True)
class Control:
    """One element, where it stands."""

    block: Json
    element: Json

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def is_input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def label(self) -> str:
        """What a person would call it."""
        if self.is_input:
            return str(self.block["label"]["text"])
        if self.kind == "button":
            return str(self.element["text"]["text"])
        if "placeholder" in self.element:
            return str(self.element["placeholder"]["text"])
        return str((self.block.get("text") or {}).get("text", ""))

    def is_called(self, name: str) -> bool:
        return name in {self.label, self.action_id, self.block_id if self.is_input else None}

    @property
    def many(self) -> bool:
        return self.kind.startswith("multi_") or self.kind == "checkboxes"

    def options(self) -> list[Json]:
        groups = self.element.get("option_groups") or []
        return [*self.element.get("options", []), *(o for g in groups for o in g["options"])]

    def initial(self) -> Any:
        value = self.element.get(initial_key(self.kind))
        return [] if value is None and (self.many or self.kind == "file_input") else value


def controls(blocks: list[Json]) -> Iterator[Control]:
    """Every control that is rendered, from top to bottom."""
    for block in blocks:
        elements: list[Json] = []
        if block["type"] == "input":
            elements = [block["element"]]
        elif block["type"] == "actions":
            elements = block["elements"]
        elif block["type"] == "section" and "accessory" in block:
            elements = [block["accessory"]]
        yield from (Control(block, one) for one in elements if "action_id" in one)


def state_value(control: Control, value: Any) -> Json:
    return {"type": control.kind, VALUE_KEY[control.kind]: value}


def fresh_state(blocks: list[Json], old: State | None = None) -> State:
    """What the fields hold when these blocks appear: a field that stays keeps its value."""
    state: State = {}
    for control in controls(blocks):
        if control.kind in {"button", "overflow"}:
            continue
        kept = (old or {}).get(control.block_id, {}).get(control.action_id)
        keeps = kept is not None and kept["type"] == control.kind
        value = kept if keeps else state_value(control, control.initial())
        state.setdefault(control.block_id, {})[control.action_id] = value or {}
    return state
