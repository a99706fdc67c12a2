"""The people, forms and flow of the fake playground, in both languages."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from handlers.pages import Choice, FormSheet, Question


@dataclass(frozen=True, slots=True)
class L:
    """A text in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def say(value: Any, language: str) -> Any:
    """The value with every text in one language."""
    if isinstance(value, L):
        return value.of(language)
    if isinstance(value, dict):
        return {key: say(inner, language) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [say(inner, language) for inner in value]
    return value


SERVICE = L("客户服务部", "Customer service")
SALES = L("销售部", "Sales")
MANAGEMENT = L("管理层", "Management")

# key, Chinese and English name, initials in both, title, department, hue
_PEOPLE = [
    ("wang.fang", "王芳", "Wang Fang", "芳", L("客服专员", "Service agent"), SERVICE, 12),
    ("li.qiang", "李强", "Li Qiang", "强", L("投诉处理专员", "Complaint handler"), SERVICE, 205),
    ("chen.jing", "陈静", "Chen Jing", "静", L("客服经理", "Service manager"), SERVICE, 285),
    ("zhao.min", "赵敏", "Zhao Min", "敏", L("大区销售", "Regional sales"), SALES, 150),
    ("liu.yang", "刘洋", "Liu Yang", "洋", L("销售总监", "Head of sales"), SALES, 45),
    (
        "abdurrahman.yusuf",
        "阿卜杜热合曼·玉素甫",
        "Abdurrahman Yusuf",
        "阿",
        L("驻外客户成功与售后质量协调经理", "Overseas customer success and quality coordinator"),
        SALES,
        95,
    ),
    ("zhou.jie", "周杰", "Zhou Jie", "杰", L("总经理", "General manager"), MANAGEMENT, 330),
]

PEOPLE: list[dict[str, Any]] = [
    {
        "key": key,
        "id": key,
        "name": L(zh, en),
        "title": title,
        "department": department,
        "initials": L(initial, "".join(part[0] for part in en.split())),
        "hue": hue,
        "unread": 0,
        "tasks": 0,
        "away": key == "liu.yang",
        "away_text": L("休假至 3月13日，由赵敏代理", "Away until 13 Mar, Zhao Min stands in")
        if key == "liu.yang"
        else "",
        "language": "zh",
    }
    for key, zh, en, initial, title, department, hue in _PEOPLE
]

NAMES = {person["key"]: person["name"] for person in PEOPLE}

COMMANDS = [
    {
        "text": "/complaint",
        "label": L("提交客户投诉", "File a complaint"),
        "hint": L(
            "打开投诉表单；后面的文字填入“投诉内容”", "Opens the form; text after it is filled in"
        ),
    },
    {
        "text": "/tasks",
        "label": L("我的待办", "My tasks"),
        "hint": L("按到期时间列出待办", "Lists what waits for you, by due time"),
    },
    {
        "text": "/cases",
        "label": L("我的流程", "My cases"),
        "hint": L("您提交或参与的流程", "Cases that you filed or worked on"),
    },
    {
        "text": "/case",
        "label": L("查看一单", "Look at a case"),
        "hint": L("例如 /case C-2026-0042", "For example /case C-2026-0042"),
    },
    {
        "text": "/away",
        "label": L("请假与代理", "Away and deputy"),
        "hint": L("离开期间由谁代理", "Who stands in for you while you are away"),
    },
    {
        "text": "/help",
        "label": L("帮助", "Help"),
        "hint": L("列出您能用的命令", "Lists the commands you can use"),
    },
]

OFFERS = [
    {
        "id": "file",
        "text": L("以王芳的身份提交一件投诉", "File a complaint as Wang Fang"),
        "person": "wang.fang",
        "command": "/complaint",
    },
    {
        "id": "answer",
        "text": L("以陈静的身份办理它", "Answer it as Chen Jing"),
        "person": "chen.jing",
        "command": "/tasks",
    },
    {
        "id": "sleep",
        "text": L("让所有人睡上两天", "Let everybody sleep for two days"),
        "person": None,
        "move": "two_days",
    },
    {
        "id": "year",
        "text": L("载入一年的工作", "Load a year of work"),
        "sample": "year",
    },
]


def _choices(language: str, *pairs: tuple[str, L]) -> tuple[Choice, ...]:
    return tuple(Choice(id=id_, label=label.of(language)) for id_, label in pairs)


def complaint_form(language: str, *, text: str = "") -> FormSheet:
    return FormSheet(
        token="complaint",
        title=L("客户投诉表单", "Complaint form").of(language),
        intro=L("提交后客服部会在 4 个工作小时内分级。", "It is graded within 4 working hours.").of(
            language
        ),
        submit=L("提交", "Submit").of(language),
        questions=(*_about_the_customer(language), *_about_the_matter(language, text=text)),
        starts=True,
    )


def _question(language: str, id_: str, type_: str, label: L, **more: Any) -> Question:
    return Question(id=id_, type=type_, label=label.of(language), **more)


def _about_the_customer(language: str) -> tuple[Question, ...]:
    q = partial(_question, language)
    channels = _choices(
        language,
        ("phone", L("电话", "Phone")),
        ("email", L("邮件", "E-mail")),
        ("online", L("网站或社交媒体", "Web or social media")),
        ("visit", L("上门", "In person")),
    )
    hint = L("电话、邮箱或微信，至少一种", "Phone, e-mail or another way to reach them")
    contact = L("联系方式", "Contact")
    return (
        q("customer", "text", L("客户名称", "Customer"), required=True, max=100),
        q("contact", "text", contact, required=True, max=100, hint=hint.of(language)),
        q("channel", "choice", L("投诉渠道", "Channel"), required=True, choices=channels),
    )


def _about_the_matter(language: str, *, text: str) -> tuple[Question, ...]:
    q = partial(_question, language)
    matter = L("投诉内容", "What happened")
    return (
        q("product", "text", L("产品或订单号", "Product or order"), required=True, max=200),
        q("what_happened", "long_text", matter, required=True, max=3000, value=text),
        q("wanted", "text", L("客户诉求", "What the customer wants"), max=500),
        q(
            "evidence",
            "files",
            L("附件", "Attachments"),
            hint=L("照片或 PDF", "Photos or PDF").of(language),
            accept=("image/png", "image/jpeg", "image/webp", "image/heic", "application/pdf"),
            endings=("png", "jpg", "jpeg", "webp", "heic", "pdf"),
            accept_text=L("图片或 PDF", "pictures or PDF").of(language),
            max_files=5,
        ),
    )


NODES = [
    ("start", "start", L("提交", "Filed"), (108, 12, 62, 32)),
    ("triage", "task", L("分类分级", "Classify and grade"), (65, 82, 148, 54)),
    ("dispatch", "gateway", L("分派", "Dispatch"), (98, 174, 83, 62)),
    ("resolve", "task", L("处理并答复", "Resolve and reply"), (65, 274, 148, 72)),
    ("confirm", "approval", L("客户是否满意", "Is the customer satisfied?"), (65, 384, 148, 72)),
    ("management_decision", "task", L("管理层决定", "Management decides"), (169, 512, 148, 72)),
    ("archive", "task", L("归档总结", "Archive and summarise"), (65, 622, 148, 72)),
    ("closed", "end", L("结案", "Closed"), (103, 732, 72, 32)),
]

EDGES = [
    ("start", "triage", "", None, [(139, 44), (139, 82)]),
    ("triage", "dispatch", "", None, [(139, 136), (139, 174)]),
    ("dispatch", "resolve", "", None, [(139, 236), (139, 274)]),
    ("resolve", "confirm", "", None, [(139, 346), (139, 384)]),
    (
        "resolve",
        "triage",
        L("退回", "Return"),
        (33, 209),
        [(65, 310), (33, 310), (33, 109), (65, 109)],
    ),
    (
        "confirm",
        "archive",
        L("客户满意", "Customer is satisfied"),
        (100, 487),
        [(139, 456), (139, 622)],
    ),
    (
        "confirm",
        "resolve",
        L("客户不满意", "Customer is not satisfied"),
        (270, 365),
        [(213, 420), (270, 420), (270, 310), (213, 310)],
    ),
    (
        "confirm",
        "management_decision",
        L("满 3 次后", "after 3 times"),
        (186, 472),
        [(186, 456), (186, 512)],
    ),
    ("management_decision", "archive", "", None, [(186, 584), (186, 622)]),
    ("archive", "closed", "", None, [(139, 694), (139, 732)]),
]
