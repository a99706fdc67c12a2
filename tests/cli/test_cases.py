"""case start, list and show: a case can be filed and read from the command line."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.command import closeloop, inside
from tests.complaints import COMPLAINT, filed
from workflows.case.status import Status


def test_a_case_is_filed_listed_and_shown(pristine: Path, deployment: Path) -> None:
    started = closeloop(
        "case", "start", "complaint", "--as", "wang.fang", *COMPLAINT, cwd=deployment
    )
    case_id = started.out.strip()
    (line,) = closeloop("case", "list", "--json", cwd=deployment).json
    shown = closeloop("case", "show", case_id, "--json", cwd=deployment).json

    assert started.code == 0
    assert started.err == ""
    assert set(line) == {
        *("id", "process", "version", "status", "node", "filer", "created_at", "due_at"),
    }
    assert line["id"] == case_id
    assert (line["process"], line["version"], line["status"]) == ("complaint", 1, "running")
    assert (line["node"], line["filer"]) == ("triage", "wang.fang")
    assert line.items() <= shown.items()
    assert shown["fields"]["customer"] == "远方贸易"
    assert shown["fields"]["what_happened"] == "=HYPERLINK(1)"
    assert shown["tasks"][0]["candidates"] == ["chen.jing", "liu.yang"]
    assert {clock["key"] for clock in shown["clocks"]} == {"first_response", "closing", "task:t1"}
    assert set(shown["history"][0]) == {
        *("at", "actor", "on_behalf_of", "via", "type", "node", "outcome"),
    }
    assert shown["history"][0]["type"] == "CaseStarted"
    assert (shown["history"][0]["actor"], shown["history"][0]["via"]) == ("wang.fang", "cli")


def test_the_same_key_files_once(deployment: Path) -> None:
    first, second = filed("--key", "order-1"), filed("--key", "order-1")
    third = filed("--key", "order-2")

    assert first.out == second.out
    assert third.out != first.out
    assert len(inside("case", "list", "--json").json) == 2


def test_a_start_can_tell_all_at_once(deployment: Path) -> None:
    assert filed("--json").json["status"] == "running"


def test_cases_can_be_narrowed_down(deployment: Path) -> None:
    filed()
    filed(person="li.qiang")

    def ids(*options: str) -> list[str]:
        return [row["filer"] for row in inside("case", "list", "--json", *options).json]

    assert ids() == ["li.qiang", "wang.fang"]
    assert ids("--filer", "wang.fang") == ["wang.fang"]
    assert ids("--status", "completed") == []
    assert ids("--process", "other") == []
    assert ids("--department", "customer-service") == ["li.qiang", "wang.fang"]
    assert ids("--department", "sales") == []
    assert ids("--overdue") == []
    assert ids("--status", "open") == ids("--status", "running") == ids()
    assert ids("--status", "closed") == []
    assert ids("--text", "远方 贸易") == ["li.qiang", "wang.fang"]
    assert ids("--text", "投诉 没有") == []
    unknown = inside("case", "list", "--department", "sails")
    assert (unknown.code, "customer-service" in unknown.err) == (1, True)
    assert inside("case", "list", "--filer", "nobody").code == 1
    assert inside("case", "list", "--status", "lost").code == 2


def test_the_oldest_cases_of_a_department_are_listed_first(deployment: Path) -> None:
    numbers = [filed().out.strip() for _ in range(4)]
    asked = ("--department", "customer-service", "--status", "open", "--oldest", "--limit", "3")
    table = inside("case", "list", *asked).out

    assert [row["id"] for row in inside("case", "list", *asked, "--json").json] == numbers[:3]
    assert re.findall(r"C-\d{4}-\d{4}", table) == numbers[:3]
    assert [row["id"] for row in inside("case", "list", "--limit", "1", "--json").json] == [
        numbers[3]
    ]
    assert inside("case", "list", "--limit", "0").code == 2


def test_people_read_tables_in_their_language(deployment: Path) -> None:
    case_id = filed().out.strip()
    listed = inside("case", "list", "--language", "zh").out
    shown = inside("case", "show", case_id.lower()).out
    zh = inside("case", "show", case_id, "--language", "zh").out

    assert "发起人" in listed
    assert re.search(rf"{case_id} +客户投诉处理流程 +1 +进行中 +分类分级 +王芳 +\d{{4}}-", listed)
    assert "Wang Fang filed: Customer complaint" in shown
    assert "Classify and grade (triage)" in shown
    assert "│ Customer: 远方贸易" in shown
    assert re.search(r"First response +24 hours", shown)
    assert "王芳提交了客户投诉处理流程" in zh
    for key in ("CaseStarted", "wang.fang", "first_response", "task:t1", "running"):
        assert key not in zh
        assert key not in shown


def test_nothing_a_person_typed_steers_the_terminal(deployment: Path) -> None:
    started = filed("--field", "wanted=\x1b[31mred\u202e")
    shown = inside("case", "show", started.out.strip()).out

    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_attachments_are_files(deployment: Path) -> None:
    (deployment / "proof.pdf").write_bytes(b"%PDF-1.7\n...")
    started = filed("--field", "evidence=proof.pdf")
    shown = inside("case", "show", started.out.strip(), "--json").json

    assert shown["fields"]["evidence"] == ["proof.pdf"]
    assert filed("--field", "evidence=missing.pdf").code == 2
    (deployment / "note.txt").write_text("words")
    assert "only pictures or PDF" in filed("--field", "evidence=note.txt").err
    (deployment / "page.html").write_text("<html>")
    assert filed("--field", "evidence=page.html").code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("start", "complaint", "--as", "wang.fang"), 1, "customer: "),
        (("start", "complaint", "--as", "nobody"), 1, '"nobody"'),
        (("start", "nothing", "--as", "wang.fang"), 1, "nothing"),
        (("start", "complaint", "--as", "wang.fang", "--field", "colour=red"), 1, "colour"),
        (("start", "complaint", "--as", "wang.fang", "--field", "customer"), 2, "NAME=VALUE"),
        (("start", "complaint"), 2, "--as"),
        (("show", "C-2026-9999"), 1, "C-2026-9999"),
        (("show",), 2, "ID"),
    ],
)
def test_what_cannot_be_done_is_said(
    deployment: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = inside("case", *arguments)

    assert done.code == code
    assert said in done.err
    assert done.out == ""


def test_a_wrong_choice_is_named_by_its_field(deployment: Path) -> None:
    done = filed("--field", "channel=pigeon")

    assert done.code == 1
    assert "channel: " in done.err
    assert inside("case", "list", "--json").json == []


def test_cases_can_be_listed_by_every_status_a_case_can_have(deployment: Path) -> None:
    for status in Status:
        assert inside("case", "list", "--status", status.value).code == 0, status


def test_a_case_that_was_filed_is_in_the_database(deployment: Path) -> None:
    filed()
    with sqlite3.connect(deployment / "closeloop.db") as database:
        (count,) = database.execute("SELECT count(*) FROM timers").fetchone()
    database.close()

    assert count == 3
