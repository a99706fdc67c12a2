"""What chat platforms can ask, answered by the use cases over one database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.case_desk import OfficeDesk
from handlers import lists, router, start
from handlers.conversation import linking, owing
from handlers.conversation.ports import Addressee, Home, KnownPerson, ListedCommand, Owed, Profile
from handlers.home import home
from handlers.i18n import Typed
from handlers.pages import Answer, Card
from handlers.reading.formatter import name_of
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.records import DeadLetter, Draft


class CompanyDesk(OfficeDesk):
    """Keeps the promises of `handlers.conversation.ports.ChatDesk`."""

    # ------------------------------------------------------------------ cases

    async def case_at(self, *, platform: str, ref: str) -> str | None:
        """The case that a message of ours is about."""
        sent = await self._db.read(lambda tx: tx.outbox.at(platform=platform, ref=ref))
        return sent.case_id if sent is not None else None

    # ------------------------------------------------------------------ people

    async def known(self, *, platform: str, account: str) -> KnownPerson | None:
        """The active person behind an account, or None."""
        return await self._db.read(
            lambda tx: self._known(linking.owner_of(self._people(tx), platform, account))
        )

    async def enrol(self, *, platform: str, profile: Profile) -> KnownPerson | None:
        """Link an account by its e-mail address and keep its language and zone."""

        def unit(tx: Tx) -> KnownPerson | None:
            found = linking.owner_of(self._people(tx), platform, profile.account)
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
        """An account was switched off: its person cannot be reached there any more."""

        def unit(tx: Tx) -> None:
            found = linking.owner_of(self._people(tx), platform, account)
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
        """Link an account by a one-time code; what to tell whoever typed it."""
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
        """An account that is nobody's any more pressed a button; None: it may not."""
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
        """Everything that can be typed, the processes' own first."""

        def unit(tx: Tx) -> tuple[ListedCommand, ...]:
            theirs = {one.definition.command for one in start.in_force(tx, self._office)}
            return tuple(
                ListedCommand(name=text[1:], label=label, hint=hint, process=text[1:] in theirs)
                for text, label, hint in lists.commands(tx, self._office, language=language)
            )

        return await self._db.read(unit)

    async def home(self, *, person: str, language: str) -> Home:
        """A person's own page."""

        def unit(tx: Tx) -> Home:
            reader = self._office.directory(tx).get(person)
            assert reader is not None, "a page is asked for by somebody who is known"
            return home(tx, self._office, reader=reader, language=language)

        return await self._db.read(unit, by=person)

    async def waiting(self, *, platform: str) -> tuple[tuple[Addressee, Card], ...]:
        """Everybody on a platform who has open tasks, each with the list of them."""
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
        """What a token shows now, as a sheet or a card; else why it does not."""
        return await router.look(self._db, self._office, person=person, via=platform, token=token)

    async def handled(self, *, platform: str, key: str) -> Answer | None:
        """What an interaction was answered when it was handled; None when it was not."""
        return await router.handled(self._db, self._office, via=platform, key=key)

    async def draft(self, *, person: str, form: str) -> Draft | None:
        """What this person has filled in of a sheet so far."""
        return await self._db.read(lambda tx: tx.drafts.get(person, form))

    async def keep_draft(self, draft: Draft) -> None:
        """Keep it, instead of what was there; its time is set here."""
        dated = replace(draft, at=self.now())
        await self._db.run(lambda tx: tx.drafts.put(dated))

    async def mark_draft(
        self, *, person: str, form: str, place: Mapping[str, Any], while_: Mapping[str, Any]
    ) -> bool:
        """Change some of a draft's place; False when it is gone, or not as `while_` says."""

        def unit(tx: Tx) -> bool:
            draft = tx.drafts.get(person, form)
            if draft is None or any(draft.place.get(name) != while_[name] for name in while_):
                return False
            tx.drafts.put(replace(draft, place={**draft.place, **place}))
            return True

        return await self._db.run(unit)

    async def drop_draft(self, *, person: str, form: str) -> None:
        """Forget it."""
        await self._db.run(lambda tx: tx.drafts.drop(person, form))

    async def drafts(self, *, person: str) -> tuple[Draft, ...]:
        """All of a person's drafts, the newest first."""
        return await self._db.read(lambda tx: tx.drafts.of(person))

    async def handed_in(self, *, platform: str) -> tuple[Draft, ...]:
        """Drafts that were handed in on a platform and are not dealt with, after a restart."""
        return await self._db.read(lambda tx: tx.drafts.sent(via=platform))

    # ------------------------------------------------------------------ answers that are owed

    async def told(self, *, platform: str, keys: Sequence[str]) -> None:
        """The answers to these interactions reached their people."""
        await self._db.run(lambda tx: tx.inbox.told(source=platform, keys=keys))

    async def owe(self, *, platform: str, person: str, key: str, text: str, wish: str = "") -> None:
        """Keep an answer that could not be told and is not kept with its interaction."""
        await self._db.run(
            lambda tx: owing.owe(
                tx, self._office, platform=platform, person=person, key=key, text=text, wish=wish
            )
        )

    async def owed(self, *, platform: str) -> tuple[Owed, ...]:
        """Answers to be told now, one for each person; nobody else is given them for a minute."""
        due = await self._db.read(lambda tx: tx.inbox.owed_next(source=platform))
        if due is None or due > self.now():
            return ()
        return await self._db.run(lambda tx: owing.claim(tx, self._office, platform=platform))

    # ------------------------------------------------------------------ running

    async def take_lease(self, name: str, *, owner: str, seconds: float) -> bool:
        """Whether `owner` alone does what `name` names for so long, anew or still."""
        now = self.now()
        until = now + timedelta(seconds=seconds)
        return await self._db.run(
            lambda tx: tx.settings.take_lease(name, owner=owner, now=now, until=until)
        )

    async def end_lease(self, name: str, *, owner: str) -> None:
        """Give a lease back."""
        await self._db.run(lambda tx: tx.settings.end_lease(name, owner=owner))

    async def bury(self, *, source: str, payload: Mapping[str, Any], error: str) -> None:
        """Keep what could not even be read as a dead letter."""
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
        """The instant of now."""
        return self._office.clock.now()
