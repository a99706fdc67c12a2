"""The conversation on one platform: accounts, interactions, drafts, pending answers, leases.

A platform gets one `Conversation`, which is all that it calls of the product. It adds the name of
the platform and builds the intents. Every method is one unit of work, or one read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers import linking, lists, router, start
from handlers.conversation import accounts, owing
from handlers.conversation.case_desk import CaseDesk
from handlers.conversation.ports import Addressee, KnownPerson, ListedCommand, Owed, Profile
from handlers.conversation.unstored import UnstoredDrafts
from handlers.home import home
from handlers.i18n import Typed, translator
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.office import Office
from handlers.pages import Answer, Card, Home
from handlers.rendering.jobs import Render, render_here
from handlers.tokens import is_anonymous
from storage.drafts import Drafts
from storage.unit import Database, Tx
from workflows.moments import SECOND, Moment
from workflows.ports import Files
from workflows.records import DeadLetter, FormDraft


class Conversation(CaseDesk):
    """The desk of a chat platform: everything that it calls of the product.

    In all methods, `person` is the key of a person, `account` the platform's id of a person, and
    `key` the idempotency key of an interaction, which is the same for every delivery of it. A
    person has one draft of a form, on all platforms together.
    """

    def __init__(
        self,
        platform: str,
        *,
        db: Database,
        files: Files,
        office: Office,
        typed: Typed | None = None,
        render: Render = render_here,
    ) -> None:
        """Create it for the platform of this name.

        Args:
            typed: how commands are typed on the platform, if not as a slash and the name.
            render: runs the jobs that make documents and convert photos.
        """
        super().__init__(db=db, files=files, office=office, render=render)
        self.platform = platform
        self._typed = typed
        self._listeners: list[Callable[[str], None]] = []
        self._unstored = UnstoredDrafts()

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
        return await self._db.read(
            lambda tx: accounts.known(tx, self._office, platform=self.platform, account=account)
        )

    async def enrol(self, profile: Profile) -> KnownPerson | None:
        """Link an account by its e-mail address, and store its language and time zone.

        Returns its person; None if not exactly one person has this address, or if they have
        another account on the platform.
        """
        return await self._db.run(
            lambda tx: accounts.enrol(tx, self._office, platform=self.platform, profile=profile)
        )

    async def left(self, account: str) -> None:
        """Unlink an account that was deactivated."""
        await self._db.run(
            lambda tx: accounts.leave(tx, self._office, platform=self.platform, account=account)
        )

    async def link(self, account: str, code: str, *, language: str) -> Answer:
        """Link an account by a one-time code and return the answer.

        After `linking.TRIES` wrong codes an account is refused for `linking.WITHIN`.

        Args:
            language: "zh" or "en", for an account that is not linked; "" for the company's.
        """
        done = await self._db.run(
            lambda tx: linking.redeem(
                tx,
                self._office,
                platform=self.platform,
                account=account,
                code=code,
                language=language or self._office.company.language,
                typed=self._typed,
            )
        )
        self._note(done.outcome.value, account, person=done.person)
        return done.answer

    async def objects(self, account: str, token: str, *, language: str) -> Answer | None:
        """Handle the objection of a formerly linked account to the one that replaced it.

        Returns None for any other button that an unknown account presses.
        """
        done = await self._db.run(
            lambda tx: linking.objected(
                tx,
                self._office,
                token=token,
                platform=self.platform,
                account=account,
                language=language or self._office.company.language,
            )
        )
        if done is None:
            self._note("press_of_stranger", account)
            return None
        self._note(done.outcome.value, account, person=done.person)
        return done.answer

    def _note(self, event: str, account: str, **facts: str) -> None:
        self._office.watch.note(event, platform=self.platform, account=account, **facts)

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
        answer = await self.handle(replace(intent, typed=self._typed))
        if isinstance(intent, Submitted) and not answer.problems:
            self._unstored.drop(intent.person, intent.token)
        self.concerned(intent.person)
        return answer

    async def answered(self, key: str) -> Answer | None:
        """Return the stored answer of an interaction; None if it was not handled."""
        return await router.handled(self._db, self._office, via=self.platform, key=key)

    # ------------------------------------------------------------------ reading

    async def look(self, person: str, token: str) -> Answer:
        """Return what a token shows now, a form or a card; else the reason as text.

        Only reads: nothing is decided, and the interaction does not count as handled.
        """
        await self._read_draft(person, token, "")
        draft = self._unstored.get(person, token)
        return await router.look(
            self._db,
            self._office,
            person=person,
            via=self.platform,
            token=token,
            values=None if draft is None else draft.values,
        )

    async def refill(self, person: str, token: str, values: Mapping[str, object]) -> Answer:
        """Return a form with these answers and the questions that follow; see `refilled`."""
        return await self.refilled(person=person, via=self.platform, token=token, values=values)

    async def case_at(self, ref: str) -> str | None:
        """Return the case of a message that the bot has sent, "" for none; None for no message."""
        sent = await self._db.read(lambda tx: tx.outbox.at(platform=self.platform, ref=ref))
        return None if sent is None else sent.case_id or ""

    async def commands(self, *, language: str) -> tuple[ListedCommand, ...]:
        """Return all commands that can be typed, those of the processes first."""

        def unit(tx: Tx) -> tuple[ListedCommand, ...]:
            theirs = {one.definition.command for one in start.in_force(tx, self._office)}
            return tuple(
                ListedCommand(name=text[1:], label=label, hint=hint, process=text[1:] in theirs)
                for text, label, hint in lists.commands(tx, self._office, language=language)
            )

        return await self._db.read(unit)

    async def home(self, *, person: str, language: str) -> Home:
        """Return the home page of a person."""

        def unit(tx: Tx) -> Home:
            reader = self._office.directory(tx).get(person)
            assert reader is not None, "a page is asked for by somebody who is known"
            return home(tx, self._office, reader=reader, language=language)

        return await self._db.read(unit, by=person)

    async def waiting(self) -> tuple[tuple[Addressee, Card], ...]:
        """Return everybody on the platform who has open tasks, each with the list of them."""
        return await self._db.read(
            lambda tx: tuple(accounts.with_tasks(tx, self._office, platform=self.platform))
        )

    # ------------------------------------------------------------------ drafts

    async def draft(self, *, person: str, form: str) -> FormDraft | None:
        """Return a person's draft of a form, or None."""
        if is_anonymous(form):
            return self._unstored.get(person, form)
        return await self._db.read(lambda tx: tx.drafts.get(person, form))

    async def drafts(self, *, person: str) -> tuple[FormDraft, ...]:
        """Return all drafts of a person, newest first."""
        stored = await self._db.read(lambda tx: tx.drafts.of(person))
        drafts = (*self._unstored.of(person), *stored)
        return tuple(sorted(drafts, key=lambda one: -one.at))

    async def handed_in(self) -> tuple[FormDraft, ...]:
        """Return the submitted drafts that are not processed, for a restart."""
        return await self._db.read(lambda tx: tx.drafts.sent(via=self.platform))

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

        That of an anonymous form is kept in memory.

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
            at=self.now(),
            sent=sent,
        )
        await self.keep_draft(draft)
        return draft

    async def keep_draft(self, draft: FormDraft) -> None:
        """Store a draft with the current time, replacing the former one."""
        dated = replace(draft, at=self.now())
        if is_anonymous(draft.form):
            self._unstored.put(dated)
            return
        await self._db.run(lambda tx: tx.drafts.put(dated))

    async def mark_draft(
        self, *, person: str, form: str, place: Mapping[str, Any], while_: Mapping[str, Any]
    ) -> bool:
        """Change values of a draft's place; return False if it is gone or differs from `while_`."""

        def mark(drafts: Drafts | UnstoredDrafts) -> bool:
            draft = drafts.get(person, form)
            if draft is None or any(draft.place.get(name) != while_[name] for name in while_):
                return False
            drafts.put(replace(draft, place={**draft.place, **place}))
            return True

        if is_anonymous(form):
            return mark(self._unstored)
        return await self._db.run(lambda tx: mark(tx.drafts))

    async def drop_draft(self, *, person: str, form: str) -> None:
        """Delete a draft."""
        self._unstored.drop(person, form)
        await self._db.run(lambda tx: tx.drafts.drop(person, form))

    def is_anonymous_in(self, chat: int) -> bool:
        """Return whether an anonymous form is being filled in in a chat, by its number."""
        return self._unstored.is_in(chat)

    # ------------------------------------------------------------------ pending answers

    async def told(self, keys: Sequence[str]) -> None:
        """Report that the answers to these interactions were delivered."""
        await self._db.run(lambda tx: tx.inbox.told(source=self.platform, keys=keys))

    async def owe(self, *, person: str, key: str, text: str, wish: str = "") -> None:
        """Store an answer whose delivery failed and which is not stored with its interaction."""
        what = {"platform": self.platform, "person": person, "key": key, "text": text, "wish": wish}
        await self._db.run(lambda tx: owing.owe(tx, self._office, **what))

    async def owed(self) -> tuple[Owed, ...]:
        """Claim the answers that are due, one message for each person, for a minute."""
        due = await self._db.read(lambda tx: tx.inbox.owed_next(source=self.platform))
        if due is None or due > self.now():
            return ()
        return await self._db.run(lambda tx: owing.claim(tx, self._office, platform=self.platform))

    # ------------------------------------------------------------------ running

    async def take_lease(self, name: str, *, owner: str, seconds: float) -> bool:
        """Take or renew a lease for this many seconds; return False while another owner has it."""
        now = self.now()
        until = now + round(seconds * SECOND)
        return await self._db.run(
            lambda tx: tx.settings.take_lease(name, owner=owner, now=now, until=until)
        )

    async def end_lease(self, name: str, *, owner: str) -> None:
        """End a lease."""
        await self._db.run(lambda tx: tx.settings.end_lease(name, owner=owner))

    async def bury(self, *, payload: Mapping[str, Any], error: str) -> None:
        """Store an interaction that could not be read as a dead letter."""
        letter = DeadLetter(
            id=self._office.ids.new("d"),
            what="interaction",
            source=self.platform,
            payload=payload,
            error=error,
            at=self.now(),
        )
        await self._db.run(lambda tx: tx.dead.put(letter))

    def now(self) -> Moment:
        """Return the current time."""
        return self._office.clock.now()
