"""HTML of pages that the server makes. Every text is escaped when it becomes part of an element."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_EMPTY = frozenset({"br", "input", "link", "meta"})  # elements without an end tag


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Inside = Html | str | None | Iterable["Html | str | None"]
Value = str | int | bool | None


def tag(name: str, /, *inside: Inside, **attributes: Value) -> Html:
    """Return an element.

    Args:
        inside: its content: elements, texts, and lists of these; None is left out.
        attributes: `_` is written as `-`, and one at the end is dropped (`class_`). True is
            written without a value; None and False are left out.
    """
    said = "".join(map(_attribute, attributes, attributes.values()))
    start = f"<{name}{said}>"
    return Html(start) if name in _EMPTY else Html(f"{start}{join(inside)}</{name}>")


def join(parts: Iterable[Inside]) -> Html:
    """Return elements and texts one after the other."""
    found: list[str] = []
    for part in parts:
        if isinstance(part, Html):
            found.append(str(part))
        elif isinstance(part, str):
            found.append(escape(part))
        elif part is not None:
            found.append(join(part))
    return Html("".join(found))


def lines(text: str) -> Html:
    """Return a text with its line breaks."""
    return Html("<br>".join(escape(line) for line in text.splitlines()))


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
