"""process list, show, diagram, bpmn, publish and schema."""

from pathlib import Path

import pytest

from tests.command import closeloop, inside


def test_the_processes_in_force_are_listed_and_shown(deployment: Path) -> None:
    (listed,) = [
        one for one in inside("process", "list", "--json").json if one["key"] == "complaint"
    ]
    shown = inside("process", "show", "complaint", "--json").json

    assert listed["version"] == 1
    assert listed["command"] == "/complaint"
    assert listed.items() <= shown.items()
    assert shown["definition"]["owner"] == "role:complaint-manager"
    assert len(shown["hash"]) == 64
    assert "客户投诉处理流程" in inside("process", "list", "--language", "zh").out
    assert "Customer complaint" in inside("process", "show", "complaint").out
    assert "triage" in inside("process", "show", "complaint").out
    assert "late_answers" in inside("process", "show", "complaint").out  # L5.2: an alert
    assert "首次答复及时率下降" in inside("process", "show", "complaint", "--language", "zh").out
    assert inside("process", "show", "nothing").code == 1


def test_a_change_is_a_new_version_and_the_same_text_is_none(deployment: Path) -> None:
    draft = deployment / "processes" / "complaint.toml"
    same = closeloop("process", "publish", "processes/complaint.toml", cwd=deployment)
    draft.write_text(draft.read_text().replace('due = "3wd"', 'due = "2wd"'))
    before = inside("process", "show", "complaint", "--json").json["version"]
    done = inside("process", "publish", "processes/complaint.toml")

    assert same.code == 0
    assert "has not changed" in same.err
    assert before == 1, "a draft is not in force"
    assert done.code == 0
    assert "version 2" in done.err
    assert inside("process", "show", "complaint", "--json").json["version"] == 2


def test_a_draft_with_a_flaw_is_not_published_and_neither_is_its_neighbour(
    deployment: Path,
) -> None:
    good = deployment / "processes" / "complaint.toml"
    good.write_text(good.read_text().replace('due = "3wd"', 'due = "2wd"'))
    bad = deployment / "bad.toml"
    bad.write_text(good.read_text().replace("role:complaint-desk", "role:complaint-des"))
    done = inside("process", "publish", str(good), str(bad))

    assert done.code == 1
    assert 'nobody has the role "complaint-des"' in done.err
    assert inside("process", "show", "complaint", "--json").json["version"] == 1
    assert inside("process", "publish", "missing.toml").code == 2


def test_a_process_may_not_take_the_command_of_another(deployment: Path) -> None:
    text = (deployment / "processes" / "complaint.toml").read_text()
    (deployment / "other.toml").write_text(text.replace('key = "complaint"', 'key = "other"', 1))
    done = inside("process", "publish", "other.toml")

    assert done.code == 1
    assert "the command of another process" in done.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_diagram_is_drawn(deployment: Path, language: str) -> None:
    done = inside("process", "diagram", "complaint", "-o", "x.svg", "--language", language)
    text = (deployment / "x.svg").read_text(encoding="utf-8")

    assert done.code == 0
    assert done.out == ""
    assert ("分类分级" if language == "zh" else "Classify and grade") in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_process_is_written_as_bpmn_in_two_dialects(deployment: Path, language: str) -> None:
    """L2.2: for modelling tools and engines of others."""
    asked = ("process", "bpmn", "launch", "--language", language, "-o")
    camunda = inside(*asked, "launch.bpmn")
    spiff = inside(*asked, "spiff.bpmn", "--dialect", "spiff")
    written = (deployment / "launch.bpmn").read_text(encoding="utf-8")

    assert camunda.code == spiff.code == 0
    assert "${amount &lt;= 200000}" in written
    assert ("财务评审" if language == "zh" else "Finance review") in written
    assert ">amount &lt;= 200000<" in (deployment / "spiff.bpmn").read_text(encoding="utf-8")


