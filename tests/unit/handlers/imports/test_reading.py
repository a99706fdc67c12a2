"""What is read of tables of past cases, and every problem by its row (L1.3)."""

from dataclasses import replace

import pytest

from handlers.imports import sorting
from handlers.imports.headings import Role
from handlers.imports.problems import KEPT_MOST
from handlers.imports.reading import read_cases
from tests.unit.handlers.imports.tables import NAMES, NOW, at, opened, proposed, read, wrong
from workflows.errors import Refusal
from workflows.metrics.history import Ending
from workflows.metrics.imported import PastCase, PastStep

HEAD = "投诉编号,受理时间,办结时间,处理结果,部门,投诉等级,提交人\n"
GOOD = "T1,2026-03-02 09:00,2026-03-03 10:00,已办结,客服部,一般,王芳\n"
STEPS = "编号,环节,处理人,开始时间,完成时间,审批结果\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_in_any_encoding_with_any_separator(
    encoding: str, named: str, separator: str
) -> None:
    """L1.3."""
    table = opened((HEAD + GOOD).replace(",", separator), encoding=encoding)
    assert (table.encoding, table.separator) == (named, separator)
    (case,) = read_cases(table, proposed(table), NAMES, now=NOW).good()
    assert case == PastCase(
        number="T1",
        filed=at("2026-03-02T09:00"),
        ending=Ending.ENDED,
        ended=at("2026-03-03T10:00"),
        department="customer-service",
        grade="normal",
        filer="p_wang",
    )


def test_a_table_in_big5_is_read_by_the_share_of_usual_characters() -> None:
    text = "案件編號,受理時間,處理結果\n1,2026年3月1日,已辦結產品損壞客戶服務部門處理\n" * 9
    assert opened(text, encoding="big5").encoding == "big5"


def test_one_name_far_down_decides_the_encoding() -> None:
    rows = "".join(f"{n},2026-03-01,ann\n" for n in range(20_000))
    text = f"id,created,requester\n{rows}20000,2026-03-01,王芳\n"
    assert opened(text, encoding="gbk").encoding == "gb18030"


