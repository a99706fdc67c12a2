"""Makes the notices about absences: set or ended by others, or without their deputy."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.i18n import dates, translator
from handlers.office import Office
from handlers.pages import Badge, Button, Card, Tone
from handlers.reading.formatter import name_of
from handlers.tokens import Token
from workflows.directory import Directory
from workflows.moments import SECOND, from_iso

SET, ENDED, ALONE = "away_set", "away_ended", "deputy_left"
KINDS = (SET, ENDED, ALONE)

Args = Mapping[str, str]


def absence_card(
    kind: str, office: Office, directory: Directory, args: Args, language: str
) -> Card:
    """Return the notice, with the button for what its reader may do about it."""
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
    if kind == ALONE:
        label, argument = words.t("button.away"), ""
        title, text = words.t("card.deputy_left", **facts), words.t("deputy_left.text", **facts)
    else:
        label, argument = words.t("button.back_here"), "off"
        title, text = words.t("card.away_set"), words.t("away_set.text", **facts)
    button = Button(verb="away", label=label, token=str(Token(verb="away", argument=argument)))
    badge = Badge(text=words.t("home.away.badge"), tone=Tone.INFO)
    return Card(kind=kind, title=title, badge=badge, text=text, buttons=(button,))
