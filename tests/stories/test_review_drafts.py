"""The draft behind a proposal of a review: whoever designs the change finds it (L5.4)."""

from __future__ import annotations

import tomllib

import pytest
from msgspec import structs

from handlers.changing.spots import DROP
from handlers.personal import erase_person
from handlers.tokens import Token
from storage.audit import verify
from tests.fakes.chat import spell
from tests.office import Workplace
from tests.person import Colleague
from tests.stories import process_change as change
from tests.stories.reviewing import posts_a_review
from tests.stories.test_change_this import open_at
from tests.stories.test_other_cases import publish
from workflows.loading import load_definition
from workflows.metrics.proposals import Forecast, Proposal, ProposalKind
from workflows.model.measures import Metric
from workflows.moments import HOUR

CASE, OWNER = change.NUMBER, change.OWNER
BASE = load_definition(change.COMPLAINT, file="complaint.toml").hash[:12]
TARGET = {"figure": "handling_time", "goal": "-30%", "by": "2026-12-31"}
SHOWN = Forecast(
    metric=Metric.HANDLING,
    before=9.0 * HOUR,
    after=7.0 * HOUR,
    low=6.0 * HOUR,
    high=8.0 * HOUR,
    n=90,
)
ALWAYS = Proposal(
    kind=ProposalKind.ALWAYS_APPROVED, node="confirm", n=214, below=0.014, rank=1, forecast=SHOWN
)
SOONER = Forecast(
    metric=Metric.STEPS_ON_TIME,
    before=0.1,
    after=0.9,
    low=0.8,
    high=1.0,
    n=90,
    limit="5wd",
    limits=("5wd",),
)
LIMIT = Proposal(
    kind=ProposalKind.LIMIT,
    node="resolve",
    n=30,
    count=27,
    rank=2,
    forecast=SOONER,
)


async def reviewed(work: Workplace, *proposals: Proposal) -> Colleague:
    """The owner has a review with these proposals, and the shipped process for changes."""
    await change.in_force(work)
    await posts_a_review(work, *(proposals or (ALWAYS, LIMIT)))
    await work.settle()
    return work.person(OWNER)


async def accepts(owner: Colleague, rank: int = 1, **values: object) -> str:
    """The owner accepts a proposal and submits the form; what the form said of a draft."""
    label = {"zh": "采纳", "en": "Accept"}[owner.work.language]
    await owner.presses(f"{label} {rank}", kind="review")
    assert owner.sheet is not None
    said = plain(owner.sheet.intro)
    if not owner.sheet.values.get("targets"):
        values = {"targets": [TARGET], **values}
    await owner.fills(**values)
    return said


async def designing(work: Workplace) -> Colleague:
    """Everything until the change is at the step that asks for the draft."""
    await change.teamed(work)
    await change.countersigned(work)
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["model"]
    return work.person(OWNER)


async def at_design(work: Workplace, rank: int = 1) -> Colleague:
    """A proposal was accepted, and the change is at its design."""
    await accepts(await reviewed(work), rank)
    return await designing(work)


async def fact(person: Colleague, kind: str = "task") -> str:
    """What the newest card of the change says of the draft from the review; "" if nothing."""
    card = await person.sees(CASE, kind=kind)
    label = {"zh": "评审带来的草稿", "en": "Draft from the review"}[person.work.language]
    return plain(next((one.value for one in card.facts if one.label == label), ""))


def plain(text: str) -> str:
    """The text without the spaces that are set around numbers in Chinese."""
    return text.replace(" ", "")


async def handed_files(work: Workplace) -> list[str]:
    files = await work.database.read(lambda tx: tx.files.of_case(CASE))
    return [one.id for one in files if one.name == "complaint.toml"]


async def text_of(work: Workplace, file: str) -> str:
    return (await work.files.read(file)).decode()


async def in_form(person: Colleague) -> list[str]:
    """Open the form of the design; the files that it has."""
    await person.presses("提交", kind="task")
    assert person.sheet is not None
    found = person.sheet.values.get("draft") or []
    assert isinstance(found, list)
    return found


async def newer(work: Workplace) -> None:
    """Another version of the complaints comes into force."""
    await publish(work, change.FASTER, "complaint")


async def test_an_accepted_proposal_hands_its_draft_to_the_change_that_it_opens(
    in_both: Workplace,
) -> None:
    """L5.4: the draft that was replayed is the draft of the change."""
    owner = await reviewed(in_both)
    said = await accepts(owner)
    assert ("依据第1版" if in_both.language == "zh" else "basedonversion1") in said
    assert ("第1条建议" if in_both.language == "zh" else "Proposal1ofthereview") in await fact(
        owner, "case"
    )
    (file,) = await handed_files(in_both)
    text = await text_of(in_both, file)
    assert text.startswith(f'based_on = "{BASE}"\n')
    assert "confirm" not in [one["id"] for one in tomllib.loads(text)["nodes"]]
    verdict = await in_both.database.read(lambda tx: verify(tx.connection))
    assert verdict.problem is None


