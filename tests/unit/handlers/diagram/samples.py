"""Definitions to draw: the shipped complaint, a launch with everything, and small random ones."""

import tomllib
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from workflows.model.definition import Definition


@cache
def complaint():
    path = Path(__file__).parents[4] / "workflows" / "processes" / "complaint.toml"
    return Definition.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def text(zh, en=None):
    return {"zh": zh, "en": en or zh}


def work(node_id, zh, **more):
    return {
        "id": node_id,
        "name": text(zh, node_id.replace("_", " ").capitalize()),
        "assignee": "owner",
        "due": "3wd",
        "ladder": "step",
        **more,
    }


def task(node_id, zh, following, **more):
    return work(node_id, zh, kind="task", next=following, **more)


def approval(node_id, zh, **outcomes):
    return work(node_id, zh, kind="approval", outcomes=outcomes)


def gateway(node_id, zh, *routes):
    name = text(zh, node_id.capitalize())
    return {"id": node_id, "kind": "gateway", "name": name, "routes": list(routes)}


def end(node_id, zh):
    return {"id": node_id, "kind": "end", "name": text(zh, node_id.capitalize())}


FIELDS = [
    {"id": "budget", "type": "money", "label": text("预算", "Budget")},
    {"id": "comment", "type": "text", "label": text("说明", "Comment")},
    {
        "id": "category",
        "type": "choice",
        "label": text("类别", "Category"),
        "options": [
            {"id": "new", "zh": "全新", "en": "New"},
            {"id": "extension", "zh": "延伸", "en": "Extension"},
        ],
    },
]


def definition(*nodes, start=None):
    return Definition.model_validate({
        "key": "sample",
        "name": text("示例", "Sample"),
        "purpose": text("示例", "Sample"),
        "departments": ["sales"],
        "owner": "role:owner",
        "command": "sample",
        "case_prefix": "S",
        "start_form": "form",
        "start": start or nodes[0]["id"],
        "forms": {"form": {"name": text("表单", "Form"), "fields": FIELDS}},
        "ladders": {"step": {"rungs": [{"at": "due", "remind": "assignee"}]}},
        "nodes": list(nodes),
    })  # fmt: skip


def back(target, **more):
    return {"return": {"to": target, **more}}


@cache
def launch():
    no = {"to": "rejected"}
    yes = {"to": "approved"}
    return definition(
        task("proposal", "提案", "review"),
        approval(
            "review",
            "研发评审",
            approve={"to": "market"},
            reject=no,
            **back("proposal", at_most=2, then="rejected"),
        ),
        approval("market", "市场评估", approve={"to": "amount"}, reject=no, **back("review")),
        gateway(
            "amount",
            "按金额分流",
            {"when": "budget <= 100000", "to": "finance"},
            {"when": 'budget <= 1000000 and category == "new"', "to": "executive"},
            {"to": "all_executives"},
        ),
        approval("finance", "财务经理审批", approve=yes, reject=no, **back("market")),
        approval("executive", "分管副总审批", approve=yes, reject=no, **back("proposal")),
        approval("all_executives", "全体高管会签", approve=yes, reject=no, **back("proposal")),
        end("approved", "批准上市"),
        end("rejected", "否决"),
    )


@st.composite
def definitions(draw):
    """Small definitions in which every step leads on, and some lead back."""
    count = draw(st.integers(1, 7))
    ids = [f"n{number}" for number in range(count)]
    onward = [*ids, "done", "failed"]
    nodes = []
    for number, node_id in enumerate(ids):
        ahead = st.sampled_from(onward[number + 1 :])
        before = st.sampled_from(ids[: number + 1])
        label = draw(
            st.sampled_from(["受理", "处理并答复客户的问题", "Check", "A rather long name"])
        )
        kind = draw(st.sampled_from(["task", "approval", "gateway"]))
        if kind == "task":
            returns = draw(st.lists(before, max_size=2, unique=True))
            nodes.append(task(node_id, label, draw(ahead), return_to=returns))
        elif kind == "approval":
            outcomes = {"approve": {"to": draw(ahead)}, "return": {"to": draw(before)}}
            if draw(st.booleans()):
                outcomes["reject"] = {"to": draw(ahead), "label": text("不同意这样做", "Not so")}
            if draw(st.booleans()):
                outcomes["return"] |= {"at_most": 2, "then": draw(ahead)}
            nodes.append(approval(node_id, label, **outcomes))
        else:
            routes = [
                {"when": "budget > 1000", "to": to} for to in draw(st.lists(ahead, max_size=2))
            ]
            nodes.append(gateway(node_id, label, *routes, {"to": draw(ahead)}))
    return definition(*nodes, end("done", "结束"), end("failed", "终止"))
