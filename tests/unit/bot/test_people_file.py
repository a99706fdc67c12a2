"""The draft of the directory: what it may say, and every mistake with its place."""

from pathlib import Path

import pytest

from bot import sample
from bot.people_file import PeopleFile, read_people
from bot.published import definition_files
from handlers.i18n import translator
from workflows.errors import ConfigError
from workflows.loading import load_definition

HEAD = """\
[[departments]]
id = "customer-service"
name = { zh = "客服部", en = "Customer service" }
head = "chen.jing"

[[people]]
id = "chen.jing"
name = "陈静"
department = "customer-service"
"""


def written(folder: Path, text: str, *, name: str = "people.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path, **options) -> PeopleFile:
    return read_people(path, words=translator("en"), **options)


def findings(path: Path, **options) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(path, **options)
    return [str(one).replace(one.file, "", 1).lstrip(":") for one in caught.value.findings]


# ------------------------------------------------------------------ the sample


def test_the_sample_has_the_people_that_the_documents_speak_of() -> None:
    file = read(sample.PEOPLE)
    people = {person.id: person for person in file.people}
    wang, chen = people["wang.fang"], people["chen.jing"]

    assert (wang.name, wang.email) == ("王芳", "wang.fang@example.com")
    assert (wang.department, wang.manager) == ("customer-service", "chen.jing")
    assert wang.roles == ("complaint-handler",)
    assert (wang.language, wang.timezone) == ("zh", "Asia/Shanghai")
    assert (wang.title, wang.title_en) == ("客服专员", "Customer service agent")
    assert chen.name == "陈静"
    assert set(chen.roles) == {"complaint-manager", "complaint-desk"}
    assert people["li.qiang"].manager == "zhao.lei"
    assert people["zhao.lei"].manager == "chen.jing"
    assert people["emma.clark"].language == "en"
    assert all(person.name_en and person.title and person.title_en for person in file.people)


def test_the_sample_fills_every_department_and_leads_up_to_one_person() -> None:
    file = read(sample.PEOPLE)
    assert file.departments is not None
    heads = {one.id: one.head for one in file.departments}
    departments = {person.id: person.department for person in file.people}

    assert set(heads) == {
        *("management", "customer-service", "sales", "rnd", "marketing"),
        *("finance", "purchasing", "quality"),
    }
    assert all(departments[head] == one for one, head in heads.items())
    assert [person.id for person in file.people if not person.manager] == ["lin.wei"]


def test_the_sample_has_somebody_in_every_role_of_the_shipped_processes() -> None:
    import re

    from workflows import processes

    held = {
        (role, person.department) for person in read(sample.PEOPLE).people for role in person.roles
    }
    roles = {role for role, _ in held}
    for path in definition_files(Path(next(iter(processes.__path__)))):
        text = load_definition(path.read_text(encoding="utf-8"), file=path.name).text
        for role, department in re.findall(r"role:([\w-]+)(?:@([\w-]+))?", text):
            assert (role, department) in held if department else role in roles, (path.name, role)


# ------------------------------------------------------------------ toml


def test_a_person_is_read_whole(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
[[people]]
id = "wang.fang"
name = "王芳"
name_en = "Wang Fang"
title = "客服专员"
email = "wang.fang@example.com"
department = "customer-service"
manager = "chen.jing"
roles = ["complaint-handler"]
slack = "U0WANGFANG"
telegram = 100001
"""
    )
    file = read(written(tmp_path, text))
    wang = file.people[1]

    assert file.departments is not None
    assert file.departments[0].name_en == "Customer service"
    assert wang.accounts == {"slack": "U0WANGFANG", "telegram": "100001"}
    assert wang.timezone == ""


WRONG = """\
[[departments]]
id = "customer-service"
name = { zh = "客服部", en = "Customer service" }
head = "chen.jin"

[[departments]]
id = "Sales"
name = { zh = "销售部" }

[[people]]
id = "wang.fang"
name = ""
email = "not an address"
department = "customer-servic"
manager = "chen.jing"
roles = ["complaint-handler", "No Role"]
language = "fr"
timezone = "Asia/Shangha"
slack = "wang"
telegram = "@wang"

[[people]]
id = "chen.jing"
nam = "陈静"
department = "nowhere"
manager = "wang.fang"

[[people]]
id = "Wang.Fang"
name = "王芳"
department = "customer-service"
manager = "nobody"
"""

SAID = [
    '4: departments[customer-service].head: there is nobody with the id "chen.jin" → do you',
    "7: departments[Sales].id: 'Sales' cannot be an id",
    '8: departments[Sales].name.en: "en" is missing',
    "12: people[wang.fang].name: this must not be empty",
    "13: people[wang.fang].email: 'not an address' is not an e-mail address",
    '14: people[wang.fang].department: there is no department with the id "customer-servic"',
    "15: people[wang.fang].manager: the managers lead in a circle: wang.fang → chen.jing",
    "16: people[wang.fang].roles[1]: 'No Role' cannot be a role",
    "17: people[wang.fang].language: 'fr' is not known → write one of zh, en",
    "18: people[wang.fang].timezone: the time zone 'Asia/Shangha' is not known",
    "19: people[wang.fang].slack: 'wang' is not a Slack member id",
    "20: people[wang.fang].telegram: '@wang' is not the number of a Telegram user",
    '22: people[chen.jing].name: "name" is missing',
    '24: people[chen.jing].nam: the key "nam" is not known → do you mean "name"?',
    '25: people[chen.jing].department: there is no department with the id "nowhere"',
    '29: people[Wang.Fang].id: "Wang.Fang" stands here a second time; the first is on line 11',
    '32: people[Wang.Fang].manager: there is nobody with the id "nobody"',
]


def test_of_somebody_who_is_there_twice_nothing_else_is_missing(tmp_path: Path) -> None:
    again = '\n[[people]]\nid = "chen.jing"\ntelegram = "100001"\n'
    rows = f"{COLUMNS}\na,a,sales,,,,\na,,,,,,\n"

    (found,) = findings(written(tmp_path, HEAD + again))
    assert found.startswith('12: people[chen.jing].id: "chen.jing" stands here a second time')
    (found,) = findings(written(tmp_path, rows, name="people.csv"), departments=("sales",))
    assert found.startswith('3: people[a].id: "a" stands here a second time')


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    found = findings(written(tmp_path, WRONG))

    assert len(found) == len(SAID)
    for one, start in zip(found, SAID, strict=True):
        assert one.startswith(start)


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        ("email", '"a@example.com"', '"A@example.com"'),
        ("slack", '"U0AAA"', '"U0AAA"'),
        ("telegram", "10", '"10"'),
    ],
)
def test_an_account_belongs_to_one_person(
    tmp_path: Path, key: str, first: str, second: str
) -> None:
    text = HEAD + "".join(
        f'[[people]]\nid = "{name}"\nname = "x"\ndepartment = "customer-service"\n{key} = {value}\n'
        for name, value in (("one", first), ("two", second))
    )
    (found,) = findings(written(tmp_path, text))

    assert f"people[two].{key}" in found
    assert "the first is on line 14" in found


def test_a_file_without_people_is_refused(tmp_path: Path) -> None:
    assert any('"people" is missing' in one for one in findings(written(tmp_path, "")))
    assert any("must not be empty" in one for one in findings(written(tmp_path, "people = []\n")))
    assert any("wrong type" in one for one in findings(written(tmp_path, "people = 5\n")))


# ------------------------------------------------------------------ tables

COLUMNS = "id,name,department,manager,roles,telegram,title"


def test_a_table_says_the_same_as_toml(tmp_path: Path) -> None:
    rows = [
        "\ufeff" + COLUMNS,
        "wang.fang,王芳,customer-service,chen.jing,complaint-handler; complaint-desk,100001,专员",
        ",,,,,,",
        'chen.jing,"陈\n静",customer-service,,,,',
    ]
    path = written(tmp_path, "\n".join(rows), name="people.csv")
    file = read(path, departments=("customer-service",))
    wang, chen = file.people

    assert file.departments is None
    assert wang.roles == ("complaint-handler", "complaint-desk")
    assert wang.accounts == {"telegram": "100001"}
    assert (wang.manager, wang.title) == ("chen.jing", "专员")
    assert chen.roles == ()


@pytest.mark.parametrize("cell", ['"a,b"', "a;b", "a；b", "a、b", '"a， b"'])
def test_roles_in_a_cell_are_separated_as_people_do(tmp_path: Path, cell: str) -> None:
    path = written(tmp_path, f"id,name,department,roles\nx,X,sales,{cell}\n", name="people.csv")

    assert read_people(path, departments=["sales"]).people[0].roles == ("a", "b")


def test_a_table_from_a_chinese_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.CSV"
    path.write_bytes("id,name,department\r\nwang.fang,王芳,sales\r\n".encode("gb18030"))

    assert read(path, departments=("sales",)).people[0].name == "王芳"


def test_the_rows_of_a_table_are_judged_with_their_lines(tmp_path: Path) -> None:
    rows = [COLUMNS, 'a,"two\nlines",sales,,,,', "b,b,nowhere,nobody,,x,", "a,a,sales,,,,"]
    path = written(tmp_path, "\n".join(rows), name="people.csv")
    found = findings(path, departments=("sales",))

    assert found[0].startswith("4: people[b].department: there is no department with the id")
    assert found[1].startswith('4: people[b].manager: there is nobody with the id "nobody"')
    assert found[2].startswith("4: people[b].telegram: 'x' is not the number")
    assert found[3].startswith('5: people[a].id: "a" stands here a second time')


def test_the_columns_of_a_table_are_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, "id,nmae,id\n", name="people.csv")
    found = findings(path)

    assert any("nmae: there is no such column" in one for one in found)
    assert any("id: there is no such column, or it stands there twice" in one for one in found)
    assert any('the column "name" is missing' in one for one in found)
    assert any('the column "department" is missing' in one for one in found)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name,department\n", name="people.csv")

    assert findings(path, departments=("sales",)) == ["1: people: this must not be empty"]


def test_a_cell_too_many_is_a_finding(tmp_path: Path) -> None:
    rows = ["id,name,department", "a,Smith, John,sales", "b,b,sales,"]
    path = written(tmp_path, "\n".join(rows), name="people.csv")
    found = findings(path, departments=("sales",))

    assert any(one.startswith("2: people[a]: there are more cells than the 3") for one in found)
    assert not any("people[b]" in one for one in found)


def test_a_table_that_may_be_misread_is_shown_before_it_counts(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("id,name,department\nj,Jörg Müller,sales\n".encode("cp1252"))
    found = findings(path, departments=("sales",))

    assert any("read as windows-1252 it says: Jörg Müller" in one for one in found)
    file = read(path, departments=("sales",), encoding="windows-1252")
    assert file.people[0].name == "Jörg Müller"
    assert file.encoding == "windows-1252"


def test_a_table_with_an_open_quotation_mark_or_no_text_is_a_finding(tmp_path: Path) -> None:
    path = written(tmp_path, 'id,name,department\na,"Ann,sales\n', name="people.csv")
    assert any(one.startswith("2: ") and "quotation mark" in one for one in findings(path))

    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert any("it is not text" in one for one in findings(path))
    with pytest.raises(ConfigError, match="not text in the encoding utf-16"):
        read(path, encoding="utf-16")
