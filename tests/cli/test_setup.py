"""init, check, run, db: a deployment is made, judged as a whole, refused when it is wrong."""

import os
import sqlite3
import tomllib
from pathlib import Path

import pytest

from bot.config import Config
from storage.process_lock import ProcessLock
from tests.command import closeloop, inside
from tests.house.source import ROOT

# ------------------------------------------------------------------ init


def test_init_writes_a_deployment_that_is_good_and_in_force(pristine: Path) -> None:
    checked = closeloop("check", cwd=pristine)
    listed = closeloop("process", "list", "--json", cwd=pristine)
    people = closeloop("people", "list", "--json", cwd=pristine)

    assert {path.name for path in pristine.iterdir()} >= {
        *("config.toml", "config.example.toml", "people.toml", "processes", "closeloop.db"),
    }
    assert (checked.code, checked.out) == (0, "")
    assert "All is well" in checked.err
    assert "complaint" in [one["key"] for one in listed.json]
    assert "wang.fang" in [one["id"] for one in people.json]


def test_check_names_whom_a_token_cannot_file_for(deployment: Path) -> None:
    with (deployment / "config.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[api]\ntokens = [{ name = "crm", token = "0123456789abcdef", may_file_for = '
            '["department:sails", "role:nothing", "person:no.one"], processes = ["complain"] }]\n'
        )
    done = inside("check")

    assert done.code == 1
    assert "api.tokens[0].may_file_for" in done.err
    for name in ("sails", "nothing", "no.one", "complain"):
        assert f'"{name}"' in done.err


def test_the_version_is_printed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert inside("--version").out == f"closeloop {project['version']}\n"


def test_init_touches_nothing_that_is_there(deployment: Path) -> None:
    (deployment / "config.toml").unlink()
    before = (deployment / "people.toml").read_bytes()
    done = inside("init", ".")

    assert done.code == 1
    assert "people.toml" in done.err
    assert not (deployment / "config.toml").exists()
    assert (deployment / "people.toml").read_bytes() == before


def test_init_into_a_file_is_refused(deployment: Path) -> None:
    done = inside("init", "config.toml")

    assert done.code == 1
    assert "config.toml" in done.err


def test_init_where_nobody_can_write_says_so(tmp_path: Path) -> None:
    """Below a file there can be no folder, not even for root."""
    (tmp_path / "file").write_text("")
    done = inside("init", str(tmp_path / "file" / "x"))

    assert done.code == 2
    assert "file" in done.err


# ------------------------------------------------------------------ check


def test_check_says_everything_at_once_with_file_and_line(deployment: Path) -> None:
    config = deployment / "config.toml"
    config.write_text(config.read_text().replace('language = "zh"', 'langauge = "zh"'))
    people = deployment / "people.toml"
    people.write_text(
        people.read_text().replace('roles = ["complaint-desk"]', 'roles = ["complaint-des"]', 1)
        + '\n[[people]]\nid = "x"\nname = "x"\ndepartment = "nowhere"\n'
    )
    process = deployment / "processes" / "complaint.toml"
    process.write_text(process.read_text().replace('next = "dispatch"', 'next = "dispach"'))
    done = closeloop("check", cwd=deployment)

    assert done.code == 1
    assert "config.toml:8: company.langauge" in done.err
    assert 'do you mean "language"?' in done.err
    assert "people.toml:" in done.err
    assert '"nowhere"' in done.err
    assert "processes/complaint.toml:" in done.err
    assert "dispach" in done.err


def test_check_tells_programs_what_it_tells_people(deployment: Path) -> None:
    good = inside("check", "--json")
    config = deployment / "config.toml"
    config.write_text(config.read_text().replace('language = "zh"', 'langauge = "zh"'))
    people = deployment / "people.toml"
    people.write_text(people.read_text().replace('"complaint-manager"', '"other"'))
    bad = inside("check", "--json")
    findings = bad.json["findings"]

    assert (good.code, good.json) == (0, {"findings": [], "warnings": []})
    assert "All is well" in good.err
    assert bad.code == 1
    assert findings[0] == {
        "file": "config.toml",
        "line": 8,
        "where": "company.langauge",
        "problem": findings[0]["problem"],
        "hint": 'do you mean "language"?',
    }
    assert all(one["problem"] in bad.err for one in findings)
    assert len(findings) == len(bad.err.splitlines()) - 1 > 1


