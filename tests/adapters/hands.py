"""What a person does on either platform, and what they answer in a form.

Words are pairs, in Chinese and in English; whoever does something reads one of them. A person can
press and fill only what was rendered for them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.adapters.slack.workspace import Workspace
from tests.adapters.telegram.ground import Company
from tests.fakes.slack import Modal, Person, Seen
from tests.fakes.slack.controls import controls
from tests.fakes.telegram import Message
from tests.fakes.telegram import Person as Phone
from tests.stories.life import Paper, Words, says

ASKED = re.compile(r"(?m)^(?:\(\d+/\d+\) )?(.+?)(?: ?\(optional\)| ?（可选）)?$")
QUESTIONS_MOST = 80
MORE: Words = ("更多", "More")
ADD_A_ROW: Words = ("添加一行", "Add a row")
CHECK: Words = ("请检查", "Please check")
GO_ON: tuple[Words, ...] = (("保留", "Keep"), ("跳过", "Skip"), ("下一题", "Next"))


@dataclass(frozen=True, slots=True)
class Who:
    """A person that is searched for by name."""

    words: Words


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option by what it is called."""

    words: Words


Row = Mapping[str, "str | Chosen"]
Given = str | Who | Chosen | Paper | Sequence[Row]
Form = Mapping[str, Given]
Labels = Mapping[str, Words]  # of fields, by id


class Hand(ABC):
    """One person on one platform."""

    def __init__(self, language: str, labels: Labels) -> None:
        self.language = language
        self.labels = labels

    def read(self, words: Words) -> str:
        """The words in the language of this person."""
        return words[0] if self.language == "zh" else words[1]

    def written(self, value: str | Chosen | Who) -> str:
        """What this person types or chooses."""
        return value if isinstance(value, str) else self.read(value.words)

    def sees(self, *words: Words) -> bool:
        """Whether one of their messages says all of this."""
        wanted = [self.read(one) for one in words]
        return any(all(says(text, one) for one in wanted) for text in self.texts())

    @abstractmethod
    def texts(self) -> list[str]:
        """What is written in each message of theirs, the oldest first."""

    @abstractmethod
    def offers(self, words: Words, *on: Words) -> bool:
        """Whether one of their messages says all of `on` and has this button."""

    @abstractmethod
    async def types(self, command: str) -> None:
        """Type a command in the conversation with the product."""

    @abstractmethod
    async def presses(self, words: Words, *on: Words) -> None:
        """Press a button, or the one beside these words, of their newest message with all `on`."""

    @abstractmethod
    async def fills(self, form: Form) -> None:
        """Fill the form that has opened, leave the rest as it stands there, and send it."""


def called(label: str, wanted: str) -> bool:
    """Whether a button is called this, perhaps with more words after it."""
    return re.sub(r"^\W+", "", label).startswith(wanted)


class SlackHand(Hand):
    """In Slack: blocks, modals and commands."""

    def __init__(self, place: Workspace, person: Person, language: str, labels: Labels) -> None:
        super().__init__(language, labels)
        self.place, self.person = place, person

    def texts(self) -> list[str]:
        return [seen.text for seen in self.person.messages()]

    def offers(self, words: Words, *on: Words) -> bool:
        return self._button(words, on) is not None

    def _button(self, words: Words, on: Sequence[Words]) -> tuple[Seen, str, str] | None:
        """The message, the button, and what is chosen if that is a menu."""
        wanted, found = self.read(words), [self.read(one) for one in on]
        for seen in reversed([one.now() for one in self.person.messages()]):
            if not all(says(seen.text, one) for one in found):
                continue
            for control in controls(seen.blocks):
                beside = str((control.block.get("text") or {}).get("text", ""))
                if control.kind == "button" and (called(control.label, wanted) or wanted in beside):
                    return seen, control.action_id, ""
                options = [one["text"]["text"] for one in control.options()]
                if wanted in options:
                    return seen, control.action_id, wanted
        return None

    async def types(self, command: str) -> None:
        name = command.split(maxsplit=1)[0].removeprefix("/")
        own = f"/{name}" in self.person.fake.manifest.commands
        reply = await self.person.slash(command if own else f"/loop {command.removeprefix('/')}")
        assert reply.ok

    async def presses(self, words: Words, *on: Words) -> None:
        found = self._button(words, on)
        assert found is not None, self.person.describe((words, on))
        seen, action, option = found
        sure = bool(seen.find(action).element.get("confirm"))
        assert (await self.person.click(action, seen, option or None, confirm=sure)).ok

    async def fills(self, form: Form) -> None:
        await self.place.calm()
        modal = await self.person.waits_for_modal()
        typed: dict[str, Any] = {}
        for name, value in form.items():
            match value:
                case str() | Chosen() | Who():
                    typed[f"q:{name}"] = self.written(value)
                case Paper():
                    typed[f"q:{name}"] = [(value.name, value.content)]
                case _:
                    await self._adds(modal, value)
        problems = await self.person.modal.submit(typed)
        assert problems == {}, problems

    async def _adds(self, modal: Modal, rows: Sequence[Row]) -> None:
        for row in rows:
            assert (await modal.click(self.read(ADD_A_ROW))).ok
            await self.place.calm()
            typed = {f"q:{name}": self.written(value) for name, value in row.items()}
            assert await self.person.modal.submit(typed) == {}
            await self.place.calm()


