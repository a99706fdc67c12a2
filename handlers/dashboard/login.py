"""Logs people in to the dashboard by a link that the bot sends them.

A link is valid for `LINK_LASTS`, once, and belongs to one person; it begins a session of
`SESSION_LASTS`. The links and cookies are 32 random bytes, of which only the digest is stored. A
session ends earlier when its person logs out or leaves the company.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.moments import HOUR, MINUTE

LINK_LASTS = 5 * MINUTE
SESSION_LASTS = 8 * HOUR
DASHBOARD = "dashboard"  # the command, and the path of the pages
LOGIN = "login"  # the path of links below it


class LinkProblem(StrEnum):
    """Why a link does not log anybody in."""

    UNKNOWN = "unknown"
    USED = "used"
    ENDED = "ended"
    LEFT = "left"  # its person is not in the company any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A link as it is now: its person, or why it does not log anybody in."""

    person: Person | None = None
    problem: LinkProblem | None = None


def link_answer(caller: Caller) -> Answer:
    """Return the answer to `/dashboard`: a new link, which is not repeated for a second delivery.

    Raises:
        Refusal: `dashboard_no_address` if the configuration has no public address.
    """
    if not caller.office.public_url:
        raise Refusal("dashboard_no_address")
    words, minutes = translator(caller.language), LINK_LASTS // MINUTE
    token = offer_link(caller.tx, caller.office, person=caller.person.key)
    own = caller.office.company.language_of(caller.person)
    query = f"?lang={caller.language}" if caller.language != own else ""
    return Answer(
        text=words.t("dashboard.link", minutes=minutes),
        link=f"{caller.office.public_url.rstrip('/')}/{DASHBOARD}/{LOGIN}/{token}{query}",
        stays=True,
        again=words.t("dashboard.link_shown"),
    )


def offer_link(tx: Tx, office: Office, *, person: str) -> str:
    """Store a new link of a person and return its token."""
    token = _secret(office)
    tx.logins.offer(digest=_digest(token), person=person, ends_at=office.clock.now() + LINK_LASTS)
    return token


def look_at(tx: Tx, office: Office, token: str) -> Offered:
    """Return whose a link is, without using it."""
    link = tx.logins.link(_digest(token))
    if link is None:
        return Offered(problem=LinkProblem.UNKNOWN)
    person = office.directory(tx).get(link.person)
    if person is None or not person.active:
        return Offered(problem=LinkProblem.LEFT)
    if link.used_at is not None:
        return Offered(person=person, problem=LinkProblem.USED)
    if link.ends_at <= office.clock.now():
        return Offered(person=person, problem=LinkProblem.ENDED)
    return Offered(person=person)


def log_in(tx: Tx, office: Office, token: str) -> tuple[Offered, str]:
    """Use a link; return it as it was, and the secret of the new session, "" without one."""
    offered = look_at(tx, office, token)
    if offered.person is None or offered.problem is not None:
        return offered, ""
    now, session = office.clock.now(), _secret(office)
    if tx.logins.use(_digest(token), now=now) is None:  # another replica was first
        return Offered(person=offered.person, problem=LinkProblem.USED), ""
    tx.logins.begin(digest=_digest(session), person=offered.person.key, ends_at=now + SESSION_LASTS)
    return offered, session


def person_of(tx: Tx, office: Office, session: str) -> Person | None:
    """Return the person of a session; None if it has ended or its person has left."""
    if not session:
        return None
    key = tx.logins.session(_digest(session), now=office.clock.now())
    person = office.directory(tx).get(key) if key is not None else None
    return person if person is not None and person.active else None


def log_out(tx: Tx, session: str) -> None:
    """End a session."""
    tx.logins.end(_digest(session))


def proof_of(session: str) -> str:
    """Return what a page with this session sends along when it logs out."""
    return hashlib.sha256(f"log out {session}".encode()).hexdigest()


def proves(session: str, given: str) -> bool:
    """Return whether a request to log out came from a page with this session."""
    return hmac.compare_digest(proof_of(session).encode(), given.encode("utf-8", "replace"))


def _secret(office: Office) -> str:
    """Return 32 random bytes in hexadecimal."""
    return office.ids.salt() + office.ids.salt()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
