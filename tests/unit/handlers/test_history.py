"""Long because one of each event is told here, in both languages, in words a person understands."""

import re

from msgspec.structs import replace

from handlers.history import FLOW, tell
from handlers.registry import SENTENCES
from tests.office import MONDAY, Workplace
from tests.stories.deeds import dispatched
from tests.unit.handlers.readings import happened, reading_of, with_history
from workflows.actions.add_signer import SignersAdded
from workflows.actions.advise import AdviceGiven
from workflows.actions.answer import QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.actions.cancel import StepCancelled
from workflows.actions.carry_on import WaitingEnded
from workflows.actions.claim import TaskClaimed
from workflows.actions.comment import Commented
from workflows.actions.delegate import TaskDelegated
from workflows.actions.erase import ContentErased
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.actions.hand_over_case import CaseHandedOver
from workflows.actions.judge import SubjectsJudged
from workflows.actions.jump import CaseJumped
from workflows.actions.mail import MailFailed, MailLeft, MailOwed, MailSent
from workflows.actions.merge import CaseMerged
from workflows.actions.problem import ProblemReported
from workflows.actions.record import ActionRecorded
from workflows.actions.remove_signer import SignerRemoved
from workflows.actions.reopen import CaseReopenedAt
from workflows.actions.resubmit import CaseFiledAgain
from workflows.actions.revoke import CaseReopened
from workflows.actions.score import SurveyAnswered
from workflows.actions.send_back import TaskReturned
from workflows.actions.skip import StepSkipped
from workflows.actions.start import CaseStarted, StartedFor
from workflows.actions.take_back import DecisionTakenBack
from workflows.actions.take_in import DuplicateTakenIn
from workflows.actions.urge import Urged
from workflows.actions.wait_for import WaitingBegan
from workflows.actions.watch import WatchChanged
from workflows.case.events import Body
from workflows.case.passed_over import PassedOver
from workflows.case.task import ContentRef
from workflows.durations import Budget
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided, BallotOpened, BallotSeat
from workflows.flow.branch_events import (
    BranchEnded,
    BranchStarted,
    BranchTurned,
    RestBegan,
    RestClosing,
    StartDropped,
    StartDue,
)
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, SurveyAsked, TaskCancelled
from workflows.flow.entering import CopiedIn, NodeEntered, RouteTaken, TaskCompleted
from workflows.flow.facts import FactNoted, FactVoided, ResultNoted
from workflows.flow.forks import (
    BranchArrived,
    BranchesCancelled,
    BranchesOpened,
    BranchesReopened,
)
from workflows.flow.moving import MovedToDefinition
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    StepInTold,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.opening import TaskOpened
from workflows.flow.other_cases import OtherCaseEnded, OtherCaseRefused, OtherCaseStarted
from workflows.flow.pauses import QuestionLapsed
from workflows.flow.points import DaySpared, PointsCharged
from workflows.flow.rung_effects import DecidedByTimer, ReassignmentDue
from workflows.flow.services import WorkDone
from workflows.flow.stale import DecisionVoided
from workflows.flow.until import WaitEnded
from workflows.flow.verdicts import SubjectsListed
from workflows.moments import HOUR
from workflows.registry import EVENTS

REF = ContentRef(id="k_none", digest="")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATER = MONDAY + 2 * HOUR
SILENT = {kind for kind, told in {**FLOW, **SENTENCES}.items() if told is None}


def planned(why) -> ClockPlanned:
    return ClockPlanned(
        clock="first_response",
        why=why,
        started_at=MONDAY,
        limit="2h",
        ladder="response",
        due_at=LATER,
        rungs=(),
        provisional=False,
    )


def opened(*, assignee: str | None = "A", fallback="") -> TaskOpened:
    return TaskOpened(
        task="t2",
        node="resolve",
        round=1,
        assignee=assignee,
        candidates=() if assignee else ("A", "B"),
        fallback=fallback,
    )


