"""Block Kit as Slack judges it: which blocks a surface takes, and every limit.

Where the published limits and older experience differ, this takes the stricter reading;
block types that are still being rolled out are refused as unsupported.
"""

import json
import re
from typing import Any, Literal

from tests.fakes.slack import block_shapes as s
from tests.fakes.slack.block_elements import ACCESSORIES, ACTIONS, IMAGE, IMAGE_FIELDS, INPUTS
from tests.fakes.slack.block_shapes import Check, Json, Problem, Report, Rule

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MESSAGE_TEXT = 12_000  # of all blocks of a message together
MARKDOWN_TEXT = 12_000
VIEW_BYTES = 250_000
MESSAGE_LONG = 40_000
UPDATE_LONG = 4_000

__all__ = [
    "Problem",
    "Surface",
    "blocks_text",
    "broadcasts",
    "check_blocks",
    "check_message",
    "check_view",
]


def _block(
    fields: dict[str, Check], required: tuple[str, ...] = (), rule: Rule | None = None
) -> Check:
    def once(report: Report, value: Json, at: str) -> None:
        block_id = value.get("block_id")
        if block_id in report.block_ids:
            report.add(
                "duplicate_block_id",
                f"`block_id` {block_id} already exists for another block",
                f"{at}/block_id",
            )
        if block_id is not None:
            report.block_ids.add(block_id)
        if rule is not None:
            rule(report, value, at)

    return s.shape({"block_id": s.string(255), **fields}, required, once)


def _section(report: Report, value: Json, at: str) -> None:
    if "text" not in value and "fields" not in value:
        report.add("missing_field", "one of text and fields is required", at)


def _video(report: Report, value: Json, at: str) -> None:
    for name in ("video_url", "title_url"):
        if name in value and not value[name].startswith("https://"):
            report.add("invalid_value", "must be an https URL", f"{at}/{name}")


def _input(report: Report, value: Json, at: str) -> None:
    element = value["element"]
    if element["type"] == "file_input" and value.get("dispatch_action"):
        report.add("invalid_value", "file_input cannot dispatch actions", at)


def _table(report: Report, value: Json, at: str) -> None:
    widths = {len(row) for row in value["rows"]}
    if len(widths) > 1:
        report.add("invalid_value", "all rows must have the same number of cells", f"{at}/rows")


_INLINE_STYLE = s.shape(dict.fromkeys(("bold", "italic", "strike", "code", "highlight"), s.boolean))
_INLINE = s.tagged(
    {
        "text": s.shape({"text": s.string(12_000), "style": _INLINE_STYLE}, ("text",)),
        "link": s.shape(
            {
                "url": s.string(3000),
                "text": s.string(3000),
                "unsafe": s.boolean,
                "style": _INLINE_STYLE,
            },
            ("url",),
        ),
        "user": s.shape({"user_id": s.string(255), "style": _INLINE_STYLE}, ("user_id",)),
        "usergroup": s.shape({"usergroup_id": s.string(255)}, ("usergroup_id",)),
        "channel": s.shape({"channel_id": s.string(255), "style": _INLINE_STYLE}, ("channel_id",)),
        "emoji": s.shape({"name": s.string(255), "unicode": s.string(255)}, ("name",)),
        "broadcast": s.shape({"range": s.one_of("here", "channel", "everyone")}, ("range",)),
        "color": s.shape({"value": s.string(16)}, ("value",)),
        "date": s.shape(
            {
                "timestamp": s.integer(0, 9_999_999_999),
                "format": s.string(255),
                "fallback": s.string(255),
                "url": s.string(3000),
            },
            ("timestamp", "format"),
        ),
    },
    "a rich text element",
)
_INLINES = s.listing(_INLINE, 1000, 0)
_RICH_SECTION = s.shape({"elements": _INLINES}, ("elements",))
_RICH = s.tagged(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_preformatted": s.shape(
            {"elements": _INLINES, "border": s.integer(0, 1), "language": s.string(64)},
            ("elements",),
        ),
        "rich_text_quote": s.shape(
            {"elements": _INLINES, "border": s.integer(0, 1)}, ("elements",)
        ),
        "rich_text_list": s.shape(
            {
                "elements": s.listing(
                    s.tagged({"rich_text_section": _RICH_SECTION}, "an item"), 1000
                ),
                "style": s.one_of("bullet", "ordered"),
                "indent": s.integer(0, 8),
                "offset": s.integer(0, 10_000),
                "border": s.integer(0, 1),
            },
            ("elements", "style"),
        ),
    },
    "a rich text block",
)
_RICH_TEXT = {"elements": s.listing(_RICH, 1000)}
_CELL = s.tagged(
    {
        "raw_text": s.shape({"text": s.string(3000)}, ("text",)),
        "rich_text": s.shape(_RICH_TEXT, ("elements",)),
    },
    "a cell",
)
_COLUMN = s.shape({"align": s.one_of("left", "center", "right"), "is_wrapped": s.boolean})

