"""What the playground's page shows around a case: the world with its people, and their chats.

The shapes are those of docs/reference/playground-api.md, "World" and "Chat".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers import lists
from handlers.cards import case as case_cards
from handlers.case_view import ahead_text
from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.reading import name_of, open_case
from handlers.rehearsing import process_list
from workflows.directory import Directory, Person
from workflows.engine.outlook import outlook
from workflows.errors import Refusal
from workflows.ports import Tx
from workflows.records import CaseQuery, CaseRow, ChatMessage
from workflows.state import ClockStatus

CASES_MOST = 30
PREVIEW_MOST = 80
FAR = timedelta(days=366 * 5)


def world_view(tx: Tx, office: Office, *, language: str, revision: int) -> Mapping[str, Any]:
    """The simulated world: its time, its people, what comes next."""
    directory, now = office.directory(tx), office.clock.now()
    zone = office.company.zone_of(None)
    people = [p for p in directory.people.values() if p.active]
    loads = tx.worklist.loads([person.key for person in people])
    unread = tx.chat.unread()
    rows = tx.cases.find(CaseQuery(limit=CASES_MOST))
    return {
        "now": now.isoformat(),
        "now_text": dates.clock_time(now, zone=zone),
        "day_text": dates.day(now, zone=zone, language=language),
        "zone": zone.key,
        **_office(office, now, language),
        "next": next_ahead(tx, office, language=language),
        "revision": revision,
        "company": office.company.name_in(language),
        "people": [
            person_view(
                person,
                office,
                directory,
                language=language,
                unread=unread.get(person.key, 0),
                tasks=loads.get(person.key, 0),
            )
            for person in sorted(people, key=lambda p: _rank(p, directory))
        ],
        "commands": [
            {"text": text, "label": label, "hint": hint}
            for text, label, hint in lists.commands(tx, office, language=language)
        ],
        "offers": list(_offers(directory, language)),
        "processes": process_list(tx, office, language=language),
        "cases": [_case_line(tx, office, row, language) for row in rows],
    }


def _rank(person: Person, directory: Directory) -> tuple[int, str, str]:
    """People with a part in the processes first, department by department."""
    order = list(directory.departments)
    place = order.index(person.department) if person.department in order else len(order)
    return (place, "" if person.roles else "z", person.id)


def _office(office: Office, now: datetime, language: str) -> dict[str, str]:
    words = translator(language)
    local = now.astimezone(office.company.zone_of(None)).date()
    if office.calendar.is_open(now):
        return {"office": "open", "office_text": words.t("office.open")}
    holiday = office.calendar.holiday_name(local, language)
    if holiday:
        return {"office": "holiday", "office_text": words.t("office.holiday", name=holiday)}
    return {"office": "closed", "office_text": words.t("office.closed")}


def next_ahead(tx: Tx, office: Office, *, language: str) -> Mapping[str, Any] | None:
    """The next thing that will happen by itself, in any case; None when nothing will."""
    now = office.clock.now()
    timers = tx.timers.due(now=now + FAR, limit=1)
    if not timers:
        return None
    timer = timers[0]
    directory = office.directory(tx)
    reader = next(iter(sorted(directory.people.values(), key=lambda p: p.id)))
    reading = open_case(tx, office, case_id=timer.case_id, reader=reader, language=language)
    for ahead in outlook(reading.case, reading.world):
        if ahead.kind != "due" and ahead.clock == timer.clock:
            return {
                "at": ahead.at.isoformat(),
                "at_text": reading.at(ahead.at),
                "text": ahead_text(reading, ahead),
                "in_text": dates.ahead(ahead.at, now=now, language=language),
                "case": timer.case_id,
                "person": ahead.to[0] if ahead.to else None,
            }
    return None


def person_view(
    person: Person,
    office: Office,
    directory: Directory,
    *,
    language: str,
    unread: int,
    tasks: int,
) -> dict[str, Any]:
    """A persona as the page shows them."""
    now = office.clock.now()
    words = translator(language)
    department = directory.departments.get(person.department)
    english = language == "en"
    away = next((a for a in directory.absences if a.person == person.key and a.covers(now)), None)
    return {
        "key": person.key,
        "id": person.id,
        "name": name_of(person, language),
        "title": (person.title_en if english and person.title_en else person.title),
        "department": (department.name_en if english else department.name_zh) if department else "",
        "initials": _initials(person, language),
        "hue": int(hashlib.sha256(person.id.encode()).hexdigest(), 16) % 360,
        "unread": unread,
        "tasks": tasks,
        "away": away is not None,
        "away_text": words.t("person.away", deputy=name_of(directory.get(away.deputy), language))
        if away is not None
        else "",
        "language": office.company.language_of(person),
    }


def _initials(person: Person, language: str) -> str:
    name = name_of(person, language)
    if name.isascii():
        return "".join(word[0] for word in name.split()[:2]).upper()
    return name[-2:] if len(name) > 2 else name  # noqa: PLR2004 — given names have two characters


def _offers(directory: Directory, language: str) -> Iterator[dict[str, Any]]:
    words = translator(language)
    filer, helper = directory.by_id("wang.fang"), directory.by_id("chen.jing")
    if filer is not None:
        yield {
            "id": "file",
            "text": words.t("offer.file", who=name_of(filer, language)),
            "person": filer.key,
            "command": "/complaint",
        }
    if helper is not None:
        yield {
            "id": "answer",
            "text": words.t("offer.answer", who=name_of(helper, language)),
            "person": helper.key,
            "command": "/tasks",
        }
    yield {"id": "sleep", "text": words.t("offer.sleep"), "move": "two_days"}


def _case_line(tx: Tx, office: Office, row: CaseRow, language: str) -> dict[str, Any]:
    directory = office.directory(tx)
    filer = directory.get(row.filer)
    reader = filer or next(iter(directory.people.values()))
    reading = open_case(tx, office, case_id=row.id, reader=reader, language=language)
    badge = case_cards.status_badge(reading)
    due = min(
        (c.due_at for c in reading.case.clocks if c.status is ClockStatus.RUNNING and c.ladder),
        default=None,
    )
    return {
        "id": row.id,
        "title": reading.subject or reading.title,
        "status": row.status,
        "status_text": badge.text,
        "node_text": reading.node(reading.case.node),
        "due_at": due.isoformat() if due else None,
        "due_text": reading.due(due) if due else "",
        "tone": badge.tone.value,
        "filer_name": name_of(filer, language),
    }


# ---------------------------------------------------------------------------- chat


def chat_view(tx: Tx, office: Office, *, person: str, language: str) -> Mapping[str, Any]:
    """One persona's chat with the bot; Refusal when there is no such person."""
    directory = office.directory(tx)
    found = directory.get(person)
    if found is None:
        raise Refusal("not_known")
    log = tx.chat.of(person)
    messages = [_message(message, office, directory, found, language) for message in log]
    return {
        "person": person_view(
            found,
            office,
            directory,
            language=language,
            unread=sum(not message.read for message in log),
            tasks=tx.worklist.loads([person]).get(person, 0),
        ),
        "conversations": _conversations(messages, language),
        "messages": messages,
    }