def test_the_separator_that_a_file_names_is_used() -> None:
    found = read("sep=;\n" + (HEAD + GOOD).replace(",", ";"))
    assert (found.table.line, found.cases, found.rows) == (2, 1, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03\xff\xfe\xfd" * 9, "table_not_text"),
        (b'id,created\n1,"2026\n', "table_quote"),
        ("id,x\n1,李\n".encode("gbk"), "table_encoding"),
        (b"PK\x03\x04 no workbook", "workbook_unreadable"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(content)
    assert refused.value.code == code


def test_every_problem_is_named_by_row_and_column_at_once() -> None:
    """L1.3."""
    rows = (
        "T2,2026-03-03 09:00,2026-03-02 09:00,已办结,,,\n"  # ends before it was filed
        ",2026-03-03 09:00,,处理中,,,\n"
        "T3,neulich,,处理中,,,\n"
        "T4,,,处理中,,,\n"
        "T5,2026-03-03 09:00,,已办结,,,\n"  # has ended without an end
        "T6,2027-03-03 09:00,,处理中,,,\n"
        "T7,2026-03-03 09:00,,搁置,,,\n"
        "T1,2026-03-03 09:00,,处理中,,,\n"
        "T8,2026-03-03\n"  # a short row has empty cells
    )
    found = read(HEAD + GOOD + rows)
    assert wrong(found) == [
        (3, "办结时间", "case_ends_before_start"),
        (4, "投诉编号", "number_empty"),
        (5, "受理时间", "time_unreadable"),
        (6, "受理时间", "time_empty"),
        (7, "办结时间", "end_missing"),
        (8, "受理时间", "time_in_future"),
        (9, "处理结果", "outcome_unknown"),
        (10, "投诉编号", "number_twice"),
    ]
    assert [case.number for case in found.good()] == ["T8"]
    assert (found.cases, found.left_out) == (1, 7)


def test_problems_are_capped_and_all_are_counted() -> None:
    rows = "".join(f"X{n},neulich,,,,,\n" for n in range(1000))
    found = read(HEAD + GOOD + rows, proposed(opened(HEAD + GOOD)))
    assert found.problems.total == 1000
    assert len(found.problems.first) == KEPT_MOST
    assert found.problems.first[0].line == 3


def test_offsets_are_kept_and_several_are_counted() -> None:
    found = read(
        "id,created\n1,2026-03-02T01:00:00Z\n2,2026-03-02T09:00:00+08:00\n3,2026-03-02 09:00\n"
    )
    assert {case.filed for case in found.good()} == {at("2026-03-02T09:00")}
    assert found.times[Role.FILED].offsets == {"UTC": 1, "UTC+08:00": 1, "": 1}


def test_steps_wait_from_the_end_of_the_one_before() -> None:
    """L1.3."""
    found = read(
        STEPS + "C1,定级,王芳,2026-03-02 10:00,2026-03-02 11:00,同意\n"
        "C2,定级,王芳,2026-03-02 10:00,,\n"
        "C1,核实,某人,2026-03-04 09:00,2026-03-04 10:00,退回\n"
    )
    first, second = found.good()
    assert first == PastCase(
        number="C1",
        filed=at("2026-03-02T10:00"),
        ending=Ending.ENDED,
        ended=at("2026-03-04T10:00"),
        steps=(
            PastStep(
                node="triage",
                since=at("2026-03-02T10:00"),
                start=at("2026-03-02T10:00"),
                end=at("2026-03-02T11:00"),
                by="p_wang",
                outcome="approve",
            ),
            PastStep(
                node="核实",
                since=at("2026-03-02T11:00"),
                start=at("2026-03-04T09:00"),
                end=at("2026-03-04T10:00"),
                by="?1",
                outcome="return",
            ),
        ),
        decided=True,
    )
    assert (second.ending, second.ended, second.steps[0].end) == (Ending.OPEN, None, None)
    assert (found.known, found.unknown) == (1, 1)


def test_events_that_start_and_complete_a_step_make_one() -> None:
    head = "case id,activity,timestamp,resource,lifecycle\n"
    found = read(
        head + "1,check,2026-03-02T10:00:00,ann,complete\n"
        "1,check,2026-03-02T09:00:00,ann,START\n"
        "1,check,2026-03-02T09:30:00,ann,suspend\n"
        "1,pay,2026-03-02T11:00:00,bo,complete\n"
        "2,check,2026-03-02T09:00:00,ann,start\n"
    )
    one, two = found.good()
    assert [(step.node, step.start is None) for step in one.steps] == [
        ("check", False),
        ("pay", True),
    ]
    assert one.steps[1].since == at("2026-03-02T10:00")
    assert two.ending is Ending.OPEN
    assert found.passed_over == 1


def test_a_step_waits_since_it_arrived_where_that_is_known() -> None:
    head = "流程编号,环节名称,处理人,到达时间,处理时间\n"
    found = read(
        head + "1,核实,甲,2026-03-02 09:00,2026-03-02 12:00\n1,复核,乙,2026-03-02 13:00,\n"
    )
    (case,) = found.good()
    assert [(step.since, step.start) for step in case.steps] == [
        (at("2026-03-02T09:00"), None),
        (at("2026-03-02T13:00"), None),
    ]
    assert case.ending is Ending.OPEN


def test_one_bad_row_leaves_out_the_whole_case() -> None:
    found = read(
        STEPS + "C1,定级,王芳,2026-03-02 10:00,2026-03-02 11:00,同意\n"
        "C1,核实,王芳,2026-03-04 09:00,2026-03-03 10:00,同意\n"
        "C1,,王芳,2026-03-04 09:00,2026-03-05 10:00,同意\n"
        "C2,定级,王芳,2026-03-02 10:00,2026-03-02 11:00,驳回\n"
        "C2,核实,王芳,,,同意\n"
        "C3,定级,王芳,2026-03-02 10:00,2026-03-02 11:00,驳回\n"
    )
    assert wrong(found) == [
        (3, "完成时间", "ends_before_start"),
        (4, "环节", "step_empty"),
        (6, "完成时间", "time_empty"),
    ]
    assert [(case.number, case.ending) for case in found.good()] == [("C3", Ending.REJECTED)]


def test_a_step_can_be_left_out_by_the_mapping_and_decisions_must_be_known() -> None:
    text = (
        STEPS + "C1,定级,王芳,2026-03-02 10:00,2026-03-02 11:00,随便\n"
        "C2,归档,王芳,2026-03-02 10:00,2026-03-02 11:00,同意\n"
        "C2,定级,王芳,2026-03-02 12:00,2026-03-02 13:00,同意\n"
    )
    mapping = proposed(opened(text))
    assert mapping.decisions["随便"] == "?"
    found = read(text, replace(mapping, decisions={}, steps={**mapping.steps, "归档": ""}))
    assert wrong(found) == [(2, "审批结果", "decision_unknown")]
    (case,) = found.good()
    assert [step.node for step in case.steps] == ["triage"]


def test_more_rows_than_memory_should_hold_are_grouped_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    days = [(n % 50, f"2026-03-0{n // 50 + 1}") for n in range(450)]
    rows = [f"C{case},s{day},甲,{day} 10:00,{day} 11:00,同意" for case, day in days]
    text = STEPS + "\n".join(rows)
    whole = [*read(text).good()]
    monkeypatch.setattr(sorting, "RUN", 130)
    found = read(text)
    assert [*found.good()] == whole == [*found.good()]
    assert {len(case.steps) for case in whole} == {9}
    found.close()
