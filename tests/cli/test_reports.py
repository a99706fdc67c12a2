"""report: the figures of a process, printed and as files."""

from pathlib import Path

import pytest

from tests.command import closeloop, inside
from tests.complaints import filed
from tests.workbook import sheets


def test_the_figures_of_a_process_are_printed(deployment: Path) -> None:
    filed()
    filed()
    done = inside("report", "complaint", "--language", "en")
    assert "Process report until" in done.out
    assert "more than half are open" in done.out
    assert "过半尚未结束" in inside("report", "complaint", "--language", "zh").out


@pytest.mark.parametrize(("name", "begins"), [("r.pdf", b"%PDF"), ("r.docx", b"PK")])
def test_a_report_is_written_as_a_file(deployment: Path, name: str, begins: bytes) -> None:
    filed()
    inside("report", "complaint", "-o", name)
    assert (deployment / name).read_bytes().startswith(begins)


def test_the_spreadsheet_has_a_row_for_each_figure(deployment: Path) -> None:
    filed()
    inside("report", "complaint", "-o", "r.xlsx", "--language", "zh")
    ((_, rows),) = sheets(deployment / "r.xlsx").items()
    assert rows[0][:4] == ["分组方式", "组", "步骤", "指标"]
    assert any(row[:1] == ["部门"] for row in rows)


def test_only_cases_filed_since_a_day_count(deployment: Path) -> None:
    filed()
    done = inside("report", "complaint", "--since", "2099-01-01", "--language", "en")
    assert "There is no case yet." in done.out


def test_a_process_or_a_file_that_is_none_is_refused(deployment: Path) -> None:
    nothing = closeloop("report", "complaints", cwd=deployment)
    assert nothing.code == 1
    assert "complaints" in nothing.err
    other = closeloop("report", "complaint", "-o", "r.txt", cwd=deployment)
    assert other.code == 2
    assert ".pdf, .docx, .xlsx, .md" in other.err


@pytest.mark.parametrize(
    ("name", "begins"), [("a.pdf", b"%PDF"), ("a.docx", b"PK"), ("a.md", b"#")]
)
def test_the_analysis_of_a_process_as_it_is_is_a_report_of_another_kind(
    deployment: Path, name: str, begins: bytes
) -> None:
    """L2.1."""
    filed()
    inside("report", "complaint", "--kind", "as-is", "-o", name)
    assert (deployment / name).read_bytes().startswith(begins)


def test_it_is_printed_and_no_spreadsheet(deployment: Path) -> None:
    filed()
    done = inside("report", "complaint", "--kind", "as-is", "--language", "zh")
    assert "现状流程分析报告" in done.out
    other = closeloop("report", "complaint", "--kind", "as-is", "-o", "a.xlsx", cwd=deployment)
    assert other.code == 2
    assert ".pdf, .docx, .md" in other.err
