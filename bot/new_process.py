"""The text of a new definition: a template that is adapted, or a draft that follows answers.

The texts between quotes are for TOML, so what a person typed is escaped.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import sample
from workflows import toml_edits

LINE_MANAGER = "manager(filer)"
KINDS = ("text", "long_text", "number", "money", "date", "time", "person", "department", "files")
_TEXT = {"text": ", max = 200", "long_text": ", max = 3000", "money": ", min = 0"}
_ROLE = re.compile(r"role:([a-z][a-z0-9_-]{0,39})(?:@[a-z0-9_-]+)?")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the form."""

    zh: str
    en: str
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the new process is."""

    key: str
    zh: str
    en: str
    command: str
    prefix: str
    owner: str
    department: str
    fields: tuple[Asked, ...]
    deciders: tuple[str, ...]
    hours: int
    document: bool


def field_of(text: str) -> Asked:
    """Return the question that `事由|Reason|long_text` describes; ValueError without both labels.

    Without a kind it is a text.
    """
    zh, _, rest = (part.strip() for part in text.partition("|"))
    en, _, kind = (part.strip() for part in rest.partition("|"))
    if not zh or not en or (kind or KINDS[0]) not in KINDS:
        raise ValueError(text)
    return Asked(zh=zh, en=en, kind=kind or KINDS[0])


def prefix_of(key: str, *, taken: Iterable[str] = ()) -> str:
    """Return one to four capital letters for the numbers of cases that no other process has."""
    letters = "".join(sign for sign in key.upper() if "A" <= sign <= "Z") or "P"
    tries = (letters[:length] for length in range(2, 5))
    others = (f"{letters[:2]}{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(26 * 26))
    return next(one for one in (*tries, *others) if one not in {*taken})


# ------------------------------------------------------------------------------ from a template


def adapted(template: str, *, top: Mapping[str, str], roles: Mapping[str, str]) -> str:
    """Return the text of a template with other values at its top and other people for its roles.

    `top` has the new values of keys of the process as TOML writes them; comments behind them stay.
    `roles` maps a role to a people expression; the name of the role follows to another role, and is
    taken away where other people have no role.
    """
    text = (sample.TEMPLATES / f"{template}.toml").read_text(encoding="utf-8")
    for key, value in top.items():
        line = re.compile(rf"^{key} = (\"[^\"]*\"|\{{.*\}}|\[.*\])", re.MULTILINE)
        told = f"{key} = {value}".replace("\\", r"\\")
        text = line.sub(told, text, count=1)
    for role, people in roles.items():
        text = _named_anew(text, role, people)
    for role, people in roles.items():
        text = re.sub(rf"\brole:{re.escape(role)}(?![\w-])", people.replace("\\", r"\\"), text)
    return text


def _named_anew(text: str, role: str, people: str) -> str:
    """Return the text of a template in which the name of a role is that of other people's role."""
    named = tomllib.loads(text).get("roles", {})
    other = _ROLE.fullmatch(people)
    if role not in named or (other is not None and other[1] == role):
        return text
    if other is None or other[1] in named:
        return toml_edits.remove_key(text, ("roles", role))
    return toml_edits.rename_key(text, ("roles", role), other[1])


def texts(zh: str, en: str) -> str:
    """Return a text in both languages as TOML writes it."""
    return f"{{ zh = {quoted(zh)}, en = {quoted(en)} }}"


