"""A review with a proposal, and a small process for changes, for stories on every platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from handlers import start
from handlers.reviews import posting
from storage.reviews import StoredReview
from workflows.loading import load_definition
from workflows.metrics.proposals import Proposal, ProposalKind
from workflows.metrics.reviewing import Compared, Reviewed, Trend, Value
from workflows.model.measures import Metric
from workflows.moments import DAY

if TYPE_CHECKING:
    from storage.unit import Tx
    from tests.office import Workplace

CHANGE = """
key = "process-change"
name = { zh = "流程变更", en = "Process change" }
purpose = { zh = "改进流程", en = "Improve a process" }
departments = ["quality"]
owner = "role:quality-manager"
command = "process-change"
case_prefix = "PC"
start_form = "request"
start = "plan"

[forms.request]
name = { zh = "变更申请", en = "Request" }
fields = [
  { id = "process", type = "text", required = true, label = { zh = "流程", en = "Process" } },
  { id = "scenario", type = "long_text", required = true, label = { zh = "场景", en = "Case" } },
  { id = "pain_points", type = "long_text", label = { zh = "痛点", en = "Pain points" } },
  { id = "targets", type = "rows", label = { zh = "目标", en = "Targets" }, columns = [
    { id = "figure", type = "choice", label = { zh = "指标", en = "Figure" }, options = [
      { id = "handling_time", zh = "处理时长", en = "Handling time" },
    ] },
    { id = "goal", type = "text", label = { zh = "目标", en = "Goal" } },
    { id = "by", type = "date", label = { zh = "达成日期", en = "By" } },
  ] },
  { id = "from_review", type = "text", label = { zh = "来自评审", en = "From the review" } },
  { id = "former_change", type = "text", label = { zh = "上次变更", en = "Change before" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "plan"
kind = "task"
name = { zh = "计划", en = "Plan" }
assignee = "filer"
due = "2wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""

PROPOSAL = Proposal(
    kind=ProposalKind.ALWAYS_APPROVED, node="confirm", n=214, below=0.014, takes=9.0, rank=1
)


async def publish_change(work: Workplace) -> None:
    """Put the process for changes in force."""
    loaded = load_definition(CHANGE, file="process-change.toml")
    now = work.clock.now()
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="process-change", hash=loaded.hash, text=loaded.text, at=now, by="system"
        )
    )


async def posts_a_review(work: Workplace, *proposals: Proposal) -> None:
    """Post a review of the complaints to the owner, with one proposal unless others are given."""
    now = work.clock.now()
    share = Value(value=0.5, low=0.4, high=0.6, n=90)
    figure = Compared(metric=Metric.STEPS_ON_TIME, now=share, before=None, trend=Trend.UNKNOWN)
    review = Reviewed(
        period="2026-Q1",
        since=now - 90 * DAY,
        until=now,
        before="2025-Q4",
        cases=90,
        cases_before=0,
        still_open=4,
        ended=86,
        figures=(figure,),
        proposals=proposals or (PROPOSAL,),
    )

    def unit(tx: Tx) -> None:
        stored = StoredReview(
            process="complaint",
            period=review.period,
            definition=start.current(tx, work.office, "complaint").hash,
            posted_at=now,
            body=msgspec.to_builtins(review),
        )
        tx.reviews.add(stored)
        posting.tell(tx, work.office, stored, anew=True)

    await work.database.run(unit)
