"""What the works of a case have found so far, for the works that come after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from storage.unit import Tx
from workflows.flow.services import WorkDone


def results_of(tx: Tx, case_id: str) -> Iterator[tuple[WorkDone, Mapping[str, Any]]]:
    """Yield each result with its data, the oldest first; without data if it was erased."""
    contents = tx.contents.of_case(case_id)
    for chained in tx.cases.events(case_id):
        body = chained.event.body
        if isinstance(body, WorkDone):
            kept = contents.get(body.content.id)
            yield body, {} if kept is None or kept.body is None else kept.body.get("data", {})
