"""Makes the cards about a person's accounts, which belong to no case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Tone
from handlers.reading.formatter import name_of
from handlers.tokens import Token
from workflows.directory import Directory
from workflows.moments import from_iso

Args = Mapping[str, str]


def account_card(
    kind: str, office: Office, directory: Directory, *, args: Args, language: str
) -> Card:
    """Return the card of the kind "linked" or "objected", in the reader's language."""
    return _BUILD[kind](office, directory, args, language)


def _linked(office: Office, directory: Directory, args: Args, language: str) -> Card:
    """Return the card that reports a linked account, with a button to object to it."""
    words = translator(language)
    button = Button(
        verb="notme",
        label=words.t("button.notme"),
        token=str(Token(verb="notme", argument=args["notice"])),
        style="danger",
    )
    return Card(
        kind="linked",
        title=words.t("card.linked", platform=_platform(args)),
        text=words.t("card.linked.text", **_facts(office, directory, args, language)),
        buttons=(button,),
    )


def _objected(office: Office, directory: Directory, args: Args, language: str) -> Card:
    """Return the card for administrators that reports an objection to a linked account."""
    words = translator(language)
    facts = _facts(office, directory, args, language)
    return Card(
        kind="objected",
        title=words.t("card.objected", who=facts["who"]),
        badge=Badge(text=words.t("card.objected.badge"), tone=Tone.DANGER),
        text=words.t("card.objected.text", **facts),
    )


def _facts(office: Office, directory: Directory, args: Args, language: str) -> dict[str, str]:
    person = directory.get(args["who"])
    at = dates.moment(
        from_iso(args["at"]),
        zone=office.company.zone_of(person),
        language=language,
        now=office.clock.now(),
    )
    return {"who": name_of(person, language), "platform": _platform(args), "at": at}


def _platform(args: Args) -> str:
    return args["platform"].capitalize()


_BUILD: dict[str, Callable[[Office, Directory, Args, str], Card]] = {
    "linked": _linked,
    "objected": _objected,
}