def test_check_judges_processes_against_people(deployment: Path) -> None:
    people = deployment / "people.toml"
    people.write_text(people.read_text().replace('"complaint-manager"', '"other"'))
    done = inside("check")

    assert done.code == 1
    assert 'nobody has the role "complaint-manager"' in done.err


def test_check_says_in_chinese_what_is_wrong_with_a_process(deployment: Path) -> None:
    path = deployment / "processes" / "complaint.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('\nowner = "', '\nownr = "', 1), encoding="utf-8")
    done = closeloop("check", cwd=deployment, language="zh")

    assert done.code == 1
    assert "此处不认识“ownr”" in done.err
    assert "is not known here" not in done.err


def test_check_knows_that_admins_are_people(deployment: Path) -> None:
    config = deployment / "config.toml"
    config.write_text(config.read_text().replace('["lin.wei"]', '["lin.wie"]'))
    done = inside("check")

    assert done.code == 1
    assert 'config.toml:7: company.admins[0]: there is nobody with the id "lin.wie"' in done.err


def test_check_finds_what_two_processes_share(deployment: Path) -> None:
    complaint = deployment / "processes" / "complaint.toml"
    text = complaint.read_text().replace('key = "complaint"', 'key = "other"', 1)
    (deployment / "processes" / "other.toml").write_text(text)
    done = inside("check")

    assert done.code == 1
    assert '"complaint" is the command of another process already' in done.err


def test_a_folder_without_processes_is_a_finding(deployment: Path) -> None:
    for path in (deployment / "processes").iterdir():
        path.unlink()
    done = inside("check")

    assert done.code == 1
    assert "no process file" in done.err


@pytest.mark.parametrize("missing", ["config.toml", "people.toml", "processes"])
def test_a_file_that_is_not_there_is_2(deployment: Path, missing: str) -> None:
    (deployment / missing).rename(deployment / "elsewhere")
    done = inside("check")

    assert done.code == 2
    assert missing in done.err
    assert "there is no such" in done.err
    assert [one["line"] for one in inside("check", "--json").json["findings"]] == [None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[company\n", "this is not TOML"),
        ("[compny]\n", 'do you mean "company"?'),
        ('[http]\nport = "8080"\n', "wrong type: '8080'"),
        ('[storage]\nurl = "env:NO_SUCH_VARIABLE"\n', "NO_SUCH_VARIABLE"),
    ],
)
def test_a_wrong_configuration_is_1_for_check_and_2_for_others(
    deployment: Path, text: str, said: str
) -> None:
    (deployment / "config.toml").write_text(text)
    checked, listed = inside("check"), inside("case", "list")

    assert (checked.code, listed.code) == (1, 2)
    assert said in checked.err
    assert said in listed.err
    assert listed.out == ""


def test_findings_are_told_in_the_language_of_the_terminal(deployment: Path) -> None:
    (deployment / "config.toml").write_text("[compny]\n")

    assert "是否想写" in closeloop("check", cwd=deployment, language="zh").err
    assert "是否想写" in inside("check", "--language", "zh").err


def test_without_a_locale_the_company_decides(deployment: Path) -> None:
    listed = closeloop("case", "list", cwd=deployment, language="")

    assert listed.out.startswith("编号")
    assert "没有问题" in closeloop("check", cwd=deployment, language="").err


