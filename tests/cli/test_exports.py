"""export cases and events: tables in which nothing a person typed is a formula."""

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

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
    done = closeloop("export", "cases", "-o", "cases.csv", cwd=deployment)
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
    inside("export", "events", "-o", "events.csv")
    found = rows(deployment / "events.csv")

    assert [row["seq"] for row in found] == [str(number) for number in range(1, len(found) + 1)]
    assert {row["case"] for row in found} == {case_id}
    assert found[0]["type"] == "CaseStarted"


def test_json_has_one_object_a_line(deployment: Path) -> None:
    filed()
    inside("export", "events", "-o", "events.json")
    inside("export", "cases", "-o", "cases.json", "--process", "complaint")
    lines = (deployment / "events.json").read_text(encoding="utf-8").splitlines()
    (case,) = (deployment / "cases.json").read_text(encoding="utf-8").splitlines()

    assert json.loads(lines[0])["type"] == "CaseStarted"
    assert json.loads(case)["field:customer"] == "远方贸易"


def test_a_workbook_holds_what_was_typed_as_text(deployment: Path) -> None:
    filed("--field", "wanted=https://example.com")
    done = inside("export", "cases", "-o", "cases.xlsx")
    inside("export", "events", "-o", "events.XLSX")
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
    done = inside("export", "events", "-o", "events.xes")
    inside("export", "events", "-o", "events.csv")
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


def test_a_language_changes_no_table(deployment: Path) -> None:
    filed()
    for kind, name in (("cases", "cases.xlsx"), ("events", "events.xes")):
        for language in ("en", "zh"):
            inside("export", kind, "-o", f"{language}-{name}", "--language", language)

    assert sheets(deployment / "en-cases.xlsx") == sheets(deployment / "zh-cases.xlsx")
    log = (deployment / "en-events.xes").read_bytes()
    assert log == (deployment / "zh-events.xes").read_bytes()


def test_only_what_works_is_offered(deployment: Path) -> None:
    assert inside("export", "cases", "-o", "x.xes").code == 2
    for kind in ("cases", "events"):
        assert inside("export", kind, "-o", "x.xls").code == 2
        assert inside("export", kind).code == 2
        assert inside("export", kind, "-o", "nowhere/x.csv").code == 2
