"""The conversation on one platform: accounts, interactions, pending answers, drafts.

A platform creates one `Conversation` and calls the desk through it, which adds the name of the
platform and builds the intents.
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
    """The desk for the people of one platform.

    In all methods, `person` is the key of a person, `key` the idempotency key of an interaction,
    which is the same for every delivery of it, and `account` the platform's id of a person.
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
        self._typed = typed  # how commands are typed on the platform

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the key of each person whose view may have changed."""
        self._listeners.append(listener)

    def concerned(self, person: str) -> None:
        """Report that a person did something, or was sent something."""
        for listener in self._listeners:
            listener(person)

    # ------------------------------------------------------------------ accounts

    async def known(self, account: str) -> KnownPerson | None:
        """Return the active person of an account, or None."""
        return await self.desk.known(platform=self.platform, account=account)

    async def link(self, account: str, code: str, *, language: str) -> Answer:
        """Link an account by a one-time code and return the answer.

        After `linking.TRIES` wrong codes an account is refused for `linking.WITHIN`.

        Args:
            language: "zh" or "en", for an account that is not linked.
        """
        return await self.desk.link(
            platform=self.platform,
            account=account,
            code=code,
            language=language,
            typed=self._typed,
        )

    async def objects(self, account: str, token: str, *, language: str) -> Answer | None:
        """Handle the objection of a formerly linked account to the one that replaced it.

        Returns None for any other button that an unknown account presses.
        """
        return await self.desk.object(
            platform=self.platform, account=account, token=token, language=language
        )

    # ------------------------------------------------------------------ interactions

    async def said(self, person: str, text: str, *, key: str, owed: bool = False) -> Answer:
        """Handle a command, or a text that is for no case and no form.

        Args:
            `owed`: whether its answer is stored until its delivery is reported.
        """
        return await self._handled(
            Said(person=person, via=self.platform, key=key, text=text, owed=owed)
        )

    async def commented(
        self, person: str, case_id: str, text: str, *, key: str, files: Sequence[str] = ()
    ) -> Answer:
        """Add a comment to a case.

        A slash at the beginning of the text is removed, so it is not read as a command.

        Args:
            files: ids of uploads.
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
        """Add the changed text of a comment as another comment; the history is not changed."""
        words = translator(language).t("comment.corrected", text=text)
        return await self.commented(person, case_id, words, key=key)

    async def pressed(self, person: str, token: str, *, key: str) -> Answer:
        """Handle the press of a button."""
        return await self._handled(
            Pressed(person=person, via=self.platform, key=key, token=token, owed=True)
        )

    async def submitted(
        self, person: str, token: str, values: Mapping[str, object], *, key: str, owed: bool = False
    ) -> Answer:
        """Handle a submitted form.

        Args:
            token: the token of the sheet.
            values: raw values by the question's id: text, lists of text, ids of uploads.
            `owed`: whether its answer is stored until its delivery is reported.
        """
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
        """Return the stored answer of an interaction; None if it was not handled."""
        return await self.desk.handled(platform=self.platform, key=key)

    # ------------------------------------------------------------------ reading

    async def look(self, person: str, token: str) -> Answer:
        """Return what a token shows now, a form or a card; else the reason as text.

        Only reads: nothing is decided, and the interaction does not count as handled.
        """
        return await self.desk.look(platform=self.platform, person=person, token=token)

    async def case_at(self, ref: str) -> str | None:
        """Return the case of a message that the bot has sent, or None."""
        return await self.desk.case_at(platform=self.platform, ref=ref)

    # ------------------------------------------------------------------ pending answers

    async def told(self, keys: Sequence[str]) -> None:
        """Report that the answers to these interactions were delivered."""
        await self.desk.told(platform=self.platform, keys=keys)

    async def owe(self, *, person: str, key: str, text: str, wish: str = "") -> None:
        """Store an answer whose delivery failed and which is not stored with its interaction."""
        await self.desk.owe(platform=self.platform, person=person, key=key, text=text, wish=wish)

    async def owed(self) -> tuple[Owed, ...]:
        """Claim the answers that are due, one message for each person, for a minute."""
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
        """Store a draft, replacing the former one, and return it.

        Args:
            form: the token of the sheet, or another name of what is stored.
            values: the values by the question's id.
            place: what only the platform reads.
            sent: whether it was submitted; it is then returned by `handed_in` until it is deleted.
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
        """Return the submitted drafts that are not processed, for a restart."""
        return await self.desk.handed_in(platform=self.platform)