BLOCKS: dict[str, Check] = {
    "section": _block(
        {
            "text": s.text(3000),
            "fields": s.listing(s.text(2000), 10),
            "accessory": s.tagged(ACCESSORIES, "accessory"),
            "expand": s.boolean,
        },
        rule=_section,
    ),
    "divider": _block({}),
    "header": _block({"text": s.text(150, plain=True)}, ("text",)),
    "context": _block(
        {
            "elements": s.listing(
                s.tagged(
                    {
                        "image": IMAGE,
                        "plain_text": s.shape(
                            {"text": s.string(3000), "emoji": s.boolean}, ("text",)
                        ),
                        "mrkdwn": s.shape(
                            {"text": s.string(3000), "verbatim": s.boolean}, ("text",)
                        ),
                    },
                    "a context element",
                ),
                10,
            )
        },
        ("elements",),
    ),
    "actions": _block({"elements": s.listing(s.tagged(ACTIONS, "element"), 25)}, ("elements",)),
    "image": _block({**IMAGE_FIELDS, "title": s.text(2000, plain=True)}, ("alt_text",), s.picture),
    "input": _block(
        {
            "label": s.text(2000, plain=True),
            "element": s.tagged(INPUTS, "element"),
            "dispatch_action": s.boolean,
            "hint": s.text(2000, plain=True),
            "optional": s.boolean,
        },
        ("label", "element"),
        _input,
    ),
    "rich_text": _block(_RICH_TEXT, ("elements",)),
    "file": _block(
        {"external_id": s.string(255), "source": s.one_of("remote")}, ("external_id", "source")
    ),
    "video": _block(
        {
            "alt_text": s.string(2000),
            "title": s.text(200, plain=True),
            "title_url": s.string(3000),
            "video_url": s.string(3000),
            "thumbnail_url": s.string(3000),
            "description": s.text(200, plain=True),
            "author_name": s.string(50),
            "provider_name": s.string(50),
            "provider_icon_url": s.string(3000),
        },
        ("alt_text", "title", "video_url", "thumbnail_url"),
        _video,
    ),
    "markdown": _block({"text": s.string(MARKDOWN_TEXT)}, ("text",)),
    "table": _block(
        {
            "rows": s.listing(s.listing(_CELL, 20), 100),
            "column_settings": s.listing(_COLUMN, 20, 0),
        },
        ("rows",),
        _table,
    ),
    "alert": _block(
        {"text": s.text(200), "level": s.one_of("default", "info", "success", "warning", "error")},
        ("text",),
    ),
}

_MODAL = {
    "actions",
    "alert",
    "context",
    "divider",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "video",
}
SURFACES: dict[str, set[str]] = {
    "message": set(BLOCKS) - {"alert", "input"},
    "modal": _MODAL,
    "home": set(BLOCKS) - {"alert", "input", "markdown", "file", "table"},
}


def _texts(value: Any) -> list[str]:
    """Every text that a person would read, in order."""
    if isinstance(value, list):
        return [found for item in value for found in _texts(item)]
    if isinstance(value, dict):
        return [
            found
            for name, inner in value.items()
            for found in ([inner] if name == "text" and isinstance(inner, str) else _texts(inner))
        ]
    return []


