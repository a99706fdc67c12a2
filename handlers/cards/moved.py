"""Tells the owners of a process how many of its cases were moved to another version."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Card, Fact
from handlers.versions import MOVED
from storage.unit import Tx


def card(tx: Tx, office: Office, args: Mapping[str, str], language: str) -> Card | None:
    """Return the card, by the versions that the running cases have now."""
    target = tx.definitions.version(args["process"], int(args["version"]))
    if target is None:
        return None
    words, counts = translator(language), tx.cases.by_definition(target.key)
    there = counts.pop(target.hash, 0)
    name = office.shelf.load(target).definition.name.of(language)
    return Card(
        kind=MOVED,
        title=words.t("card.moved", process=name, version=target.version),
        text=words.t("moved.text"),
        facts=(
            Fact(label=words.t("moved.there"), value=str(there)),
            Fact(label=words.t("moved.elsewhere"), value=str(sum(counts.values()))),
        ),
    )
