"""Writes the items that a rehearsal covers as texts, such as "Reminder when it is due"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.diagram.conditions import in_words
from handlers.i18n import Translator, dates
from handlers.rehearsal_report import Wording
from workflows.model.clocks import RungTime
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, ForkNode, GatewayNode, WaitNode
from workflows.rehearsal.items import NONE, PAUSE, TURN, Item

DEEDS = "deeds"  # the part of the page for items without a node


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWords:
    """Writes the items of one definition as texts."""

    says: Wording

    @property
    def _words(self) -> Translator:
        return self.says.words

    @property
    def _definition(self) -> Definition:
        return self.says.definition

    def place(self, of: str) -> str:
        """Return the name of what items belong to: a node, a clock, the question, or `DEEDS`."""
        return self._words.t("rehearsal.deeds") if of == DEEDS else self.says.node(of)

    def item(self, item: Item) -> str:
        """Return the text of an item, without the name of its node."""
        match item.kind:
            case "route":
                return self._route(item)
            case "branch":
                return self._branch(item)
            case "outcome":
                return self._outcome(item)
            case "ballot":
                if item.name == TURN:
                    return self._words.t("rehearsal.item.turn")
                return self._words.t("rehearsal.item.ballot", outcome=self._outcome(item))
            case "start":
                return self._start(item)
            case "return" | "limit":
                return self._words.t(f"rehearsal.item.{item.kind}", to=self.says.node(item.name))
            case "rung":
                return self._rung(item)
            case "action":
                name = self._definition.actions[item.name].name.of(self._words.language)
                return self._words.t("rehearsal.item.action", action=name)
            case "deed":
                return self._words.t(f"rehearsal.item.{item.of}", ladder=item.name)
            case _:
                return self._words.t("rehearsal.item.node")

    def _route(self, item: Item) -> str:
        gateway = self._definition.node(item.of)
        assert isinstance(gateway, GatewayNode), "only gateways have routes"
        route = gateway.routes[int(item.name)]
        if route.when is None:
            label = self._words.t("diagram.else")
        else:
            label = in_words(route.when, self._definition, language=self._words.language)
        return self._words.t("rehearsal.item.route", label=label, to=self.says.node(route.to))

    def _branch(self, item: Item) -> str:
        fork = self._definition.node(item.of)
        assert isinstance(fork, ForkNode), "only forks have branches"
        if item.name == NONE:
            return self._words.t("rehearsal.item.no_branch", to=self.says.node(fork.join))
        to = self.says.node(item.name)
        when = next(one.when for one in fork.branches if one.to == item.name)
        if when is None:
            return self._words.t("rehearsal.item.branch", to=to)
        label = in_words(when, self._definition, language=self._words.language)
        return self._words.t("rehearsal.item.route", label=label, to=to)

    def _start(self, item: Item) -> str:
        node = self._definition.node(item.of)
        assert isinstance(node, WaitNode), "only these have starts"
        start = next(one for one in node.starts if one.id == item.name)
        return self._words.t("rehearsal.item.start", to=self.says.node(start.to), start=start.id)

    def _outcome(self, item: Item) -> str:
        node = self._definition.node(item.of)
        if not isinstance(node, ApprovalNode):
            return self._words.t("rehearsal.item.complete")
        label = node.outcomes[item.name].label if item.name in node.outcomes else None
        return label.of(self._words.language) if label else self._words.t(f"diagram.{item.name}")

    def _rung(self, item: Item) -> str:
        if item.of == PAUSE and item.name == "lapse":
            return self._words.t("rehearsal.item.lapse")
        _, key, _, _ = item.path
        prefix, _, name = item.name.rpartition(" ")
        if prefix:
            own, node = self._rung(replace(item, name=name)), self._definition.node(item.of)
            if not isinstance(node, WaitNode):
                return self._words.t("rehearsal.item.visit", rung=own)
            start = node.start(prefix)
            assert start is not None, f"no start {prefix}"
            to = self.says.node(start.to)
            return self._words.t("rehearsal.item.notice", rung=own, to=to)
        index, _, repeat = item.name.partition(".")
        rung = self._definition.ladders[str(key)].rungs[int(index)]
        at = rung_time(self._words, rung.at)
        if repeat:
            return self._words.t("rehearsal.item.again", at=at, number=int(repeat) + 1)
        return self._words.t(f"rehearsal.item.{rung.does}", at=at)


def rung_time(words: Translator, at: RungTime) -> str:
    """Return when a rung of a ladder fires: "2 working days after it is due"."""
    if at.percent is not None:
        return words.t("rehearsal.at.percent", percent=at.percent)
    if at.span is None:
        return words.t(f"rehearsal.at.{at.base}")
    side = "before" if at.sign < 0 else "after"
    span = dates.span(at.span, language=words.language)
    return words.t(f"rehearsal.at.{side}_{at.base}", span=span)
