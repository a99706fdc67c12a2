"""What a draft says of the process as a whole; the flow is in `drafting.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.bpmn.reading import Drawing
from handlers.bpmn.wording import key_of

ASKED = "request"  # the form with which a case is filed
_MOST = 500  # characters of the purpose
_STEP = {
    "rungs": [
        {"at": "50%", "remind": "assignee"},
        {"at": "due + 4wh", "escalate": "owner", "may_take_over": True},
    ]
}
_WHAT = {
    "id": "what",
    "type": "long_text",
    "required": True,
    "main": True,
    "max": 3000,
    "label": {"zh": "事由", "en": "What it is about"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a draft needs and a drawing does not say."""

    owner: str
    department: str
    prefix: str
    key: str = ""  # "" for that of the drawing


def head_of(
    drawing: Drawing,
    given: Given,
    *,
    fields: Iterable[Mapping[str, Any]],
    start: str,
    roles: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """Return all of a draft but its nodes: what this product wrote, or what a draft needs.

    `roles` are the names of the roles that lanes have become.
    """
    named = {"key": given.key} if given.key else {}
    if drawing.own is not None:
        return {**drawing.own, "start": start, **named}
    named_so = drawing.name if drawing.name.isascii() and drawing.name else drawing.id
    key = given.key or key_of(named_so, default="process")
    name = drawing.name or key
    text = {"zh": name, "en": name}
    purpose = " ".join(drawing.about.split())[:_MOST] or name
    return {
        "key": key,
        "name": text,
        "purpose": {"zh": purpose, "en": purpose},
        "departments": [given.department],
        "owner": given.owner,
        "command": key.replace("_", "-"),
        "case_prefix": given.prefix,
        "start_form": ASKED,
        "start": start,
        **({"roles": roles} if roles else {}),
        "forms": {ASKED: {"name": text, "fields": [_WHAT, *fields]}},
        "ladders": {"step": _STEP},
    }
