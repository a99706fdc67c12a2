"""Simulated people: they see what was rendered for them, and can press and fill only that.

Labels are written in Chinese; whoever reads English presses the English one. So one story proves
both languages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from handlers import uploads
from handlers.conversation.case_desk import CaseDesk
from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, Button, Card, FormSheet, Question
from tests.fakes.chat import every_button, spell

if TYPE_CHECKING:
    from tests.office import Workplace

ENGLISH = {
    "认领": "Claim",
    "提交": "Submit",
    "完成": "Complete",
    "同意": "Approve",
    "驳回": "Reject",
    "退回": "Return",
    "转交": "Transfer",
    "加签": "Add signer",
    "撤销加签": "Remove signer",
    "委派": "Delegate",
    "填写意见": "Give advice",
    "提问": "Ask",
    "回答": "Answer",
    "评论": "Comment",
    "报告问题": "Report a problem",
    "催办": "Nudge",
    "撤回": "Withdraw",
    "拿回": "Take back",
    "交接": "Hand over",
    "复制并重新提交": "Copy and file again",
    "已重新打开": "Open again",
    "撤销": "Revoke",
    "已撤销": "Revoked",
    "抄送": "CC",
    "详情": "Details",
    "接手办理": "Take over",
    "登记答复": "Record the answer",
    "5 分": "5",
    "4 分": "4",
    # what cards say
    "提醒": "Reminder",
    "已超时": "Overdue",
    "升级": "Escalation",
    "待办": "To do",
    "待认领": "To be claimed",
    "已完成": "Done",
    "已处理": "Settled",
    "已结案": "Completed",
    "已撤回": "Withdrawn",
    "进行中": "Running",
    "等待发起人回复": "Waiting for the filer",
    "分类分级": "Classify and grade",
    "处理并答复": "Resolve and reply",
    "客户是否满意": "Is the customer satisfied?",
    "客户满意": "Customer is satisfied",
    "客户不满意": "Customer is not satisfied",
    "归档总结": "Archive and summarise",
    "管理层决定": "Management decides",
    "首次答复": "First response",
    "结案": "Closed",
    "紧急": "Urgent",
    "感谢评价": "Thank you",
    "由您代办": "you stand in",
    "王芳": "Wang Fang",
    "李强": "Li Qiang",
    "陈静": "Chen Jing",
    "刘洋": "Liu Yang",
    "林薇": "Lin Wei",
    "孙悦": "Sun Yue",
    "何军": "He Jun",
    "赵磊": "Zhao Lei",
    "周敏": "Zhou Min",
}

# Pressing one of these presses the button of that verb, whatever the definition calls it.
DECIDING = {"complete": "提交", "approve": "同意", "reject": "驳回", "return": "退回"}


@dataclass(slots=True, kw_only=True)
class Colleague:
    """One person at their chat."""

    work: Workplace
    id: str
    answer: Answer = field(default_factory=Answer)  # to the last thing they did
    sheet: FormSheet | None = None  # that lies open before them
    _last: Intent | None = None
    _clicks: int = 0

    async def key(self) -> str:
        person = (await self.work.directory()).by_id(self.id)
        assert person is not None, f"nobody is called {self.id}"
        return person.key

    # ------------------------------------------------------------------ seeing

    async def cards(self) -> list[Card]:
        """Their messages as they stand, the oldest first."""
        return [message.card for message in self.work.chat.of(await self.key())]

    async def sees(self, *words: str, kind: str | None = None) -> Card:
        """The newest message that says all of these words."""
        shown = await self.cards()
        wanted = [await self.in_words(word) for word in words]
        for card in reversed(shown):
            if kind in (None, card.kind) and all(word in spell(card) for word in wanted):
                return card
        everything = "\n\n".join(f"{card.kind}: {spell(card)}" for card in shown)
        raise AssertionError(f"{self.id} does not see {wanted} ({kind}). There is:\n{everything}")

    async def does_not_see(self, *words: str, kind: str | None = None) -> None:
        wanted = [await self.in_words(word) for word in words]
        found = [
            card
            for card in await self.cards()
            if kind in (None, card.kind) and all(word in spell(card) for word in wanted)
        ]
        assert not found, f"{self.id} sees {wanted}:\n{spell(found[-1])}"

    async def buttons(self, *, kind: str | None = None) -> set[str]:
        """The labels of all buttons they could press now."""
        return {
            button.label
            for card in await self.cards()
            if kind in (None, card.kind)
            for button in every_button(card)
        }

    def reads(self) -> str:
        """Everything in the last answer, as plain text."""
        shown = [self.answer.text, *map(spell, self.answer.cards), *self.answer.problems.values()]
        if self.sheet is not None:
            shown += [self.sheet.title, self.sheet.intro]
            shown += [question.label for question in self.sheet.questions]
        return "\n".join(shown)

    async def in_words(self, word: str) -> str:
        """A word in the language that this person reads."""
        person = (await self.work.directory()).by_id(self.id)
        language = self.work.office.company.language_of(person)
        return ENGLISH.get(word, word) if language == "en" else word

    # ------------------------------------------------------------------ doing

    async def says(self, text: str, *, case: str | None = None, files: tuple[str, ...] = ()) -> str:
        """Type something, perhaps in the conversation of a case; returns what is answered."""
        intent = Said(**await self.who(), text=text, case_id=case, files=files)
        return await self.does(intent)

    async def presses(self, label: str, *, kind: str | None = None) -> str:
        """Press a button that is on one of their cards now, the newest first."""
        button = await self.button(label, kind=kind)
        return await self.does(Pressed(**await self.who(), token=button.token))

    async def button(self, label: str, *, kind: str | None = None) -> Button:
        """The button with this label on their newest card that has one."""
        wanted = await self.in_words(label)
        shown = [*await self.cards(), *self.answer.cards]
        for card in reversed(shown):
            for button in every_button(card):
                if kind in (None, card.kind) and _is_called(button, wanted):
                    return button
        everything = "\n\n".join(f"{card.kind}: {spell(card)}" for card in shown)
        raise AssertionError(f"{self.id} has no button {wanted!r} ({kind}) in:\n{everything}")

    async def fills(self, **values: object) -> str:
        """Fill the open sheet by field id, leave the rest as it stands there, and send it."""
        assert self.sheet is not None, f"no sheet lies open before {self.id}: {self.answer}"
        questions = {question.id: question for question in self.sheet.questions}
        assert set(values) <= set(questions), f"the sheet asks for {sorted(questions)}"
        filled = {q.id: q.value for q in questions.values() if q.value is not None}
        for name, value in values.items():
            filled[name] = await self._choose(questions[name], value)
        return await self.does(Submitted(**await self.who(), token=self.sheet.token, values=filled))

    async def uploads(self, name: str, content: bytes) -> str:
        """Upload a file; returns its id."""
        file = await uploads.upload(
            self.work.database,
            self.work.files,
            self.work.office,
            person=await self.key(),
            name=name,
            content=content,
        )
        return file.id

    async def does_it_again(self) -> str:
        """The platform delivers the last thing they did once more."""
        assert self._last is not None, "nothing was done yet"
        return await self.does(self._last)

    async def forges(self, token: str, **values: object) -> str:
        """Send a token that no card of theirs shows; with values as a filled sheet."""
        if values:
            return await self.does(Submitted(**await self.who(), token=token, values=values))
        return await self.does(Pressed(**await self.who(), token=token))

    # ------------------------------------------------------------------ between

    async def _choose(self, question: Question, value: object) -> object:
        if not question.choices:
            return value
        several = isinstance(value, list | tuple)
        wanted = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        directory = await self.work.directory()
        chosen = []
        for one in wanted:
            person = directory.by_id(one)
            choice = person.key if person is not None else one
            offered = [option.id for option in question.choices]
            assert choice in offered, f"{question.id} does not offer {one}"
            chosen.append(choice)
        return chosen if several else chosen[0]

    async def who(self) -> dict[str, Any]:
        self._clicks += 1
        return {
            "person": await self.key(),
            "via": "playground",
            "key": f"{self.id}:{self._clicks}",
        }

    async def does(self, intent: Intent) -> str:
        self._last = intent
        desk = CaseDesk(db=self.work.database, files=self.work.files, office=self.work.office)
        self.answer = await desk.handle(intent)
        if not self.answer.problems:  # with problems, the sheet stays open to be mended
            self.sheet = self.answer.form
        await self.work.settle()
        return self.answer.text


def _is_called(button: Button, label: str) -> bool:
    return label in (
        button.label,
        DECIDING.get(button.verb),
        ENGLISH.get(DECIDING.get(button.verb, "")),
    )
