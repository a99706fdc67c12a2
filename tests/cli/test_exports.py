"""export cases and events: tables in which nothing a person typed is a formula."""

import csv
import io
import json
from pathlib import Path

from tests.command import closeloop, inside
from tests.complaints import filed


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


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


def test_only_what_works_is_offered(deployment: Path) -> None:
    for kind in ("cases", "events"):
        assert inside("export", kind, "-o", "x.xlsx").code == 2
        assert inside("export", kind).code == 2
        assert inside("export", kind, "-o", "nowhere/x.csv").code == 2