def transferred(why) -> TaskTransferred:
    return TaskTransferred(task="t2", source="A", to="B", why=why, content=None)


def routed(because, people=()) -> RouteTaken:
    return RouteTaken(node="dispatch", to="resolve", because=because, people=people)


def added(where) -> SignersAdded:
    seat = BallotSeat(task="t9", weight=1, assignee="B", candidates=())
    return SignersAdded(task="t2", where=where, sign="all", by="A", seats=(seat,), content=None)


def signed(outcome) -> AddedSignersDecided:
    return AddedSignersDecided(task="t2", outcome=outcome, by="t9")


def reminded(*, overdue: bool) -> Reminded:
    return Reminded(clock="task:t2", rung="0", to=("A",), overdue=overdue)


GONE = "（内容已按要求删除）"
TOLD: list[tuple[Body, str]] = [
    (FactNoted(fact="amount", number=72_000_00), "“amount”算出为 72,000"),
    (ResultNoted(fact="standing", option="active"), "“standing”现为 active"),
    (FactVoided(facts=(1,), why="emptied"), "“”不再有值，因为所依据的字段已清空"),
    (FactVoided(facts=(1,), why="taken_back"), "“”恢复为之前的值"),
    (FactVoided(facts=(1,), why="waived"), "李强免除了的 0 分"),
    (
        PointsCharged(clock="task:t2", rung="1", task="t2", person="B", points=2, day=LATER),
        "“处理并答复”又逾期一个工作日（今天 11:00），孙悦计 2 分",
    ),
    (
        DaySpared(clock="task:t2", rung="1", task="t2", day=LATER, why="down"),
        "“处理并答复”又逾期一个工作日（今天 11:00），未计分：机器人当时没有运行",
    ),
    (
        CaseStarted(case="C-2026-0001", process="complaint", definition="", filer="A", content=REF),
        "李强提交了客户投诉处理流程",
    ),
    (opened(), "“处理并答复”交给李强"),
    (opened(assignee=None), "“处理并答复”待认领：李强、孙悦"),
    (opened(fallback="admin"), "“处理并答复”没有找到办理人，交给李强"),
    (opened(assignee=None, fallback="admin"), "“处理并答复”没有找到办理人，交给李强、孙悦"),
    (
        DeputyOffered(task="t2", principal="A", deputy="B"),
        "李强不在，“处理并答复”同时交给代理人孙悦",
    ),
    (
        replace(
            opened(fallback="process_owner"),
            passed_over=(PassedOver(person="B", why="filer"), PassedOver(person="B", why="filer")),
        ),
        "“处理并答复”没有找到办理人，交给李强（未交给：孙悦：是发起人）",
    ),
    (replace(opened(), assignee=None, candidates=()), "“处理并答复”没有人可以办理"),
    (opened(fallback="nobody"), "“处理并答复”没有找到办理人，按流程规则交给李强"),
    (
        StepInTold(task="t2", people=("A",), fallback="nobody", to=("B",)),
        "已告知孙悦：“处理并答复”改由李强办理",
    ),
    (opened(fallback="supervisor"), "“处理并答复”不能由发起人自己审批，改由其上级审批：李强"),
    (
        opened(fallback="dept_head"),
        "“处理并答复”不能由发起人自己审批，改由其部门负责人审批：李强",
    ),
    (
        DecidedByRule(task="t2", node="resolve", round=1, outcome="approve", rule="nobody"),
        "李强 · 处理并答复：完成",
    ),
    (
        DecisionVoided(task="t2", fields=("customer", "product"), by="t1"),
        "“处理并答复”的审批已失效，因为“分类分级”修改了：客户名称、产品或订单号",
    ),
    (
        DecisionVoided(task="t2", fields=(), by="t1"),
        "“处理并答复”的审批已失效，因为“分类分级”退回了",
    ),
    (
        TaskReoffered(task="t2", assignee="A", candidates=()),
        "通讯录变更，“处理并答复”交给李强",
    ),
    (
        TaskReoffered(task="t2", assignee=None, candidates=("A", "B")),
        "通讯录变更，“处理并答复”待认领：李强、孙悦",
    ),
    (
        TaskReoffered(task="t2", assignee=None, candidates=()),
        "通讯录变更，“处理并答复”没有人可以办理",
    ),
    (
        TaskBlocked(task="t2", to=("A", "B")),
        "“处理并答复”没有人可以办理，已通知李强、孙悦",
    ),
    (
        DeputyPassedOver(task="t2", principal="A", deputy="B", why="own_work"),
        "李强不在，但代理人孙悦不能办理“处理并答复”：办理了所审批的工作",
    ),
    (TaskClaimed(task="t2", by="A"), "李强认领了“处理并答复”"),
    (transferred("transfer"), "李强把“处理并答复”转交给孙悦"),
    (transferred("take_over"), "孙悦接手了“处理并答复”"),
    (transferred("handed_over"), "李强把离职人员的“处理并答复”交接给孙悦"),
    (transferred("left"), "办理人已离职，“处理并答复”转给孙悦"),
    (transferred("administered"), "李强把“处理并答复”改派给孙悦"),
    (
        StepSkipped(task="t2", node="resolve", outcome="complete", rest=(), told=(), content=REF),
        "李强跳过了“处理并答复”，结果记为“完成”，没有人作出决定",
    ),
    (StepCancelled(task="t2", told=(), content=REF), "李强取消了“处理并答复”"),
    (CaseJumped(to="triage", left=(), told=(), content=REF), "李强把事项转到“分类分级”"),
    (
        CaseReopenedAt(node="resolve", told=(), clocks=(), content=REF),
        "李强在“处理并答复”重新打开了事项",
    ),
    (CaseMerged(into="C-2026-0002", told=(), content=REF), "李强把本事项合并到 C-2026-0002"),
    (
        DuplicateTakenIn(case="C-2026-0002", told=(), content=REF),
        "李强把重复的 C-2026-0002 合并到本事项",
    ),
    (CaseClosed(status="terminated", told=()), "李强终止了事项"),
    (MailOwed(mail="answer", content=REF), f"邮件“answer”已写好，正在发给{GONE}"),
    (MailSent(mail="answer", owed=7, content=REF), f"“answer”已用邮件发给{GONE}"),
    (
        MailFailed(mail="answer", owed=7, content=REF, final=True),
        f"邮件“answer”没有发给{GONE}：邮件服务器拒收",
    ),
    (
        MailFailed(mail="answer", owed=7, content=REF, final=False),
        f"邮件“answer”没有发给{GONE}：邮件服务器一天都没有接收",
    ),
    (MailLeft(mail="answer", why="no_address"), "没有发邮件“answer”：没有填写地址（）"),
    (MailLeft(mail="answer", why="wrong_address"), "没有发邮件“answer”：“”不是邮箱地址"),
    (MailLeft(mail="answer", why="off"), "没有发邮件“answer”：本系统没有设置发邮件"),
    (
        MailLeft(mail="answer", why="shown", content=REF),
        f"邮件“answer”只在这里显示，收件人{GONE}：试玩时不发邮件",
    ),
    (MailLeft(mail="answer", why="erased", owed=7), "没有发邮件“answer”：内容已按要求删除"),
    (CaseHandedOver(source="A", to="B"), "李强把离职人员李强发起的事项交接给孙悦"),
    (
        MovedToDefinition(definition="2", was="1", version=2, why="asked", content=REF),
        "李强把它转到流程的第 2 版",
    ),
    (
        MovedToDefinition(definition="2", was="1", version=2, why="rest"),
        "已转到流程的第 2 版，因为当时没有进行中的工作",
    ),
    (ActionRecorded(task="t2", action="answered", content=REF), "李强登记了“对客户的答复”"),
    (TaskCompleted(task="t2", outcome="complete", content=REF), "李强 · 处理并答复：完成"),
    (
        TaskReturned(task="t2", to="triage", content=REF),
        "李强从“处理并答复”退回到“分类分级”",
    ),
    (TaskCancelled(task="t2", reason="withdrawn"), "“处理并答复”不再需要办理"),
    (
        BallotOpened(
            node="confirm",
            round=1,
            seats=(BallotSeat(task="t3", weight=1, assignee="A", candidates=()),),
            passed_over=(PassedOver(person="B", why="signer"),),
        ),
        "“客户是否满意”有 1 个席位：须全部同意（未交给：孙悦：在这一步已有一个席位）",
    ),
    (
        BallotDecided(node="confirm", visit="v3", outcome="return"),
        "“客户是否满意”的签署结果：客户不满意（1 席未签）",
    ),
    (added("before"), "李强为“处理并答复”前加签孙悦"),
    (added("after"), "李强为“处理并答复”后加签孙悦"),
    (added("beside"), "李强为“处理并答复”并加签孙悦"),
    (SignerRemoved(task="t2"), "李强撤销了李强在“处理并答复”的加签"),
    (signed("approve"), "“处理并答复”的加签人均已通过"),
    (signed("reject"), "加签人驳回，“处理并答复”随之驳回"),
    (signed("removed"), "“处理并答复”不再有加签人"),
    (
        TaskDelegated(task="t2", advice="t9", to="B", by="A", content=None),
        "李强就“处理并答复”委派孙悦给出意见",
    ),
    (AdviceGiven(task="t2", content=REF), "李强就“处理并答复”给出意见"),
    (
        SubjectsListed(task="t2", subjects=("product", "customer")),
        "“处理并答复”须逐项核查：产品或订单号、客户名称",
    ),
    (
        SubjectsListed(task="t2", subjects=("product",), unchanged=("product",), original="t1"),
        "“处理并答复”须逐项核查：产品或订单号；未变更、沿用上次结论：产品或订单号",
    ),
    (
        SubjectsJudged(task="t2", subjects=("product",), outcome="return", content=REF),
        "李强 · 处理并答复：产品或订单号 ↩ 退回",
    ),
    (routed("condition", (("handler", "A"),)), "“分派”之后：处理并答复，由李强负责"),
    (routed("default"), "“分派”之后：处理并答复"),
    (routed("outcome"), "“分派”之后：处理并答复"),
    (routed("holds"), "“分派”的审批仍然有效，不再重审"),
    (routed("limit"), "次数已到上限，转到“处理并答复”"),
    (planned("regraded"), "“首次答复”的时限变更，今天 11:00 到期"),
    (planned("calendar"), "日历更新，“首次答复”到期改为今天 11:00"),
    (
        ClockPaused(clock="task:t2", left=Budget(kind="wall", microseconds=1)),
        "“处理并答复”暂停计时",
    ),
    (reminded(overdue=False), "提醒了李强：处理并答复"),
    (reminded(overdue=True), "已超时，再次提醒李强：处理并答复"),
    (
        Escalated(
            clock="closing",
            rung="1",
            level=2,
            to=("A", "B"),
            may_take_over=False,
            with_history=True,
        ),
        "升级（2 级）到李强、孙悦：结案",
    ),
    (
        ReassignmentDue(
            clock="task:t2",
            rung="1",
            task="t2",
            to="B",
            passed_over=(PassedOver(person="A", why="filer"),),
        ),
        "“处理并答复”逾期，已按规则改派给孙悦（未交给：李强：是发起人）",
    ),
    (
        ReassignmentDue(clock="task:t2", rung="1", task="t2", to=None),
        "“处理并答复”逾期；没有其他人可以接办，仍由原办理人办理",
    ),
    (
        DecidedByTimer(clock="task:t2", rung="2", task="t2", outcome="complete", told=("B",)),
        "“处理并答复”逾期，系统已按规则处理：完成",
    ),
    (
        WaitingBegan(task="t2", on="customer", content=REF),
        "李强开始等待客户（处理并答复），计时暂停",
    ),
    (
        WaitingBegan(task="t2", on="supplier", content=REF, until=LATER),
        "李强开始等待供应商（处理并答复），预计今天 11:00，计时暂停",
    ),
    (WaitingEnded(task="t2", paused=1), "李强继续办理“处理并答复”，计时继续"),
    (QuestionAsked(task="t2", to="B", content=REF), "李强向孙悦提问"),
    (QuestionAnswered(task="t2", content=REF, paused=1), "李强回答了"),
    (
        QuestionAnswered(task="t2", content=REF, paused=1, instead_of="B"),
        "孙悦联系不上，由李强代为回答",
    ),
    (QuestionLapsed(task="t2", paused=1), "没有等到回复，计时继续"),
    (QuestionLapsed(task="t2", paused=1, why="left"), "被提问的人已离职，计时继续"),
    (Commented(content=REF), "李强评论"),
    (
        ProblemReported(node="triage", kind="slow", content=REF),
        "李强在“分类分级”反馈问题：太慢",
    ),
    (ProblemReported(node="triage", kind="later", content=REF), "李强在“分类分级”反馈问题：later"),
    (Urged(tasks=("t2",), content=None), "李强催办"),
    (CopiedIn(people=("A", "B"), content=None), "抄送李强、孙悦"),
    (WatchChanged(on=True), "李强关注"),
    (WatchChanged(on=False), "李强取消关注"),
    (CaseClosed(status="completed"), "结案"),
    (CaseClosed(status="rejected"), "被驳回，结束"),
    (CaseClosed(status="withdrawn"), "李强撤回了"),
    (CaseReopened(content=REF), "李强申请撤销"),
    (CaseFiledAgain(as_case="C-2026-0002"), "李强复制并重新提交为 C-2026-0002"),
    (DecisionTakenBack(task="t1"), "李强拿回了对“分类分级”的决定（完成）"),
    (StartedFor(case="O-2026-0001", visit="v2"), "由 O-2026-0001 发起"),
    (OtherCaseStarted(node="triage", visit="v2", case="P-1"), "“分类分级”发起了 P-1"),
    (
        OtherCaseRefused(node="triage", visit="v2", why="form_invalid", to=()),
        "“分类分级”没能发起另一个流程：带过去的内容不符合该流程的申请表",
    ),
    (
        OtherCaseEnded(node="triage", visit="v2", case="P-1", status="rejected"),
        "P-1 已结束（已驳回），“分类分级”完成",
    ),
    (
        WorkDone(node="triage", visit="v2", work="rehearse", outcome="findings", content=REF),
        "系统办理“分类分级”：发现问题",
    ),
    (CaseClosed(status="terminated"), "已终止：发起它的事项不再需要"),
    (
        BranchesOpened(node="triage", scope="v2", branches=("resolve", "triage")),
        "“分类分级”：同时开始处理并答复、分类分级",
    ),
    (BranchesOpened(node="triage", scope="v2", branches=()), "“分类分级”的各分支都不需要走"),
    (
        BranchArrived(node="triage", scope="v2", branch="resolve"),
        "“分类分级”的分支“处理并答复”已走完",
    ),
    (
        BranchesCancelled(node="triage", scope="v2"),
        "“分类分级”已中止，再走到这里时重新开始",
    ),
    (
        BranchesReopened(node="triage", scope="v2", branches=("resolve", "confirm")),
        "“分类分级”重新打开：处理并答复、客户是否满意",
    ),
    (WaitEnded(node="triage", visit="v2", why="due"), "“分类分级”的日子到了"),
    (WaitEnded(node="triage", visit="v2", why="past"), "“分类分级”不等待：日子已到"),
    (WaitEnded(node="triage", visit="v2", why="empty"), "“分类分级”不等待：没有填日期"),
    (RestBegan(node="triage", visit="v2"), "进入“分类分级”"),
    (
        StartDue(node="triage", visit="v2", start="q", to="resolve", period="2026-Q3"),
        "“处理并答复（2026 年第 3 季度）”已到时间，等正在进行的结束后开始",
    ),
    (
        StartDropped(node="triage", visit="v2", start="q", to="resolve"),
        "“处理并答复”不再需要：日期已改",
    ),
    (
        BranchStarted(
            node="triage",
            visit="v2",
            start="q",
            to="resolve",
            scope="v3",
            period="2026-07-01/2026-07-31",
        ),
        "“处理并答复（2026年7月1日至 2026年7月31日）”开始",
    ),
    (
        BranchStarted(node="triage", visit="v2", start="q", to="resolve", scope="v3"),
        "“处理并答复”开始",
    ),
    (
        BranchTurned(node="triage", scope="v3", target="resolve", to="triage"),
        "“处理并答复”转入“分类分级”",
    ),
    (
        BranchEnded(node="triage", visit="v2", scope="v3", target="resolve"),
        "“处理并答复”已完成",
    ),
    (
        BranchEnded(
            node="triage", visit="v2", scope="v3", target="triage", into="v4", to="resolve"
        ),
        "“分类分级”转入正在进行的“处理并答复”",
    ),
    (
        RestClosing(node="triage", visit="v2"),
        "“分类分级”的日子到了，等正在进行的结束后离开",
    ),
    (SurveyAsked(to="A"), "请李强评价"),
    (SurveyAnswered(score=4, content=None), "李强评价 4 分"),
    (ContentErased(contents=("a", "b")), "按要求删除了 2 项个人内容"),
]


