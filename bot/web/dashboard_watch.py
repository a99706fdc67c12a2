"""The pages of the dashboard about a whole process: the alerts that fire, and the figures."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from bot.web.dashboard_pages import DashboardPages, query_of
from bot.web.dashboard_tables import document_parts
from bot.web.markup import lines, tag
from handlers.alerts.shown import ShownAlert
from handlers.case_lists import View, Wanted
from handlers.reading.formatter import Formatter
from handlers.rendering.model import DocumentModel


def alert_page(
    pages: DashboardPages,
    alerts: Sequence[ShownAlert],
    *,
    views: Sequence[View],
    write: Formatter,
) -> Response:
    """Return the page of the alerts that fire; `views` are the lists that the reader has."""
    words = pages.words
    found = []
    for one in alerts:
        wanted = one.wanted or Wanted()
        to = pages.to(**query_of(wanted)) if wanted.view in views else ""
        found.append(
            tag(
                "li",
                tag("h2", one.title),
                tag("p", lines(one.text)),
                tag("p", words.t("dashboard.since", since=write.at(one.since)), class_="hint"),
                tag("p", tag("a", words.t("dashboard.alerts.cases"), href=to)) if to else None,
            )
        )
    body = [
        tag("h1", words.t("dashboard.alerts.title")),
        tag("ul", found, class_="alerts")
        if found
        else tag("p", words.t("dashboard.alerts.none"), role="status"),
    ]
    return pages.page(words.t("dashboard.alerts.title"), body, here="alerts")


def figures_page(
    pages: DashboardPages,
    processes: Sequence[tuple[str, str]],
    *,
    chosen: str,
    document: DocumentModel | None,
    at: str,
    pending: bool,
) -> Response:
    """Return the figures of a process.

    Args:
        processes: key and name of those whose figures the person may read.
        document: None as long as they are computed for the first time, or failed.
        at: the time until which they count.
        pending: whether newer ones are being computed.
    """
    words, name = pages.words, dict(processes)[chosen]
    others = [
        tag(
            "a",
            label,
            href=pages.to("figures", key),
            aria_current="page" if key == chosen else None,
        )
        for key, label in processes
    ]
    state = "pending" if pending else "failed"
    if document is not None:
        state = "renewed" if pending else "kept"
    again = tag("a", words.t("dashboard.figures.again"), href=pages.to("figures", chosen))
    body = [
        tag("h1", words.t("figures.card", process=name)),
        tag("nav", others, class_="parts", aria_label=words.t("dashboard.figures.which"))
        if len(processes) > 1
        else None,
        tag("p", words.t(f"dashboard.figures.{state}", at=at), " ", again, role="status"),
        *(document_parts(document) if document is not None else ()),
    ]
    return pages.page(words.t("figures.card", process=name), body, here="figures")
