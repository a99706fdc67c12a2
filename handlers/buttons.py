"""A button about a case, with the token that says what it does."""

from __future__ import annotations

from typing import Literal

from handlers.pages import Button
from handlers.reading.case import Reading
from handlers.tokens import Token

Style = Literal["primary", "danger", "default"]


def button(
    reading: Reading,
    verb: str,
    *,
    task: str = "",
    argument: str = "",
    style: Style = "default",
    label: str = "",
    confirm: str = "",
) -> Button:
    """A button about this case; labelled by the catalogue, or by the definition's own words."""
    token = Token(verb=verb, case_id=reading.case.id, task=task, argument=argument)
    return Button(
        verb=verb,
        label=label or reading.words.t(f"button.{verb}"),
        token=str(token),
        style=style,
        confirm=confirm,
    )
