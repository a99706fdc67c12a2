"""The words of headings and values in the tables of other programs, in Chinese and English.

They are in plain small letters and digits, without spaces, the most telling first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from workflows.metrics.history import Ending


class Role(StrEnum):
    """What a column says."""

    CASE = "case"
    FILED = "filed"
    ENDED = "ended"
    OUTCOME = "outcome"  # how the case ended
    DEPARTMENT = "department"
    GRADE = "grade"
    FILER = "filer"
    STEP = "step"
    ARRIVED = "arrived"  # when a person got the step
    START = "start"  # when they began to work on it
    END = "end"  # when they had done it; of events the only time
    LIFECYCLE = "lifecycle"  # of an event: start or complete
    PERSON = "person"  # who did the step
    DECISION = "decision"  # what they decided


HEADINGS: Mapping[Role, str] = {
    Role.CASE: (
        "投诉编号 案件编号 案例编号 工单编号 工单号 流程编号 申请编号 单据编号 订单编号 "
        "实例编号 流水号 受理编号 单号 编号 caseid casenumber caseno caseconceptname "
        "ticketid ticketnumber ticket complaintid complaintno complaintnumber requestid "
        "patientid case patient number id no"
    ),
    Role.FILED: (
        "受理时间 受理日期 立案时间 提交时间 提交日期 申请时间 申请日期 创建时间 创建日期 "
        "发起时间 发起日期 投诉时间 投诉日期 登记时间 登记日期 来电时间 开始时间 filed "
        "filedat fileddate created createdat creationdate createddate submitted submittedat "
        "opened openedat opendate reportedat receivedat received startdate starttime start"
    ),
    Role.ENDED: (
        "办结时间 办结日期 结案时间 结案日期 完结时间 关闭时间 关闭日期 解决时间 完成时间 "
        "完成日期 结束时间 结束日期 ended endedat closed closedat closedate closeddate "
        "resolved resolvedat completed completedat completiondate finished enddate endtime "
        "end"
    ),
    Role.OUTCOME: (
        "办理结果 处理结果 结案结果 结案状态 办结状态 处理状态 案件状态 流程状态 结果 状态 "
        "outcome result status state resolution caseoutcome casestatus"
    ),
    Role.DEPARTMENT: (
        "受理部门 提交部门 申请部门 发起部门 责任部门 所属部门 部门 科室 department dept "
        "team division orgunit"
    ),
    Role.GRADE: (
        "投诉等级 投诉级别 严重程度 紧急程度 优先级 等级 级别 grade priority severity level urgency"
    ),
    Role.FILER: (
        "提交人 申请人 发起人 登记人 受理人 创建人 录入人 filer filedby submittedby "
        "createdby requester reporter openedby applicant submitter"
    ),
    Role.STEP: (
        "环节名称 节点名称 步骤名称 活动名称 任务名称 流程环节 审批节点 环节 节点 步骤 活动 "
        "工序 任务 activity activityname conceptname step stepname task taskname node "
        "handling eventname event"
    ),
    Role.ARRIVED: (
        "到达时间 接收时间 收到时间 流入时间 分派时间 派单时间 派发时间 arrived arrivedat "
        "assignedat assigned arrivaltime assignedtime"
    ),
    Role.START: (
        "开始时间 开始办理时间 办理开始时间 开始处理时间 处理开始时间 签收时间 认领时间 "
        "start starttime starttimestamp started startedat begin begintime claimedat"
    ),
    Role.END: (
        "结束时间 完成时间 处理时间 办理时间 办理完成时间 处理完成时间 审批时间 操作时间 "
        "提交时间 离开时间 发生时间 时间戳 时间 end endtime endtimestamp completetimestamp "
        "completed completedat complete finished finishedat timestamp timetimestamp "
        "eventtime datetime time date"
    ),
    Role.LIFECYCLE: (
        "事件类型 生命周期 lifecycletransition lifecycle transition eventtype registrationtype"
    ),
    Role.PERSON: (
        "处理人 办理人 经办人 审批人 责任人 负责人 执行人 操作人 处理人员 办理人员 resource "
        "orgresource person handler handledby assignee performer employee agent user owner"
    ),
    Role.DECISION: (
        "审批结果 审批意见 审批动作 处理动作 处理意见 决定 操作 decision action verdict approval"
    ),
}

ENDINGS: Mapping[str, str] = {
    Ending.ENDED: (
        "已办结 办结 完成 已完成 结案 已结案 关闭 已关闭 通过 已通过 同意 解决 已解决 "
        "已处理 done closed completed complete resolved approved ended finished ok success "
        "solved fixed"
    ),
    Ending.REJECTED: (
        "驳回 已驳回 拒绝 已拒绝 不通过 未通过 不予受理 rejected declined denied refused"
    ),
    Ending.DROPPED: (
        "撤回 已撤回 撤诉 已撤诉 撤销 已撤销 作废 已作废 取消 已取消 终止 已终止 withdrawn "
        "cancelled canceled terminated duplicate dropped merged void aborted"
    ),
    Ending.OPEN: (
        "处理中 进行中 办理中 审批中 待处理 待办 未结 未结案 未办结 未完成 open inprogress "
        "running pending new processing active assigned waiting"
    ),
}

DECISIONS: Mapping[str, str] = {
    "approve": "同意 已同意 通过 已通过 批准 核准 approve approved accept accepted yes",
    "reject": "驳回 拒绝 不同意 不通过 不批准 reject rejected declined denied no",
    "return": "退回 已退回 打回 退回修改 返回 return returned sendback rework",
    "complete": "提交 完成 已完成 办理 已办理 处理 转交 complete completed done submit submitted",
}
