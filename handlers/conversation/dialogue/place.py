"""Where a form is being filled in, and how far it is: kept with its draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from workflows.records import FormDraft

REVIEW = "r"
SEEN_MOST = 20


@dataclass(frozen=True, kw_only=True)
class FormPlace:
    """One form's message and state. `step` is the number of a question, or REVIEW.

    Chats, messages and updates are numbers of the platform; 0 for none.
    """

    chat: int = 0
    message: int = 0
    under: int = 0  # the card it was opened from
    opened: int = 0  # the update that opened it: another one is another message
    open: bool = True  # words typed in the chat are for this form
    step: str = "0"
    page: int = 0  # of a long list
    find: str = ""  # what a list was narrowed down to
    month: str = ""  # that a calendar shows
    hour: str = ""  # that was chosen of a time
    mending: bool = False  # after this question, back to the review
    note: str = ""  # what has to be said about the last step
    prompt: int = 0  # the message that asked for a reply
    problems: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of uploaded files
    seen: tuple[int, ...] = ()  # updates that were taken into account

    @classmethod
    def of(cls, draft: FormDraft | None, *, at: str) -> Self | None:
        """The place of a draft; None when it is being filled in elsewhere than on this platform."""
        if draft is None or draft.place.get("at") != at:
            return None
        known = {
            name: draft.place[name] for name in cls.__dataclass_fields__ if name in draft.place
        }
        return cls(**{**known, "seen": tuple(known.get("seen", ()))})

    def kept(self, *, at: str) -> dict[str, Any]:
        """As it is kept with a draft that is filled in on this platform."""
        return {"at": at, **asdict(self), "seen": list(self.seen)}

    def saw(self, update: int) -> Self:
        """The same, having taken an update into account."""
        return replace(self, seen=(*self.seen, update)[-SEEN_MOST:])

    def at(self, step: str, *, mending: bool = False, note: str = "") -> Self:
        """The same at another step, with nothing left of the last one."""
        return replace(
            self, step=step, mending=mending, note=note, page=0, find="", month="", hour=""
        )
