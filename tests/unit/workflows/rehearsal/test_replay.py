"""A scenario is replayed on the real engine; where it went another way is said with its line."""

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbooks.test_checking import checks
from tests.unit.workflows.playbooks.test_resting import resting
from tests.unit.workflows.playbooks.test_revoking import REVOCATION
from tests.unit.workflows.rehearsal.rehearsed import loaded, stage
from workflows.case.status import Status
from workflows.errors import DefinitionError
from workflows.rehearsal.replay import replay
from workflows.rehearsal.scenario_reading import read_scenario

HEAD = 'process = "complaint"\nname = { zh = "甲", en = "A" }\n'
FILE = '[[steps]]\nwho = "wu.min"\ndoes = "file"\n'
CLAIM = '[[steps]]\nat = "+10m"\nwho = "liu.yang"\ndoes = "claim"\n'
TRIAGE = '[[steps]]\nwho = "liu.yang"\ndoes = "complete"\nfills = { grade = "urgent" }\n'
ANSWER = '[[steps]]\nwho = "li.na"\ndoes = "record"\naction = "answered"\n'
SOLVE = '[[steps]]\nwho = "li.na"\ndoes = "complete"\n'


def played(*steps, process=None, head=HEAD):
    one = process or office.complaint()
    told = read_scenario(
        head + "".join(steps),
        file="a.scenario.toml",
        definition=one.definition,
        directory=office.directory(),
    )
    return replay(told, stage(one))


def step(who, does, **more):
    lines = "".join(f"{name} = {value}\n" for name, value in more.items())
    return f'[[steps]]\nwho = "{who}"\ndoes = "{does}"\n{lines}'


def passes(text, expect=""):
    return f'[[steps]]\npasses = "{text}"\n' + (f"expect = [{expect}]\n" if expect else "")


def test_what_is_expected_and_happens_is_good():
    done = played(
        FILE + 'expect = [{ told = "wu.min", about = "case" }, { status = "running" }]\n',
        CLAIM + 'expect = [{ node = "triage", with = "liu.yang" }]\n',
        TRIAGE + 'expect = [{ copied = "zhou.wei" }, { node = "resolve", with = "li.na" }]\n',
    )

    assert done.good
    assert (done.steps, done.of) == (3, 3)
    assert done.mismatches == ()


def test_what_a_form_requires_is_filled_and_what_the_step_fills_stays():
    values = played(FILE, CLAIM, TRIAGE).play.values

    assert values["grade"] == "urgent"
    assert values["category"] == "product"
    assert values["customer"] == "…"
    assert "wanted" not in values


def test_what_happened_instead_is_said_in_the_words_of_a_scenario():
    done = played(
        FILE + 'expect = [{ node = "triage", with = "liu.yang" }, { copied = "li.na" }]\n'
    )

    assert [(m.code, m.line, m.where, m.wanted, m.instead) for m in done.mismatches] == [
        (
            "missing",
            6,
            "steps[0].expect[0]",
            '{ node = "triage", with = "liu.yang" }',
            ('{ node = "triage", with = ["liu.yang", "sun.qi"] }',),
        ),
        (
            "missing",
            6,
            "steps[0].expect[1]",
            '{ copied = "li.na" }',
            (
                '{ node = "triage", with = ["liu.yang", "sun.qi"] }',
                '{ told = "wu.min", about = "case" }',
                '{ told = "liu.yang", about = "task" }',
                '{ told = "sun.qi", about = "task" }',
            ),
        ),
    ]
    assert done.steps == 1


def test_a_step_that_is_turned_down_ends_the_story():
    done = played(FILE, CLAIM.replace("liu.yang", "li.na"), TRIAGE)

    (mismatch,) = done.mismatches
    assert (mismatch.code, mismatch.line, mismatch.where) == ("refused", 6, "steps[1]")
    assert mismatch.instead == ('{ refused = "not_your_task" }',)
    assert mismatch.at == office.moment("2026-03-02 09:10")
    assert (done.steps, done.of) == (1, 3)


