"""The desk of the chat platforms, implemented by the use cases over one database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers import linking, lists, router, start
from handlers.conversation import owing
from handlers.conversation.case_desk import CaseDesk
from handlers.conversation.ports import Addressee, KnownPerson, ListedCommand, Owed, Profile
from handlers.home import home
from handlers.i18n import Typed
from handlers.pages import Answer, Card, Home
from handlers.reading.formatter import name_of
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.records import DeadLetter, FormDraft


class ChatDesk(CaseDesk):
    """What chat platforms ask besides: accounts, drafts, pending answers, leases.

    A person has one draft of a form, on all platforms together.
    """

    # ------------------------------------------------------------------ cases

    async def case_at(self, *, platform: str, ref: str) -> str | None:
        """Return the case of a message that the bot has sent, or None."""
        sent = await self._db.read(lambda tx: tx.outbox.at(platform=platform, ref=ref))
        return sent.case_id if sent is not None else None

    # ------------------------------------------------------------------ people

    async def known(self, *, platform: str, account: str) -> KnownPerson | None:
        """Return the active person of an account, or None."""
        return await self._db.read(
            lambda tx: self._known(self._people(tx).by_account(platform, account))
        )

    async def enrol(self, *, platform: str, profile: Profile) -> KnownPerson | None:
        """Link an account by its e-mail address, and store its language and time zone."""

        def unit(tx: Tx) -> KnownPerson | None:
            found = self._people(tx).by_account(platform, profile.account)
            if found is None:
                found = linking.by_address(self._people(tx), platform, profile.email)
                if found is None:
                    return None
                tx.people.link(
                    found.key,
                    platform=platform,
                    account=profile.account,
                    by=found.key,
                    how="email",
                )
            tx.people.note(
                platform=platform,
                account=profile.account,
                language=profile.language,
                timezone=profile.timezone,
            )
            return self._known(self._people(tx).get(found.key))

        return await self._db.run(unit)

    async def left(self, *, platform: str, account: str) -> None:
        """Unlink an account that was deactivated."""

        def unit(tx: Tx) -> None:
            found = self._people(tx).by_account(platform, account)
            if found is not None:
                tx.people.unlink(found.key, platform=platform)

        await self._db.run(unit)

    async def link(
        self,
        *,
        platform: str,
        account: str,
        code: str,
        language: str,
        typed: Typed | None = None,
    ) -> Answer:
        """Link an account by a one-time code; return the answer for whoever typed it."""
        spoken = language or self._office.company.language
        done = await self._db.run(
            lambda tx: linking.redeem(
                tx,
                self._office,
                platform=platform,
                account=account,
                code=code,
                language=spoken,
                typed=typed,
            )
        )
        self._note(done, platform, account)
        return done.answer

    async def object(
        self, *, platform: str, account: str, token: str, language: str
    ) -> Answer | None:
        """Handle the objection of a formerly linked account; return None if it may not object."""
        spoken = language or self._office.company.language
        done = await self._db.run(
            lambda tx: linking.objected(
                tx, self._office, token=token, platform=platform, account=account, language=spoken
            )
        )
        if done is None:
            self._office.watch.note("press_of_stranger", platform=platform, account=account)
            return None
        self._note(done, platform, account)
        return done.answer

    def _note(self, done: linking.Linking, platform: str, account: str) -> None:
        facts = {"platform": platform, "account": account, "person": done.person}
        self._office.watch.note(done.outcome.value, **facts)

    def _people(self, tx: Tx) -> Directory:
        return self._office.directory(tx)

    def _known(self, person: Person | None) -> KnownPerson | None:
        if person is None or not person.active:
            return None
        language = self._office.company.language_of(person)
        zone = self._office.company.zone_of(person).key
        return KnownPerson(
            person=person.key, name=name_of(person, language), language=language, zone=zone
        )

    # ------------------------------------------------------------------ what is asked to be shown

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

    async def waiting(self, *, platform: str) -> tuple[tuple[Addressee, Card], ...]:
        """Return everybody on a platform who has open tasks, each with the list of them."""
        return await self._db.read(lambda tx: tuple(self._waiting(tx, platform)))

    def _waiting(self, tx: Tx, platform: str) -> list[tuple[Addressee, Card]]:
        found = []
        for person in self._office.directory(tx).people.values():
            account = person.accounts.get(platform, "")
            if not account or not person.active or not tx.worklist.of((person.key,), limit=1):
                continue
            language = self._office.company.language_of(person)
            card = lists.tasks_card(tx, self._office, reader=person, language=language)
            to = Addressee(person=person.key, account=account, language=language)
            found.append((to, card))
        return found

    # ------------------------------------------------------------------ sheets and drafts

    async def look(self, *, platform: str, person: str, token: str) -> Answer:
        """Return what a token shows now, a form or a card, or the reason why it shows nothing."""
        return await router.look(self._db, self._office, person=person, via=platform, token=token)

    async def handled(self, *, platform: str, key: str) -> Answer | None:
        """Return the answer of an interaction that was handled, or None."""
        return await router.handled(self._db, self._office, via=platform, key=key)

    async def draft(self, *, person: str, form: str) -> FormDraft | None:
        """Return a person's draft of a form, or None."""
        return await self._db.read(lambda tx: tx.drafts.get(person, form))

    async def keep_draft(self, draft: FormDraft) -> None:
        """Store a draft with the current time, replacing the former one."""
        dated = replace(draft, at=self.now())
        await self._db.run(lambda tx: tx.drafts.put(dated))

    async def mark_draft(
        self, *, person: str, form: str, place: Mapping[str, Any], while_: Mapping[str, Any]
    ) -> bool:
        """Change values of a draft's place; return False if it is gone or differs from `while_`."""

        def unit(tx: Tx) -> bool:
            draft = tx.drafts.get(person, form)
            if draft is None or any(draft.place.get(name) != while_[name] for name in while_):
                return False
            tx.drafts.put(replace(draft, place={**draft.place, **place}))
            return True

        return await self._db.run(unit)

    async def drop_draft(self, *, person: str, form: str) -> None:
        """Delete a draft."""
        await self._db.run(lambda tx: tx.drafts.drop(person, form))

    async def drafts(self, *, person: str) -> tuple[FormDraft, ...]:
        """Return all drafts of a person, newest first."""
        return await self._db.read(lambda tx: tx.drafts.of(person))

    async def handed_in(self, *, platform: str) -> tuple[FormDraft, ...]:
        """Return a platform's submitted drafts that are not processed, for a restart."""
        return await self._db.read(lambda tx: tx.drafts.sent(via=platform))

    # ------------------------------------------------------------------ pending answers

    async def told(self, *, platform: str, keys: Sequence[str]) -> None:
        """Report that the answers to these interactions were delivered."""
        await self._db.run(lambda tx: tx.inbox.told(source=platform, keys=keys))

    async def owe(self, *, platform: str, person: str, key: str, text: str, wish: str = "") -> None:
        """Store an answer whose delivery failed and which is not stored with its interaction."""
        await self._db.run(
            lambda tx: owing.owe(
                tx, self._office, platform=platform, person=person, key=key, text=text, wish=wish
            )
        )

    async def owed(self, *, platform: str) -> tuple[Owed, ...]:
        """Claim the answers to be delivered now, one per person, for a minute."""
        due = await self._db.read(lambda tx: tx.inbox.owed_next(source=platform))
        if due is None or due > self.now():
            return ()
        return await self._db.run(lambda tx: owing.claim(tx, self._office, platform=platform))

    # ------------------------------------------------------------------ running

    async def take_lease(self, name: str, *, owner: str, seconds: float) -> bool:
        """Take or renew a lease for this many seconds; return False while another owner has it."""
        now = self.now()
        until = now + timedelta(seconds=seconds)
        return await self._db.run(
            lambda tx: tx.settings.take_lease(name, owner=owner, now=now, until=until)
        )

    async def end_lease(self, name: str, *, owner: str) -> None:
        """End a lease."""
        await self._db.run(lambda tx: tx.settings.end_lease(name, owner=owner))

    async def bury(self, *, source: str, payload: Mapping[str, Any], error: str) -> None:
        """Store an interaction that could not be read as a dead letter."""
        letter = DeadLetter(
            id=self._office.ids.new("d"),
            what="interaction",
            source=source,
            payload=payload,
            error=error,
            at=self.now(),
        )
        await self._db.run(lambda tx: tx.dead.put(letter))

    def now(self) -> datetime:
        """Return the current time."""
        return self._office.clock.now()
