"""A Desk in memory with canned complaints: reacts enough for the page to be tried and tested."""

from datetime import timedelta
from typing import Any

from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, Button, Card, Fact, FormSheet, Question, Tone
from tests.fakes import playground_cast as cast
from tests.fakes import playground_story as story
from tests.fakes import playground_views as views
from tests.fakes.playground_cast import NAMES, L, say
from tests.fakes.playground_messages import message
from tests.fakes.playground_stage import Stage


class FakeDesk(Stage):
    """Everything the playground asks for; `log` remembers what people did."""

    async def handle(self, intent: Intent) -> Answer:
        self._known(intent.person)
        self.log.append(intent)
        match intent:
            case Said():
                answer = self._said(intent)
            case Pressed():
                answer = self._pressed(intent)
            case Submitted():
                answer = self._submitted(intent)
        self._touch()
        return answer

    def _said(self, intent: Said) -> Answer:
        word, _, rest = intent.text.partition(" ")
        zh = intent.language == "zh"
        if word == "/complaint":
            return Answer(form=cast.complaint_form(intent.language, text=rest))
        if word == "/everything":
            return Answer(form=cast.everything_form(intent.language))
        if word == "/tasks":
            self._post(intent.person, None, self._worklist(intent.person))
            return Answer()
        if intent.case_id is None:
            text = (
                "没有这个命令。输入 / 看看有哪些。"
                if zh
                else "There is no such command. Type / to see them."
            )
            return Answer(text=text, tone=Tone.WARN)
        one = self._case(intent.case_id)
        files = [
            {"id": f.id, "name": f.name, "media_type": f.media_type, "size": f.size}
            for f, _ in (self.files[file_id] for file_id in intent.files)
        ]
        for person in one["readers"]:
            self._messages.append(
                message(
                    person,
                    self._now.isoformat(),
                    author=intent.person,
                    case=one["id"],
                    text=intent.text,
                    files=files,
                    unread=person != intent.person,
                )
            )
        self._record(one, L("评论", "commented"), intent.person, quote=intent.text, files=files)
        return Answer()

    def _worklist(self, person: str) -> dict[str, Any]:
        mine = [one for one in self._cases if person in one["owners"]]
        lines = [
            {
                "when": views.clock_text(views.due_of(one)),
                "text": L(f"{one['id']} {one['title'].zh}", f"{one['id']} {one['title'].en}"),
                "quote": "",
                "case_id": one["id"],
            }
            for one in mine
        ]
        return story.card(
            "worklist", L(f"待办 {len(mine)} 项", f"{len(mine)} to do"), None, lines=lines
        )

    def _pressed(self, intent: Pressed) -> Answer:
        verb, _, case_id = intent.token.partition(":")
        one = self._case(case_id)
        name = NAMES[intent.person]
        zh = intent.language == "zh"
        if verb == "details":
            return Answer(cards=(self._details(one, intent.language),))
        if verb in {"complete", "return", "transfer", "ask"}:
            return Answer(form=self._small_form(verb, case_id, intent.language))
        if verb == "claim":
            one["owners"] = [intent.person]
            self._close_cards(
                one, L(f"{name.zh}认领了", f"Claimed by {name.en}"), keep=intent.person
            )
            self._record(one, L("认领了任务", "claimed the task"), intent.person)
            return Answer(text="已认领。" if zh else "It is yours now.", tone=Tone.GOOD)
        if verb == "withdraw":
            one["status"], one["owners"] = "withdrawn", []
            self._close_cards(one, L(f"{name.zh}撤回了", f"Withdrawn by {name.en}"))
            return Answer(text="已撤回。" if zh else "Withdrawn.", tone=Tone.GOOD)
        return Answer(text="好的。" if zh else "Done.", tone=Tone.GOOD)

    def _small_form(self, verb: str, case_id: str, language: str) -> FormSheet:
        label = L("说明", "What was done") if verb == "complete" else L("理由", "Reason")
        who = Question(id="to", type="person", label=L("交给", "To").of(language), required=True)
        why = Question(
            id="why", type="long_text", label=label.of(language), required=True, max=3000
        )
        return FormSheet(
            token=f"{verb}:{case_id}",
            title=L(f"办理 · {case_id}", f"Your task · {case_id}").of(language),
            submit=L("提交", "Submit").of(language),
            questions=(who, why) if verb == "transfer" else (why,),
        )

    def _details(self, one: dict[str, Any], language: str) -> Card:
        facts = tuple(
            Fact(label=say(label, language), value=say(value, language))
            for label, value, _ in one["fields"]
        )
        urge = Button(verb="urge", label=L("催办", "Nudge").of(language), token=f"urge:{one['id']}")
        title = f"{one['id']} · {say(one['title'], language)}"
        return Card(kind="details", title=title, case_id=one["id"], facts=facts, buttons=(urge,))

    def _submitted(self, intent: Submitted) -> Answer:
        verb, _, case_id = intent.token.partition(":")
        zh = intent.language == "zh"
        problems = self._problems(intent, verb)
        if problems:
            return Answer(problems=problems)
        if verb == "everything":
            return Answer(text="收到。" if zh else "Received.", tone=Tone.GOOD)
        if verb == "complaint":
            return self._file(intent)
        one = self._case(case_id)
        name = NAMES[intent.person]
        self._close_cards(one, L(f"{name.zh}已提交", f"Done by {name.en}"))
        note = str(intent.values.get("why", ""))
        self._record(one, L("完成了这一步", "completed the step"), intent.person, quote=note)
        self._advance(one)
        return Answer(text="已提交。" if zh else "Sent.", tone=Tone.GOOD)

    def _problems(self, intent: Submitted, verb: str) -> dict[str, str]:
        zh = intent.language == "zh"
        forms = {"complaint": cast.complaint_form, "everything": cast.everything_form}
        form = forms[verb](intent.language) if verb in forms else self._small_form(verb, "", "zh")
        problems = {}
        for question in form.questions:
            value = intent.values.get(question.id)
            if question.required and not value:
                problems[question.id] = "请填写这一项。" if zh else "Please fill this in."
            elif question.max and isinstance(value, str) and len(value) > question.max:
                problems[question.id] = (
                    f"最多 {question.max} 个字。" if zh else f"At most {question.max} characters."
                )
        return problems

    def _file(self, intent: Submitted) -> Answer:
        number = max((int(one["id"][-4:]) for one in self._cases), default=0) + 1
        customer = str(intent.values["customer"])
        one = story.case(
            f"C-2026-{number:04d}",
            L(f"{customer}：{intent.values['product']}", f"{customer}: {intent.values['product']}"),
            filer=intent.person,
            readers=[*dict.fromkeys([intent.person, "chen.jing", "li.qiang", "zhou.jie"])],
            created=self._now.isoformat(),
            due=(self._now + timedelta(hours=4)).isoformat(),
            share=0.0,
            fields=[(L("投诉内容", "What happened"), str(intent.values["what_happened"]), [])],
        )
        self._cases.insert(0, one)
        self._record(one, L("提交", "filed it"), intent.person, node="start")
        id_ = one["id"]
        receipt = story.card(
            "receipt",
            L(f"已受理 · {id_}", f"Received · {id_}"),
            id_,
            text=one["title"],
            badge=story.badge("办理中", "In progress", "info"),
        )
        self._post(intent.person, one, receipt)
        self._post(
            "chen.jing", one, story.task_card(one, L("任务：分类分级", "Task: classify and grade"))
        )
        zh = intent.language == "zh"
        text = f"已提交，单号 {id_}。" if zh else f"Filed as {id_}."
        return Answer(text=text, tone=Tone.GOOD, case_id=id_)

    def _advance(self, one: dict[str, Any]) -> None:
        path = ["triage", "resolve", "confirm", "archive", "closed"]
        one["node"] = path[path.index(one["node"]) + 1] if one["node"] in path else "archive"
        owners = {"resolve": "li.qiang", "confirm": one["filer"], "archive": "chen.jing"}
        owner = owners.get(one["node"])
        one["owners"] = [owner] if owner else []
        one["due"] = (self._now + timedelta(hours=8)).isoformat()
        title = views.TITLES[one["node"]]
        if owner is None:
            one["status"] = "completed"
            return
        self._post(owner, one, story.task_card(one, L(f"任务：{title.zh}", f"Task: {title.en}")))
