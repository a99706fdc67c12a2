"""The questions of a form that changes one spot of a definition, with the values that it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.changing.spots import Kind, Spot
from handlers.diagram import conditions
from handlers.i18n import Translator
from handlers.pages import Choice, Question
from handlers.reading.formatter import Formatter
from handlers.reading.people_words import in_words
from handlers.rehearsal_items import rung_time
from workflows.expressions import WORDS
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.nodes import ApprovalNode, WorkNode

ADDED_TYPES = (
    *(FieldType.TEXT, FieldType.LONG_TEXT, FieldType.NUMBER, FieldType.DATE),
    *(FieldType.PERSON, FieldType.FILES),
)
"""The types of fields that can be added in the chat: those that need no further keys."""

YES, NO, KEEP, REMOVE = "yes", "no", "keep", "remove"
ASSIGNEE, CANDIDATES = "assignee", "candidates"
_TEXT, _PEOPLE, _SPAN = 400, 200, 20  # characters of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Asks about the spots of one definition in one language."""

    definition: Definition
    write: Formatter

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.write.words

    def questions(self, spot: Spot) -> tuple[Question, ...]:
        """Return the questions about a spot."""
        return tuple(getattr(self, f"_{spot.kind.name.lower()}")(spot.path))

    def intro(self, spot: Spot) -> str:
        """Return what the reader should know of a spot before they change it; often nothing."""
        if spot.kind is not Kind.RUNGS:
            return ""
        users = [one.name for one in self.definition.nodes if spot.path[1] in _ladders(one)]
        return self.words.t("change.used_by", steps=self.write.listed(map(self.write.text, users)))

    def title(self, spot: Spot) -> str:
        """Return the name of the part that a spot changes."""
        kind, key = spot.path[:2]
        if kind == "nodes":
            return self.write.text(self.definition.node(key).name)
        if kind == "clocks":
            return self.write.text(self.definition.clocks[key].name)
        if kind == "ladders":
            return self.words.t("change.rungs")
        form = self.definition.forms[key]
        if len(spot.path) == 2:  # noqa: PLR2004 - the form itself
            return self.write.text(form.name)
        return next(self.write.text(one.label) for one in form.written if one.id == spot.path[2])

    # ------------------------------------------------------------------ steps and clocks

    def _limit(self, path: tuple[str, ...]) -> Iterator[Question]:
        node = self._node(path)
        yield self._span("due", self._key("due"), str(node.due))
        if isinstance(node, ApprovalNode) and node.visit_due is not None:
            yield self._span("visit_due", self.words.t("change.visit_due"), str(node.visit_due))

    def _clock(self, path: tuple[str, ...]) -> Iterator[Question]:
        for number, one in enumerate(self.definition.clocks[path[1]].within):
            label = self._key("limit")
            if one.when is not None:
                label = conditions.in_words(one.when, self.definition, language=self.write.language)
            yield self._span(f"limit_{number}", label, str(one.limit))

    def _ladder(self, path: tuple[str, ...]) -> Iterator[Question]:
        choices = tuple(
            Choice(id=key, label=f"{key}: {self.rungs(key)}"[:150])
            for key in self.definition.ladders
        )
        yield Question(
            id="ladder",
            type=FieldType.CHOICE.value,
            label=self._key("ladder"),
            required=True,
            choices=choices,
            value=self._node(path).ladder,
        )

    def rungs(self, key: str) -> str:
        """Return the rungs of a ladder in one line."""
        ladder = self.definition.ladders[key]
        return self.write.listed(
            self.words.t(f"rehearsal.item.{one.does}", at=rung_time(self.words, one.at))
            for one in ladder.rungs
        )

    def _rungs(self, path: tuple[str, ...]) -> Iterator[Question]:
        for number, rung in enumerate(self.definition.ladders[path[1]].rungs):
            people = rung.remind or rung.escalate or rung.reassign
            said = "" if people is None else in_words(people, self.definition, self.write)
            label = self.words.t(f"change.rung.{rung.does}", people=said)
            hint = "" if number else self.words.t("change.rung.hint")
            yield self._text(f"at_{number}", label, rung.at.text, hint=hint, most=_SPAN)

    def _people(self, path: tuple[str, ...]) -> Iterator[Question]:
        node = self._node(path)
        hint = self.words.t("change.people.hint", words=", ".join(WORDS))
        if isinstance(node, ApprovalNode) and node.signers is not None:
            for number, one in enumerate(node.signers):
                label = self.words.t("change.signer", number=number + 1)
                yield self._text(f"who_{number}", label, one.who, hint=hint, most=_PEOPLE)
            return
        found = ASSIGNEE if node.assignee is not None else CANDIDATES
        yield self._choice("how", self.words.t("change.how"), (ASSIGNEE, CANDIDATES), found)
        who = node.assignee or node.candidates or ""
        now = self.words.t("change.people.now", people=in_words(who, self.definition, self.write))
        label = self.words.t("change.who")
        yield self._text("who", label, who, hint=f"{now}\n{hint}", most=_PEOPLE)

    def _name(self, path: tuple[str, ...]) -> Iterator[Question]:
        yield from self._both("name", self.definition.node(path[1]).name)

    # ------------------------------------------------------------------ forms

    def _field(self, path: tuple[str, ...]) -> Iterator[Question]:
        form = self.definition.forms[path[1]]
        field = next(one for one in form.written if one.id == path[2])
        yield from self._both("label", field.label)
        yield from self._both("hint", field.hint, required=False)
        label = self._key("required")
        yield self._choice("required", label, (YES, NO), YES if field.required else NO)
        yield self._choice("keep", self.words.t("change.keep"), (KEEP, REMOVE), KEEP)

    def _add(self, path: tuple[str, ...]) -> Iterator[Question]:
        yield from self._both("label", None)
        types = tuple(one.value for one in ADDED_TYPES)
        yield self._choice("type", self._key("type"), types, types[0])

    # ------------------------------------------------------------------ parts

    def _key(self, name: str) -> str:
        """Return the name of a key as a label."""
        label = self.words.t(f"difference.key.{name}")
        return label[:1].upper() + label[1:]

    def _node(self, path: tuple[str, ...]) -> WorkNode:
        return self.definition.work_node(path[1])

    def _both(self, name: str, text: Any, *, required: bool = True) -> Iterator[Question]:
        for language in ("zh", "en"):
            label = self.words.t(f"change.{name}.{language}")
            value = "" if text is None else text.of(language)
            yield self._text(f"{name}_{language}", label, value, required=required)

    def _span(self, name: str, label: str, value: str) -> Question:
        hint = self.words.t("change.span.hint")
        return self._text(name, label, value, hint=hint, most=_SPAN)

    def _text(
        self,
        name: str,
        label: str,
        value: str,
        *,
        hint: str = "",
        most: int = _TEXT,
        required: bool = True,
    ) -> Question:
        return Question(
            id=name,
            type=FieldType.TEXT.value,
            label=label,
            hint=hint,
            required=required,
            max=most,
            value=value or None,
        )

    def _choice(self, name: str, label: str, ids: tuple[str, ...], value: str) -> Question:
        choices = (Choice(id=one, label=self.words.t(f"change.choice.{one}")) for one in ids)
        return Question(
            id=name,
            type=FieldType.CHOICE.value,
            label=label,
            required=True,
            choices=tuple(choices),
            value=value,
        )


def _ladders(node: Any) -> tuple[str, ...]:
    return tuple(getattr(node, "ladders", ()))
