"""The conversation as one platform holds it: who somebody is, what they do, what they fill in.

A platform makes one `Conversation` and asks the desk through it, so that its name and what stands
in an intent is said here and nowhere in an adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.conversation.chat_desk import ChatDesk
from handlers.conversation.ports import KnownPerson, Owed
from handlers.i18n import Typed, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer
from workflows.records import FormDraft


class Conversation:
    """The desk as the people of one platform use it.

    A `key` names an interaction: the same for every delivery of it.
    """

    def __init__(
        self,
        desk: ChatDesk,
        platform: str,
        *,
        typed: Typed | None = None,
    ) -> None:
        self.desk = desk
        self.platform = platform
        self._listeners: list[Callable[[str], None]] = []
        self._typed = typed  # how commands are typed there

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call this with the key of whoever did something, or was sent something."""
        self._listeners.append(listener)

    def concerned(self, person: str) -> None:
        """Somebody did something, or was sent something: what they look at may have changed."""
        for listener in self._listeners:
            listener(person)

    # ------------------------------------------------------------------ who is it

    async def known(self, account: str) -> KnownPerson | None:
        """The active person behind an account."""
        return await self.desk.known(platform=self.platform, account=account)

    async def link(self, account: str, code: str, *, language: str) -> Answer:
        """Link an account by a one-time code; after a few wrong ones only time helps."""
        return await self.desk.link(
            platform=self.platform,
            account=account,
            code=code,
            language=language,
            typed=self._typed,
        )

    async def objects(self, account: str, token: str, *, language: str) -> Answer | None:
        """Somebody who is not known any more says that a new account is not theirs.

        None for every other button that a stranger presses.
        """
        return await self.desk.object(
            platform=self.platform, account=account, token=token, language=language
        )

    # ------------------------------------------------------------------ what they do

    async def said(self, person: str, text: str, *, key: str, owed: bool = False) -> Answer:
        """Somebody typed a command, or words that are under no case."""
        return await self._handled(
            Said(person=person, via=self.platform, key=key, text=text, owed=owed)
        )

    async def commented(
        self, person: str, case_id: str, text: str, *, key: str, files: Sequence[str] = ()
    ) -> Answer:
        """Somebody wrote or sent something under a case; `files` are ids of uploads.

        A slash that it begins with is left out: a comment is not read as a command.
        """
        return await self._handled(
            Said(
                person=person,
                via=self.platform,
                key=key,
                text=text.lstrip("/／"),
                case_id=case_id,
                files=tuple(files),
                owed=True,
            )
        )

    async def corrected(
        self, person: str, case_id: str, text: str, *, key: str, language: str
    ) -> Answer:
        """Somebody changed what they had written under a case: that is another comment.

        What the history says was said is never changed.
        """
        words = translator(language).t("comment.corrected", text=text)
        return await self.commented(person, case_id, words, key=key)

    async def pressed(self, person: str, token: str, *, key: str) -> Answer:
        """Somebody pressed a button."""
        return await self._handled(
            Pressed(person=person, via=self.platform, key=key, token=token, owed=True)
        )

    async def submitted(
        self, person: str, token: str, values: Mapping[str, object], *, key: str, owed: bool = False
    ) -> Answer:
        """Somebody sent a filled form."""
        return await self._handled(
            Submitted(
                person=person, via=self.platform, key=key, token=token, values=values, owed=owed
            )
        )

    async def _handled(self, intent: Intent) -> Answer:
        answer = await self.desk.handle(replace(intent, typed=self._typed))
        self.concerned(intent.person)
        return answer

    async def answered(self, key: str) -> Answer | None:
        """What an interaction was answered when it was handled; None when it was not."""
        return await self.desk.handled(platform=self.platform, key=key)

    # ------------------------------------------------------------------ what is only read

    async def look(self, person: str, token: str) -> Answer:
        """What a token shows now, as a sheet or a card; else why it does not."""
        return await self.desk.look(platform=self.platform, person=person, token=token)

    async def case_at(self, ref: str) -> str | None:
        """The case that a message of ours is about."""
        return await self.desk.case_at(platform=self.platform, ref=ref)

    # ------------------------------------------------------------------ owed answers

    async def told(self, keys: Sequence[str]) -> None:
        """The answers to these interactions reached their people."""
        await self.desk.told(platform=self.platform, keys=keys)

    async def owe(self, *, person: str, key: str, text: str, wish: str = "") -> None:
        """Keep an answer that could not be told and is not kept with its interaction."""
        await self.desk.owe(platform=self.platform, person=person, key=key, text=text, wish=wish)

    async def owed(self) -> tuple[Owed, ...]:
        """Answers to be told now, one for each person; nobody else is given them for a minute."""
        return await self.desk.owed(platform=self.platform)

    # ------------------------------------------------------------------ drafts

    async def keep(
        self,
        person: str,
        form: str,
        values: Mapping[str, object],
        *,
        place: Mapping[str, Any],
        sent: bool = False,
    ) -> FormDraft:
        """Keep what somebody has filled in of a form, instead of what was there.

        `place` is the platform's own. `sent`: it was handed in, and is dealt with after a restart.
        """
        draft = FormDraft(
            person=person,
            form=form,
            values=dict(values),
            place=place,
            via=self.platform,
            at=self.desk.now(),
            sent=sent,
        )
        await self.desk.keep_draft(draft)
        return draft

    async def handed_in(self) -> tuple[FormDraft, ...]:
        """What was handed in here and is not dealt with, after a restart."""
        return await self.desk.handed_in(platform=self.platform)
