"""The building bricks of the Block Kit rules: what a value must look like, said as data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    code: str
    message: str
    pointer: str
    constraint: Any = None

    def line(self) -> str:
        return f"[ERROR] {self.message} [json-pointer:{self.pointer or '/'}]"

    def as_json(self) -> Json:
        return {
            "code": self.code,
            "message": self.message,
            "field": self.pointer.rsplit("/", 1)[-1],
            "pointer": self.pointer,
            "constraint": self.constraint,
        }


@dataclass(slots=True)
class Report:
    """Collects the problems of one surface, and what must not stand twice on it."""

    problems: list[Problem] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    focused: int = 0

    def add(self, code: str, message: str, pointer: str, constraint: Any = None) -> None:
        self.problems.append(Problem(code, message, pointer, constraint))


Check = Callable[[Report, Any, str], None]
Rule = Callable[[Report, Json, str], None]


def string(most: int, least: int = 1) -> Check:
    def check(report: Report, value: Any, at: str) -> None:
        if not isinstance(value, str):
            report.add("invalid_type", "must provide a string", at)
        elif len(value) > most:
            report.add("too_long", f"must be less than {most + 1} characters", at, most)
        elif len(value) < least:
            report.add("too_short", f"must be more than {least - 1} characters", at, least)

    return check


def boolean(report: Report, value: Any, at: str) -> None:
    if not isinstance(value, bool):
        report.add("invalid_type", "must provide a boolean", at)


def anything(report: Report, value: Any, at: str) -> None:
    """Nothing is asked of this value."""


def integer(least: int, most: int) -> Check:
    def check(report: Report, value: Any, at: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            report.add("invalid_type", "must provide an integer", at)
        elif not least <= value <= most:
            limits = f"must be between {least} and {most}"
            report.add("out_of_range", limits, at, [least, most])

    return check


def one_of(*allowed: str) -> Check:
    def check(report: Report, value: Any, at: str) -> None:
        if value not in allowed:
            report.add("invalid_value", f"must be one of: {', '.join(allowed)}", at, list(allowed))

    return check


def written(pattern: str, what: str) -> Check:
    compiled = re.compile(pattern)

    def check(report: Report, value: Any, at: str) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report.add("invalid_value", f"must be {what}", at)

    return check


def listing(each: Check, most: int, least: int = 1) -> Check:
    def check(report: Report, value: Any, at: str) -> None:
        if not isinstance(value, list):
            report.add("invalid_type", "must provide an array", at)
            return
        if len(value) > most:
            report.add("too_many", f"no more than {most} items allowed", at, most)
        if len(value) < least:
            report.add("too_few", f"no less than {least} items allowed", at, least)
        for number, item in enumerate(value):
            each(report, item, f"{at}/{number}")

    return check


def shape(
    fields: Mapping[str, Check], required: tuple[str, ...] = (), rule: Rule | None = None
) -> Check:
    """An object with exactly these fields; the rule looks at it when its parts are right."""

    def check(report: Report, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            report.add("invalid_type", "must provide an object", at)
            return
        before = len(report.problems)
        for name in required:
            if value.get(name) is None:
                report.add("missing_field", f"missing required field: {name}", at)
        for name, inner in value.items():
            if name in fields:
                fields[name](report, inner, f"{at}/{name}")
            elif name != "type":
                report.add("unknown_field", f"invalid additional property: {name}", at)
        if rule is not None and len(report.problems) == before:
            rule(report, value, at)

    return check


def tagged(table: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says what it must look like."""

    def check(report: Report, value: Any, at: str) -> None:
        if not isinstance(value, dict):
            report.add("invalid_type", f"must provide an object for {what}", at)
        elif value.get("type") is None:
            report.add("missing_field", "missing required field: type", at)
        elif value["type"] not in table:
            report.add("unsupported_type", f"unsupported type: {value['type']}", f"{at}/type")
        else:
            table[value["type"]](report, value, at)

    return check


# ------------------------------------------------------------------ composition objects


def text(most: int, *, plain: bool = False) -> Check:
    """A text object; where only plain text is shown, mark-up is refused."""
    kinds: dict[str, Check] = {
        "plain_text": shape({"text": string(most), "emoji": boolean}, ("text",))
    }
    if not plain:
        kinds["mrkdwn"] = shape({"text": string(most), "verbatim": boolean}, ("text",))
    return tagged(kinds, "text")


def option(*, rich: bool = False, url: bool = False) -> Check:
    fields: dict[str, Check] = {
        "text": text(75, plain=not rich),
        "value": string(150),
        "description": text(75, plain=not rich),
    }
    if url:
        fields["url"] = string(3000)
    return shape(fields, ("text", "value"))


def _values_differ(report: Report, found: list[Json], at: str) -> None:
    values = [item.get("value") for item in found]
    for value in sorted({str(value) for value in values if values.count(value) > 1}):
        report.add("duplicate_value", f"option value `{value}` stands twice", at)


def options(most: int, *, rich: bool = False, url: bool = False) -> Check:
    listed = listing(option(rich=rich, url=url), most)

    def check(report: Report, value: Any, at: str) -> None:
        before = len(report.problems)
        listed(report, value, at)
        if len(report.problems) == before:
            _values_differ(report, value, at)

    return check


option_groups = listing(
    shape({"label": text(75, plain=True), "options": options(100)}, ("label", "options")), 100
)

confirm = shape(
    {
        "title": text(100, plain=True),
        "text": text(300),
        "confirm": text(30, plain=True),
        "deny": text(30, plain=True),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)

dispatch_config = shape(
    {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 2)},
    ("trigger_actions_on",),
)

conversation_filter = shape(
    {
        "include": listing(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)

slack_file = shape({"id": string(255), "url": string(3000)})


def picture(report: Report, value: Json, at: str) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        report.add("invalid_value", "exactly one of image_url and slack_file is required", at)
