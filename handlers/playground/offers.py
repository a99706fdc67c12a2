"""The proposals that the playground's page makes to new users, from the sample company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from handlers.playground.page import PageExample, PageOffer
from handlers.reading.formatter import Formatter
from handlers.tokens import Token
from workflows.model.words import Model, Text


class Example(Model):
    """A case that is started if an offer needs one and there is none."""

    person: str  # a readable id, as below
    process: str
    values: Mapping[str, Text | str]  # by field id


class Offer(Model):
    """A proposal: to send a command as a persona, to move the clock, or to load sample data."""

    id: str
    text: Text  # {who} is the person's name
    person: str = ""
    command: str = ""
    move: Literal["", "two_days"] = ""
    sample: Literal["", "year"] = ""
    needs_a_case: bool = False


class Offers(Model):
    """All proposals, in the order of the page."""

    offers: tuple[Offer, ...] = ()
    example: Example | None = None

    def shown(self, write: Formatter, *, empty: bool) -> Iterator[PageOffer]:
        """Yield the proposals whose persona is active.

        `empty` is set if no case was started yet.
        """
        example = self._example(write) if empty else None
        for offer in self.offers:
            person = write.directory.by_id(offer.person)
            if offer.person and person is None:
                continue
            who = write.name(person.key) if person is not None else ""
            yield PageOffer(
                id=offer.id,
                text=write.text(offer.text).replace("{who}", who),
                person=person.key if person is not None else None,
                command=offer.command,
                move=offer.move,
                sample=offer.sample,
                example=example if offer.needs_a_case else None,
            )

    def _example(self, write: Formatter) -> PageExample | None:
        asked = self.example
        person = write.directory.by_id(asked.person) if asked is not None else None
        if asked is None or person is None:
            return None
        return PageExample(
            person=person.key,
            token=str(Token(verb="start", argument=asked.process)),
            values={
                name: write.text(value) if isinstance(value, Text) else value
                for name, value in asked.values.items()
            },
        )
