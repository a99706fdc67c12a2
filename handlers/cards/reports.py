"""Makes the cards of `/report`: counts and figures of a process, the files of its report."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.alerts.shown import firing_alerts
from handlers.as_is.opened import as_is_link
from handlers.cards.briefing import counts_of
from handlers.cards.review import review_button
from handlers.i18n import translator
from handlers.interaction import Caller
from handlers.pages import Button, Card, Fact, FileLink, Item
from handlers.reports.cases import PAGE
from handlers.reports.opened import report_links, reported
from handlers.reports.recent import DAYS, PAGES_MOST, own_card, recent_lines
from handlers.table_values import may_own
from handlers.tokens import Token
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.moments import DAY

REPORT = "report"  # the command, and the verb of its buttons
_DAYS = 30


def report_cards(caller: Caller, named: str) -> tuple[Card, ...]:
    """Return the card of one process, or the choice among those whose figures somebody may read.

    `named` is its key, command or name; "" chooses, and shows the reader's own figures, too. Raises
    Refusal `report_nothing` or `process_unknown`.
    """
    found = [*reported(caller.tx, caller.office, reader=caller.person)]
    own = own_card(caller) if not named else None
    if named or len(found) == 1:
        asked = [one for one in found if not named or named.casefold() in _names(one)]
        if not asked:
            raise Refusal("process_unknown" if found else "report_nothing", process=named[:40])
        card: Card | None = _card(caller, asked[0])
    else:
        card = _choice(caller, found) if found else None
    cards = tuple(one for one in (card, own) if one is not None)
    if not cards:
        raise Refusal("report_nothing")
    return cards


def _names(definition: Definition) -> tuple[str, ...]:
    named = (definition.key, definition.command, definition.name.zh, definition.name.en)
    return tuple(one.casefold() for one in named)


def _choice(caller: Caller, found: list[Definition]) -> Card:
    return Card(
        kind="list",
        title=translator(caller.language).t("figures.which"),
        buttons=tuple(
            Button(
                verb=REPORT,
                label=one.name.of(caller.language),
                token=str(Token(verb=REPORT, argument=one.key)),
            )
            for one in found
        ),
    )


def _card(caller: Caller, definition: Definition) -> Card:
    words, now = translator(caller.language), caller.office.clock.now()
    counts = counts_of(caller.tx, definition.key, since=now - _DAYS * DAY, now=now)
    alerts = tuple(_alerts(caller, definition))
    return Card(
        kind=REPORT,
        title=words.t("figures.card", process=definition.name.of(caller.language)),
        text=words.t("figures.card.text"),
        facts=tuple(
            Fact(label=words.t(f"figures.card.{name}", days=_DAYS), value=f"{count:,}")
            for name, count in counts.items()
        ),
        items=alerts,
        items_title=words.t("figures.card.alerts") if alerts else "",
        lines=recent_lines(caller, definition),
        lines_title=words.t("figures.recent.title", days=DAYS, most=f"{PAGES_MOST * PAGE}"),
        buttons=tuple(review_button(caller, definition.key)),
        files=(*report_links(definition, language=caller.language), *_as_is(caller, definition)),
    )


def _as_is(caller: Caller, definition: Definition) -> Iterator[FileLink]:
    """Yield the link to the analysis report, for owners and administrators."""
    if may_own(definition, caller.directory, caller.person.key):
        yield as_is_link(definition, language=caller.language)


def _alerts(caller: Caller, definition: Definition) -> Iterator[Item]:
    """Yield each alert of the process that fires now."""
    found = firing_alerts(caller.tx, caller.office, reader=caller.person, language=caller.language)
    for one in found:
        if one.process == definition.key:
            yield Item(text=one.name, detail=one.text)