async def test_whoever_designs_sees_what_it_changes_and_hands_it_in(in_both: Workplace) -> None:
    """L2.2, L5.4: the draft is in the form, and is checked as any other."""
    owner = await at_design(in_both)
    chinese = in_both.language == "zh"
    said = await fact(owner)
    assert ("第1条建议" if chinese else "Proposal1ofthereviewof2026-Q1") in said
    assert ("客户是否满意" if chinese else "Isthecustomersatisfied?") in said
    view = "草稿改了什么" if chinese else "What the draft changes"
    await owner.presses(view, kind="task")
    shown = plain(spell(owner.answer.cards[0]))
    assert ("2026-Q1评审，第1条建议" if chinese else "Reviewof2026-Q1,proposal1") in shown
    assert ("第1版" if chinese else "version1") in shown

    assert await in_form(owner) == await handed_files(in_both)
    await owner.fills(what_changes="去掉客户确认")
    await in_both.settle()
    case = await in_both.case(CASE)
    assert [visit.node for visit in case.visits] == ["compliance"]
    assert await fact(owner, "case") == "", "the draft is one of the case now"


async def test_a_longer_limit_is_changed_further_in_the_chat(work: Workplace) -> None:
    """L2.2: the draft of a proposal is edited as any other."""
    owner = await at_design(work, rank=2)
    assert "时限：3个工作日→5个工作日" in await fact(owner)
    await open_at(owner, "分类分级", "时限")
    await owner.fills(due="20wm")
    (file,) = await in_form(owner)
    text = await text_of(work, file)
    handed = await text_of(work, (await handed_files(work))[0])
    assert text == handed.replace('due = "4wh"', 'due = "20wm"', 1) != handed
    await owner.fills(what_changes="两处时限")
    await work.settle()
    await change.complied(work)
    await change.signed(work)
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["plan_pilot"]


async def test_a_draft_from_a_review_is_dropped(in_both: Workplace) -> None:
    owner = await at_design(in_both)
    chinese = in_both.language == "zh"
    drop = "舍弃草稿" if chinese else "Drop the draft"
    await owner.presses("草稿改了什么" if chinese else "What the draft changes", kind="task")
    await owner.presses(drop)
    assert ("草稿已舍弃" if chinese else "The draft is dropped") in owner.answer.text
    assert await owner.does_it_again() == owner.answer.text

    assert await in_form(owner) == []
    await owner.fills(what_changes="不采用")
    assert "draft" in owner.answer.problems
    await open_at(owner, "处理并答复", "时限")
    assert owner.sheet is not None
    assert owner.sheet.values == {"due": "3wd"}
    await owner.fills(due="1wd")
    (file,) = await in_form(owner)
    text = await text_of(work=in_both, file=file)
    assert "confirm" in [one["id"] for one in tomllib.loads(text)["nodes"]]


async def test_only_whoever_has_the_task_drops_it(work: Workplace) -> None:
    await at_design(work)
    task = (await work.case(CASE)).open_tasks[0].id
    expert = work.person("li.qiang")
    await expert.forges(str(Token(verb="change", case_id=CASE, task=task, argument="v")))
    assert "舍弃草稿" not in [one.label for one in expert.answer.cards[0].buttons]
    drop = Token(verb="change", case_id=CASE, task=task, argument=DROP)
    await expert.forges(str(drop))
    owner = work.person(OWNER)
    assert await in_form(owner) == await handed_files(work)
    await owner.fills(what_changes="去掉客户确认")
    assert "改这里" not in await owner.buttons()
    await owner.forges(str(drop))
    assert "草稿已舍弃" not in owner.answer.text


async def test_a_newer_version_at_the_acceptance_leaves_no_draft_and_says_so(
    in_both: Workplace,
) -> None:
    """L5.4: the case is opened all the same."""
    owner = await reviewed(in_both)
    await newer(in_both)
    chinese = in_both.language == "zh"
    said = await accepts(owner)
    said_so = "现在生效的是第2版" if chinese else "version2isinforcenow"
    assert said_so in said
    assert await handed_files(in_both) == []
    assert said_so in await fact(owner, "case")
    owner = await designing(in_both)
    assert ("第2版上修改" if chinese else "Makethechangeinversion2") in await fact(owner)
    await open_at(owner, "处理并答复", "时限")
    assert owner.sheet is not None


async def test_a_newer_version_before_the_design_leaves_no_draft_and_says_so(
    work: Workplace,
) -> None:
    """L5.4: a draft that could not be published is not offered."""
    owner = await reviewed(work)
    await accepts(owner)
    await newer(work)
    owner = await designing(work)
    assert "现在生效的是第2版" in await fact(owner)
    assert "草稿改了什么" not in await owner.buttons(kind="task")
    assert await in_form(owner) == []
    await open_at(owner, "处理并答复", "时限")
    await owner.fills(due="1wd")
    (file,) = await in_form(owner)
    text = await text_of(work, file)
    assert load_definition(text, file="").text == change.FASTER.replace(
        'due = "3wd"', 'due = "1wd"', 1
    )


