"""A chat platform in memory: for each person the messages as they stand now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.conversation.ports import Addressee, Delivery
from handlers.pages import Button, Card
from workflows.errors import Permanent


@dataclass(slots=True, kw_only=True)
class Message:
    """One message: its card as it is, and how often it was changed."""

    ref: str
    person: str
    card: Card
    edits: int = 0
    noticed: int = 1  # how often it made itself heard


@dataclass(slots=True)
class FakeChat:
    """A `handlers.conversation.ports.ChatPort`; who is in `gone` cannot be reached."""

    name: str = "fake"
    silent: bool = True
    messages: dict[str, Message] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def languages(self, to: Addressee) -> tuple[str, ...]:
        return (to.language,)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        return "" if person in self.gone else f"account of {person}"

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        return 0.0

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Nothing is counted."""

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        return ""

    def answerable(self) -> Sequence[str]:
        return ()

    def share(self, replicas: int) -> None:
        """Nothing is counted."""

    def park(self, scope: str, seconds: float) -> None:
        """Nothing is counted."""

    async def post(self, delivery: Delivery) -> str:
        return self.show(None, delivery)

    async def update(self, ref: str, delivery: Delivery) -> None:
        self.show(ref, delivery)

    def show(self, ref: str | None, delivery: Delivery) -> str:
        """Post a message, or change the one that is there; its reference."""
        card = delivery.cards[delivery.to.language]
        if ref is None and delivery.token not in self.messages:
            message = Message(ref=delivery.token, person=delivery.to.person, card=card)
            message.noticed = int(not delivery.quiet)
            self.messages[delivery.token] = message
            return delivery.token
        found = self.messages.get(ref or delivery.token)
        if found is None:
            raise Permanent("message_gone")
        found.card = card
        found.edits += 1
        found.noticed += delivery.notify
        return found.ref

    def of(self, person: str) -> list[Message]:
        """A person's messages, the oldest first."""
        return [message for message in self.messages.values() if message.person == person]


def every_button(card: Card) -> Iterator[Button]:
    """All buttons of a card, those under More last."""
    yield from card.buttons
    yield from card.more
    yield from (item.button for item in card.items if item.button is not None)


def spell(card: Card) -> str:
    """A card as plain text: everything that a reader of it sees."""
    parts = [card.summary, card.text]
    parts += [f"{fact.label}: {fact.value}" for fact in card.facts]
    parts += [f"“{card.quote}”"] if card.quote else []
    parts += [card.items_title]
    for item in card.items:
        pressed = f"  [{item.button.label}]" if item.button is not None else ""
        parts.append(f"  {item.text}  {item.detail}{pressed}")
        parts += [f"      “{quoted}”" for quoted in item.quote.splitlines()]
    parts += [card.lines_title]
    for line in card.lines:
        parts.append(f"  {line.when}  {line.text}")
        parts += [f"      “{quoted}”" for quoted in line.quote.splitlines()]
    parts += [f"📎 {file.name}" for file in card.files]
    buttons = "  ".join(f"[{button.label}]" for button in card.buttons)
    more = "  ".join(f"({button.label})" for button in card.more)
    parts += [f"{buttons}  {more}".strip(), card.note]
    return "\n".join(part for part in parts if part)
