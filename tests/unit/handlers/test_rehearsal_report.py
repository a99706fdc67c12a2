"""A rehearsal is told in both languages, whatever it found."""

from zoneinfo import ZoneInfo

import pytest

from handlers.i18n import translator
from handlers.rehearsal_items import ItemWords
from handlers.rehearsal_report import MOST_NAMES, Wording
from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbooks.test_resting_certificates import expiring
from tests.unit.workflows.rehearsal.rehearsed import FOLDER, loaded, rehearsed
from workflows.case.action_type import Untried
from workflows.rehearsal.items import KINDS, items
from workflows.rehearsal.moves import ACTION_OF, WAIT

TRIED = {
    word
    for word, action in ACTION_OF.items()
    if word == "file" or not isinstance(action.rehearsal, Untried)
}
BROKEN = sorted(path.stem for path in FOLDER.glob("*.toml"))


def wording(process, language):
    return Wording(
        words=translator(language),
        definition=process.definition,
        directory=office.directory(),
        zone=ZoneInfo("Asia/Shanghai"),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", BROKEN)
def test_every_finding_has_its_words(name, language):
    process = loaded(name)
    report = rehearsed(process)
    says = wording(process, language)
    lines = [*says.report(report)]
    facts = says.report_facts(report)

    assert len(facts["findings"]) == len(report.findings)
    for one in facts["findings"]:
        assert any(one["problem"] in line for line in lines)
        assert any(one["hint"] in line for line in lines)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_thing_and_every_step_has_its_words(language):
    words = translator(language)

    assert all(words.has(f"rehearse.kind.{kind}") for kind in KINDS)
    assert all(words.has(f"rehearse.step.{does}") for does in {*TRIED, WAIT})


def test_beyond_its_bound_a_report_says_so():
    process = office.complaint()
    lines = [*wording(process, "en").report(rehearsed(process, most=30))]

    assert "It is too large: not everything was tried" in lines
    assert any(line.startswith("    not reached: ") for line in lines)


def test_of_many_people_only_some_are_named():
    people = [key(person.id) for person in office.directory().people.values()]
    said = wording(office.complaint(), "en").names(people)

    assert said.endswith(f" and {len(people) - MOST_NAMES} more")


def test_a_script_says_who_does_what_and_what_they_fill():
    process = loaded("unfilled")
    lines = [*wording(process, "en").report(rehearsed(process))]

    assert "    2026-03-02 09:00  chen.jing files the case (wish = 2026-02-28)" in lines


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "“更新证书”开始之前：提醒：到期前 60 天"),
        ("en", "Reminder 60 days before it is due, before “Renew” is begun"),
    ],
)
def test_a_notice_before_a_start_says_before_what(language, text):
    process = expiring()
    says = ItemWords(says=wording(process, language))
    notices = [one for one in items(process.definition) if one.name.startswith("out ")]

    assert len(notices) == 3
    assert says.item(notices[0]) == text


@pytest.mark.parametrize(
    ("language", "people"), [("zh", "流程负责人"), ("en", "the process owner")]
)
def test_whom_a_finding_names_is_said_in_words(language, people):
    process = loaded("idle_rung")
    (found,) = (one for one in rehearsed(process).findings if one.code == "idle_rung")
    said = wording(process, language).finding_facts(found)

    assert people in said["problem"]
    assert said["facts"]["people"] == "owner"
