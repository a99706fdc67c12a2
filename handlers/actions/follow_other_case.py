"""Follow another case: the sentences in the history for a case that this one started."""

from __future__ import annotations

from handlers.action_view import ActionView, Sentence
from handlers.reading.case import Reading
from workflows.flow.other_cases import OtherCaseEnded, OtherCaseRefused, OtherCaseStarted


def _refused(reading: Reading, body: OtherCaseRefused) -> dict[str, object]:
    why = reading.words.t(f"other.why.{body.why}")
    return {"node": reading.node(body.node), "why": why}


def _ended(reading: Reading, body: OtherCaseEnded) -> dict[str, object]:
    return {
        "node": reading.node(body.node),
        "case": body.case,
        "status": reading.words.t(f"status.{body.status}"),
    }


VIEW = ActionView(
    name="follow_other_case",
    sentences={
        OtherCaseStarted: Sentence(facts=lambda r, b: {"node": r.node(b.node), "case": b.case}),
        OtherCaseRefused: Sentence(facts=_refused),
        OtherCaseEnded: Sentence(facts=_ended, kind="decision"),
    },
)