def test_a_refusal_may_be_expected():
    claim = CLAIM.replace("liu.yang", "li.na")
    good = played(FILE, claim + 'expect = [{ refused = "not_your_task" }]\n', CLAIM)
    bad = played(FILE, claim + 'expect = [{ refused = "claim_first" }]\n')

    assert good.good
    assert [m.instead for m in bad.mismatches] == [('{ refused = "not_your_task" }',)]


def test_an_expected_refusal_that_does_not_come_is_a_mismatch():
    done = played(FILE, CLAIM + 'expect = [{ refused = "not_your_task" }]\n')

    assert [m.code for m in done.mismatches] == ["missing"]
    assert done.mismatches[0].instead == ()


def test_time_passes_by_the_wall_in_working_time_and_until_a_moment():
    for text, at in [
        ("2h", "2026-03-02 11:00"),
        ("1wd", "2026-03-03 18:00"),
        ("until 2026-03-04 12:30", "2026-03-04 12:30"),
    ]:
        assert played(FILE, passes(text)).play.now == office.moment(at)


def test_timers_fire_on_the_way():
    done = played(
        FILE,
        passes("4h", '{ reminded = ["liu.yang", "sun.qi"], clock = "triage" }'),
        step("liu.yang", "claim", at='"2026-03-03 10:30"', expect='[{ escalated = "wang.fang" }]'),
    )

    assert done.good


def test_escalations_have_levels_and_clocks():
    level = '{ escalated = "wang.fang", level = 1, clock = "triage" }'

    assert played(FILE, passes("until escalation", level)).good
    wrong = played(FILE, passes("until escalation", level.replace("1", "2")))
    assert wrong.mismatches[0].instead == (
        '{ escalated = "wang.fang", level = 1, clock = "triage" }',
    )


def test_a_time_that_is_over_ends_the_story():
    past = played(FILE, passes("until 2026-03-01 09:00"))
    late = played(FILE, passes("2h"), step("liu.yang", "claim", at='"2026-03-02 10:00"'))

    assert [m.code for m in (*past.mismatches, *late.mismatches)] == ["past", "past"]


def test_waiting_for_what_never_comes_ends_the_story():
    done = played(FILE, passes("until lapse"), CLAIM)

    (mismatch,) = done.mismatches
    assert (mismatch.code, mismatch.where, done.steps) == ("never", "steps[1]", 1)
    assert len(mismatch.instead) == 10  # enough to see what went on


def test_until_silence_everything_fires():
    done = played(FILE, passes("until silence", '{ escalated = "wang.fang", clock = "closing" }'))

    assert done.good
    assert list(done.play.running.timers()) == []


def test_a_question_is_asked_answered_and_may_lapse():
    done = played(
        FILE,
        CLAIM,
        step("liu.yang", "ask", expect='[{ told = "wu.min", about = "question" }]'),
        passes("until reminder", '{ reminded = "wu.min", clock = "pause" }'),
        step("wu.min", "answer"),
        step("liu.yang", "ask"),
        passes("until lapse", '{ lapsed = "triage" }'),
    )

    assert done.good, done.mismatches


@pytest.mark.parametrize("word", ["return", "send_back"])
def test_everything_else_that_people_do(word):
    done = played(
        FILE,
        step("wu.min", "comment", expect='[{ told = "liu.yang", about = "comment" }]'),
        CLAIM,
        TRIAGE,
        step("wu.min", "urge"),
        step("li.na", "report_problem", expect='[{ told = "wang.fang", about = "problem" }]'),
        step("wang.fang", "watch"),
        step("li.na", "comment", expect='[{ told = "wang.fang", about = "comment" }]'),
        *(step("wang.fang", "unwatch", expect=x) for x in ("[]", '[{ refused = "not_watching" }]')),
        step("wu.min", "copy_in", to='["gao.yu"]', expect='[{ copied = "gao.yu" }]'),
        step(
            "li.na", "transfer", to='"ma.chao"', expect='[{ node = "resolve", with = "ma.chao" }]'
        ),
        step("ma.chao", word, to='"triage"', expect='[{ node = "triage", with = "liu.yang" }]'),
        passes("until escalation"),
        step("wang.fang", "take_over"),
        step("wang.fang", "complete", node='"triage"', fills='{ grade = "normal" }'),
        step("li.na", "record", action='"answered"'),
        step("li.na", "complete"),
        step("wu.min", "approve"),
        step("liu.yang", "claim"),
        step("liu.yang", "complete", expect='[{ status = "completed" }]'),
        step("wu.min", "score", score=4, expect='[{ node = "closed" }]'),
    )

    assert done.good, done.mismatches
    assert done.play.running.survey.score == 4


