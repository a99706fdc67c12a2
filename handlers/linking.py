"""Linking an account of a chat platform to a person: by a one-time code, or by e-mail address.

A code is shown on one side and typed on the other, within ten minutes, once. Only its digest is
kept. An account belongs to one person and a person has one account on a platform.
"""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

from handlers.cards.model import Answer, Tone
from handlers.i18n import translator
from handlers.office import Office
from handlers.reading import name_of
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.ports import Tx

CODE_LASTS = timedelta(minutes=10)
_DIGITS = 8  # shown in two groups of four; a guess is right once in 10⁸
_CODE = re.compile(r"[0-9]{8}")


def offer_code(tx: Tx, office: Office, *, person: str) -> str:
    """A new code for this person; an older one does not work any more."""
    number = int(office.ids.salt(), 16) % 10**_DIGITS
    code = f"{number:0{_DIGITS}d}"
    tx.codes.offer(digest=_digest(code), person=person, ends_at=office.clock.now() + CODE_LASTS)
    return code


def spell_code(code: str) -> str:
    """A code as it is read out: 1234-5678."""
    return f"{code[:4]}-{code[4:]}"


def read_code(text: str) -> str:
    """The code in what somebody typed; "" when it cannot be one."""
    digits = re.sub(r"[\s-]", "", text)
    return digits if _CODE.fullmatch(digits) else ""


def code_answer(tx: Tx, office: Office, *, person: Person, language: str) -> Answer:
    """What `/link` answers to somebody who is known: a code for their other platform."""
    code = spell_code(offer_code(tx, office, person=person.key))
    minutes = int(CODE_LASTS.total_seconds() // 60)
    return Answer(text=translator(language).t("answer.link_code", code=code, minutes=minutes))


def redeem(tx: Tx, office: Office, *, platform: str, account: str, code: str) -> Answer:
    """Link an account by what was typed; answers in the person's language.

    Refusal `link_code_wrong`, `account_taken`.
    """
    read = read_code(code)
    key = tx.codes.redeem(_digest(read), now=office.clock.now()) if read else None
    directory = office.directory(tx)
    person = directory.get(key) if key is not None else None
    if person is None or not person.active:
        raise Refusal("link_code_wrong")
    owner = owner_of(directory, platform, account)
    if owner is not None and owner.active and owner.key != person.key:
        raise Refusal("account_taken")
    tx.people.link(person.key, platform=platform, account=account)
    language = office.company.language_of(person)
    text = translator(language).t("answer.linked", who=name_of(person, language))
    return Answer(text=text, tone=Tone.GOOD)


def owner_of(directory: Directory, platform: str, account: str) -> Person | None:
    """Whose account this is."""
    return next(
        (one for one in directory.people.values() if one.accounts.get(platform) == account), None
    )


def by_address(directory: Directory, platform: str, email: str) -> Person | None:
    """The one active person with this address who has no account on the platform yet."""
    address = email.strip().casefold()
    found = [
        one
        for one in directory.people.values()
        if address and one.active and one.email.strip().casefold() == address
    ]
    if len(found) != 1 or platform in found[0].accounts:
        return None
    return found[0]


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
