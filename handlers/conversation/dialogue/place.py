"""The position of a person in a form: its message in the chat, and the current question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from workflows.records import FormDraft

REVIEW = "r"  # the step after the last question, which lists all answers
SEEN_MOST = 20  # updates that are remembered to recognise repeated deliveries


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """The message of a form and its state, as stored with the draft.

    `step` is the number of a question as text, or REVIEW. Chats, messages and updates are numbers
    of the platform; 0 for none.
    """

    chat: int = 0
    message: int = 0
    under: int = 0  # the card it was opened from
    opened: int = 0  # the update that opened it; another one has another message
    open: bool = True  # whether a text in the chat is for this form
    step: str = "0"
    page: int = 0  # of a long list
    find: str = ""  # the search that filters a long list
    month: str = ""  # the month that a calendar shows
    hour: str = ""  # the chosen hour of a time
    mending: bool = False  # whether the review follows after this question
    note: str = ""  # a remark about the last step
    prompt: int = 0  # the message that asked for a reply
    problems: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # names of uploads, by id
    seen: tuple[int, ...] = ()  # the last updates that were handled

    @classmethod
    def of(cls, draft: FormDraft | None, *, at: str) -> Self | None:
        """Return the place of a draft; None if it was filled in last on another platform.

        Args:
            at: the name of the platform.
        """
        if draft is None or draft.place.get("at") != at:
            return None
        known = {
            name: draft.place[name] for name in cls.__dataclass_fields__ if name in draft.place
        }
        return cls(**{**known, "seen": tuple(known.get("seen", ()))})

    def kept(self, *, at: str) -> dict[str, Any]:
        """Return the place as it is stored with a draft of the platform `at`."""
        return {"at": at, **asdict(self), "seen": list(self.seen)}

    def saw(self, update: int) -> Self:
        """Return the place with an update marked as handled."""
        return replace(self, seen=(*self.seen, update)[-SEEN_MOST:])

    def at(self, step: str, *, mending: bool = False, note: str = "") -> Self:
        """Return the place at another step, without the state of the last one."""
        return replace(
            self, step=step, mending=mending, note=note, page=0, find="", month="", hour=""
        )