def blocks_text(blocks: Any) -> str:
    """All text of these blocks, a line each."""
    return "\n".join(_texts(blocks))


_BROADCAST = re.compile(r"<!(channel|here|everyone|subteam\^\w+)[|>]")


def broadcasts(text: str, blocks: Any) -> list[str]:
    """Whom a message calls all at once: @channel and the like, where mark-up is read."""
    return _BROADCAST.findall(text) + _calls(blocks)


def _calls(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in _calls(item)]
    if not isinstance(value, dict):
        return []
    if value.get("type") == "broadcast":
        return [str(value.get("range"))]
    if value.get("type") in {"mrkdwn", "markdown"}:
        return _BROADCAST.findall(str(value.get("text")))
    return [found for inner in value.values() for found in _calls(inner)]


def _is_markdown(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "markdown" and "text" in block


def _blocks(report: Report, blocks: Any, surface: Surface, at: str, least: int) -> None:
    if not isinstance(blocks, list):
        report.add("invalid_type", "must provide an array", at)
        return
    most = MOST_BLOCKS[surface]
    if len(blocks) > most:
        report.add("too_many", f"no more than {most} items allowed", at, most)
    if len(blocks) < least:
        report.add("too_few", f"no less than {least} items allowed", at, least)
    table = {name: BLOCKS[name] for name in SURFACES[surface]}
    for number, block in enumerate(blocks):
        s.tagged(table, "a block")(report, block, f"{at}/{number}")
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("table") > 1:
        report.add("too_many", "only one table is allowed", at, 1)
    markdown = [str(block["text"]) for block in blocks if _is_markdown(block)]
    if sum(map(len, markdown)) > MARKDOWN_TEXT:
        report.add("too_long", f"markdown has more than {MARKDOWN_TEXT} characters", at)


def check_blocks(blocks: Any, surface: Surface, at: str = "/blocks") -> list[Problem]:
    """What Slack would refuse in these blocks on this surface; empty when nothing."""
    report = Report()
    _blocks(report, blocks, surface, at, 1 if surface == "modal" else 0)
    return report.problems


def check_message(message: Json) -> list[Problem]:
    """A message: its blocks, and the text of all of them together."""
    blocks = message.get("blocks") or []
    problems = check_blocks(blocks, "message")
    length = sum(map(len, _texts(blocks))) if isinstance(blocks, list) else 0
    if length > MESSAGE_TEXT:
        problems.append(
            Problem("msg_blocks_too_long", "the blocks have too much text", "/blocks", MESSAGE_TEXT)
        )
    attachments = message.get("attachments") or []
    if len(attachments) > 100:
        problems.append(Problem("too_many", "no more than 100 items allowed", "/attachments", 100))
    return problems


_COMMON: dict[str, Check] = {
    "blocks": s.anything,
    "private_metadata": s.string(3000, 0),
    "callback_id": s.string(255),
    "external_id": s.string(255, 0),
}
_VIEWS: dict[str, Check] = {
    "modal": s.shape(
        {
            **_COMMON,
            "title": s.text(24, plain=True),
            "submit": s.text(24, plain=True),
            "close": s.text(24, plain=True),
            "clear_on_close": s.boolean,
            "notify_on_close": s.boolean,
            "submit_disabled": s.boolean,
        },
        ("title", "blocks"),
    ),
    "home": s.shape(_COMMON, ("blocks",)),
}


def check_view(view: Any, *, kind: Literal["modal", "home"] = "modal") -> list[Problem]:
    """What Slack would refuse in this view."""
    report = Report()
    s.tagged({kind: _VIEWS[kind]}, "a view")(report, view, "/view")
    if not isinstance(view, dict) or "blocks" not in view:
        return report.problems
    _blocks(report, view["blocks"], kind, "/view/blocks", 1 if kind == "modal" else 0)
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if kind == "modal" and has_input and "submit" not in view:
        report.add("missing_field", "submit is required when a view has inputs", "/view")
    return report.problems


def view_size(view: Any) -> int:
    return len(json.dumps(view, ensure_ascii=False).encode())