def test_signers_are_added_and_removed_and_advice_is_given():
    back = '[nodes.outcomes.return]\nlabel = { zh = "客户不满意"'
    rejectable = office.variant((back, f'[nodes.outcomes.reject]\nto = "archive"\n\n{back}'))
    done = played(
        *(FILE, CLAIM, TRIAGE, ANSWER, SOLVE),
        step(
            "wu.min",
            "delegate",
            to='"zheng.hao"',
            expect='[{ node = "confirm", with = "zheng.hao" }]',
        ),
        step("zheng.hao", "advise"),
        step(
            "wu.min",
            "add_before",
            to='"feng.lei"',
            expect='[{ node = "confirm", with = "feng.lei" }]',
        ),
        step(
            "wu.min",
            "remove_signer",
            to='"feng.lei"',
            expect='[{ node = "confirm", with = "wu.min" }]',
        ),
        step("wu.min", "add_before", to='"feng.lei"'),
        step("feng.lei", "approve"),
        step("wu.min", "add_after", to='"xu.ke"'),
        step("wu.min", "add_beside", to='"zheng.hao"'),
        step("zheng.hao", "approve"),
        step("wu.min", "approve", expect='[{ node = "confirm", with = "xu.ke" }]'),
        step("xu.ke", "approve", expect='[{ node = "archive" }]'),
        process=rejectable,
    )

    assert done.good, done.mismatches


def test_a_branch_of_a_case_at_rest_is_begun():
    done = played(
        step("feng.lei", "file", fills='{ what = "a" }'),
        step("li.na", "complete"),
        step("wang.fang", "begin", action='"part"', expect='[{ node = "end" }]'),
        process=resting(),
        head=HEAD.replace("complaint", "contract"),
    )

    assert done.good, done.mismatches


def test_a_case_is_withdrawn():
    done = played(FILE, step("wu.min", "withdraw", expect='[{ status = "withdrawn" }]'))

    assert done.good
    assert done.play.running.status is Status.WITHDRAWN


def test_a_completed_case_is_revoked():
    revocable = office.variant(("\n[survey]\n", REVOCATION))
    ending = [CLAIM, TRIAGE, ANSWER, SOLVE, step("wu.min", "approve")]
    ending += [step("liu.yang", "claim"), step("liu.yang", "complete")]
    opened = step("wu.min", "revoke", expect='[{ node = "revocation", with = "wang.fang" }]')

    assert played(FILE, *ending, opened, process=revocable).good


def test_a_decision_is_taken_back():
    back = step(
        "liu.yang", "take_back", node='"triage"', expect='[{ node = "triage", with = "liu.yang" }]'
    )

    assert played(FILE, CLAIM, TRIAGE, back).good


def test_a_step_may_name_a_task_that_was_never_opened():
    done = played(FILE, step("li.na", "claim", node='"archive"'))

    assert done.mismatches[0].instead == ('{ refused = "task_unknown" }',)


def test_case_clocks_are_seen_by_their_due_time():
    good = '[{ clock = "first_response", due = "2026-03-03 09:00" }]'
    bad = '[{ clock = "first_response", due = "2026-03-03 10:00" }]'

    assert played(FILE + f"expect = {good}\n").good
    assert played(FILE + f"expect = {bad}\n").mismatches[0].instead == (
        '{ clock = "first_response", due = "2026-03-03 09:00" }',
        '{ clock = "closing", due = "2026-03-09 09:00" }',
        '{ clock = "triage", due = "2026-03-02 13:00" }',
    )


