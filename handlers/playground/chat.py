"""Makes the JSON of a persona's chat for the playground: conversations, messages, cards.

The shape is that of docs/reference/playground-api.md, "Chat".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from handlers import lists
from handlers.i18n import translator
from handlers.office import Office
from handlers.playground.world import open_tasks, person_view
from handlers.reading.formatter import Formatter, formatter
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.records import ChatMessage

PREVIEW_MOST = 80
Details = Mapping[str, Mapping[str, Any]]


def chat_view(tx: Tx, office: Office, *, person: str, language: str) -> Mapping[str, Any]:
    """Return a persona's chat with the bot. Raises Refusal if there is no such person."""
    directory = office.directory(tx)
    found = directory.get(person)
    if found is None:
        raise Refusal("not_known")
    log = tx.chat.of(person)
    write = formatter(office, directory, reader=found, language=language)
    details = _details(tx, office, log, found, language)
    messages = [_message(message, write, details=details) for message in log]
    return {
        "person": person_view(
            found,
            office,
            write,
            unread=sum(not message.read for message in log),
            tasks=open_tasks(
                tx, directory, person, tx.worklist.loads([person]), office.clock.now()
            ),
        ),
        "conversations": _conversations(messages, language),
        "messages": messages,
    }


def _details(
    tx: Tx, office: Office, log: Iterable[ChatMessage], reader: Person, language: str
) -> Details:
    """Return cards with the present details of cases, by number.

    The stored card of an earlier request is not refreshed like a delivered one, so it would show
    an outdated state.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for message in log:
        cards = (message.body.get("cards") or {}).values()
        if message.case_id and any(card.get("kind") == "details" for card in cards):
            found[message.case_id] = {}
    for case_id in found:
        with suppress(Refusal):
            card = lists.details_card(tx, office, case_id=case_id, reader=reader, language=language)
            found[case_id] = asdict(card)
    return found


def _message(message: ChatMessage, write: Formatter, *, details: Details) -> dict[str, Any]:
    words, language = write.words, write.language
    cards = message.body.get("cards") or {}
    card = cards.get(language) or next(iter(cards.values()), None)
    if card is not None and card.get("kind") == "details":
        card = details.get(message.case_id or "") or {**card, "buttons": [], "more": []}
    said = message.body.get("text") or ""
    text = said.get(language, "") if isinstance(said, Mapping) else str(said)
    author = None if message.author == "bot" else message.author
    edited = message.edited_at
    return {
        "id": message.id,
        "author": message.author,
        "author_name": write.name(author),
        "case": message.case_id,
        "at": message.at.isoformat(),
        "at_text": write.at(message.at),
        "edited": edited is not None,
        "edited_text": "" if edited is None else words.t("message.edited", at=write.at(edited)),
        "unread": not message.read,
        "text": text,
        "card": _current(card, write) if card is not None else None,
        "files": message.body.get("files") or [],
    }


def _current(card: Mapping[str, Any], write: Formatter) -> dict[str, Any]:
    """Return a stored card with its times as of now: "today 16:30, in 2 h"."""
    facts = []
    for fact in card.get("facts", ()):
        at = fact.get("at")
        if at and card.get("buttons"):
            facts.append({**fact, "value": write.due(datetime.fromisoformat(at))})
        else:
            facts.append(fact)
    return {**card, "facts": facts}


def _conversations(messages: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Return the conversation with all messages, and one for each case, the latest first."""
    words = translator(language)
    cases: dict[str | None, list[dict[str, Any]]] = {None: messages}
    for message in messages:
        if message["case"]:
            cases.setdefault(message["case"], []).append(message)
    found = [
        {
            "case": case,
            "title": case or words.t("chat.everything"),
            "preview": _preview(of_case[-1]) if of_case else "",
            "at": of_case[-1]["at"] if of_case else None,
            "at_text": of_case[-1]["at_text"] if of_case else "",
            "unread": sum(bool(message["unread"]) for message in of_case),
        }
        for case, of_case in cases.items()
    ]
    everything, rest = found[:1], found[1:]
    return everything + sorted(rest, key=lambda c: str(c["at"]), reverse=True)


def _preview(message: Mapping[str, Any]) -> str:
    card = message["card"]
    text = card["title"] if card is not None else message["text"]
    return str(text)[:PREVIEW_MOST]
