"""What the outside owes people because of an event: messages, by id and kind, never as text.

A message has a `slot`: its place in the conversation with one person. A later effect for the same
slot changes the message instead of adding one. The text is made when the message is sent, from the
state at that time, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

CHANNEL = "#"  # before the name of a channel, where else a person's key stands
ACCOUNT = "@"  # before a platform, a colon and an account that may be nobody's any more


class Lane(IntEnum):
    """Which message goes first when many wait."""

    ANSWER = 0  # the answer to something that the reader just did
    ESCALATION = 1
    TASK = 2
    REMINDER = 3
    DIGEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Tell `to` (a person key, `#` and a channel's name, or `@` and an account) something.

    `kind` picks the card, `args` are ids for it.
    """

    to: str
    slot: str
    kind: str
    lane: Lane
    task: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False  # waits for the end of the reader's quiet hours
    anew: bool = True  # otherwise only a message that is there is brought up to date


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Bring every message that was posted about a task, or in a slot, to the state of now.

    `soon`: its buttons are wrong until then, or it shows what was erased. All else may wait for it.
    """

    task: str | None = None
    slot: str | None = None
    soon: bool = False


Effect = Post | Refresh
