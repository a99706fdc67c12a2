"""`closeloop rehearse`, and the check before publishing; L3.2."""

from pathlib import Path

from tests.command import closeloop, inside

MANAGER = """
[forms.request]
name = { zh = "申请", en = "Request" }
fields = [{ id = "what", type = "text", required = true, label = { zh = "事", en = "What" } }]

[ladders.step]
rungs = [{ at = "due", escalate = "owner" }]

[[nodes]]
id = "approve"
kind = "approval"
name = { zh = "主管审批", en = "Approve" }
assignee = "manager(filer)"
due = "1wd"
ladder = "step"
outcomes = { approve = { to = "done" } }

[[nodes]]
id = "done"
kind = "end"
name = { zh = "完成", en = "Done" }
"""
HEAD = """
key = "leave"
name = { zh = "请假", en = "Leave" }
purpose = { zh = "请假", en = "Leave" }
departments = ["sales"]
owner = "role:complaint-manager"
command = "time-off"
case_prefix = "LV"
start_form = "request"
start = "approve"
"""


def write(deployment: Path, text: str = HEAD + MANAGER) -> Path:
    path = deployment / "processes" / "leave.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_process_is_seen_whole_and_good(deployment):
    done = closeloop("rehearse", "complaint", cwd=deployment)

    assert done.code == 0, done.out
    assert "  7/7  nodes\n" in done.out
    assert "  43/43  reminders and escalations\n" in done.out
    assert done.out.endswith("No findings.\n")
    assert "not reached" not in done.out
    assert done.err == ""


def test_it_speaks_chinese(deployment):
    done = closeloop("rehearse", "complaint", cwd=deployment, language="zh")

    assert done.code == 0
    assert "彩排：客户投诉处理流程（complaint），从 2026-03-02 09:00 开始" in done.out
    assert done.out.endswith("没有发现问题。\n")


def test_programs_read_it_as_json(deployment):
    done = closeloop("rehearse", "complaint", "--json", cwd=deployment)
    report = done.json

    assert done.code == 0
    assert report["complete"]
    assert report["findings"] == []
    assert report["coverage"]["outcome"] == {"covered": 6, "all": 6, "missing": []}
    assert sum(len(group["people"]) for group in report["groups"]) == 21


def test_findings_are_told_with_their_line_and_script_and_end_in_1(deployment):
    write(deployment)
    done = inside("rehearse", "processes/leave.toml")

    assert done.code == 1
    assert "processes/leave.toml:23: nodes.approve.assignee:" in done.out
    assert "nobody is found for “Approve”, so it goes to Chen Jing" in done.out
    assert "this concerns 1 person: Lin Wei" in done.out
    assert "2026-03-02 09:00  Lin Wei files the case\n" in done.out
    assert done.out.endswith("1 finding.\n")


def test_findings_are_data_too(deployment):
    write(deployment)
    done = inside("rehearse", "leave", "--json")
    (finding,) = done.json["findings"]

    assert done.code == 1
    assert (finding["kind"], finding["where"]) == ("nobody", "nodes.approve.assignee")
    assert finding["people"] == ["lin.wei"]
    assert finding["to"] == ["chen.jing"]
    assert finding["script"] == [
        {
            "at": "2026-03-02T01:00:00+00:00",
            "who": "lin.wei",
            "does": "file",
            "fills": {"what": "…"},
        }
    ]


def test_a_draft_is_rehearsed_with_the_people_of_the_draft_before_anything_is_in_force(deployment):
    (deployment / "closeloop.db").unlink()
    done = inside("rehearse", "complaint")

    assert done.code == 0, done.err


def test_a_rehearsal_may_begin_at_any_time(deployment):
    done = inside("rehearse", "complaint", "--start", "2026-09-30 17:30")

    assert done.code == 0, done.out
    assert "beginning 2026-09-30 17:30" in done.out
    assert inside("rehearse", "complaint", "--start", "tomorrow").code == 2


