"""Makes the notices to people whose absence somebody else set or ended, which are of no case."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Tone
from handlers.reading.formatter import name_of
from handlers.tokens import Token
from workflows.directory import Directory
from workflows.moments import SECOND, from_iso

SET, ENDED = "away_set", "away_ended"
KINDS = (SET, ENDED)

Args = Mapping[str, str]


def absence_card(
    kind: str, office: Office, directory: Directory, args: Args, language: str
) -> Card:
    """Return the notice: who set or ended the absence, and a button that ends one that was set."""
    words = translator(language)
    facts: dict[str, object] = {"who": name_of(directory.get(args["by"]), language)}
    if kind == ENDED:
        return Card(
            kind=kind, title=words.t("card.away_ended"), text=words.t("away_ended.text", **facts)
        )
    zone = office.company.zone_of(directory.get(args["person"]))
    days = {"first": from_iso(args["first"]), "last": from_iso(args["last"]) - SECOND}
    facts |= {name: dates.day(at, zone=zone, language=language) for name, at in days.items()}
    facts["deputy"] = name_of(directory.get(args["deputy"]), language)
    back = Token(verb="away", argument="off")
    return Card(
        kind=kind,
        title=words.t("card.away_set"),
        badge=Badge(text=words.t("home.away.badge"), tone=Tone.INFO),
        text=words.t("away_set.text", **facts),
        buttons=(Button(verb="away", label=words.t("button.back_here"), token=str(back)),),
    )
