"""Every interactive element of Block Kit, with its limits."""

from decimal import Decimal
from typing import Any

from tests.fakes.slack import block_shapes as s
from tests.fakes.slack.block_shapes import Check, Json, Report, Rule

DATE = s.written(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date like 2026-03-09")
TIME = s.written(r"([01]\d|2[0-3]):[0-5]\d", "a time like 08:30")
NUMBER = s.written(r"-?\d+(\.\d+)?", "a number")
PLACEHOLDER = s.text(150, plain=True)


def _interactive(
    fields: dict[str, Check], required: tuple[str, ...] = (), rule: Rule | None = None
) -> Check:
    """An element with an action_id, which must not stand twice on a surface."""

    def once(report: Report, value: Json, at: str) -> None:
        action_id = value["action_id"]
        if action_id in report.action_ids:
            report.add(
                "duplicate_action_id", f"`action_id` {action_id} already exists", f"{at}/action_id"
            )
        report.action_ids.add(action_id)
        report.focused += bool(value.get("focus_on_load"))
        if report.focused > 1:
            report.add("duplicate_focus", "only one element can have focus_on_load", at)
            report.focused = 1
        if rule is not None:
            rule(report, value, at)

    return s.shape({"action_id": s.string(255), **fields}, ("action_id", *required), once)


def _offered(value: Json) -> list[Any]:
    groups = value.get("option_groups") or []
    return [*(value.get("options") or []), *(one for group in groups for one in group["options"])]


def _initial_is_offered(report: Report, value: Json, at: str) -> None:
    chosen = value.get("initial_options") or []
    chosen = [*chosen, *([value["initial_option"]] if "initial_option" in value else [])]
    for one in chosen:
        if one not in _offered(value):
            report.add("invalid_value", "initial option is not among the options", at)
    most = value.get("max_selected_items")
    if most is not None and len(chosen) > most:
        report.add("too_many", f"no more than {most} initial options allowed", at, most)


def _static(report: Report, value: Json, at: str) -> None:
    if ("options" in value) == ("option_groups" in value):
        report.add("invalid_value", "exactly one of options and option_groups is required", at)
    _initial_is_offered(report, value, at)


def _text_input(report: Report, value: Json, at: str) -> None:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        report.add("out_of_range", "min_length must not be greater than max_length", at)
    initial = value.get("initial_value")
    if initial is not None and len(initial) > most:
        report.add("too_long", f"must be less than {most + 1} characters", f"{at}/initial_value")


def _number_input(report: Report, value: Json, at: str) -> None:
    least, most, initial = (
        Decimal(value[key]) if value.get(key) is not None else None
        for key in ("min_value", "max_value", "initial_value")
    )
    if least is not None and most is not None and least > most:
        report.add("out_of_range", "min_value must not be greater than max_value", at)
    if initial is not None and (
        (least is not None and initial < least) or (most is not None and initial > most)
    ):
        report.add("out_of_range", "initial_value is out of range", f"{at}/initial_value")
    if not value["is_decimal_allowed"]:
        for key in ("min_value", "max_value", "initial_value"):
            if "." in str(value.get(key) or ""):
                report.add("invalid_value", "decimals are not allowed", f"{at}/{key}")


def _lines(report: Report, value: Json, at: str) -> None:
    if value.get("min_lines", 1) > value.get("max_lines", 100):
        report.add("out_of_range", "min_lines must not be greater than max_lines", at)


def _select(initial: str, check: Check, **more: Check) -> Check:
    fields = {
        initial: check,
        "placeholder": PLACEHOLDER,
        "confirm": s.confirm,
        "focus_on_load": s.boolean,
        **more,
    }
    return _interactive(fields, (), _initial_is_offered)


def _many(initial: str, check: Check, **more: Check) -> Check:
    return _select(initial, s.listing(check, 100), max_selected_items=s.integer(1, 100), **more)


def _choice(fields: dict[str, Check], required: tuple[str, ...], rule: Rule) -> Check:
    common = {"placeholder": PLACEHOLDER, "confirm": s.confirm, "focus_on_load": s.boolean}
    return _interactive(common | fields, required, rule)


def _typed(*required: str, rule: Rule | None = None, **fields: Check) -> Check:
    common: dict[str, Check] = {
        "placeholder": PLACEHOLDER,
        "dispatch_action_config": s.dispatch_config,
        "focus_on_load": s.boolean,
    }
    return _interactive(common | fields, required, rule)


def _picker(**fields: Check) -> Check:
    common: dict[str, Check] = {"confirm": s.confirm, "focus_on_load": s.boolean}
    return _interactive(common | fields)


ID = s.string(255)
_RESPONSE = {"response_url_enabled": s.boolean}
_HERE = {"default_to_current_conversation": s.boolean, "filter": s.conversation_filter}
_STATIC = {"options": s.options(100), "option_groups": s.option_groups}
_QUERY = {"min_query_length": s.integer(0, 100)}

ELEMENTS: dict[str, Check] = {
    "button": _interactive(
        {
            "text": s.text(75, plain=True),
            "url": s.string(3000),
            "value": s.string(2000),
            "style": s.one_of("primary", "danger"),
            "confirm": s.confirm,
            "accessibility_label": s.string(75),
        },
        ("text",),
    ),
    "overflow": _interactive(
        {"options": s.options(5, url=True), "confirm": s.confirm}, ("options",)
    ),
    "checkboxes": _interactive(
        {
            "options": s.options(10, rich=True),
            "initial_options": s.options(10, rich=True),
            "confirm": s.confirm,
            "focus_on_load": s.boolean,
        },
        ("options",),
        _initial_is_offered,
    ),
    "radio_buttons": _interactive(
        {
            "options": s.options(10, rich=True),
            "initial_option": s.option(rich=True),
            "confirm": s.confirm,
            "focus_on_load": s.boolean,
        },
        ("options",),
        _initial_is_offered,
    ),
    "datepicker": _picker(initial_date=DATE, placeholder=PLACEHOLDER),
    "timepicker": _picker(initial_time=TIME, placeholder=PLACEHOLDER, timezone=s.string(64)),
    "datetimepicker": _picker(initial_date_time=s.integer(1_000_000_000, 9_999_999_999)),
    "static_select": _choice({"initial_option": s.option(), **_STATIC}, (), _static),
    "multi_static_select": _choice(
        {
            "initial_options": s.options(100),
            "max_selected_items": s.integer(1, 100),
            **_STATIC,
        },
        (),
        _static,
    ),
    "external_select": _choice({"initial_option": s.option(), **_QUERY}, (), lambda *_: None),
    "multi_external_select": _choice(
        {"initial_options": s.options(100), "max_selected_items": s.integer(1, 100), **_QUERY},
        (),
        lambda *_: None,
    ),
    "users_select": _select("initial_user", ID),
    "multi_users_select": _many("initial_users", ID),
    "channels_select": _select("initial_channel", ID, **_RESPONSE),
    "multi_channels_select": _many("initial_channels", ID),
    "conversations_select": _select("initial_conversation", ID, **_RESPONSE, **_HERE),
    "multi_conversations_select": _many("initial_conversations", ID, **_HERE),
    "plain_text_input": _typed(
        rule=_text_input,
        initial_value=s.string(3000),
        multiline=s.boolean,
        min_length=s.integer(0, 3000),
        max_length=s.integer(1, 3000),
    ),
    "rich_text_input": _typed(
        rule=_lines,
        initial_value=s.anything,
        min_lines=s.integer(1, 100),
        max_lines=s.integer(1, 100),
    ),
    "email_text_input": _typed(initial_value=s.string(3000)),
    "url_text_input": _typed(initial_value=s.string(3000)),
    "number_input": _typed(
        "is_decimal_allowed",
        rule=_number_input,
        is_decimal_allowed=s.boolean,
        initial_value=NUMBER,
        min_value=NUMBER,
        max_value=NUMBER,
    ),
    "file_input": _interactive(
        {"filetypes": s.listing(s.string(32), 100), "max_files": s.integer(1, 10)}
    ),
}

IMAGE_FIELDS: dict[str, Check] = {
    "image_url": s.string(3000),
    "slack_file": s.slack_file,
    "alt_text": s.string(2000),
}
IMAGE = s.shape(IMAGE_FIELDS, ("alt_text",), s.picture)

SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
MULTI = {name for name in SELECTS if name.startswith("multi_")}
_INPUT_ONLY = {name for name in ELEMENTS if name.endswith("_input")}


def _some(names: set[str]) -> dict[str, Check]:
    return {name: ELEMENTS[name] for name in names}


ACCESSORIES = {**_some(set(ELEMENTS) - _INPUT_ONLY - {"datetimepicker"}), "image": IMAGE}
ACTIONS = _some(set(ELEMENTS) - _INPUT_ONLY - MULTI)
INPUTS = _some(set(ELEMENTS) - {"button", "overflow"})