class TelegramHand(Hand):
    """On Telegram: messages with keyboards, and forms question by question."""

    def __init__(self, phones: Company, person: Phone, language: str, labels: Labels) -> None:
        super().__init__(language, labels)
        self.phones, self.person = phones, person

    def texts(self) -> list[str]:
        return [message.text for message in self.person.messages()]

    def offers(self, words: Words, *on: Words) -> bool:
        return self._button(words, on) is not None

    def _button(self, words: Words, on: Sequence[Words]) -> tuple[Message, str] | None:
        wanted, found = self.read(words), [self.read(one) for one in on]
        for message in reversed(self.person.messages()):
            if not all(says(message.text, one) for one in found):
                continue
            for label in message.labels:
                if called(label, wanted):
                    return message, label
        return None

    async def types(self, command: str) -> None:
        await self.person.says(command)
        await self.phones.fake.confirmed()

    async def presses(self, words: Words, *on: Words) -> None:
        found = self._button(words, on)
        if found is None and (more := self._button(MORE, on)):
            await self._taps(*more)
            found = self._button(words, on)
        assert found is not None, (words, on, self.person.screen())
        message, label = found
        await self._taps(message, label)
        sure = f"✔ {label}"
        if sure in message.labels:
            await self._taps(message, sure)

    async def _taps(self, message: Message, label: str) -> None:
        await self.person.taps(label, in_message=message)
        await self.phones.fake.confirmed()

    async def _says(self, text: str) -> None:
        await self.person.says(text)
        await self.phones.fake.confirmed()

    async def fills(self, form: Form) -> None:
        left = {self.read(self.labels[name]): value for name, value in form.items()}
        for _ in range(QUESTIONS_MOST):
            message = self.person.last()
            if says(message.text, self.read(CHECK)):
                if not left:
                    await self._taps(message, message.labels[0])
                    return
                await self._taps(message, self._called(f"{next(iter(left))}"))
            if not await self._answers(left) and not left:
                return  # the only question, whose answer sends the form
        raise AssertionError(self.person.screen())

    async def _answers(self, left: dict[str, Given]) -> bool:
        """Answer the question that is asked; whether there is another one."""
        message = self.person.last()
        asked = [one[1] for one in ASKED.finditer(message.text) if one[1] in left]
        if not asked:
            await self._taps(message, next(filter(None, map(self._offered, GO_ON))))
            return True
        match value := left.pop(asked[0]):
            case str() | Chosen():
                await self._chooses_or_says(self.written(value))
            case Who():
                await self._says(self.written(value))
                await self._taps(self.person.last(), self._called(self.written(value)))
            case Paper():
                await self.person.sends_document(value.name, value.content, "text/plain")
                await self.person.waits_for(value.name)
                await self.phones.fake.confirmed()
                await self._taps(self.person.last(), self._offered(("下一题", "Next")))
            case _:
                await self._adds(value)
        return self.person.last() is message and bool(message.labels)

    async def _adds(self, rows: Sequence[Row]) -> None:
        for row in rows:
            await self._taps(self.person.last(), self._offered(ADD_A_ROW))
            for value in row.values():
                await self._chooses_or_says(self.written(value))
        await self._taps(self.person.last(), self._offered(("下一题", "Next")))

    async def _chooses_or_says(self, value: str) -> None:
        message = self.person.last()
        if value in message.labels:
            await self._taps(message, value)
        else:
            await self._says(value)

    def _offered(self, words: Words) -> str:
        return next((one for one in self.person.last().labels if self.read(words) in one), "")

    def _called(self, name: str) -> str:
        return next(one for one in self.person.last().labels if name in one)