def test_the_shipped_scenario_goes_as_told(deployment):
    """P1, L3.2: a complaint that nobody answers, from filing to the survey."""
    scenario = "processes/complaint.scenario.toml"
    done = closeloop("rehearse", "complaint", "--scenario", scenario, cwd=deployment)

    assert done.code == 0, done.out
    assert done.out == (
        "The scenario “A complaint that nobody answers” went as told: 21 of 21 steps.\n"
    )
    as_json = inside("rehearse", "complaint", "--scenario", scenario, "--json")
    assert as_json.json["good"] is True


def test_a_scenario_that_goes_another_way_says_where_and_ends_in_1(deployment):
    path = deployment / "processes" / "complaint.scenario.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('with = "li.qiang"', 'with = "wang.fang"'), encoding="utf-8")
    done = inside("rehearse", "complaint", "--scenario", str(path))

    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == (
        "processes/complaint.scenario.toml:31: steps[2].expect[0]: 2026-03-02 09:20:"
        ' this was expected: { node = "resolve", with = "wang.fang" }'
    )
    assert lines[1] == '  instead: { node = "resolve", with = "li.qiang" }'
    assert lines[-1].endswith("took another path in 1 place: 21 of 21 steps.")


def test_what_follows_from_a_silent_step_may_be_nothing(deployment):
    path = deployment / "nothing.toml"
    path.write_text(
        'process = "complaint"\nname = { zh = "空", en = "Nothing" }\n'
        '[[steps]]\nwho = "wang.fang"\ndoes = "file"\n'
        '[[steps]]\npasses = "10m"\nexpect = [{ escalated = "chen.jing" }]\n',
        encoding="utf-8",
    )
    done = inside("rehearse", "complaint", "--scenario", "nothing.toml")

    assert done.code == 1
    assert "  instead: nothing happened\n" in done.out


def test_a_scenario_with_mistakes_says_all_of_them_and_ends_in_1(deployment):
    path = deployment / "bad.toml"
    path.write_text(
        'process = "complaint"\nname = { zh = "错", en = "Bad" }\n'
        '[[steps]]\nwho = "wang.fan"\ndoes = "file"\n'
        '[[steps]]\nwho = "nobody"\ndoes = "claim"\n',
        encoding="utf-8",
    )
    done = inside("rehearse", "complaint", "--scenario", "bad.toml")

    assert done.code == 1
    assert 'bad.toml:4: steps[0].who: there is no person "wang.fan"' in done.err
    assert "bad.toml:7: steps[1].who" in done.err


def test_what_is_not_there_ends_as_everywhere(deployment):
    assert inside("rehearse", "nothing").code == 1
    assert inside("rehearse", "nothing.toml").code == 2
    assert inside("rehearse", "complaint", "--scenario", "nothing.toml").code == 2
    assert inside("rehearse").code == 2


def test_scenarios_beside_definitions_are_no_definitions(deployment):
    assert (deployment / "processes" / "complaint.scenario.toml").exists()
    assert inside("check").code == 0


# ------------------------------------------------------------------ before publishing


def test_work_that_finds_nobody_is_published_only_when_accepted(deployment):
    path = str(write(deployment).relative_to(deployment))
    refused = closeloop("process", "publish", path, cwd=deployment)

    assert refused.code == 1
    assert "this concerns 1 person: Lin Wei" in refused.err
    assert "--accept" in refused.err
    assert inside("process", "show", "leave").code == 1
    accepted = inside("process", "publish", path, "--accept")
    assert accepted.code == 0, accepted.err
    assert "this concerns 1 person: Lin Wei" in accepted.err
    assert inside("process", "show", "leave").code == 0


def test_approving_ones_own_case_is_told_and_published(deployment):
    text = (HEAD + MANAGER).replace("manager(filer)", "role:complaint-manager")
    path = str(write(deployment, text).relative_to(deployment))
    done = inside("process", "publish", path)

    assert done.code == 0, done.err
    assert "“Approve” would be decided by whoever filed the case, so it goes to" in done.err
