"""Files in messages: under a card they become a comment with files on its case.

The message is stored as a draft before it is acknowledged, and its files are fetched afterwards. If
the process stops in between, `resume` continues after the next start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.platforms.slack.files import FileDownloads
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.modals import kept_files
from bot.platforms.slack.replies import Spot
from handlers.conversation.ports import KnownPerson
from handlers.i18n import translator
from handlers.pages import Answer
from workflows.records import FormDraft

FORM = "said|"  # prefix of the drafts of such messages
MOST = 10
_SPOT = ("account", "language", "person", "channel", "thread", "key")


def attached(told: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the files of a message; at most `MOST`."""
    return list(kept_files((told or {}).get("files")))[:MOST]


class Attachments:
    """Turns messages with files into comments; each message is handled once at a time."""

    def __init__(self, it: Interact, downloads: FileDownloads) -> None:
        self._it = it
        self._downloads = downloads

    async def take(
        self,
        known: KnownPerson,
        spot: Spot,
        *,
        case_id: str,
        text: str,
        files: Sequence[Mapping[str, Any]],
    ) -> None:
        """Store a message and handle it in the background.

        Args:
            known: who wrote it.
            spot: where the answer is shown.
            case_id: the case of the card that it was written under.
            text: its text, "" if there are only files.
            files: its files, as Slack describes them.
        """
        draft = await self._it.conversation.keep(
            known.person,
            f"{FORM}{spot.key}",
            {"text": text, "case": case_id},
            place={
                "files": [dict(one) for one in files],
                "spot": {name: getattr(spot, name) for name in _SPOT},
                "private": spot.private,
            },
            sent=True,
        )
        self.resume(draft)

    def resume(self, draft: FormDraft) -> bool:
        """Handle a stored message in the background; return False for a draft of another kind."""
        if not draft.form.startswith(FORM):
            return False
        self._it.inflight.once(draft.form, lambda: self._do(draft), what="attachments")
        return True

    async def _do(self, draft: FormDraft) -> None:
        spot = Spot(**draft.place["spot"], private=bool(draft.place.get("private")))
        conversation, text = self._it.conversation, str(draft.values["text"])
        kept, problems = await self._downloads.kept(
            draft.place["files"], conversation, person=draft.person, words=translator(spot.language)
        )
        answer = Answer()
        if text or kept:
            said = conversation.commented(
                draft.person, str(draft.values["case"]), text, key=spot.key, files=kept
            )
            answer, _ = await self._it.ask(spot, said)
        told = filter(None, [answer.text, *answer.problems.values(), *problems])
        await conversation.drop_draft(person=draft.person, form=draft.form)
        await self._it.replies.give(spot, replace(answer, text="\n".join(told), problems={}))
