"""The proposals that the playground's page makes to new users, from the sample company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from handlers.reading.formatter import Formatter
from handlers.tokens import Token
from workflows.definition import Model, Text


class Example(Model):
    """A case that is started if an offer needs one and there is none."""

    person: str  # a readable id, as below
    process: str
    values: Mapping[str, Text | str]  # by field id


class Offer(Model):
    """A proposal: to send a command as a persona, or to move the clock."""

    id: str
    text: Text  # {who} is the person's name
    person: str = ""
    command: str = ""
    move: Literal["", "two_days"] = ""
    needs_a_case: bool = False


class Offers(Model):
    """All proposals, in the order of the page."""

    offers: tuple[Offer, ...] = ()
    example: Example | None = None

    def shown(self, write: Formatter, *, empty: bool) -> Iterator[dict[str, Any]]:
        """Yield the proposals whose persona is active.

        `empty` is set if no case was started yet.
        """
        example = self._example(write) if empty else None
        for offer in self.offers:
            person = write.directory.by_id(offer.person)
            if offer.person and person is None:
                continue
            who = write.name(person.key) if person is not None else ""
            shown: dict[str, Any] = {"id": offer.id, "text": write.text(offer.text)}
            shown["text"] = shown["text"].replace("{who}", who)
            if person is not None:
                shown |= {"person": person.key, "command": offer.command}
            if offer.move:
                shown["move"] = offer.move
            if offer.needs_a_case:
                shown["example"] = example
            yield shown

    def _example(self, write: Formatter) -> dict[str, Any] | None:
        asked = self.example
        person = write.directory.by_id(asked.person) if asked is not None else None
        if asked is None or person is None:
            return None
        return {
            "person": person.key,
            "token": str(Token(verb="start", argument=asked.process)),
            "values": {
                name: write.text(value) if isinstance(value, Text) else value
                for name, value in asked.values.items()
            },
        }
