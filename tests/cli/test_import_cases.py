"""import-cases: a table is looked at, imported into the figures, and undone (L1.3)."""

from pathlib import Path

import pytest

from tests.command import Done, closeloop, inside

HEAD = "投诉编号;环节;处理人;开始时间;完成时间;投诉等级\r\n"


def table(place: Path, *, name: str = "past.csv", cases: int = 40, encoding: str = "gbk") -> Path:
    """Complaints of another program, of which the second step waits long."""
    rows = []
    for case in range(cases):
        day = f"2026年{case % 9 + 1}月{case % 28 + 1}日"
        after = f"2026年{case % 9 + 1}月{case % 28 + 3}日"
        rows += [
            f"T{case};登记;王芳;{day} 上午9:00;{day} 上午9:30;一般",
            f"T{case};调查;某某;{after} 下午3:05;{after} 下午4:05;一般",
        ]
    file = place / name
    file.write_bytes((HEAD + "\r\n".join(rows)).encode(encoding))
    return file


def ask(*options: str, file: str = "past.csv", language: str = "en") -> Done:
    return inside("import-cases", file, "--process", "complaint", *options, "--language", language)


def test_a_dry_run_shows_how_a_table_is_read_and_writes_its_mapping(deployment: Path) -> None:
    """L1.3."""
    table(deployment)
    done = ask("--dry-run")
    assert done.code == 0
    assert "gb18030" in done.out
    assert "one row for each step" in done.out
    assert "2026-01-01 09:00" in done.out
    assert "Cases   40" in done.out
    assert "Nothing was changed" in done.err
    assert 'case = "投诉编号"' in (deployment / "past.csv.mapping.toml").read_text(encoding="utf-8")
    assert "没有" not in done.out
    assert "每步骤一行" in ask("--dry-run", language="zh").out
    assert "T1" not in inside("report", "complaint", "--language", "en").out


def test_a_new_user_imports_complaints_and_finds_the_bottleneck(deployment: Path) -> None:
    """L1.3, L2.1."""
    table(deployment)
    done = ask()
    assert done.code == 0
    assert "40 cases were imported" in done.err
    told = inside("report", "complaint", "--language", "en").out
    assert "Imported" in told
    assert "Most of the time goes into “调查”" in told
    assert "40 of 40 cases were imported" in told
    assert "耗时最多的是“调查”" in inside("report", "complaint", "--language", "zh").out


def test_importing_twice_changes_nothing_and_one_command_undoes_it(deployment: Path) -> None:
    """L1.3."""
    file = table(deployment)
    ask()
    assert "nothing was changed" in ask().err
    more = table(deployment, name="more.csv", cases=50)
    assert "40 of them were imported before" in ask(file=more.name).err
    assert "50 of 50 cases" in inside("report", "complaint", "--language", "en").out
    file.unlink()
    assert "with 40 cases" in ask("--undo").err
    assert "with 50 cases" in ask("--undo", file=more.name).err
    nothing = ask("--undo", file=more.name)
    assert nothing.code == 1
    assert "more.csv was not imported" in nothing.err
    assert "There is no case yet" in inside("report", "complaint", "--language", "en").out


def test_nothing_is_imported_while_a_row_is_wrong_unless_it_is_left_out(deployment: Path) -> None:
    """L1.3."""
    file = table(deployment)
    text = (
        file.read_bytes().decode("gbk")
        + "\r\nT99;登记;;2026年3月2日;2026年3月1日;一般\r\n;登记;;;;"
    )
    file.write_bytes(text.encode("gbk"))
    refused = ask()
    assert refused.code == 1
    assert "row 82, 完成时间: ends at 2026年3月1日" in refused.err
    assert "row 83, 投诉编号: the number of the case is empty" in refused.err
    assert "Nothing was imported" in refused.err
    assert "There is no case yet" in inside("report", "complaint", "--language", "en").out
    done = ask("--leave-out")
    assert done.code == 0
    assert "1 case was left out" in done.err


def test_a_day_that_may_be_a_month_is_asked_and_answered_in_the_mapping(deployment: Path) -> None:
    """L1.3."""
    (deployment / "t.csv").write_text("Ticket,Opened\n1,01/02/2026\n2,03/04/2026\n")
    asked = ask(file="t.csv")
    assert asked.code == 1
    assert 'dates.filed = "day-month-year"' in asked.err
    place = deployment / "t.csv.mapping.toml"
    place.write_text(place.read_text().replace('filed = "?"', 'filed = "month-day-year"'))
    assert "2026-01-02 – 2026-03-04" in ask(file="t.csv").out


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ('zone = "UTC"\n[columns]\ncase = "nix"\nfiled = "Opened"', "no column “nix”"),
        ('zone = "UTC"\n[columns]\ncase = "Ticket"', "columns.filed"),
        ('zone = "Mars"', "zone in the mapping cannot be “Mars”"),
        ("[", "no TOML"),
    ],
)
def test_a_wrong_mapping_is_named_with_its_key(deployment: Path, mapping: str, said: str) -> None:
    (deployment / "t.csv").write_text("Ticket,Opened\n1,2026-02-01\n")
    (deployment / "m.toml").write_text(mapping)
    for option in ("--dry-run", "--yes"):
        done = ask("--mapping", "m.toml", option, file="t.csv")
        assert done.code == 1
        assert said in done.err


def test_times_of_several_zones_are_told(deployment: Path) -> None:
    """L1.3."""
    rows = "1,2026-03-02T01:00:00Z\n2,2026-03-02T09:00:00+02:00\n3,2026-03-02 09:00\n"
    (deployment / "t.csv").write_text("Ticket,Opened\n" + rows)
    said = ask("--dry-run", file="t.csv").err
    assert "times of several zones: UTC (1), UTC+02:00 (1); 1 without an offset" in said
    assert "Asia/Shanghai" in said


def test_a_file_or_a_process_that_is_not_there_is_refused(deployment: Path) -> None:
    missing = closeloop("import-cases", "no.csv", "--process", "complaint", cwd=deployment)
    assert missing.code == 2
    assert "no.csv" in missing.err
    table(deployment)
    other = closeloop("import-cases", "past.csv", "--process", "nix", cwd=deployment)
    assert other.code == 1
    assert "nix" in other.err
    (deployment / "empty.csv").write_bytes(b"")
    assert "empty" in ask(file="empty.csv").err
    (deployment / "head.csv").write_text("Ticket,Opened\n")
    assert "no case that can be imported" in ask(file="head.csv").err
