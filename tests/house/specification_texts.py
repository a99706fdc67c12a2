"""The texts of a specification whose names are put together from keys of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from workflows.model.approvals import NOBODY_WORDS, Repeated, SelfApproval
from workflows.model.employee_survey import SurveyEvery
from workflows.model.fields import FieldType
from workflows.model.schedules import Repeat

_COLUMNS = (
    *("target", "metric", "baseline", "goal", "step", "kind", "people", "input", "output"),
    *("limit", "when", "to", "next", "chosen", "responsible", "accountable", "consulted"),
    *("informed", "field", "type", "required", "rules", "made", "clock", "until", "ladder"),
    *("conditions", "number", "at", "does", "exception", "handling", "alert", "watched"),
    *("raise", "clear", "told"),
)
_KINDS = ("task", "approval", "gateway", "fork", "wait", "process", "service", "end")
_FACTS = (
    *("process", "version", "published", "departments", "started_by", "schedule", "web_form"),
    *("about", "owner", "admins", "calendar", "business_end", "withdraw", "revoke", "register"),
    *("penalties", "survey", "employee_survey", "review"),
)


def specification_texts() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield (what it is for, msgid, facts) of each."""
    plain = frozenset[str]()
    families: tuple[tuple[str, tuple[str, ...], frozenset[str]], ...] = (
        ("column", _COLUMNS, plain),
        ("fact", _FACTS, plain),
        (
            "kind",
            ("task", "approval", "gateway", "fork", "wait", "process", "service", "end"),
            plain,
        ),
        ("type", tuple(FieldType), plain),
        ("schedule", get_args(Repeat), frozenset({"people"})),
        ("withdraw", ("end", "first_decision"), plain),
        ("period", ("after", "before"), frozenset({"every", "span"})),
        ("rule", ("min", "max"), frozenset({"bound"})),
        ("rule", ("not_before", "not_after"), frozenset({"rule"})),
        ("return", ("replay", "jump_back"), plain),
        ("except", ("self_approval", "nobody", "repeated", "away", "blocked", "admin"), plain),
        ("always", ("away", "blocked", "admin"), plain),
        ("self_approval", get_args(SelfApproval), plain),
        ("nobody", NOBODY_WORDS, plain),
        ("repeated", get_args(Repeated), plain),
        ("survey", get_args(SurveyEvery), frozenset({"span", "least"})),
        ("made", ("in_a_row", "count"), frozenset({"condition"})),
    )
    for family, names, facts in families:
        for name in names:
            yield "specification", f"spec.{family}.{name}", facts
