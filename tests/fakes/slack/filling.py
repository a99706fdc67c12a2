"""How a person fills a field, with everything that Slack's client does not let through."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.controls import VALUE_KEY, Control, State
from tests.fakes.slack.world import Channel

if TYPE_CHECKING:
    from tests.fakes.slack.surfaces import Surface

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def _cannot(text: str) -> AssertionError:
    from tests.fakes.slack.surfaces import CannotDo

    return CannotDo(text)


async def chosen(surface: "Surface", control: Control, value: Any) -> Any:
    """What `state.values` holds after this was typed or picked; None empties the field."""
    kind = control.kind
    if value is None:
        return [] if control.many or kind == "file_input" else None
    if kind == "file_input":
        return _files(surface, control, _listed(value))
    if control.many:
        values = [await _one(surface, control, one) for one in _listed(value)]
        most = control.element.get("max_selected_items", len(values))
        if len(values) > most:
            raise _cannot(f"{control.label!r} takes at most {most}")
        return values
    return await _one(surface, control, value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | set) else [value]


async def _one(surface: "Surface", control: Control, value: Any) -> Any:
    kind = control.kind.removeprefix("multi_")
    if kind in {"static_select", "radio_buttons", "checkboxes", "overflow"}:
        return _offered(control, control.options(), str(value))
    if kind == "external_select":
        query, wanted = value if isinstance(value, tuple) else (value, value)
        return _offered(control, await surface.suggestions(control, str(query)), str(wanted))
    if kind == "users_select":
        return _user(surface, value)
    if kind in {"channels_select", "conversations_select"}:
        return value.id if isinstance(value, Channel) else str(value)
    if kind == "datetimepicker":
        return int(value.timestamp() if isinstance(value, datetime) else value)
    if kind == "datepicker":
        return (
            value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()
        )
    if kind == "timepicker":
        moment = value if isinstance(value, time) else time.fromisoformat(value)
        return moment.strftime("%H:%M")
    if kind == "rich_text_input":
        return rich(str(value))
    return str(value)


def rich(text: str) -> Json:
    """Words as the rich text editor makes them."""
    words = {"type": "text", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [words]}]}


def _offered(control: Control, options: Iterable[Json], wanted: str) -> Json:
    """By its words, or by its value; else by the only one whose words begin so."""
    listed = list(options)
    for match in (
        [one for one in listed if wanted in (one["text"]["text"], one["value"])],
        [one for one in listed if one["text"]["text"].startswith(wanted)],
    ):
        if len(match) == 1:
            return {
                key: match[0][key] for key in ("text", "value", "description") if key in match[0]
            }
    words = [one["text"]["text"] for one in listed]
    raise _cannot(f"{control.label!r} does not offer {wanted!r} but {words}")


def _user(surface: "Surface", value: Any) -> str:
    users = surface.person.fake.world.users.values()
    wanted = getattr(value, "id", value)
    for user in users:
        if wanted in {user.id, user.name, user.real_name} and not user.deleted:
            return user.id
    raise _cannot(f"nobody is called {wanted!r}")


def _files(surface: "Surface", control: Control, values: list[Any]) -> list[Json]:
    most = control.element.get("max_files", 10)
    if len(values) > most:
        raise _cannot(f"{control.label!r} takes at most {most} files")
    allowed = control.element.get("filetypes")
    files = []
    for name, content in values:
        if allowed and name.rpartition(".")[2].lower() not in allowed:
            raise _cannot(f"{control.label!r} takes {allowed}, not {name!r}")
        file = surface.person.new_file(name, content)
        file.shared_with_bot = True
        files.append(file.as_json(surface.person.fake.origin))
    return files


# ------------------------------------------------------------------ before it is sent


def complaints(fields: Iterable[Control], state: State) -> dict[str, str]:
    """What the client shows red, by label; nothing is sent then."""
    found = {}
    for control in fields:
        if control.is_input:
            value = state[control.block_id][control.action_id].get(VALUE_KEY[control.kind])
            problem = _complaint(control, value)
            if problem:
                found[control.label] = problem
    return found


def _complaint(control: Control, value: Any) -> str:
    if value in (None, "", []):
        return "" if control.block.get("optional") else "required"
    if control.kind in {"plain_text_input", "email_text_input", "url_text_input"}:
        return _text(control, value)
    return _number(control, value) if control.kind == "number_input" else ""


def _text(control: Control, value: str) -> str:
    least = control.element.get("min_length", 0)
    most = control.element.get("max_length", 3000)
    if len(value) < least:
        return f"at least {least} characters"
    if len(value) > most:
        return f"at most {most} characters"
    if control.kind == "email_text_input" and not _EMAIL.fullmatch(value):
        return "not an e-mail address"
    if control.kind == "url_text_input" and not _URL.fullmatch(value):
        return "not a URL"
    if "\n" in value and not control.element.get("multiline"):
        return "one line only"
    return ""


def _number(control: Control, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "not a number"
    if not control.element["is_decimal_allowed"] and number != number.to_integral_value():
        return "a whole number"
    least, most = control.element.get("min_value"), control.element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"at least {least}"
    if most is not None and number > Decimal(most):
        return f"at most {most}"
    return ""
