"""The texts of reports whose names are put together from the names of metrics, groups and rules."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.reports.figure_rows import COLUMNS
from handlers.reports.pictures import PICTURES
from workflows.metrics.control import Assurance, Rule
from workflows.metrics.groups import By
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric


def figure_texts() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield (what it is for, msgid, facts) of each."""
    for metric in set(Metric) - {Metric.ON_TIME}:
        yield "figures", f"figures.metric.{metric}", frozenset()
    for by in set(By) - {By.PERSON}:
        yield "figures", f"figures.group.{by}", frozenset()
    for by in (By.VERSION, By.DEPARTMENT, By.GRADE):
        yield "figures", f"figures.section.{by}", frozenset()
        yield "figures", f"figures.column.{by}", frozenset()
    for column in COLUMNS:
        yield "figures", f"figures.sheet.{column}", frozenset()
    for rule in Rule:
        yield "figures", f"figures.signal.{rule}", frozenset({"since", "until"})
    for assurance in Assurance:
        yield "figures", f"figures.assurance.{assurance}", frozenset()
    for reached in Reached:
        yield "figures", f"figures.reached.{reached}", frozenset()
    for count in ("filed", "ended", "open", "dropped", "imported"):
        yield "figures", f"figures.count.{count}", frozenset()
    for picture in PICTURES:
        yield "figures", f"figures.file.{picture}", frozenset({"process"})
        yield "figures", f"figures.blank.{picture}", frozenset()
    for unit in ("hours", "share", "number"):
        yield "figures", f"figures.unit.{unit}", frozenset()
    shown = "target now range cases open baseline goal reached metric slow n month filed handling"
    for kind in ("task", "approval"):
        yield "figures", f"figures.node.{kind}", frozenset()
    flow = "node_kind people input output limit"
    steps = "on_time step waits takes desk again rejected instant share visits way ended"
    problems = "kinds reports per_100 reported_at case kind text"
    yield from _as_is()
    problems += " seen evidence spent spent_85 waited waited_85 late"
    for column in f"{shown} {steps} {flow} {problems} returned right".split():
        yield "figures", f"figures.column.{column}", frozenset()
    for count in ("filed", "closed", "open", "late"):
        yield "figures", f"figures.card.{count}", frozenset({"days"})


def _as_is() -> Iterator[tuple[str, str, frozenset[str]]]:
    for kind in ("reported", "waiting", "late", "again"):
        yield "as is", f"as_is.pain.{kind}", frozenset()
    risks = "nobody one_person one_hand approved instant ladder no_limit twice"
    for kind in risks.split():
        yield "as is", f"as_is.risk.{kind}", frozenset()
