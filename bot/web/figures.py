"""Keeps the newest figures of each process for the dashboard, and computes newer ones.

Figures of many cases take long. They are read a page of cases at a time, behind the reads of
people, and computed in a thread; meanwhile the page shows the ones before, with their cut-off.
Each process of the bot keeps its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from handlers.i18n import LANGUAGES
from handlers.office import Office
from handlers.rendering.model import DocumentModel
from handlers.reports.cases import Asked
from handlers.reports.document import report_of
from handlers.reports.opened import report_source
from handlers.reports.source import ReportSource
from storage.unit import Database
from workflows.directory import Directory
from workflows.model.definition import Definition
from workflows.moments import MINUTE, Moment

log = structlog.stdlib.get_logger("closeloop.dashboard")

FRESH = 10 * MINUTE  # older figures are shown, and computed again
PATIENCE_S = 3.0  # that a page waits for the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFigures:
    """A report by language, with its cut-off."""

    at: Moment
    definition: Definition
    directory: Directory
    documents: Mapping[str, DocumentModel]


class FigureKeeper:
    """Keeps the figures of each process.

    Args:
        db: whose reads have a lower priority than those of people.
    """

    def __init__(self, *, db: Database, office: Office) -> None:
        self._db = db
        self._office = office
        self._kept: dict[str, KeptFigures] = {}
        self._computing: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Lock()  # one process after the other

    async def newest(self, definition: Definition) -> tuple[KeptFigures | None, bool]:
        """Return the newest figures of a process, and whether newer ones are being computed.

        Waits a moment if there are none yet.
        """
        key = definition.key
        if not self._is_fresh(definition) and key not in self._computing:
            self._computing[key] = asyncio.create_task(self._compute(definition))
        task = self._computing.get(key)
        if task is not None:
            await asyncio.wait({task}, timeout=PATIENCE_S if key not in self._kept else 0.05)
        return self._kept.get(key), key in self._computing

    async def aclose(self) -> None:
        """Stop computing."""
        tasks = [*self._computing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_fresh(self, definition: Definition) -> bool:
        kept = self._kept.get(definition.key)
        if kept is None or kept.definition != definition:
            return False
        return abs(self._office.clock.now() - kept.at) < FRESH

    async def _compute(self, definition: Definition) -> None:
        try:
            async with self._turn:
                asked = Asked(process=definition.key)
                source = await report_source(
                    self._db, self._office, asked, definition, language=LANGUAGES[0]
                )
                documents = await asyncio.to_thread(self._documents, source)
            self._kept[definition.key] = KeptFigures(
                at=source.groups.ruler.cut_off,
                definition=definition,
                directory=source.form.directory,
                documents=documents,
            )
        except Exception:
            log.exception("dashboard_figures_failed", process=definition.key)
        finally:
            del self._computing[definition.key]

    def _documents(self, source: ReportSource) -> Mapping[str, DocumentModel]:
        company = self._office.company
        return {
            one: report_of(
                replace(
                    source, form=replace(source.form, language=one), company=company.name_in(one)
                )
            )
            for one in LANGUAGES
        }
