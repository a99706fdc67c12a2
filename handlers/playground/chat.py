"""Makes a persona's chat for the playground's page: conversations, messages, cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from pydantic import TypeAdapter

from handlers import lists
from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Card, FileLink
from handlers.playground.page import PageChat, PageConversation, PageMessage
from handlers.playground.world import open_tasks, person_view
from handlers.reading.formatter import Formatter, formatter
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.moments import from_iso, iso
from workflows.records import ChatMessage

PREVIEW_MOST = 80
_CARD = TypeAdapter(Card)
_FILES = TypeAdapter(tuple[FileLink, ...])


def chat_view(tx: Tx, office: Office, *, person: str, language: str) -> PageChat:
    """Return a persona's chat with the bot. Raises Refusal if there is no such person."""
    directory = office.directory(tx)
    found = directory.get(person)
    if found is None:
        raise Refusal("not_known")
    log = tx.chat.of(person)
    write = formatter(office, directory, reader=found, language=language)
    details = _details(tx, office, log, found, language)
    messages = [_message(message, write, details=details) for message in log]
    return PageChat(
        person=person_view(
            found,
            office,
            write,
            unread=sum(not message.read for message in log),
            tasks=open_tasks(
                tx, directory, person, tx.worklist.loads([person]), office.clock.now()
            ),
        ),
        conversations=tuple(_conversations(messages, language)),
        messages=tuple(messages),
    )


def _details(
    tx: Tx, office: Office, log: Iterable[ChatMessage], reader: Person, language: str
) -> Mapping[str, Card]:
    """Return cards with the present details of cases that the reader may read, by number.

    The stored card of an earlier request is not refreshed like a delivered one, so it would show
    an outdated state.
    """
    found: dict[str, Card] = {}
    for message in log:
        cards = (message.body.get("cards") or {}).values()
        if (
            message.case_id
            and message.case_id not in found
            and any(card.get("kind") == "details" for card in cards)
        ):
            with suppress(Refusal):
                found[message.case_id] = lists.details_card(
                    tx, office, case_id=message.case_id, reader=reader, language=language
                )
    return found


def _message(message: ChatMessage, write: Formatter, *, details: Mapping[str, Card]) -> PageMessage:
    words, language = write.words, write.language
    said = message.body.get("text") or ""
    text = said.get(language, "") if isinstance(said, Mapping) else str(said)
    author = None if message.author == "bot" else message.author
    edited = message.edited_at
    return PageMessage(
        id=message.id,
        author=message.author,
        author_name=write.name(author),
        case=message.case_id,
        at=iso(message.at),
        at_text=write.at(message.at),
        edited=edited is not None,
        edited_text="" if edited is None else words.t("message.edited", at=write.at(edited)),
        unread=not message.read,
        text=text,
        card=_card(message, write, details),
        files=_FILES.validate_python(message.body.get("files") or ()),
    )


def _card(message: ChatMessage, write: Formatter, details: Mapping[str, Card]) -> Card | None:
    """Return the card of a message, if it has one, with its times as of now."""
    cards = message.body.get("cards") or {}
    stored = cards.get(write.language) or next(iter(cards.values()), None)
    if stored is None:
        return None
    card = stored_card(stored)
    if card.kind == "details":
        card = details.get(message.case_id or "") or replace(card, buttons=(), more=())
    if not card.buttons:
        return card
    facts = (
        replace(fact, value=write.due(from_iso(fact.at))) if fact.at else fact
        for fact in card.facts
    )
    return replace(card, facts=tuple(facts))


def stored_card(stored: Mapping[str, object]) -> Card:
    """Return a card from its JSON in the chat, which an earlier or a later release may have kept.

    Keys that are missing have their defaults, and unknown ones are left out.
    """
    return _CARD.validate_python(stored)


def _conversations(messages: Sequence[PageMessage], language: str) -> list[PageConversation]:
    """Return the conversation with all messages, and one for each case, the latest first."""
    words = translator(language)
    cases: dict[str | None, list[PageMessage]] = {None: [*messages]}
    for message in messages:
        if message.case:
            cases.setdefault(message.case, []).append(message)
    everything, *rest = (
        PageConversation(
            case=case,
            title=case or words.t("chat.everything"),
            preview=_preview(of_case[-1]) if of_case else "",
            at=of_case[-1].at if of_case else None,
            at_text=of_case[-1].at_text if of_case else "",
            unread=sum(message.unread for message in of_case),
        )
        for case, of_case in cases.items()
    )
    return [everything, *sorted(rest, key=lambda one: str(one.at), reverse=True)]


def _preview(message: PageMessage) -> str:
    return (message.card.title if message.card is not None else message.text)[:PREVIEW_MOST]