async def test_a_newer_version_during_the_design_is_refused_by_the_check(work: Workplace) -> None:
    """L3.2: nothing is released with fewer checks than any other draft."""
    owner = await at_design(work)
    await owner.presses("提交", kind="task")
    await newer(work)
    await owner.fills(what_changes="去掉客户确认")
    await work.settle()
    await change.complied(work)
    await change.signed(work)
    await change.planned(work)
    await change.permitted(work)
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["replan_pilot"]


async def test_accepting_twice_opens_one_case_with_one_draft(work: Workplace) -> None:
    """L5.4: one effect, whoever presses again."""
    owner = await reviewed(work)
    token = (await owner.button("采纳 1", kind="review")).token
    await owner.presses("采纳 1", kind="review")
    first = owner.sheet
    await owner.fills(targets=[TARGET])
    said = owner.answer.text
    assert await owner.does_it_again() == said
    owner.sheet = first
    await owner.fills(targets=[TARGET])
    assert "已经采纳" in owner.answer.text
    assert "已经采纳" in await owner.forges(token)
    assert len(await handed_files(work)) == 1
    key = await owner.key()
    kept = await work.database.read(lambda tx: tx.files.by_owner(key))
    assert [one.name for one in kept] == ["complaint.toml"], "nothing was uploaded again"
    cases = await work.database.read(lambda tx: tx.cases.open_ids(after="", limit=9))
    assert cases == (CASE,)


async def test_a_form_that_was_refused_is_sent_again_with_its_draft(work: Workplace) -> None:
    owner = await reviewed(work)
    await owner.presses("采纳 1", kind="review")
    await owner.fills(scenario="", targets=[TARGET])
    assert "scenario" in owner.answer.problems
    assert await handed_files(work) == []
    await owner.fills(scenario="客户投诉", targets=[TARGET])
    assert len(await handed_files(work)) == 1


async def test_what_an_erased_person_accepted_has_no_draft_any_more(work: Workplace) -> None:
    """L5.4: the file and what was stored of it are erased with the form."""
    await accepts(await reviewed(work))
    (file,) = await handed_files(work)
    acceptor = (await work.directory()).by_id(OWNER)
    assert acceptor is not None
    await work.database.run(lambda tx: erase_person(tx, work.office, person=acceptor, via="cli"))
    await work.settle()
    assert await handed_files(work) == []
    reader = work.person("lin.wei")
    await reader.says(f"/case {CASE}")
    assert "评审带来的草稿" not in reader.reads()
    assert not await work.dead()
    assert file


async def test_the_designer_may_be_somebody_else(work: Workplace) -> None:
    """Whoever gets the task has the draft; only owners and administrators change it in the chat."""
    owner = await at_design(work)
    (task,) = (await work.case(CASE)).open_tasks
    await owner.forges(str(Token(verb="transfer", case_id=CASE, task=task.id)))
    assert owner.sheet is not None
    await owner.fills(person="li.qiang", text="请你设计")
    other = work.person("li.qiang")
    assert "第1条建议" in await fact(other)
    assert await in_form(other) == await handed_files(work)
    await other.fills(what_changes="去掉客户确认")
    await work.settle()
    assert [visit.node for visit in (await work.case(CASE)).visits] == ["compliance"]


async def test_a_change_of_another_process_gets_no_draft(work: Workplace) -> None:
    owner = await reviewed(work)
    await accepts(owner, process="launch")
    assert await handed_files(work) == []
    assert await fact(owner, "case") == ""


@pytest.mark.parametrize("limits", [(), ("5d", "6d", "7d")])
async def test_a_draft_that_cannot_be_made_again_is_said_to_be_missing(
    work: Workplace, limits: tuple[str, ...]
) -> None:
    """A review of an earlier release has stored the last limit of a clock only."""
    clock = next(iter(tomllib.loads(change.COMPLAINT)["clocks"]))
    metric = f"{Metric.ON_TIME}:{clock}"
    forecast = structs.replace(SOONER, metric=metric, limit="9wd", limits=limits)
    one = structs.replace(LIMIT, node="", clock=clock, rank=1, forecast=forecast)
    owner = await reviewed(work, one)
    await accepts(owner)
    assert await handed_files(work) == []
    assert "生成不了可以发布的草稿" in await fact(owner, "case")


async def test_a_proposal_that_was_not_replayed_has_no_draft_and_says_nothing(
    work: Workplace,
) -> None:
    plain = Proposal(kind=ProposalKind.ALWAYS_APPROVED, node="confirm", n=214, below=0.014, rank=1)
    owner = await reviewed(work, plain)
    assert "草稿" not in await accepts(owner)
    assert await handed_files(work) == []
    assert await fact(owner, "case") == ""