def _message(
    message: ChatMessage, office: Office, directory: Directory, reader: Person, language: str
) -> dict[str, Any]:
    zone, now = office.company.zone_of(reader), office.clock.now()
    words = translator(language)
    cards = message.body.get("cards") or {}
    card = cards.get(language) or next(iter(cards.values()), None)
    said = message.body.get("text") or ""
    text = said.get(language, "") if isinstance(said, Mapping) else str(said)
    bot = message.author == "bot"
    author = words.t("name.system") if bot else name_of(directory.get(message.author), language)
    at_text = dates.moment(message.at, zone=zone, language=language, now=now)
    edited = message.edited_at
    return {
        "id": message.id,
        "author": message.author,
        "author_name": author,
        "case": message.case_id,
        "at": message.at.isoformat(),
        "at_text": at_text,
        "edited": edited is not None,
        "edited_text": words.t(
            "message.edited", at=dates.moment(edited, zone=zone, language=language, now=now)
        )
        if edited is not None
        else "",
        "unread": not message.read,
        "text": text,
        "card": _current(card, office, reader, language) if card is not None else None,
        "files": message.body.get("files") or [],
    }


def _current(
    card: Mapping[str, Any], office: Office, reader: Person, language: str
) -> dict[str, Any]:
    """A stored card with its times said as of now: "today 16:30, in 2 h"."""
    zone, now = office.company.zone_of(reader), office.clock.now()
    words = translator(language)
    facts = []
    for fact in card.get("facts", ()):
        at = fact.get("at")
        if at and card.get("buttons"):
            moment = datetime.fromisoformat(at)
            value = words.t(
                "time.due",
                at=dates.moment(moment, zone=zone, language=language, now=now),
                left=dates.relative(moment, now=now, language=language),
            )
            facts.append({**fact, "value": value})
        else:
            facts.append(fact)
    return {**card, "facts": facts}


def _conversations(messages: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Everything, and one conversation for each case, the latest first."""
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