def quoted(text: str) -> str:
    """Return a string as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# ------------------------------------------------------------------------------ from answers


def drafted(it: Answers) -> str:
    """Return the commented text of a definition that follows the answers."""
    return "\n".join([*_head(it), *_form(it), *_ladders(it), *_steps(it), *_document(it)]) + "\n"


def _head(it: Answers) -> Iterator[str]:
    yield f"# {_plain(it.zh)} / {_plain(it.en)}. A draft: `closeloop rehearse` plays it through."
    yield "# Units: h hours and d days by the wall; wh working hours and wd working days by the"
    yield "# calendar. Every key is explained in docs/reference/definition.md. 每个键的含义见参考。"
    yield ""
    yield f"key = {quoted(it.key)}"
    yield f"name = {texts(it.zh, it.en)}"
    yield f"purpose = {texts(it.zh, it.en)}   # why there is this process 为什么有这个流程"
    yield f"departments = [{quoted(it.department)}]"
    yield f"owner = {quoted(it.owner)}   # who answers for it 负责人"
    yield f"command = {quoted(it.command)}   # typed to file a case 发起命令"
    yield f"case_prefix = {quoted(it.prefix)}"
    yield 'start_form = "request"'
    yield f'start = "{_ids(it)[0]}"'
    yield ""
    yield from _title("Who may decide 审批规则")
    yield "[approvals]"
    yield 'self_approval = "supervisor"   # nobody decides their own request: their manager does'
    yield f"nobody = {quoted(it.owner)}   # whoever has no manager is decided by the owner"
    yield ""


def _form(it: Answers) -> Iterator[str]:
    yield from _title("Forms 表单")
    yield "[forms.request]"
    yield f"name = {texts(f'{it.zh}申请', f'{it.en}: request')}"
    yield "fields = ["
    main = next((f for f in it.fields if f.kind == "long_text"), None)
    main = main or next((f for f in it.fields if f.kind == "text"), None)
    for name, field in zip(_names(it.fields), it.fields, strict=True):
        keys = f'id = "{name}", type = "{field.kind}", required = true'
        keys += _TEXT.get(field.kind, "") + (", main = true" if field is main else "")
        yield f"  {{ {keys}, label = {texts(field.zh, field.en)} }},"
    yield "]"
    yield ""
    yield "[forms.opinion]"
    yield 'name = { zh = "意见", en = "Opinion" }'
    yield "fields = ["
    yield (
        '  { id = "opinion", type = "long_text", main = true, max = 1000, '
        'label = { zh = "意见", en = "Opinion" }, '
        'hint = { zh = "驳回或退回时请写明原因", en = "Say why when you reject or return it" } },'
    )
    yield "]"
    yield ""


def _ladders(it: Answers) -> Iterator[str]:
    yield from _title("What happens while nobody acts 提醒与升级")
    yield "[ladders.step]"
    yield "rungs = ["
    yield '  { at = "50%", remind = "assignee" },'
    yield (
        '  { at = "due", escalate = "manager(assignee)", may_take_over = true, '
        "with_history = true },"
    )
    yield '  { at = "due + 1wd", escalate = "owner", with_history = true },'
    yield "]"
    yield ""
    yield "[ladders.filer]"
    yield "rungs = ["
    yield '  { at = "due", remind = "assignee", every = "1wd", times = 3 },'
    yield '  { at = "due + 4wd", escalate = "owner", with_history = true },'
    yield "]"
    yield ""


def _steps(it: Answers) -> Iterator[str]:
    ids = _ids(it)
    yield from _title("Steps 步骤")
    yield from _node("revise", "task", "修改申请", "Revise the request")
    yield 'assignee = "filer"   # only a return leads here 退回后修改'
    yield 'form = "request"'
    yield 'due = "2wd"'
    yield 'ladder = "filer"'
    yield f'next = "{ids[0]}"'
    yield ""
    for number, (node, who) in enumerate(zip(ids, it.deciders, strict=True)):
        yield from _node(node, "approval", *_called(number, who, len(ids)))
        yield f"{'assignee' if who == LINE_MANAGER else 'candidates'} = {quoted(who)}"
        yield 'form = "opinion"'
        yield f'due = "{it.hours}wh"'
        yield 'ladder = "step"'
        if number:
            yield 'repeated = "none"   # asked again also where they approved before'
        yield ""
        for outcome, to in (("approve", [*ids, "approved"][number + 1]), ("reject", "refused")):
            yield f"[nodes.outcomes.{outcome}]"
            yield f'to = "{to}"'
            yield ""
        yield "[nodes.outcomes.return]"
        yield 'to = "revise"'
        yield "at_most = 3"
        yield ""
    yield from _node("approved", "end", "已批准", "Approved")
    yield ""
    yield from _node("refused", "end", "未批准", "Refused")
    yield 'status = "rejected"'


def _document(it: Answers) -> Iterator[str]:
    if not it.document:
        return
    names = ", ".join(quoted(name) for name in _names(it.fields))
    yield ""
    yield from _title("The document of a case that has ended 归档文档")
    yield "[document]"
    yield f"name = {texts(it.zh, it.en)}"
    yield "sections = ["
    yield f'  {{ title = {{ zh = "申请", en = "The request" }}, fields = [{names}] }},'
    yield '  { title = { zh = "历次修改", en = "What was changed" }, list = "rounds" },'
    yield '  { title = { zh = "审批", en = "Decisions" }, list = "decisions" },'
    yield '  { title = { zh = "结论", en = "Verdict" }, list = "verdict" },'
    yield "]"


def _node(node: str, kind: str, zh: str, en: str) -> Iterator[str]:
    yield "[[nodes]]"
    yield f'id = "{node}"'
    yield f'kind = "{kind}"'
    yield f"name = {texts(zh, en)}"


def _called(number: int, who: str, several: int) -> tuple[str, str]:
    if who == LINE_MANAGER:
        return "直属上级审批", "Line manager decides"
    return (
        ("审批", "Approve")
        if several == 1
        else (f"第 {number + 1} 步审批", f"Approval {number + 1}")
    )


def _ids(it: Answers) -> list[str]:
    return [f"approval_{number}" for number in range(1, len(it.deciders) + 1)]


def _names(fields: tuple[Asked, ...]) -> list[str]:
    """Return an id for each question, made of its English label."""
    found: list[str] = []
    for number, field in enumerate(fields, start=1):
        name = _SLUG.sub("_", field.en.lower()).strip("_")[:30].rstrip("_")
        name = name if name[:1].isalpha() else f"field_{number}"
        found.append(name if name not in {*found, "opinion"} else f"{name}_{number}")
    return found


def _title(text: str) -> Iterator[str]:
    yield f"# ── {text} {'─' * (90 - len(text))}"
    yield ""


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
