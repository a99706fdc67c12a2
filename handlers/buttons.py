"""Makes buttons that concern a case, with their tokens."""

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
    """Return a button that concerns the case of `reading`.

    Args:
        verb: the verb of the button, from the registry.
        task: the id of the task that it concerns, if any.
        argument: the argument of its token.
        label: a label from the definition; by default `button.<verb>` of the catalogue.
        confirm: a question that is asked before the press counts.
    """
    token = Token(verb=verb, case_id=reading.case.id, task=task, argument=argument)
    return Button(
        verb=verb,
        label=label or reading.words.t(f"button.{verb}"),
        token=str(token),
        style=style,
        confirm=confirm,
    )