def test_bpmn_is_written_into_files_of_its_kind_only(deployment: Path) -> None:
    done = inside("process", "bpmn", "launch", "-o", "launch.xml")

    assert done.code == 2
    assert "--out FILE.bpmn" in done.err
    assert inside("process", "bpmn", "nothing", "-o", "x.bpmn").code == 1
    assert not (deployment / "x.bpmn").exists()


def test_a_diagram_can_be_a_picture(deployment: Path) -> None:
    assert inside("process", "diagram", "complaint", "-o", "x.png").code == 0
    assert (deployment / "x.png").read_bytes().startswith(b"\x89PNG")
    assert inside("process", "diagram", "complaint", "-o", "x.gif").code == 2
    assert inside("process", "diagram", "nothing", "-o", "x.svg").code == 1
    assert inside("process", "diagram", "complaint", "-o", "nowhere/x.svg").code == 2


@pytest.mark.parametrize(("name", "begins"), [("s.pdf", b"%PDF"), ("s.docx", b"PK")])
def test_a_specification_is_written_as_a_file(deployment: Path, name: str, begins: bytes) -> None:
    """L3.1."""
    assert inside("process", "spec", "complaint", "-o", name).code == 0
    assert (deployment / name).read_bytes().startswith(begins)


def test_a_specification_is_of_the_version_in_force_or_of_a_draft(deployment: Path) -> None:
    """L3.1."""
    inside("process", "spec", "complaint", "-o", "s.md", "--language", "zh")
    text = (deployment / "s.md").read_text(encoding="utf-8")
    assert text.startswith("# 业务流程管理规范\n")
    assert "版本: 第 1 版" in text
    draft = inside("process", "spec", "processes/complaint.toml", "--language", "en")
    assert "draft" in draft.out
    assert "Classify and grade" in draft.out


def test_a_specification_says_what_changed_since_the_version_before(deployment: Path) -> None:
    """L3.1."""
    file = deployment / "processes" / "complaint.toml"
    file.write_text(file.read_text().replace('due = "3wd"', 'due = "2wd"', 1))
    draft = inside("process", "spec", "processes/complaint.toml", "--language", "en")
    assert "Changed since version 1" in draft.out
    assert inside("process", "publish", "processes/complaint.toml").code == 0
    done = inside("process", "spec", "complaint", "--language", "en")
    assert "version 2" in done.out
    assert "3 working days" in done.out.split("Changed since version 1")[1]


def test_a_specification_of_no_process_or_kind_is_refused(deployment: Path) -> None:
    nothing = inside("process", "spec", "complaints", "-o", "s.pdf")
    assert nothing.code == 1
    assert "complaints" in nothing.err
    other = inside("process", "spec", "complaint", "-o", "s.txt")
    assert other.code == 2
    assert ".docx, .pdf, .md" in other.err


def test_a_draft_with_a_flaw_is_not_drawn(deployment: Path) -> None:
    (deployment / "processes" / "broken.toml").write_text('key = "broken"\n')
    done = inside("process", "diagram", "broken", "-o", "x.svg")

    assert done.code == 1
    assert "broken.toml" in done.err


def test_the_schema_is_json(deployment: Path) -> None:
    schema = inside("process", "schema").json

    assert "nodes" in schema["properties"]


def test_check_warns_of_the_name_of_a_role_that_nobody_has(deployment: Path) -> None:
    path = deployment / "processes" / "complaint.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\ncomplaint-desk = ", "\ncomplaint-dsek = ", 1), encoding="utf-8")
    line = text[: text.index("\ncomplaint-desk = ")].count("\n") + 2

    done = inside("check")
    assert done.code == 0
    assert done.err.splitlines()[0] == (
        f"processes/complaint.toml:{line}: roles.complaint-dsek: warning: no people expression has "
        'the role "complaint-dsek" → Perhaps you mean complaint-desk'
    )
    chinese = closeloop("process", "publish", str(path), cwd=deployment, language="zh")
    assert chinese.code == 0
    assert "注意：没有人员表达式用到角色“complaint-dsek” → 是否想写 complaint-desk？" in chinese.err
