"""A Desk in memory with canned complaints: reacts enough for the page to be tried and tested."""

from collections.abc import Mapping
from typing import Any

from handlers.intents import Intent, Pressed, Said, Submitted
from handlers.pages import Answer, Button, Card, Fact, FormSheet, Question, Tone
from tests.fakes import playground_cast as cast
from tests.fakes.playground_cast import L, say
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

    async def refill(
        self, *, person: str, token: str, values: Mapping[str, object], language: str
    ) -> Answer:
        self._known(person)
        return Answer(form=cast.complaint_form(language).filled(values))

    def _said(self, intent: Said) -> Answer:
        word, _, rest = intent.text.partition(" ")
        zh = intent.language == "zh"
        if word == "/complaint":
            return Answer(form=cast.complaint_form(intent.language, text=rest))
        if intent.case_id is None:
            text = (
                "没有这个命令。输入 / 看看有哪些。"
                if zh
                else "There is no such command. Type / to see them."
            )
            return Answer(text=text, tone=Tone.WARN)
        self._case(intent.case_id)
        return Answer()

    def _pressed(self, intent: Pressed) -> Answer:
        verb, _, case_id = intent.token.partition(":")
        one = self._case(case_id)
        zh = intent.language == "zh"
        if verb == "details":
            return Answer(cards=(self._details(one, intent.language),))
        if verb in {"complete", "return", "transfer", "ask"}:
            return Answer(form=self._small_form(verb, case_id, intent.language))
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
        verb, _, _case_id = intent.token.partition(":")
        zh = intent.language == "zh"
        problems = self._problems(intent, verb)
        if problems:
            return Answer(problems=problems)
        return Answer(text="已提交。" if zh else "Sent.", tone=Tone.GOOD)

    def _problems(self, intent: Submitted, verb: str) -> dict[str, str]:
        zh = intent.language == "zh"
        forms = {"complaint": cast.complaint_form}
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
