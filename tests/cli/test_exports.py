"""export cases and events: tables in which nothing a person typed is a formula."""

import csv
import io
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.command import closeloop, inside
from tests.complaints import filed
from tests.workbook import sheets

XES = "{http://www.xes-standard.org/}"


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def said(element: ET.Element) -> dict[str, str]:
    """The attributes of a trace or an event of a log."""
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


def test_cases_become_a_table_without_formulas(deployment: Path) -> None:
    filed("--field", "wanted=+86 refund")
    filed("--field", "wanted=-1+1", "--field", "customer=@SUM(A1)")
    done = closeloop("export", "cases", "--raw", "-o", "cases.csv", cwd=deployment)
    path = deployment / "cases.csv"
    second, first = rows(path)

    assert done.code == 0
    assert done.out == ""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert first["what_happened"] == "'=HYPERLINK(1)"
    assert first["wanted"] == "'+86 refund"
    assert second["wanted"] == "'-1+1"
    assert second["customer"] == "'@SUM(A1)"
    assert first["filer"] == "wang.fang"
    assert first["closed_at"] == ""


def test_events_become_a_table(deployment: Path) -> None:
    case_id = filed().out.strip()
    inside("export", "events", "--raw", "-o", "events.csv")
    found = rows(deployment / "events.csv")

    assert [row["seq"] for row in found] == [str(number) for number in range(1, len(found) + 1)]
    assert {row["case"] for row in found} == {case_id}
    assert found[0]["type"] == "CaseStarted"


def test_people_read_their_language_labels_and_local_times(deployment: Path) -> None:
    filed("--field", "wanted=退货")
    inside("export", "cases", "-o", "cases.csv", "--language", "zh")
    inside("export", "events", "-o", "events.csv", "--language", "zh")
    (case,) = rows(deployment / "cases.csv")
    events = rows(deployment / "events.csv")

    assert case["流程"] == "客户投诉处理流程"
    assert (case["状态"], case["步骤"], case["发起人"]) == ("进行中", "分类分级", "王芳")
    assert (case["客户名称"], case["投诉渠道"], case["客户诉求"]) == ("远方贸易", "电话", "退货")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", case["发起时间"])
    assert case["投诉内容"] == "'=HYPERLINK(1)"
    assert events[0]["谁"] == "王芳"
    assert events[0]["发生的事"] == "王芳提交了客户投诉处理流程"
    assert "客户名称：远方贸易" in events[0]["填写的内容"]
    text = (deployment / "events.csv").read_text(encoding="utf-8-sig")
    assert "CaseStarted" not in text
    assert "wang.fang" not in text


def test_json_is_one_list_and_jsonl_has_one_object_a_line(deployment: Path) -> None:
    filed()
    inside("export", "events", "-o", "events.json")
    inside("export", "events", "-o", "events.jsonl")
    inside("export", "cases", "-o", "cases.json", "--process", "complaint")
    inside("export", "cases", "-o", "none.json", "--process", "launch")
    events = json.loads((deployment / "events.json").read_text(encoding="utf-8"))
    lines = (deployment / "events.jsonl").read_text(encoding="utf-8").splitlines()
    (case,) = json.loads((deployment / "cases.json").read_text(encoding="utf-8"))

    assert events[0]["type"] == "CaseStarted"
    assert [json.loads(line) for line in lines] == events
    assert case["field:customer"] == "远方贸易"
    assert json.loads((deployment / "none.json").read_text(encoding="utf-8")) == []


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_an_export_is_for_its_owner_alone(deployment: Path) -> None:
    filed()
    path = deployment / "cases.csv"
    path.write_text("old")
    path.chmod(0o644)
    inside("export", "cases", "-o", "cases.csv")

    assert path.stat().st_mode & 0o777 == 0o600
    assert [*deployment.glob("*.part"), *deployment.glob(".*.part")] == []


def test_a_workbook_holds_what_was_typed_as_text(deployment: Path) -> None:
    filed("--field", "wanted=https://example.com")
    done = inside("export", "cases", "--raw", "-o", "cases.xlsx")
    inside("export", "events", "--raw", "-o", "events.XLSX")
    heading, case = sheets(deployment / "cases.xlsx")["cases"]
    found = dict(zip(heading, case, strict=False))
    events = sheets(deployment / "events.XLSX")["events"]

    assert (done.code, done.out) == (0, "")
    assert found["customer"] == "远方贸易"
    assert found["what_happened"] == "=HYPERLINK(1)"
    assert found["wanted"] == "https://example.com"
    assert found["created_at"].endswith("+00:00")
    assert events[0][:3] == ["case", "process", "seq"]
    assert [row[2] for row in events[1:]] == [str(seq) for seq in range(1, len(events))]


def test_an_event_log_has_a_trace_for_each_case(deployment: Path) -> None:
    ids = [filed().out.strip(), filed().out.strip()]
    done = inside("export", "events", "--all", "-o", "events.xes")
    inside("export", "events", "-o", "deeds.xes")
    inside("export", "events", "--raw", "-o", "events.csv")
    traces = ET.parse(deployment / "events.xes").getroot().findall(f"{XES}trace")
    told = [said(event) for trace in traces for event in trace.findall(f"{XES}event")]
    table = rows(deployment / "events.csv")

    assert (done.code, done.out) == (0, "")
    assert [said(trace)["concept:name"] for trace in traces] == ids[::-1]
    assert [one["time:timestamp"] for one in told] == [row["at"] for row in table]
    assert [one["org:resource"] for one in told] == [row["actor"] for row in table]
    assert told[0]["org:resource"] == "wang.fang"
    assert "triage TaskOpened" in {one["concept:name"] for one in told}
    assert {"schedule", "complete"} <= {one["lifecycle:transition"] for one in told}
    deeds = [said(event) for event in ET.parse(deployment / "deeds.xes").iter(f"{XES}event")]
    assert [one["concept:name"] for one in deeds] == ["start", "start"]


def test_an_object_centric_log_has_the_same_deeds(deployment: Path) -> None:
    case_id = filed().out.strip()
    done = inside("export", "events", "-o", "deeds.jsonocel")
    log = json.loads((deployment / "deeds.jsonocel").read_text(encoding="utf-8"))

    assert (done.code, done.out) == (0, "")
    assert [event["type"] for event in log["events"]] == ["start"]
    assert {one["id"] for one in log["objects"] if one["type"] == "case"} == {case_id}
    assert "person:wang.fang" in {one["id"] for one in log["objects"]}


def test_a_language_changes_nothing_that_a_program_reads(deployment: Path) -> None:
    filed()
    for kind, name in (("cases", "cases.xlsx"), ("events", "events.xes")):
        for language in ("en", "zh"):
            out = ("-o", f"{language}-{name}", "--language", language)
            inside("export", kind, "--raw", *out)

    assert sheets(deployment / "en-cases.xlsx") == sheets(deployment / "zh-cases.xlsx")
    log = (deployment / "en-events.xes").read_bytes()
    assert log == (deployment / "zh-events.xes").read_bytes()


def test_only_what_works_is_offered(deployment: Path) -> None:
    refused = inside("export", "cases", "-o", "x.xes")
    assert refused.code == 2
    assert ".csv, .xlsx, .json, .jsonl" in refused.err
    for kind in ("cases", "events"):
        assert inside("export", kind, "-o", "x.xls").code == 2
        assert inside("export", kind).code == 2
        assert inside("export", kind, "-o", "nowhere/x.csv").code == 2