def test_a_story_may_begin_at_any_moment():
    done = played(FILE, head=HEAD + 'start = "2026-09-30 17:00"\n')

    assert done.play.now == office.moment("2026-09-30 17:00")


WANTED = '{ id = "wanted", type = "text", max = 500,'
BOSS = """{ id = "boss", type = "person", required = true, label = { zh = "主", en = "B" } },
  { id = "day", type = "date", label = { zh = "日", en = "Day" } },
  """


def test_people_and_dates_in_forms_are_as_the_forms_keep_them():
    process = office.variant((WANTED, BOSS + WANTED))
    given = played(FILE + 'fills = { boss = "li.na", day = 2026-05-01 }\n', process=process)
    plain = played(FILE, process=process)

    assert given.play.values["boss"] == key("li.na")
    assert given.play.values["day"] == "2026-05-01"
    assert plain.play.values["boss"] == key("wu.min")


FOR_IT = ('withdraw_until = "', 'started_by = "members(it)"\nwithdraw_until = "')


def test_a_story_of_one_step_may_be_that_nothing_can_be_filed():
    refused = 'expect = [{ refused = "may_not_start" }]\n'

    assert played(FILE + refused, process=office.variant(FOR_IT)).good
    wrong = played(FILE + 'expect = [{ status = "running" }]\n', process=office.variant(FOR_IT))
    assert [m.instead for m in wrong.mismatches] == [('{ refused = "may_not_start" }',)]


def test_without_a_case_there_is_nothing_to_stand_anywhere():
    both = 'expect = [{ refused = "may_not_start" }, { status = "running" }]\n'
    done = played(FILE + both, process=office.variant(FOR_IT))

    assert [m.wanted for m in done.mismatches] == ['{ status = "running" }']


def test_firings_of_one_step_are_bounded(monkeypatch):
    monkeypatch.setattr("workflows.rehearsal.replay.MOST_FIRINGS", 3)

    assert len(dict(played(FILE, passes("30d")).play.running.timers())) == 3
    assert played(FILE, passes("until lapse")).mismatches[0].code == "never"


def test_a_story_whose_case_was_not_filed_cannot_go_on():
    refused = 'expect = [{ refused = "may_not_start" }]\n'
    done = played(FILE + refused, passes("2h"), process=office.variant(FOR_IT))

    assert [m.code for m in done.mismatches] == ["refused"]
    assert done.steps == 0


def test_a_story_of_a_process_that_cannot_go_on_says_so():
    head = HEAD.replace("complaint", "sample")
    done = played(FILE, step("liu.yang", "complete"), process=loaded("gateway_circle"), head=head)

    assert [(m.code, m.where) for m in done.mismatches] == [("broken", "steps[1]")]


def test_certificates_are_checked_one_by_one():
    process = checks()
    given = 'fills = { license = ["a"], iso9001 = ["b"], iso9001_expires = 2027-06-30 }'
    head = HEAD.replace('"complaint"', '"checks"')
    done = played(
        FILE + given + "\n",
        CLAIM,
        step("liu.yang", "return_subjects", to='"iso9001"'),
        step("liu.yang", "approve_subjects", expect='[{ node = "amend", with = "wu.min" }]'),
        step(
            "wu.min",
            "complete",
            fills='{ license = ["a"], iso9001 = ["c"], iso9001_expires = 2027-06-30 }',
        ),
        step("liu.yang", "reject_subjects", node='"check"', to='["iso9001"]'),
        process=process,
        head=head,
    )

    assert done.good, done.mismatches
    assert done.play.running.status is Status.REJECTED


def test_only_certificates_of_the_check_are_named():
    with pytest.raises(DefinitionError, match='there is no certificate "passport"'):
        played(
            FILE,
            step("liu.yang", "return_subjects", node='"check"', to='"passport"'),
            process=checks(),
            head=HEAD.replace('"complaint"', '"checks"'),
        )
