"""Mail: record what became of a mail to somebody outside the company.

The texts, the address and the words of the mail server are contents of the case, so that they can
be erased; the events have references to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards, news
from workflows.case.events import Body, Event
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.task import ContentRef

CARD = "mail_failed"  # the kind of the message to the owner

Why = Literal["no_address", "wrong_address", "off", "shown", "erased"]


class _AboutMail(Body, frozen=True, kw_only=True):
    """Base of the events about a mail, of which the state of a case has nothing."""

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged."""
        return case


class MailOwed(_AboutMail, frozen=True, kw_only=True):
    """A mail was written, with this content, and waits to be sent."""

    stored = "MailOwed"

    mail: str
    content: ContentRef


class MailSent(_AboutMail, frozen=True, kw_only=True):
    """The mail server accepted the mail that the event `owed` wrote; the content has its answer."""

    stored = "MailSent"

    mail: str
    owed: int
    content: ContentRef

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case."""
        yield from case_cards()


class MailFailed(_AboutMail, frozen=True, kw_only=True):
    """The mail that the event `owed` wrote was not sent; the content says why.

    `final` is whether the server refused it; otherwise it was given up after a day.
    """

    stored = "MailFailed"

    mail: str
    owed: int
    content: ContentRef
    final: bool
    told: tuple[str, ...] = ()

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Tell the owners of the process, and update the cards about the case."""
        yield from news(self.told, kind=CARD, seq=event.seq)
        yield from case_cards()


class MailLeft(_AboutMail, frozen=True, kw_only=True, omit_defaults=True):
    """No mail is sent, for this reason; one that was written has its content or its event."""

    stored = "MailLeft"

    mail: str
    why: Why
    content: ContentRef | None = None
    owed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMail(Command):
    """Record what became of a mail."""

    became: MailOwed | MailSent | MailFailed | MailLeft

    def decide(self, draft: Draft) -> None:
        """Add the event; of a failure with the owners, who are notified."""
        body = self.became
        if isinstance(body, MailFailed):
            owners = owners_of(draft.case, draft.world)
            body = replace(body, told=tuple(filter(draft.world.directory.active, owners)))
        draft.emit(body)


ACTION = ActionType(
    name="mail",
    command=RecordMail,
    events=(MailOwed, MailSent, MailFailed, MailLeft),
    rehearsal=Untried(why="the program does it, and nothing in the case follows"),
)
