"""A small change case: a draft is made, signed, and released by a second person."""

from __future__ import annotations

from handlers.intents import Submitted
from tests.office import Workplace
from tests.person import Colleague
from tests.stories.test_other_cases import publish

CASE = "PC-2026-0001"
PROCESS = """key = "process-change"
name = { zh = "流程变更", en = "Process change" }
purpose = { zh = "修改流程", en = "Change processes" }
departments = ["customer-service"]
owner = "person:chen.jing"
command = "process-change"
case_prefix = "PC"
start_form = "change"
start = "draft"

[forms.change]
name = { zh = "变更", en = "Change" }
fields = [
  { id = "process", type = "text", required = true, label = { zh = "流程", en = "Process" } },
]

[forms.draft]
name = { zh = "草稿", en = "Draft" }
fields = [
  { id = "draft", type = "files", required = true, label = { zh = "草稿", en = "Draft" } },
]

[forms.note]
name = { zh = "意见", en = "Note" }
fields = [
  { id = "note", type = "long_text", main = true, label = { zh = "意见", en = "Note" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "draft"
kind = "task"
name = { zh = "起草", en = "Draft" }
assignee = "filer"
form = "draft"
due = "5wd"
ladder = "step"
next = "sign"

[[nodes]]
id = "sign"
kind = "approval"
name = { zh = "签核", en = "Sign off" }
assignee = "person:emma.clark"
form = "note"
material = ["draft"]
due = "5wd"
ladder = "step"

[nodes.outcomes.approve]
to = "second"

[nodes.outcomes.return]
to = "draft"
at_most = 3
then = "done"

[[nodes]]
id = "second"
kind = "approval"
name = { zh = "复核", en = "Second signature" }
assignee = "person:zhao.lei"
form = "note"
material = ["draft"]
due = "5wd"
ladder = "step"

[nodes.outcomes.approve]
to = "release"

[nodes.outcomes.return]
to = "draft"
at_most = 3
then = "done"

[[nodes]]
id = "release"
kind = "task"
name = { zh = "发布", en = "Release" }
assignee = "filer"
due = "5wd"
ladder = "step"
next = "done"

[[nodes]]
id = "done"
kind = "end"
name = { zh = "结束", en = "Done" }
"""


async def filed(work: Workplace, *, filer: str = "chen.jing") -> Submitted:
    """The process is in force, and this files a case of it."""
    await publish(work, PROCESS, "process-change")
    return Submitted(
        person=await work.person(filer).key(),
        via="playground",
        key="filed",
        token="start|||process-change",
        values={"process": "complaint"},
    )


async def planned(work: Workplace, *, filer: str = "chen.jing") -> Colleague:
    """The complaint process is to be changed; the first step is the draft."""
    await publish(work, PROCESS, "process-change")
    person = work.person(filer)
    await person.says("/process-change")
    await person.fills(process="complaint")
    return person
