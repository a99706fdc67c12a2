"""What several cards say of the values of a case."""

from msgspec.structs import replace

from handlers.cards import parts
from tests.unit.handlers.documents.samples import CASE, CONTENTS, content, reading, ref
from workflows.form_values import values_of
from workflows.records import Content

ERASED = "（内容已按要求删除）"
REGRADED = replace(CASE, forms=(*CASE.forms, ("task:triage", ref("c11"))))


def regraded(newer: Content, **contents: Content):
    """The sample, whose triage was done a second time."""
    return reading(case=REGRADED, contents={**CONTENTS, "c11": newer, **contents})


def test_a_newer_erased_value_does_not_show_the_older_one() -> None:
    again = content("c11", "form:triage", "p3", values={"grade": "normal", "category": "product"})
    erased = content("c11", "form:triage", "p3")
    shown = [(fact.label, fact.value) for fact in parts.triage_facts(regraded(again))]
    after = [(fact.label, fact.value) for fact in parts.triage_facts(regraded(erased))]

    assert shown[:2] == [("等级", "一般"), ("类别", "产品质量")]
    assert after[:2] == [("等级", ERASED), ("类别", ERASED)]
    assert "紧急" not in str(list(parts.triage_facts(regraded(erased))))


def test_a_newer_erased_value_decides_nothing_any_more() -> None:
    """No condition and no rule of assignment sees the older value in its place."""
    erased = content("c11", "form:triage", "p3")
    values = values_of(REGRADED, {**CONTENTS, "c11": erased}, reading().definition)

    assert "grade" not in values
    assert values["customer"] == "苏州明德精密机械有限公司"


def test_an_erased_form_is_one_fact_that_says_so() -> None:
    erased = reading(contents={**CONTENTS, "c1": content("c1", "form:complaint")})
    facts = [(fact.label, fact.value) for fact in parts.form_facts(erased, "complaint")]

    assert facts == [("客户投诉表单", ERASED)]
    assert parts.what_happened(erased) == ERASED
    assert parts.start_files(erased) == ()
    assert erased.subject == ERASED


def test_what_was_written_again_after_an_erasure_is_shown() -> None:
    """A later form that asks the same is not hidden by the erasure of the earlier one."""
    newer = content("c11", "form:complaint", values={"customer": "甲", "what_happened": "坏了"})
    erased = content("c1", "form:complaint")
    read = regraded(newer, c1=erased)

    assert [(fact.label, fact.value) for fact in parts.form_facts(read, "complaint")] == [
        ("客户名称", "甲")
    ]
    assert parts.what_happened(read) == "坏了"
