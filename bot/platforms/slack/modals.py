"""Renders form sheets as modals, and reads what comes back. Pure.

The block of a field is named after its question, so that answers and problems are assigned to it.
`private_metadata` contains the token of the sheet and the number of the part, and the files of the
message that the form was opened from. Limits: docs.slack.dev/reference/views and
docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.platforms.slack.blocks import Block, plain_section, plain_text, small, titled
from bot.platforms.slack.row_blocks import row_blocks
from handlers.conversation.parts import parts_of
from handlers.i18n import translator
from handlers.pages import Choice, FormSheet, Question

FORM, NOTICE = "cl:form", "cl:notice"
_DIGITS_MOST = 20  # of a number that is shown again; 1e999999999 would be written out
HELD = "held:"  # prefix of the block with the files that a question has already
STEP = 40  # questions in one view; a view has at most 100 blocks
TITLE, LONG = 24, 3000
MOST_CARRIED = 10
LISTED, TICKED = 100, 10  # options of a menu, and of checkboxes
SUGGESTED = 100
INTRO = 2800
SHOWN_LABEL, SHOWN_HINT, OPTION = 140, 1000, 74


@dataclass(frozen=True, slots=True)
class Carried:
    """The files of the message that a form was opened from, for one of its questions.

    Each file is its id, its name and its size in bytes.
    """

    question: str
    files: tuple[tuple[str, str, int], ...]

    def listed(self) -> list[dict[str, Any]]:
        """Return the files in the form of files that were chosen in the form."""
        return [{"id": i, "name": name, "size": many, "url": ""} for i, name, many in self.files]


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """Which sheet a view shows, and which part of it."""

    token: str
    step: int = 0
    carried: Carried | None = None

    def __str__(self) -> str:
        told: dict[str, Any] = {"t": self.token, "s": self.step}
        if self.carried is not None:
            told |= {"q": self.carried.question, "f": self.carried.files}
        return json.dumps(told, ensure_ascii=False)


def read_place(text: str) -> ViewPlace | None:
    """Read the `private_metadata` of a view; return None if it is no form of closeloop."""
    try:
        told = json.loads(text)
        files = tuple((str(i), str(name), int(many)) for i, name, many in told.get("f", ()))
        carried = Carried(str(told["q"]), files) if files else None
        return ViewPlace(token=str(told["t"]), step=max(0, int(told["s"])), carried=carried)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def form_view(
    sheet: FormSheet,
    *,
    language: str,
    step: int = 0,
    notice: str = "",
    carried: Carried | None = None,
) -> Block:
    """Return the view of one part of a sheet.

    Args:
        sheet: the form.
        language: "zh" or "en".
        step: the number of the part, from 0.
        notice: a text above the questions, such as a problem.
        carried: the files of the message that the form was opened from.
    """
    words = translator(language)
    if carried is not None:
        sheet = _lightened(sheet, carried)
    parts = parts_of(sheet, most=STEP)
    step = min(step, len(parts) - 1)
    last = step == len(parts) - 1
    blocks: list[Block] = [plain_section(f"⚠️ {notice}")] if notice else []
    blocks += [small(sheet.title)] if len(sheet.title) > TITLE else []  # Slack cuts it above
    if step == 0 and sheet.intro:
        blocks.append(plain_section(sheet.intro, INTRO))
    if carried is not None:
        names = ", ".join(name for _, name, _ in carried.files)
        blocks.append(plain_section(words.t("slack.file.carried", names=names)))
    if len(parts) > 1:
        blocks.append(small(words.t("slack.step", step=step + 1, steps=len(parts))))
    blocks += [block for question in parts[step] for block in blocks_of(question, language)]
    blocks += [titled(words.t("route.title"), sheet.route)] if last and sheet.route else []
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": str(ViewPlace(sheet.token, step, carried)),
        "title": plain_text(sheet.title, TITLE),
        "submit": plain_text(sheet.submit if last else words.t("slack.next"), TITLE),
        "close": plain_text(words.t("slack.cancel"), TITLE),
        "notify_on_close": True,
        "blocks": blocks or [plain_section(sheet.title)],
    }


def _lightened(sheet: FormSheet, carried: Carried) -> FormSheet:
    """Return the sheet; a question that gets carried files requires none and accepts fewer."""
    questions = tuple(
        replace(one, required=False, max_files=max(1, one.max_files - len(carried.files)))
        if one.id == carried.question
        else one
        for one in sheet.questions
    )
    return replace(sheet, questions=questions)


def carried_by(sheet: FormSheet, listed: object) -> Carried | None:
    """Return the files of a message that a sheet has room for; None if it asks for no files."""
    asked = next((one for one in sheet.questions if one.type == "files"), None)
    files = [(one["id"], one["name"][:100], one["size"]) for one in kept_files(listed)]
    if asked is None or not files:
        return None
    return Carried(asked.id, tuple(files[: min(asked.max_files, MOST_CARRIED)]))


def notice_view(
    text: str, *, language: str, title: str = "", blocks: Sequence[Block] = ()
) -> Block:
    """Return a view with a text and blocks, without a form."""
    words = translator(language)
    shown = [*([plain_section(text)] if text else []), *blocks]
    return {
        "type": "modal",
        "callback_id": NOTICE,
        "title": plain_text(title or words.t("slack.notice"), TITLE),
        "close": plain_text(words.t("slack.close"), TITLE),
        "blocks": shown or [plain_section("…")],
    }


def loading_view(language: str) -> Block:
    """Return the view that is shown while a form or an answer takes long."""
    return notice_view(translator(language).t("slack.moment"), language=language)


# ------------------------------------------------------------------ fields


def block_id(question: str) -> str:
    """Return the id of the block of a question."""
    return f"q:{question}"


def question_of(block: str) -> str | None:
    """Return the question of a block, None for any other block."""
    return block[2:] if block.startswith("q:") else None


def blocks_of(question: Question, language: str) -> Iterator[Block]:
    """Yield the field of a question, after the files that it has already, to be unchecked."""
    if question.columns:
        yield from row_blocks(question, language)
        return
    chosen = question.value if isinstance(question.value, list | tuple) else []
    held = [file for file in question.files if file.id in chosen]
    if held:
        options = [_option(Choice(id=file.id, label=file.name)) for file in held[:TICKED]]
        label = translator(language).t("slack.files_so_far", label=question.label)
        yield {
            "type": "input",
            "block_id": f"{HELD}{question.id}",
            "label": plain_text(label, SHOWN_LABEL),
            "element": {
                "type": "checkboxes",
                "action_id": f"cl:held:{question.id}",
                "options": options,
                "initial_options": options,
            },
            "optional": True,
        }
        question = replace(question, required=False)  # whether enough remain is checked later
    yield _field(question, language)


def _field(question: Question, language: str) -> Block:
    element = _element(question, language)
    if element is None:
        return plain_section(f"{question.label}: {translator(language).t('slack.no_choice')}")
    shown: Block = {
        "type": "input",
        "block_id": block_id(question.id),
        "label": plain_text(question.label, SHOWN_LABEL),
        "element": {"action_id": f"cl:field:{question.id}", **element},
        "optional": not question.required,
    }
    if question.decides and question.type != "files":  # Slack allows it for no files
        shown["dispatch_action"] = True
    if question.hint:
        shown["hint"] = plain_text(question.hint, SHOWN_HINT)
    return shown


def _element(question: Question, language: str) -> Block | None:
    match question.type:
        case "text" | "long_text":
            return _text(question)
        case "number" | "money":
            return _number(question)
        case "date":
            return {"type": "datepicker", **_given("initial_date", _as_text(question))}
        case "time":
            return {"type": "timepicker", **_given("initial_time", _as_text(question)[:5])}
        case "files":
            return _files(question)
        case "choices":
            return _several(question, language) if question.choices else None
        case _:
            return _one(question, language) if question.choices else None


def _given(key: str, value: object) -> Block:
    return {key: value} if value else {}


def _as_text(question: Question) -> str:
    return str(question.value) if question.value not in (None, "", []) else ""


def _text(question: Question) -> Block:
    most = min(question.max or LONG, LONG)
    shown: Block = {"type": "plain_text_input", "max_length": most}
    if question.type == "long_text":
        shown["multiline"] = True
    return {**shown, **_given("initial_value", _as_text(question)[:most])}


def _number(question: Question) -> Block:
    shown: Block = {"type": "number_input", "is_decimal_allowed": True}
    if question.min is not None:
        shown["min_value"] = str(question.min)
    if question.max is not None:
        shown["max_value"] = str(question.max)
    return {**shown, **_given("initial_value", _fitting_number(question))}


def _fitting_number(question: Question) -> str:
    """Return the value of a number field, "" if Slack would refuse it."""
    try:
        number = Decimal(_as_text(question))
    except InvalidOperation:
        return ""
    low = question.min is not None and number < question.min
    high = question.max is not None and number > question.max
    plain = number.is_finite() and abs(number.adjusted()) < _DIGITS_MOST
    return "" if low or high or not plain else format(number, "f")


def _files(question: Question) -> Block:
    most = max(1, min(question.max_files, 10))
    endings = sorted(question.endings)
    return {"type": "file_input", "max_files": most, **_given("filetypes", endings)}


def _one(question: Question, language: str) -> Block:
    chosen = [c for c in question.choices if c.id == _as_text(question)]
    given = _given("initial_option", _option(chosen[0]) if chosen else None)
    return {**_menu(question, language), **given}


def _several(question: Question, language: str) -> Block:
    values = question.value if isinstance(question.value, list | tuple) else []
    chosen = _options([c for c in question.choices if c.id in values])
    given = _given("initial_options", chosen)
    if len(question.choices) <= TICKED:
        return {"type": "checkboxes", "options": _options(question.choices), **given}
    menu = _menu(question, language)
    return {**menu, "type": f"multi_{menu['type']}", **given}


def _menu(question: Question, language: str) -> Block:
    words = translator(language)
    if len(question.choices) > LISTED:
        placeholder = plain_text(words.t("slack.search"), 100)
        return {"type": "external_select", "min_query_length": 1, "placeholder": placeholder}
    placeholder = plain_text(words.t("slack.choose"), 100)
    return {
        "type": "static_select",
        "options": _options(question.choices),
        "placeholder": placeholder,
    }


def _options(choices: Sequence[Choice]) -> list[Block]:
    each = {choice.id: choice for choice in choices}  # the values of a menu must be unique
    return [_option(choice) for choice in each.values()]


def _option(choice: Choice) -> Block:
    return {"text": plain_text(choice.label, OPTION), "value": choice.id}


def suggestions(question: Question, typed: str) -> list[Block]:
    """Return the options that contain the typed text; those that begin with it come first."""
    wanted = typed.strip().casefold()
    fitting = [c for c in question.choices if wanted in c.label.casefold()]
    fitting.sort(key=lambda choice: not choice.label.casefold().startswith(wanted))
    return _options(fitting[:SUGGESTED])


# ------------------------------------------------------------------ what comes back


@dataclass(frozen=True, slots=True)
class Filled:
    """What a view contains: answers by question, unchecked, and files that are at Slack."""

    values: dict[str, object]
    files: dict[str, list[dict[str, Any]]]


def filled(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Filled:
    """Read the answers from the state of a view."""
    found = Filled({}, {})
    for block, actions in state.items():
        question = question_of(block)
        if not actions:
            continue
        held = next(iter(actions.values()))
        if block.startswith(HELD):
            found.values[block.removeprefix(HELD)] = _value(held) or []
        if question is None:
            continue
        if held.get("type") == "file_input":
            found.files[question] = list(kept_files(held.get("files")))
        else:
            found.values[question] = _value(held)
    return found


def _value(held: Mapping[str, Any]) -> object:
    options = held.get("selected_options")
    if isinstance(options, list):
        return [str(one.get("value")) for one in options if isinstance(one, Mapping)]
    option = held.get("selected_option")
    if isinstance(option, Mapping):
        return str(option.get("value") or "")
    for key in ("value", "selected_date", "selected_time"):
        if held.get(key) is not None:
            return str(held[key])
    return ""


def kept_files(listed: object) -> Iterator[dict[str, Any]]:
    """Yield id, name, size in bytes and URL of files that Slack describes."""
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and one.get("id"):
            yield {
                "id": str(one["id"]),
                "name": str(one.get("name") or one["id"])[:300],
                "size": int(one.get("size") or 0),
                "url": str(one.get("url_private_download") or one.get("url_private") or ""),
            }


def errors_for(
    problems: Mapping[str, str], sheet: FormSheet | None, blocks: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the problems by block of the open view.

    A problem whose question is not in this view is added to its first field. Returns {} if the
    view has no field.
    """
    fields = [str(one["block_id"]) for one in blocks if one.get("type") == "input"]
    labels = {q.id: q.label for q in sheet.questions} if sheet is not None else {}
    found: dict[str, str] = {}
    for question, problem in problems.items():
        place, text = block_id(question), problem
        if place not in fields:
            if not fields:
                return {}
            named = f"{labels[question]}: " if question in labels else ""
            place, text = fields[0], f"{named}{problem}"
        found[place] = f"{found[place]} {text}" if place in found else text
    return found
