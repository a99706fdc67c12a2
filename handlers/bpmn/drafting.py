"""Makes a draft of a drawing: the stated subset of BPMN, and a finding for everything else.

A file that this product wrote, and in which nobody changed the flow, gives the definition that it
was written of. Otherwise the flow is read from the drawing, and what the definition said of each
step is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.bpmn.conditions import read_condition
from handlers.bpmn.heads import Given, head_of
from handlers.bpmn.own_files import is_unchanged, own_definition
from handlers.bpmn.reading import Drawing, Flow, Thing
from handlers.bpmn.toml_text import toml_of
from handlers.bpmn.wording import key_of, results_of, says, span_of

WORK = {"userTask", "manualTask", "task"}
DUE = "3wd"  # of a step without a timer

_OWN_DUE = re.compile(r"due = (\d+(?:wm|wh|wd|m|h|d))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something in the drawing that has no place in the draft, or was changed there."""

    code: str
    element: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The definition as TOML has it, with comments by node, and what was left out."""

    tree: Mapping[str, Any]
    notes: Mapping[str, tuple[str, ...]]
    left: tuple[Left, ...] = ()

    @property
    def key(self) -> str:
        """The key of the process."""
        return str(self.tree["key"])

    def text(self, head: tuple[str, ...] = ()) -> str:
        """Return the draft as a file, with comments at its head."""
        return toml_of(self.tree, head=head, notes=self.notes)


def draft_of(drawing: Drawing, given: Given) -> Draft:
    """Return the draft of a drawing."""
    own = own_definition(drawing)
    if own is not None and is_unchanged(drawing, own):
        tree = own.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return Draft(tree={**tree, **({"key": given.key} if given.key else {})}, notes={})
    return _Drafting(drawing, given).draft()


# ---------------------------------------------------------------- any drawing


@dataclass(slots=True)
class _Drafting:
    drawing: Drawing
    given: Given
    keys: dict[str, str] = field(default_factory=dict)  # of nodes, by element
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    lanes: dict[str, str] = field(default_factory=dict)  # keys of their roles, by name
    voted: set[str] = field(default_factory=set)  # gateways that are part of an approval

    def draft(self) -> Draft:
        drawing = self.drawing
        for one in drawing.things.values():
            if not self._passed(one):
                taken = frozenset(self.keys.values())
                named = one.name if one.name.isascii() and one.name else one.id.lower()
                self.keys[one.id] = one.id if self._is_ours(one) else key_of(named, taken=taken)
        things = drawing.things.values()
        self.voted = {gate.id for one in things if (gate := self._votes(one))}
        self.voted |= {one.id for one in things if self._behind(one)}
        steps = [one for key, one in drawing.things.items() if key in self.keys]
        steps = [one for one in steps if one.id not in self.voted]
        nodes = [self._node(one) for one in steps]
        for one in things:
            self._elsewhere(one)
        roles = {_role(key): {"zh": text, "en": text} for text, key in self.lanes.items()}
        fields = self.fields.values()
        head = head_of(drawing, self.given, fields=fields, start=self._start(), roles=roles)
        notes = {self.keys[one.id]: tuple(self._notes(one)) for one in steps}
        return Draft(tree={**head, "nodes": nodes}, notes=notes, left=tuple(self.left))

    def _is_ours(self, one: Thing) -> bool:
        return one.own is not None and one.own.get("id") == one.id

    # ------------------------------------------------------------ what is a node

    def _passed(self, one: Thing) -> bool:
        """Return whether cases only pass an element: it is no node."""
        if self._is_ours(one):
            return False
        if one.kind == "endEvent":
            return bool(self._late(one))
        if one.works:
            return False
        if one.kind in ("exclusiveGateway", "parallelGateway", "inclusiveGateway"):
            return len(self.drawing.leaving(one.id)) < 2  # noqa: PLR2004 - they come together
        return True

    def _late(self, end: Thing) -> bool:
        """Return whether an end belongs to a timer at a task."""
        sources = [self.drawing.things.get(f.source) for f in self.drawing.arriving(end.id)]
        return bool(sources) and all(one and one.kind == "boundaryEvent" for one in sources)

    def _to(self, flow: Flow) -> str:
        """Return the node to which a flow leads, past gateways at which flows come together."""
        here, seen = flow.target, set[str]()
        while here not in self.keys and here not in seen:
            seen.add(here)
            leaving = self.drawing.leaving(here)
            if not leaving:
                break
            here = leaving[0].target
        return self.keys.get(here, "")

    # ------------------------------------------------------------ approvals

    def _votes(self, one: Thing) -> Thing | None:
        """Return the gateway behind an activity if its flows are outcomes of an approval."""
        leaving = self.drawing.leaving(one.id)
        if not one.works or len(leaving) != 1:
            return None
        gate = self.drawing.things.get(leaving[0].target)
        if gate is None or gate.kind != "exclusiveGateway" or self._is_ours(gate):
            return None
        flows = self.drawing.leaving(gate.id)
        several = len(flows) > 1 and len(self.drawing.arriving(gate.id)) == 1
        return gate if several and all(results_of(flow) for flow in flows) else None

    def _behind(self, gate: Thing) -> bool:
        """Return whether this product wrote a gateway behind a step of its own."""
        step = self.drawing.things.get(gate.id.rpartition(".")[0])
        return step is not None and self._is_ours(step) and not self._is_ours(gate)

    def _outcomes(self, one: Thing, gate: Thing) -> dict[str, Any]:
        """Return the outcomes of an approval as the flows behind it are drawn."""
        found: dict[str, Any] = {}
        was = (one.own or {}).get("outcomes", {})
        drawn = [
            (vote, rest, self._to(flow))
            for flow in self.drawing.leaving(gate.id)
            for vote, rest in results_of(flow)
        ]
        for vote, rest, to in drawn:
            kept = {k: v for k, v in was.get(vote, {}).items() if k not in ("to", "then")}
            outcome = found.setdefault(vote, {"to": [], **kept})
            if rest == "limit":
                outcome["then"] = to
            else:
                outcome["to"].append(to)
        for outcome in found.values():
            outcome["to"] = outcome["to"][0] if len(outcome["to"]) == 1 else outcome["to"]
        back = found.get("return")
        if back is not None and "at_most" not in back and "then" not in back:
            back["at_most"] = 3
        return found

    # ------------------------------------------------------------ nodes

    def _node(self, one: Thing) -> dict[str, Any]:
        text = one.name or one.id
        node: dict[str, Any] = {"id": self.keys[one.id], "name": {"zh": text, "en": text}}
        own = one.own if self._is_ours(one) else None
        if own is not None and one.name in (own.get("name") or {}).values():
            node["name"] = own["name"]
        if one.kind == "endEvent":
            ended = "rejected" if one.event == "terminate" or says(one.name, "reject") else ""
            return {**node, "kind": "end", **({"status": ended} if ended else {})} | _kept(
                own, "status", "note", "cc"
            )
        if one.works:
            return self._work(one, node, own)
        if one.kind == "parallelGateway" or (own or {}).get("kind") == "fork":
            return self._fork(one, node, own)
        if own is not None and own.get("kind") != "gateway":
            return dict(own)
        return self._gateway(one, node, own)

    def _work(
        self, one: Thing, node: dict[str, Any], own: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if own is not None and own.get("kind") not in ("task", "approval"):
            return dict(own)
        if one.kind not in WORK:
            self._leave("automatic", one)
        work = {**self._people(one), "ladder": "step"}
        if own is not None:
            drawn = ("id", "name", "kind", "next", "outcomes")
            work = {name: value for name, value in own.items() if name not in drawn}
        node |= {"kind": "task", **work, "due": self._due(one)}
        gate = self._votes(one)
        if gate is not None:
            outcomes = self._outcomes(one, gate)
            done = outcomes.pop("complete", None)
            if done is not None:
                return {**node, "next": done["to"]}
            return {**node, "kind": "approval", "outcomes": outcomes}
        leaving = self.drawing.leaving(one.id)
        if not leaving:
            self._leave("dead_end", one)
        elif len(leaving) > 1:
            self._leave("several_flows", one)
        return {**node, "next": self._to(leaving[0]) if leaving else ""}

    def _people(self, one: Thing) -> dict[str, str]:
        """Return who does an activity: as an engine has it, else the role of its lane."""
        for name in ("candidates", "candidateGroups", "assignee"):
            text = one.facts.get(name, "").strip()
            if text and "{" not in text:
                own = name == "candidates" or ":" in text or text in ("filer", "owner")
                groups = [part.strip() for part in text.split(",")]
                roles = text if own else f"role:{_role(key_of(groups[0], default='team'))}"
                return {"candidates" if name != "assignee" else "assignee": roles}
        if one.lane:
            return {"candidates": f"role:{self._role_of(one.lane)}"}
        return {"assignee": "owner"}

    def _role_of(self, lane: str) -> str:
        """Return the role of a lane, which has the lane's name."""
        if lane not in self.lanes:
            self.lanes[lane] = key_of(lane, taken=frozenset(self.lanes.values()), default="team")
        return _role(self.lanes[lane])

    def _due(self, one: Thing) -> str:
        """Return the limit of an activity: that of the timer at its border."""
        for timer in self.drawing.things.values():
            if timer.attached == one.id and timer.event == "timer":
                own, span = _OWN_DUE.fullmatch(timer.about), span_of(timer.time.strip('"'))
                if own and span in ("", own[1].replace("w", "")):
                    return own[1]
                if span:
                    return span
        return DUE

    def _fork(
        self, one: Thing, node: dict[str, Any], own: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        branches = [self._to(flow) for flow in self.drawing.leaving(one.id)]
        if own is not None:
            meant = [b if isinstance(b, str) else b["to"] for b in own.get("branches", ())]
            if {*meant} <= {*branches}:
                return dict(own)
        join = self._join(one)
        if not join:
            self._leave("open_fork", one)
        return {**node, "kind": "fork", "branches": branches, "join": join}

    def _join(self, fork: Thing) -> str:
        """Return the node behind the gateway at which all branches come together."""
        reached = [self._reached(flow.target) for flow in self.drawing.leaving(fork.id)]
        for here in reached[0] if reached else ():
            thing = self.drawing.things.get(here)
            joins = (
                thing is not None
                and thing.kind == fork.kind
                and len(self.drawing.arriving(here)) > 1
            )
            if joins and all(here in other for other in reached):
                leaving = self.drawing.leaving(here)
                return self._to(leaving[0]) if leaving else ""
        return ""

    def _reached(self, start: str) -> dict[str, None]:
        """Return the elements that are reached from one, the nearest first."""
        found: dict[str, None] = {start: None}
        todo = [start]
        while todo:
            for flow in self.drawing.leaving(todo.pop(0)):
                if flow.target not in found:
                    found[flow.target] = None
                    todo.append(flow.target)
        return found

    def _gateway(
        self, one: Thing, node: dict[str, Any], own: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        if one.kind != "exclusiveGateway" and own is None:
            self._leave("gateway", one)
        was = {route.get("to"): route for route in (own or {}).get("routes", ())}
        flows = self.drawing.leaving(one.id)
        last = next((flow for flow in flows if flow.id == one.default), None)
        routes: list[dict[str, Any]] = []
        for flow in [flow for flow in flows if flow is not last]:
            to = self._to(flow)
            kept = was.get(to)
            routes.append(
                dict(kept) if kept and "when" in kept else {"when": self._when(one, flow), "to": to}
            )
        if last is None and routes:
            routes[-1].pop("when")
        elif last is not None:
            to = self._to(last)
            routes.append(dict(was[to]) if to in was and "when" not in was[to] else {"to": to})
        return {**node, "kind": "gateway", "routes": routes} | _kept(own, "score", "cc")

    def _when(self, gate: Thing, flow: Flow) -> str:
        """Return the condition of a flow; without one that we can say, it is asked for."""
        read = read_condition(flow.condition) if flow.condition else None
        if read is not None:
            for name, value in read.compared:
                self._asked(name, value)
            return read.text
        self._leave("condition", gate, flow.condition or flow.name or flow.id)
        name = key_of(f"{self.keys[gate.id]}_way")
        value = key_of(flow.name or flow.target)
        self._asked(name, value)
        return f'{name} == "{value}"'

    def _asked(self, name: str, value: object) -> None:
        """Add a field to the form with which a case is filed."""
        kind = "choice" if isinstance(value, str) else "number"
        one = self.fields.setdefault(
            name, {"id": name, "type": kind, "required": True, "label": {"zh": name, "en": name}}
        )
        if one["type"] == "choice":
            options = one.setdefault("options", [{"id": "other", "zh": "其他", "en": "Other"}])
            if all(option["id"] != value for option in options):
                options.append({"id": value, "zh": str(value), "en": str(value)})

    # ------------------------------------------------------------ the rest

    def _start(self) -> str:
        """Return the first node."""
        starts = [one for one in self.drawing.things.values() if one.kind == "startEvent"]
        plain = [one for one in starts if not one.event]
        for one in (*plain[1:], *(one for one in starts if one.event)):
            if not self._derived(one):
                self._leave("start", one)
        flows = self.drawing.leaving(plain[0].id) if plain else []
        if not flows:
            first = next(iter(self.keys.values()), "")
            self.left.append(Left(code="no_start", element=self.drawing.id, name=self.drawing.name))
            return first
        return self._to(flows[0])

    def _elsewhere(self, one: Thing) -> None:
        """Note what an element does that a draft cannot say."""
        if one.kind == "boundaryEvent":
            if one.event != "timer":
                self._leave("boundary", one)
            elif not _OWN_DUE.fullmatch(one.about) and not span_of(one.time):
                self._leave("timer", one, one.time)
            elif one.interrupts:
                self._leave("interrupting", one)
        elif one.id not in self.keys and not self._derived(one):
            known = one.kind in ("startEvent", "endEvent") or one.kind.endswith("Gateway")
            if not known:
                self._leave("element", one, one.kind)

    def _notes(self, one: Thing) -> Iterator[str]:
        if one.about and not self._is_ours(one):
            yield one.about
        for left in self.left:
            if left.element == one.id:
                yield f"CHECK {left.code.replace('_', ' ')}{': ' if left.about else ''}{left.about}"

    def _derived(self, one: Thing) -> bool:
        """Return whether this product wrote an element beside one of its own steps."""
        own = (step.id for step in self.drawing.things.values() if self._is_ours(step))
        return any(one.id.startswith(f"{step}.") for step in own)

    def _leave(self, code: str, one: Thing, about: str = "") -> None:
        self.left.append(Left(code=code, element=one.id, name=one.name, about=about))


def _role(key: str) -> str:
    """Return a key as roles are written."""
    return key.replace("_", "-")


def _kept(own: Mapping[str, Any] | None, *names: str) -> dict[str, Any]:
    return {name: own[name] for name in names if name in own} if own is not None else {}
