"""Finds the people of the accounts of a platform, and links and unlinks accounts."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import linking
from handlers.cards.tasks import tasks_card
from handlers.conversation.ports import Addressee, KnownPerson, Profile
from handlers.office import Office
from handlers.pages import Card
from handlers.reading.formatter import name_of
from storage.unit import Tx
from workflows.directory import Person


def known(tx: Tx, office: Office, *, platform: str, account: str) -> KnownPerson | None:
    """Return the active person of an account, or None."""
    return _known(office, office.directory(tx).by_account(platform, account))


def enrol(tx: Tx, office: Office, *, platform: str, profile: Profile) -> KnownPerson | None:
    """Link an account by its e-mail address, and store its language and time zone.

    Returns its person; None if not exactly one person has this address, or if they have another
    account on the platform.
    """
    directory = office.directory(tx)
    found = directory.by_account(platform, profile.account)
    if found is None:
        found = linking.by_address(directory, platform, profile.email)
        if found is None:
            return None
        tx.people.link(
            found.key, platform=platform, account=profile.account, by=found.key, how="email"
        )
    tx.people.note(
        platform=platform,
        account=profile.account,
        language=profile.language,
        timezone=profile.timezone,
    )
    return _known(office, office.directory(tx).get(found.key))


def leave(tx: Tx, office: Office, *, platform: str, account: str) -> None:
    """Unlink an account that was deactivated."""
    found = office.directory(tx).by_account(platform, account)
    if found is not None:
        tx.people.unlink(found.key, platform=platform)


def with_tasks(tx: Tx, office: Office, *, platform: str) -> Iterator[tuple[Addressee, Card]]:
    """Yield everybody on a platform who has open tasks, each with the list of them."""
    for person in office.directory(tx).people.values():
        account = person.accounts.get(platform, "")
        if not account or not person.active or not tx.worklist.of((person.key,), limit=1):
            continue
        language = office.company.language_of(person)
        card = tasks_card(tx, office, reader=person, language=language)
        yield Addressee(person=person.key, account=account, language=language), card


def _known(office: Office, person: Person | None) -> KnownPerson | None:
    if person is None or not person.active:
        return None
    language = office.company.language_of(person)
    zone = office.company.zone_of(person).key
    return KnownPerson(
        person=person.key, name=name_of(person, language), language=language, zone=zone
    )
