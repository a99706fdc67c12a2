"""Files in messages: under a card they become a comment with files on its case.

What was sent is kept before it is acknowledged, so that a stop while a file is being fetched loses
nothing: it is fetched after the next start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.platforms.slack.files import Fetch, NotFetched
from bot.platforms.slack.interact import Interact
from bot.platforms.slack.modals import kept_files
from bot.platforms.slack.people import NAME
from bot.platforms.slack.replies import Spot
from bot.platforms.slack.sharing import refusal_text
from handlers.conversation.intents import Said
from handlers.conversation.ports import FILE_MOST, Known
from handlers.i18n import translator
from workflows.errors import Refusal
from workflows.records import Draft

FORM = "said|"  # how the draft of such a message is called
MOST = 10
_SPOT = ("account", "language", "person", "channel", "thread", "key")


def attached(told: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The files that came with a message."""
    return list(kept_files((told or {}).get("files")))[:MOST]


class Attachments:
    """Each message is done once at a time."""

    def __init__(self, it: Interact, fetch: Fetch) -> None:
        self._it = it
        self._fetch = fetch
        self._busy: set[str] = set()

    async def take(
        self,
        known: Known,
        spot: Spot,
        *,
        case_id: str,
        text: str,
        files: Sequence[Mapping[str, Any]],
    ) -> None:
        """Keep it; the rest is done beside."""
        draft = Draft(
            person=known.person,
            form=f"{FORM}{spot.key}",
            values={"text": text, "case": case_id},
            place={
                "files": [dict(one) for one in files],
                "spot": {name: getattr(spot, name) for name in _SPOT},
                "private": spot.private,
            },
            via=NAME,
            at=self._it.desk.now(),
            sent=True,
        )
        await self._it.desk.keep_draft(draft)
        self.resume(draft)

    def resume(self, draft: Draft) -> bool:
        """Go on with it; False when it is a draft of another kind."""
        if not draft.form.startswith(FORM):
            return False
        if draft.form not in self._busy:
            self._busy.add(draft.form)
            self._it.inflight.spawn(self._guarded(draft), what="attachments")
        return True

    async def _guarded(self, draft: Draft) -> None:
        try:
            await self._do(draft)
        finally:
            self._busy.discard(draft.form)

    async def _do(self, draft: Draft) -> None:
        spot = Spot(**draft.place["spot"], private=bool(draft.place.get("private")))
        kept, problems = await self._fetched(draft, spot.language)
        text = str(draft.values["text"])
        if text or kept:
            said = Said(
                person=draft.person,
                via=NAME,
                key=spot.key,
                text=text,
                case_id=str(draft.values["case"]),
                files=tuple(kept),
                owed=True,
            )
            answer, _ = await self._it.ask(spot, said)
            problems = [answer.text, *answer.problems.values(), *problems]
            answer = replace(answer, text="\n".join(filter(None, problems)), problems={})
            await self._it.desk.drop_draft(person=draft.person, form=draft.form)
            await self._it.replies.give(spot, answer)
            return
        await self._it.desk.drop_draft(person=draft.person, form=draft.form)
        await self._it.replies.tell(spot, "\n".join(problems))

    async def _fetched(self, draft: Draft, language: str) -> tuple[list[str], list[str]]:
        """The ids of the uploads, and what is wrong with some."""
        kept: list[str] = []
        problems: list[str] = []
        for file in draft.place["files"]:
            name = str(file.get("name") or "")
            try:
                kept.append(await self._kept(draft.person, file, name))
            except NotFetched:
                problems.append(translator(language).t("slack.file_gone", name=name))
            except Refusal as refusal:
                problems.append(f"{name}: {refusal_text(refusal, language)}")
        return kept, problems

    async def _kept(self, person: str, file: Mapping[str, Any], name: str) -> str:
        if int(file.get("size") or 0) > FILE_MOST:
            raise Refusal("file_too_big", most=FILE_MOST // 1024 // 1024)
        content = await self._fetch.content(file)
        stored = await self._it.desk.upload(person=person, name=name, content=content)
        return stored.id
