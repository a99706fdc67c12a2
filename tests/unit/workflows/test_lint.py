"""Every kind of finding, on the line that causes it, with what to do; and none on what is good.

The definitions beside this file carry their findings as comments, ``#! where | problem``, on the
line that the finding names (``#!-`` where no line can be named). Most files have several, so they
also prove that everything wrong is said at once.
"""

from __future__ import annotations

import copy
import re
import tomllib
from pathlib import Path

import pytest

from workflows.directory import Department, Directory, Person
from workflows.errors import Finding
from workflows.lint import against_directory, check, lint, warnings
from workflows.loading import load_definition
from workflows.model.definition import Definition

HERE = Path(__file__).parent / "definitions"
BROKEN = sorted(path for path in HERE.glob("*.toml") if path.name != "good.toml")
PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("*.toml") if path.suffixes == [".toml"])

DIRECTORY = Directory(
    people={
        "p1": Person(key="p1", id="li.na", name="李娜", department="quality", roles=("buyer",)),
        "p2": Person(key="p2", id="old", name="老王", active=False, roles=("chief",)),
    },
    departments={
        "sales": Department(id="sales", name_zh="销售部", name_en="Sales", head="p2"),
        "quality": Department(id="quality", name_zh="质量部", name_en="Quality", head="p1"),
    },
)


def marks(text):
    """(line, where, problem) of every mark in a definition."""
    for number, line in enumerate(text.splitlines(), start=1):
        for mark in re.split(r"(?=#!)", line)[1:]:
            found = re.fullmatch(r"#!(-?) ?(.*?) ?\| (.*?) *", mark)
            assert found is not None, line
            yield (None if found[1] else number), found[2], found[3]


def said(findings):
    return sorted(((f.line, f.where, f.problem) for f in findings), key=str)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_everything_wrong_is_found_at_once_on_its_line(path):
    text = path.read_text(encoding="utf-8")
    directory = DIRECTORY if path.stem == "directory" else None
    findings = check(text, file=path.name, directory=directory)
    assert said(findings) == sorted(marks(text), key=str)
    assert all(finding.file == path.name and finding.hint for finding in findings)
    assert [f.line or 0 for f in findings] == sorted(f.line or 0 for f in findings)


@pytest.mark.parametrize("path", [HERE / "good.toml", *SHIPPED], ids=lambda path: path.stem)
def test_nothing_is_found_where_nothing_is_wrong(path):
    """P1, P2, P3, L3.2: what is shipped has no wrong jumps, dead ends or unowned steps."""
    assert check(path.read_text(encoding="utf-8"), file=path.name) == ()


GOOD = tomllib.loads((HERE / "good.toml").read_text(encoding="utf-8"))


def test_a_condition_over_a_certificate_is_told_to_read_its_expiry():
    path = HERE / "certificates.toml"
    findings = check(path.read_text(encoding="utf-8"), file=path.name)

    (found,) = (one for one in findings if one.where == "nodes.long.routes[0].when")
    assert str(found.hint).endswith("the day on which it expires: license_expires")


def test_a_definition_without_a_file_is_linted_too():
    tree = copy.deepcopy(GOOD)
    tree["nodes"][3]["next"] = "dome"
    assert lint(Definition.model_validate(tree)) == (
        Finding(
            file="",
            where="nodes.buy.next",
            problem='there is no node "dome"',
            hint="Perhaps you mean done",
        ),
    )


def test_a_loaded_definition_brings_file_and_lines():
    text = (
        (HERE / "good.toml")
        .read_text(encoding="utf-8")
        .replace('baseline = "10d"', 'baseline = "?"')
    )
    loaded = load_definition(text, file="order.toml")
    (finding,) = lint(loaded.definition, source=loaded.source)
    assert (finding.file, finding.line, finding.where) == ("order.toml", 18, "targets[0].baseline")


def test_the_directory_is_asked_for_everybody_who_is_named():
    loaded = load_definition((HERE / "good.toml").read_text(encoding="utf-8"), file="order.toml")
    findings = against_directory(loaded.definition, DIRECTORY, source=loaded.source)
    assert [(f.where, f.problem, f.hint) for f in findings] == [
        (
            "owner",
            'nobody has the role "chief"',
            "The roles are buyer; closeloop people list shows who has them",
        ),
        (
            "nodes.sort.routes[1].set.buyer",
            'nobody has the role "buyer" in "sales"',
            "Give somebody the role in the people file",
        ),
        (
            "nodes.decide.cc[0].to",
            'the department "sales" has no head at work',
            "Name its head in the people file",
        ),
        (
            "nodes.decide.cc[1].to",
            'there is no person "wang.fang"',
            "closeloop people list shows everybody with their ids",
        ),
    ]
    assert against_directory(loaded.definition, DIRECTORY)[0].line is None


