"""The drafts of anonymous forms: kept in memory, since no answer may be stored beside its author.

They are lost at a restart, and whoever goes on at another replica begins the form again.
"""

from __future__ import annotations

from collections import OrderedDict

from workflows.records import FormDraft

MOST = 500  # drafts; the one that was not changed for the longest time is removed first


class UnstoredDrafts:
    """The drafts of anonymous forms, by person and form."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], FormDraft] = OrderedDict()

    def put(self, draft: FormDraft) -> None:
        """Keep a draft in the place of the former one."""
        self._kept[draft.person, draft.form] = draft
        self._kept.move_to_end((draft.person, draft.form))
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def get(self, person: str, form: str) -> FormDraft | None:
        """Return a draft, or None."""
        return self._kept.get((person, form))

    def of(self, person: str) -> tuple[FormDraft, ...]:
        """Return the drafts of a person, the newest first."""
        return tuple(one for (whose, _), one in reversed(self._kept.items()) if whose == person)

    def is_in(self, chat: int) -> bool:
        """Return whether a draft is filled in in this chat."""
        return any(one.place.get("chat") == chat for one in self._kept.values())

    def drop(self, person: str, form: str) -> None:
        """Forget a draft."""
        self._kept.pop((person, form), None)
