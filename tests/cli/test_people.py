"""people list, import, away, erase and export."""

import io
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import closeloop, inside
from tests.complaints import filed


def people() -> dict[str, dict]:
    return {one["id"]: one for one in inside("people", "list", "--json").json}


def test_everybody_is_listed(deployment: Path) -> None:
    listed = people()

    assert listed["wang.fang"]["manager"] == "chen.jing"
    assert listed["wang.fang"]["roles"] == ["complaint-handler"]
    assert listed["emma.clark"]["language"] == "en"
    assert "王芳" in inside("people", "list", "--language", "zh").out
    assert "Wang Fang" in inside("people", "list", "--language", "en").out


def test_an_import_tells_who_came_changed_and_left(deployment: Path) -> None:
    file = deployment / "people.toml"
    text = file.read_text()
    start = text.index('[[people]]\nid = "yu.jia"')
    text = text[:start].replace('title = "采购员"', 'title = "高级采购员"')
    file.write_text(text + '[[people]]\nid = "new.one"\nname = "新人"\ndepartment = "quality"\n')
    done = closeloop("people", "import", "people.toml", cwd=deployment)

    assert done.code == 0
    assert "added: new.one" in done.err
    assert "changed: xie.ting" in done.err
    assert "left: yu.jia" in done.err
    assert people()["yu.jia"]["active"] is False
    assert "Nobody changed" in inside("people", "import", "people.toml").err


def test_half_a_list_is_refused_with_the_names_of_those_who_are_missing(deployment: Path) -> None:
    """Other products took the absence of many for their departure (zammad 2093, glpi 3100)."""
    kept = list(people().values())[:3]
    rows = [f"{one['id']},{one['name']},{one['department']}" for one in kept]
    (deployment / "people.csv").write_text("\n".join(["id,name,department", *rows]))
    refused = inside("people", "import", "people.csv")
    seen = inside("people", "import", "people.csv", "--dry-run")
    unchanged = people()
    accepted = inside("people", "import", "people.csv", "--accept")

    assert refused.code == 1
    assert "xie.ting" in refused.err
    assert "--accept" in refused.err
    assert seen.code == 0
    assert "left: " in seen.err
    assert "Nothing was changed" in seen.err
    assert unchanged["xie.ting"]["active"]
    assert accepted.code == 0
    assert not people()["xie.ting"]["active"]


def test_a_code_links_an_account(deployment: Path) -> None:
    done = inside("people", "link", "wang.fang")

    assert done.code == 0
    assert re.fullmatch(r"\d{4}-\d{4}\n", done.out)
    assert f"/link {done.out.strip()}" in done.err
    assert inside("people", "link", "wang.fang", "--json").json["minutes"] == 10
    assert inside("people", "link", "no.body").code == 1


def test_a_table_is_imported(deployment: Path) -> None:
    rows = ["\ufeffid,name,department,manager,roles"]
    rows += [
        f"{one['id']},{one['name']},{one['department']},{one['manager'] or ''},"
        + ";".join(one["roles"])
        for one in people().values()
    ]
    rows.append("new.one,新人,quality,pan.rui,")
    (deployment / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    done = inside("people", "import", "people.csv")

    assert done.code == 0
    assert "new.one" in done.err
    assert people()["new.one"]["manager"] == "pan.rui"


def test_a_wrong_draft_changes_nothing(deployment: Path) -> None:
    (deployment / "people.csv").write_text("id,name,department\nx,x,nowhere\n")
    done = inside("people", "import", "people.csv")

    assert done.code == 2
    assert "people.csv:2: people[x].department" in done.err
    assert people()["wang.fang"]["active"]
    assert inside("people", "import", "missing.csv").code == 2


def test_an_import_warns_of_roles_that_nobody_has_any_more(deployment: Path) -> None:
    file = deployment / "people.toml"
    file.write_text(file.read_text().replace('"complaint-manager"', '"other"'))
    done = inside("people", "import", "people.toml")

    assert done.code == 0
    assert 'nobody has the role "complaint-manager"' in done.err


def test_somebody_is_away_and_comes_back(deployment: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    away = inside("people", "away", "wang.fang", "--deputy", "li.qiang", "--until", tomorrow)

    assert away.code == 0
    assert people()["wang.fang"]["deputy"] == "li.qiang"
    assert inside("people", "away", "wang.fang", "--back").code == 0
    assert people()["wang.fang"]["deputy"] is None
    assert inside("people", "away", "wang.fang", "--back").code == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 2),
        (("--deputy", "li.qiang"), 2),
        (("--deputy", "li.qiang", "--until", "2020-01-01"), 1),
        (("--deputy", "li.qiang", "--until", "soon"), 1),
        (("--deputy", "wang.fang", "--until", "2099-01-01"), 1),
        (("--deputy", "nobody", "--until", "2099-01-01"), 1),
        (("--deputy", "li.qiang", "--back"), 2),
    ],
)
def test_an_absence_needs_a_deputy_and_a_period(
    deployment: Path, options: tuple[str, ...], code: int
) -> None:
    assert inside("people", "away", "wang.fang", *options).code == code


def test_what_is_kept_about_somebody_is_handed_out(deployment: Path) -> None:
    case_id = filed().out.strip()
    kept = inside("people", "export", "wang.fang").json

    assert kept["person"]["email"] == "wang.fang@example.com"
    assert kept["written"][0]["case"] == case_id
    assert kept["written"][0]["content"]["values"]["customer"] == "远方贸易"
    assert kept["done"][0]["type"] == "CaseStarted"
    assert inside("people", "export", "nobody").code == 1


def test_who_is_erased_is_gone_and_the_chains_hold(deployment: Path) -> None:
    (deployment / "proof.pdf").write_bytes(b"%PDF-1.7\n...")
    case_id = filed("--field", "evidence=proof.pdf").out.strip()
    done = closeloop("people", "erase", "wang.fang", cwd=deployment)
    shown = inside("case", "show", case_id, "--json").out
    files = [path for path in (deployment / "files").rglob("*") if path.is_file()]

    assert done.code == 0
    assert json.loads(shown)["fields"] == {}
    for trace in ("wang.fang", "王芳", "远方贸易", "proof.pdf"):
        assert trace not in shown
    assert "wang.fang" not in people()
    assert [path for path in files if path.name != "audit.key"] == []
    assert inside("audit", "verify").code == 0
    assert inside("people", "erase", "wang.fang").code == 1


def test_erasing_at_a_terminal_is_asked_first(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))

    assert inside("people", "erase", "wang.fang").code == 1
    assert people()["wang.fang"]["active"]
    assert inside("people", "erase", "wang.fang", "--yes").code == 0