def with_keys(body: Body, keys: dict[str, str]) -> Body:
    """The same body about people who exist."""

    def swap(value):
        if isinstance(value, tuple):
            return tuple(map(swap, value))
        if isinstance(value, PassedOver):
            return replace(value, person=keys[value.person])
        if isinstance(value, BallotSeat):
            return replace(value, assignee=keys[str(value.assignee)])
        return keys.get(value, value) if isinstance(value, str) else value

    fields = {name: swap(getattr(body, name)) for name in body.__struct_fields__}
    return type(body)(**fields)


async def test_one_of_each_is_told_in_plain_words(work: Workplace) -> None:
    handler = await dispatched(work)
    keys = {"A": await handler.key(), "B": await work.person("sun.yue").key()}
    reading = await reading_of(work, "li.qiang")
    said = []
    for body, _ in TOLD:
        event = happened(reading, with_keys(body, keys), actor=keys["A"])
        said += [told.text for told in tell(with_history(reading, (event,)))]

    assert said == [text for _, text in TOLD]


async def test_one_of_each_can_be_told_in_english(work: Workplace) -> None:
    handler = await dispatched(work)
    keys = {"A": await handler.key(), "B": await work.person("sun.yue").key()}
    reading = await reading_of(work, "li.qiang", language="en")
    for body, _ in TOLD:
        event = happened(reading, with_keys(body, keys), actor=keys["A"])
        (told,) = tell(with_history(reading, (event,)))
        assert not CHINESE.search(told.text), told.text
        assert "{" not in told.text


def test_no_event_is_forgotten_here() -> None:
    assert {type(body) for body, _ in TOLD} | SILENT == set(EVENTS.values())


async def test_the_machinery_is_not_told(work: Workplace) -> None:
    await dispatched(work)
    reading = await reading_of(work, "li.qiang")
    bodies: list[Body] = [
        NodeEntered(node="triage", round=1),
        ClockStopped(clock="closing", why="done"),
        RungsCollapsed(clock="closing", rungs=("0",)),
        planned("started"),
        planned("resumed"),
    ]
    events = tuple(happened(reading, body, actor="system") for body in bodies)

    assert tell(with_history(reading, events)) == ()
