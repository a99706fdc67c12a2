"""Reads what names, conditions and times of a drawing say."""

from __future__ import annotations

import re

from handlers.bpmn.reading import Flow

_SPAN = re.compile(r'"?P(?:(?P<days>\d+)D|(?P<weeks>\d+)W|T(?P<hours>\d+)H|T(?P<minutes>\d+)M)"?')
_SLUG = re.compile(r"[^a-z0-9]+")
_OUTCOMES = {
    "approve": ("approve", "approved", "yes", "ok", "accept", "accepted", "agree"),
    "reject": ("reject", "rejected", "no", "decline", "declined", "refuse", "refused"),
    "return": ("return", "returned", "rework", "revise", "back", "correct"),
}
_OUTCOMES_ZH = {
    "approve": ("同意", "通过", "批准", "是"),
    "reject": ("驳回", "拒绝", "不同意", "不通过", "不批准", "否"),
    "return": ("退回", "修改", "返工"),
}
_RESULT = re.compile(r'[a-z0-9_]+_outcome == "(approve|reject|return|complete)(?:_([a-z0-9_-]+))?"')


def key_of(text: str, *, taken: frozenset[str] = frozenset(), default: str = "step") -> str:
    """Return a key like a text, and like none of those that are taken."""
    slug = _SLUG.sub("_", text.lower()).strip("_")[:30] or default
    slug = slug if slug[0].isalpha() else f"n_{slug}"
    found, number = slug, 2
    while found in taken:
        found, number = f"{slug}_{number}", number + 1
    return found


def results_of(flow: Flow) -> list[tuple[str, str]]:
    """Return the results of a step for which a flow is taken, each with what follows its name.

    They are those of our own files, such as "return" with "limit" after the last one, or the one
    that its name says. None of another flow.
    """
    if flow.condition:
        found = _RESULT.findall(flow.condition)
        rest = _RESULT.sub("", flow.condition)
        return found if not re.search(r"\w", rest.replace(" or ", " ")) else []
    return [(one, "") for one in _OUTCOMES if says(flow.name, one)][:1]


def says(name: str, outcome: str) -> bool:
    """Return whether a name says an outcome, in English or in Chinese."""
    words = re.findall(r"[a-z]+", name.lower())
    return name in _OUTCOMES_ZH[outcome] or any(word in _OUTCOMES[outcome] for word in words)


def span_of(text: str) -> str:
    """Return a duration of ISO 8601 as a limit, "" for one that is none."""
    found = _SPAN.fullmatch(text)
    if found is None:
        return ""
    if found["weeks"]:
        return f"{7 * int(found['weeks'])}d"
    unit = "d" if found["days"] else "h" if found["hours"] else "m"
    number = int(found["days"] or found["hours"] or found["minutes"])
    return f"{number}{unit}" if number else ""