@pytest.mark.parametrize(
    ("locale", "asked", "language"),
    [
        ("C.UTF-8", "", "en"),
        ("", "", "en"),
        ("zh_CN.UTF-8", "", "zh"),
        ("en_GB.UTF-8", "", "en"),
        ("zh_CN.UTF-8", "en", "en"),
        ("C.UTF-8", "zh", "zh"),
    ],
)
def test_init_makes_its_own_language_that_of_the_company_and_check_speaks_it_too(
    deployment: Path, monkeypatch: pytest.MonkeyPatch, locale: str, asked: str, language: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert inside("init", "new", *(("--language", asked) if asked else ())).code == 0
    monkeypatch.chdir("new")
    monkeypatch.setenv("LANG", "C")
    said = inside("check").err

    assert f'language = "{language}"' in Path("config.toml").read_text(encoding="utf-8")
    assert ("没有问题" in said) == (language == "zh"), said


# ------------------------------------------------------------------ which configuration


def test_the_configuration_is_given_or_here_or_named(
    deployment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert inside("case", "list").code == 2
    assert inside("case", "list", "--config", "company/config.toml").code == 0
    monkeypatch.setenv("CLOSELOOP_CONFIG", "company/config.toml")
    assert inside("case", "list").code == 0
    (tmp_path / "config.toml").write_text("broken")
    assert inside("case", "list").code == 2


def test_the_environment_overrides_the_file(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_STORAGE__URL", "sqlite:///other.db")

    assert inside("people", "list", "--json").json == []
    assert (deployment / "other.db").exists()
    monkeypatch.setenv("CLOSELOOP_STORAGE__URI", "x")
    assert "CLOSELOOP_STORAGE__URI" in inside("people", "list").err


# ------------------------------------------------------------------ run


def test_run_refuses_what_check_would_find(deployment: Path) -> None:
    people = deployment / "people.toml"
    people.write_text(people.read_text().replace('"complaint-manager"', '"other"'))
    done = closeloop("run", cwd=deployment)

    assert done.code == 2
    assert "complaint-manager" in done.err


def test_a_second_runner_is_refused(deployment: Path) -> None:
    lock = ProcessLock(deployment / "closeloop.db")
    lock.take()
    try:
        done = closeloop("run", cwd=deployment, CLOSELOOP_HTTP__PORT="0")
    finally:
        lock.release()

    assert done.code == 2
    assert f"process {os.getpid()}" in done.err


def test_commands_work_beside_a_runner(deployment: Path) -> None:
    lock = ProcessLock(deployment / "closeloop.db")
    lock.take()
    try:
        assert inside("case", "list").code == 0
    finally:
        lock.release()


# ------------------------------------------------------------------ the database


def test_a_database_that_stays_locked_is_2(deployment: Path) -> None:
    other = sqlite3.connect(deployment / "closeloop.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        done = inside("release")
    finally:
        other.close()

    assert done.code == 2
    assert "busy" in done.err


def test_a_database_that_is_no_database_is_2(deployment: Path) -> None:
    (deployment / "closeloop.db").write_bytes(b"not a database" * 100)
    done = inside("case", "list")

    assert done.code == 2
    assert "database" in done.err


def test_a_database_that_cannot_be_reached_is_2(
    deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOSELOOP_STORAGE__URL", "postgresql://nobody@127.0.0.1:9/none")
    done = inside("case", "list")

    assert done.code == 2
    assert "cannot be reached" in done.err


# ------------------------------------------------------------------ in this process


def test_init_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deployment: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = inside("init", "new/deployment")

    assert done.code == 0
    assert "closeloop run" in done.err
    assert inside("check", "--config", "new/deployment/config.toml").code == 0


def test_run_and_playground_hand_over(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import bot.app

    asked: list[dict] = []

    def run_bot(config: Config, **more: object) -> int:
        asked.append({"config": config, **more})
        return 0

    def run_playground(**options: object) -> int:
        asked.append(options)
        return 3

    monkeypatch.setattr(bot.app, "run_bot", run_bot)
    monkeypatch.setattr(bot.app, "run_playground", run_playground)

    assert inside("run").code == 0
    assert inside("playground", "--port", "0", "--data", "here", "--no-browser").code == 3
    assert asked[0]["config"].company.admins == ("lin.wei",)
    assert asked[1]["port"] == 0
    assert asked[1]["data"] == Path("here")
    assert asked[1]["open_browser"] is False


def test_a_key_that_is_no_table_does_not_hide_the_other_drafts(deployment: Path) -> None:
    (deployment / "config.toml").write_text('people = 5\n[processes]\npath = "elsewhere"\n')
    done = inside("check")

    assert done.code == 2
    assert "config.toml:1: people: wrong type: 5" in done.err
    assert "elsewhere: there is no such folder" in done.err


def test_a_help_page_is_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for words in ((), ("people",), ("people", "away"), ("rehearse",)):
        page = inside(*words, "--help").out

        assert page.startswith("用法：closeloop")
        assert [
            one for one in ("OPTIONS", "Options", "Commands", "Show", "required") if one in page
        ] == []

    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert inside("people", "--help").out.startswith("Usage: closeloop people [OPTIONS]")