KNOWN_ROLES = "The roles are hr, quality-manager; closeloop people list shows who has them"
STAFF = Directory(
    people={
        "p1": Person(key="p1", id="li.na", name="李娜", name_en="Na Li", roles=("hr",)),
        "p2": Person(key="p2", id="lin.wei", name="林薇", roles=("quality-manager",)),
    },
    departments={
        "sales": Department(id="sales", name_zh="销售部", name_en="Sales"),
        "quality": Department(id="quality", name_zh="质量部", name_en="Quality"),
    },
)


@pytest.mark.parametrize(
    ("owner", "hint"),
    [
        ("role:general-manager", KNOWN_ROLES),
        ("role:gm", KNOWN_ROLES),
        ("role:总经理", KNOWN_ROLES),
        ("role:qualty-manager", f"Perhaps you mean quality-manager. {KNOWN_ROLES}"),
        ("role:hr@sales", "Give somebody the role in the people file"),
        ("members(shop)", "The departments are quality, sales"),
        ("members(销售部)", "Perhaps you mean sales. The departments are quality, sales"),
        (
            "person:李娜",
            "Perhaps you mean li.na. closeloop people list shows everybody with their ids",
        ),
        (
            "person:linwei",
            "Perhaps you mean lin.wei. closeloop people list shows everybody with their ids",
        ),
    ],
)
def test_who_there_is_is_said_where_somebody_unknown_is_named(owner, hint):
    tree = copy.deepcopy(GOOD) | {"owner": owner}
    definition = Definition.model_validate(tree)
    found = [one.hint for one in against_directory(definition, STAFF) if one.where == "owner"]
    assert found == [hint]


def test_a_directory_without_roles_or_departments_asks_for_them():
    nobody = Directory(people={}, departments={})
    found = against_directory(Definition.model_validate(GOOD), nobody)
    hints = {one.problem.split()[0]: one.hint for one in found}
    assert hints["nobody"] == "Give somebody the role in the people file"
    definition = Definition.model_validate(copy.deepcopy(GOOD) | {"owner": "members(shop)"})
    assert against_directory(definition, nobody)[0].hint == "Add it to the people file"


def test_of_many_departments_some_are_listed():
    many = {f"d{n:03}": Department(id=f"d{n:03}", name_zh="部", name_en="D") for n in range(31)}
    definition = Definition.model_validate(copy.deepcopy(GOOD) | {"owner": "members(shop)"})
    hint = against_directory(definition, Directory(people={}, departments=many))[0].hint
    assert hint.endswith("d028, d029, …")


def test_what_cannot_be_read_is_left_to_the_reader():
    """A text that cannot be parsed is one finding, not also an unknown role."""
    tree = copy.deepcopy(GOOD)
    tree["nodes"][3]["candidates"] = "roll:juggler"
    tree["nodes"][1]["cc"] = []
    tree["nodes"][2]["routes"][0]["when"] = "nothing"
    definition = Definition.model_validate(tree)
    assert len(lint(definition)) == 2
    everybody = Directory(
        people={
            "p": Person(key="p", id="p", name="P", roles=("chief", "buyer"), department="sales")
        },
        departments={"sales": DIRECTORY.departments["sales"]},
    )
    assert against_directory(definition, everybody) == ()


def with_roles(*names):
    """The good definition with a table of names of roles."""
    text = (HERE / "good.toml").read_text(encoding="utf-8")
    return text.replace("\n[", "\n".join(("", "[roles]", *names, "", "[")), 1)


@pytest.mark.parametrize(
    ("role", "hint"),
    [
        ("cheif", "Perhaps you mean chief"),
        ("desk", "Take the name away, or write role:desk"),
    ],
)
def test_the_name_of_a_role_that_nobody_has_is_a_warning_and_prevents_nothing(role, hint):
    text = with_roles(
        'buyer = { zh = "采购员", en = "Buyer" }', f'{role} = {{ zh = "人", en = "X" }}'
    )
    assert check(text, file="order.toml") == ()

    loaded = load_definition(text, file="order.toml")
    (found,) = warnings(loaded.definition, source=loaded.source)
    line = text.splitlines().index(f'{role} = {{ zh = "人", en = "X" }}') + 1
    assert (found.file, found.line, found.where) == ("order.toml", line, f"roles.{role}")
    assert found.problem == f'no people expression has the role "{role}"'
    assert found.hint == hint


def test_the_name_of_a_role_is_in_both_languages_and_under_a_key():
    text = with_roles('buyer = { zh = "采购员" }', '"Big Boss" = { zh = "老板", en = "Boss" }')
    found = {one.where: (one.problem, one.hint) for one in check(text, file="order.toml")}
    assert found == {
        "roles.buyer.en": (
            '"en" is missing',
            "Every text stands here in both languages, zh and en",
        ),
        'roles."Big Boss"': (
            '"Big Boss" cannot stand here',
            "Use small letters, digits, - and _, beginning with a letter",
        ),
    }
