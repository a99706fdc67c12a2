"""A scenario says everything that is wrong with it at once, on its line."""

import pytest

from tests.unit.workflows import office
from workflows.errors import DefinitionError
from workflows.rehearsal.scenario_reading import read_scenario

HEAD = 'process = "complaint"\nname = { zh = "甲", en = "A" }\n'
FILE = '[[steps]]\nwho = "wu.min"\ndoes = "file"\n'


def read(text):
    return read_scenario(
        text,
        file="a.scenario.toml",
        definition=office.complaint().definition,
        directory=office.directory(),
    )


def wrong(text):
    with pytest.raises(DefinitionError) as error:
        read(text)
    assert all(f.file == "a.scenario.toml" and f.hint for f in error.value.findings)
    return [(f.line, f.where, f.problem) for f in error.value.findings]


def test_the_smallest_scenario_files_a_case():
    told = read(HEAD + FILE)

    assert told.scenario.steps[0].who == "wu.min"
    assert told.scenario.start == "2026-03-02 09:00"


def test_line_ends_of_other_machines_are_read():
    told = read("\ufeff" + (HEAD + FILE).replace("\n", "\r\n"))

    assert told.scenario.name.en == "A"


def test_what_is_not_toml_is_said_with_its_line():
    assert [line for line, _, _ in wrong(HEAD + "steps = [")] == [3]


def test_unknown_keys_and_words_are_all_said_at_once():
    found = wrong(
        HEAD
        + FILE
        + "exspect = []\n"
        + '[[steps]]\nat = "ten"\nwho = "li.na"\ndoes = "clame"\n'
        + '[[steps]]\npasses = "until tomorrow"\n'
        + '[[steps]]\npasses = "2"\n'
        + "[[steps]]\npasses = 2\n"
        + 'expect = [{ due = "2026-03-02 09:00+08:00", clock = "closing" }]\n'
    )

    assert found == [
        (6, "steps[0].exspect", '"exspect" is not known here'),
        (8, "steps[1].at", '"ten" does not fit here'),
        (10, "steps[1].does", '"clame" is not known here'),
        (12, "steps[2].passes", '"until tomorrow" does not fit here'),
        (14, "steps[3].passes", '"2" does not fit here'),
        (16, "steps[4].passes", "a text is expected, not 2"),
        (17, "steps[4].expect[0].due", '"2026-03-02 09:00+08:00" does not fit here'),
    ]


def test_times_are_texts():
    assert wrong(HEAD + "start = 5\n" + FILE) == [(3, "start", "a text is expected, not 5")]


def test_the_hint_knows_the_keys_of_the_place():
    with pytest.raises(DefinitionError) as error:
        read(HEAD + FILE + 'expect = [{ node = "triage", wit = "liu.yang" }]\n')

    assert [f.hint for f in error.value.findings] == ["Perhaps you mean with"]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('who = "li.na"', "this is no step"),
        ("expect = []", "this is no step"),
        ('passes = "2h"\nwho = "li.na"', "nobody does anything while time passes"),
        ('at = "+2"\nwho = "li.na"\ndoes = "ask"', '"+2" does not fit here'),
        ('passes = "2h"\nexpect = [{}]', "an expectation is about one thing"),
        (
            'passes = "2h"\nexpect = [{ status = "running", node = "triage" }]',
            "an expectation is about one thing",
        ),
        (
            'passes = "2h"\nexpect = [{ node = "triage", level = 2 }]',
            '"level" says nothing about "node"',
        ),
        (
            'passes = "2h"\nexpect = [{ status = "running", with = "li.na" }]',
            '"with" says nothing about "status"',
        ),
        ('passes = "2h"\nexpect = [{ clock = "closing" }]', "a clock alone says nothing"),
    ],
)
def test_a_step_or_expectation_that_says_nothing_clear_is_refused(step, problem):
    ((_, _, said),) = wrong(HEAD + FILE + "[[steps]]\n" + step + "\n")

    assert said == problem


def test_what_the_definition_and_the_people_do_not_know_is_all_said_at_once():
    found = wrong(
        HEAD.replace("complaint", "complaints")
        + FILE
        + 'fills = { chanel = "phone", channel = "fax" }\n'
        + '[[steps]]\nwho = "liu.jang"\ndoes = "claim"\nnode = "tirage"\nfills = { grade = "x" }\n'
        + '[[steps]]\nwho = "li.na"\ndoes = "record"\naction = "anserd"\n'
        + '[[steps]]\nwho = "li.na"\ndoes = "record"\n'
        + '[[steps]]\nwho = "li.na"\ndoes = "return"\nto = "tirage"\n'
        + '[[steps]]\nwho = "li.na"\ndoes = "transfer"\nto = "nobody"\n'
        + '[[steps]]\nwho = "li.na"\ndoes = "complete"\nfills = { gade = "urgent" }\n'
        + "expect = [\n"
        + '{ node = "resolv", with = ["li.na", "ma.chaos"] },\n'
        + '{ reminded = "li.na", clock = "first" },\n'
        + '{ lapsed = "zzz" },\n'
        + "]\n"
        + FILE
    )

    assert [(line, where) for line, where, _ in found] == [
        (1, "process"),
        (6, "steps[0].fills.chanel"),
        (6, "steps[0].fills.channel"),
        (8, "steps[1].who"),
        (10, "steps[1].node"),
        (11, "steps[1].fills.grade"),
        (15, "steps[2].action"),
        (16, "steps[3]"),
        (22, "steps[4].to"),
        (26, "steps[5].to"),
        (30, "steps[6].fills.gade"),
        (32, "steps[6].expect[0].node"),
        (32, "steps[6].expect[0].with"),
        (33, "steps[6].expect[1].clock"),
        (34, "steps[6].expect[2].lapsed"),
        (36, "steps[7]"),
    ]
    assert found[-1][2] == "a case is filed once, first of all"


def test_a_case_is_filed_first_of_all():
    found = wrong(HEAD + '[[steps]]\npasses = "2h"\n' + FILE)

    assert [where for _, where, _ in found] == ["steps[0]", "steps[1]"]


WANTED = '{ id = "wanted", type = "text", max = 500,'
BOSS = """{ id = "boss", type = "person", label = { zh = "主管", en = "Boss" } },
  { id = "tags", type = "choices", label = { zh = "签", en = "Tags" }, options = [
    { id = "a", zh = "甲", en = "A" },
  ] },
  """


def test_choices_and_people_in_forms_are_checked():
    process = office.variant((WANTED, BOSS + WANTED))
    text = HEAD + FILE + 'fills = { boss = "li.nana", tags = ["a", "b"] }\n'
    with pytest.raises(DefinitionError) as error:
        read_scenario(text, file="a", definition=process.definition, directory=office.directory())

    assert [f.problem for f in error.value.findings] == [
        'there is no person "li.nana"',
        'there is no option "b"',
    ]
