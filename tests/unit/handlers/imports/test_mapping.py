"""Which column is what: proposed by headings and values, in Chinese and English (L1.3)."""

import pytest

from handlers.i18n import translator
from handlers.imports.headings import Role
from handlers.imports.mapping import ASK, CASES, STEPS, propose
from handlers.imports.mapping_file import read_mapping, written
from tests.unit.handlers.imports.tables import ZONE, opened, proposed
from workflows.errors import Refusal

ONE_A_CASE = (
    "投诉编号,受理时间,办结时间,处理结果,受理部门,投诉等级,受理人\n"
    "T1,2026年3月1日 下午3:05,2026年3月2日 上午9:00,已办结,客服部,一般,王芳\n"
    "T2,2026年3月1日 下午4:05,,处理中,客服部,严重,李娜\n"
)
EVENT_LOG = (
    "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition\n"
    "1,triage,2026-03-01T10:00:00Z,ann,start\n"
    "1,triage,2026-03-01T11:00:00Z,ann,complete\n"
)


def test_a_row_for_each_case_is_recognised_by_chinese_headings() -> None:
    """L1.3."""
    found = proposed(opened(ONE_A_CASE))
    assert found.shape == CASES
    assert found.columns == {
        Role.CASE: "投诉编号",
        Role.FILED: "受理时间",
        Role.ENDED: "办结时间",
        Role.OUTCOME: "处理结果",
        Role.DEPARTMENT: "受理部门",
        Role.GRADE: "投诉等级",
        Role.FILER: "受理人",
    }
    assert found.outcomes == {"已办结": "ended", "处理中": "open"}


def test_an_event_log_is_recognised_by_the_headings_of_its_standard() -> None:
    """L1.3."""
    found = proposed(opened(EVENT_LOG))
    assert found.shape == STEPS
    assert [found.columns[role] for role in (Role.CASE, Role.STEP, Role.END, Role.PERSON)] == [
        *("case:concept:name", "concept:name", "time:timestamp", "org:resource")
    ]
    assert found.columns[Role.LIFECYCLE] == "lifecycle:transition"


def test_a_log_sorted_by_time_is_recognised_however_far_apart_the_events_of_a_case_are() -> None:
    head = "投诉编号,环节,完成时间\n"
    rows = [f"{case},{step},2026-03-0{step} 10:00\n" for step in (1, 2) for case in range(300)]
    assert proposed(opened(head + "".join(rows))).shape == STEPS
    assert proposed(opened(head + "".join(rows[:300]))).shape == CASES


@pytest.mark.parametrize(
    ("results", "role"),
    [
        (("同意", "退回", "完成", ""), Role.DECISION),
        (("已办结", "已办结", "处理中", "处理中"), Role.OUTCOME),
        (("通过", "通过", "驳回", "驳回"), Role.OUTCOME),
        (("完成", "完成", "完成", "完成"), Role.DECISION),
    ],
)
def test_a_result_that_changes_within_a_case_is_that_of_a_step(
    results: tuple[str, ...], role: Role
) -> None:
    rows = [
        [place[0], place[1], "2026-03-01 10:00", result]
        for place, result in zip(("1a", "1b", "2a", "2b"), results, strict=True)
    ]
    found = propose(["流程编号", "环节", "处理时间", "处理结果"], rows, zone=ZONE)
    assert found.columns[role] == "处理结果"


def test_columns_without_a_telling_heading_are_found_by_their_values() -> None:
    rows = [["x", "2026-03-01", "A1", "2026-03-02"], ["x", "2026-03-01", "A2", "2026-03-04"]]
    found = propose(["q1", "q2", "q3", "q4"], rows, zone=ZONE)
    assert found.columns == {Role.CASE: "q3", Role.FILED: "q2", Role.ENDED: "q4"}


def test_the_heading_of_the_form_field_names_the_grade() -> None:
    rows = [["1", "2026-03-01", "A"]]
    found = propose(["编号", "提交时间", "Kundenklasse"], rows, grades=["Kundenklasse"], zone=ZONE)
    assert found.columns[Role.GRADE] == "Kundenklasse"


def test_days_that_may_be_months_are_asked_and_one_clear_day_answers() -> None:
    """L1.3."""
    head = "Ticket,Opened,Closed\n"
    unclear = "".join(f"{n},0{n}/02/2026,0{n}/03/2026\n" for n in range(1, 9))
    assert proposed(opened(head + unclear)).asks == (Role.FILED, Role.ENDED)
    clear = proposed(opened(head + unclear + "9,13/02/2026,\n"))
    assert clear.dates == {Role.FILED: "day-month-year", Role.ENDED: ASK}


def test_a_late_clear_day_answers_too() -> None:
    rows = "".join(f"{n},0{n % 9 + 1}/02/2026\n" for n in range(500))
    found = proposed(opened(f"Ticket,Opened\n{rows}500,02/28/2026\n"))
    assert found.dates == {Role.FILED: "month-day-year"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mapping_file_reads_as_it_was_written(language: str) -> None:
    for text in (ONE_A_CASE, EVENT_LOG):
        found = proposed(opened(text))
        assert read_mapping(written(found, words=translator(language))) == found


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("shape = ", "mapping_unreadable", None),
        ('shape = "rows"', "mapping_wrong", "shape"),
        ('colums = "x"', "mapping_wrong", "colums"),
        ('zone = "UTC"\ncolumns = "x"', "mapping_wrong", "columns"),
        ('zone = "Peking"', "mapping_wrong", "zone"),
        ('zone = "UTC"\nencoding = "latin"', "mapping_wrong", "encoding"),
        ('zone = "UTC"\n[columns]\ncase = 3', "mapping_wrong", "columns.case"),
        ('zone = "UTC"\n[columns]\nfild = "x"', "mapping_wrong", "columns.fild"),
        ('zone = "UTC"\n[dates]\nfiled = "D.M.Y"', "mapping_wrong", "dates.filed"),
        ('zone = "UTC"\n[outcomes]\n"done" = "good"', "mapping_wrong", "outcomes.done"),
    ],
)
def test_a_wrong_mapping_names_the_key_and_what_may_be_there(
    text: str, code: str, key: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        read_mapping(text)
    assert refused.value.code == code
    assert refused.value.facts.get("key") == key
