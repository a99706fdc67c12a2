"""Writes the differences of two versions of a process in words, for a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from handlers.diagram import conditions
from handlers.i18n import Translator, dates
from handlers.reading.formatter import Formatter
from handlers.reading.people_words import in_words
from handlers.rehearsal_items import rung_time
from workflows.differences import Change, Difference, differences
from workflows.durations import parse_span
from workflows.model.clocks import parse_rung_time
from workflows.model.definition import Definition
from workflows.model.words import SPAN
from workflows.toml_lines import Path

DASH = "—"
_SPAN = re.compile(SPAN)

PARTS = (
    *("nodes", "forms", "clocks", "ladders", "targets", "alerts", "actions", "mails"),
    *("schedules", "tables", "facts", "scorecards", "roles"),
)
"""The keys of a definition whose entries have names or ids of their own."""

KEYS = (
    *("name", "purpose", "departments", "owner", "admins", "command", "start_form", "start"),
    *("started_by", "web_form", "withdraw_until", "revoke", "business_end", "grouped_by"),
    *("approvals", "penalties", "pause", "survey", "employee_survey", "review", "training"),
    "document",
    "register",
    *(
        "kind",
        "assignee",
        "candidates",
        "signers",
        "sign",
        "due",
        "ladder",
        "form",
        "next",
        "outcomes",
    ),
    *("routes", "branches", "join", "return_to", "requires", "cc", "button", "batch", "channel"),
    *("low_risk", "not_same_as", "same_as", "nobody", "self_approval", "access", "shows", "until"),
    *(
        "starts",
        "within",
        "limit",
        "pauses",
        "calendar",
        "rungs",
        "fields",
        "label",
        "hint",
        "required",
    ),
    *("when", "required_when", "type", "options", "min", "max", "columns", "goal", "baseline"),
    *(
        "raise",
        "clear",
        "for",
        "tell",
        "at",
        "to",
        "at_most",
        "then",
        "set",
        "most",
        "waived_by",
        "nodes",
    ),
    *("question", "every", "remind", "escalate", "reassign", "points", "outcome", "values", "on"),
    *("cap", "weight", "who", "open_for", "threshold", "questions", "note", "accept", "unique"),
)
"""The keys that have a name in words; others are written as in the file."""

NODES = ("task", "approval", "gateway", "fork", "wait", "process", "service", "end")
OUTCOMES = ("approve", "reject", "return")
_OF_NODE = ("assignee", "candidates", "signers", "form", "due")
_DEFAULTS = (("times", 1), ("max_files", 5), ("max_rows", 20))  # are not said of a new part
_PEOPLE = {
    *("owner", "admins", "assignee", "candidates", "signers", "who", "nobody", "started_by"),
    *("tell", "remind", "escalate", "reassign", "waived_by", "filed_by"),
}
_PEOPLE_OF = {"cc": "to", "survey": "to"}  # keys that mean a node elsewhere
_CONDITIONS = {"when", "required_when"}
_NODES = {
    *("start", "next", "to", "then", "join", "business_end", "return_to", "not_same_as"),
    *("same_as", "nodes", "branches", "node", "withdraw_until"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceWords:
    """Writes differences for one reader. `before` and `after` are the two versions."""

    before: Definition
    after: Definition
    write: Formatter

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.write.words

    def part(self, one: Difference) -> str:
        """Return the name of the part: "Step: Resolve and reply"."""
        top = str(one.place[0])
        if not _has_part(one):
            return self.words.t("difference.process")
        return self.words.t(f"difference.part.{top}", name=self._named(top, str(one.place[1])))

    def what(self, one: Difference) -> str:
        """Return what of the part differs, and whether it is new or gone."""
        of_part: Path = one.place[2 if _has_part(one) else 0 :]
        if _is_role_name(one):
            of_part = ("name",)
        path = self.words.t("difference.within").join(self._labels(one, of_part))
        if one.change is Change.CHANGED:
            return path or self.words.t("difference.change.changed")
        change = self.words.t(f"difference.change.{one.change}")
        return self.words.t("difference.said", what=path, change=change) if path else change

    def was(self, one: Difference) -> str:
        """Return the value before."""
        if one.change is Change.MERGED:
            return self.write.listed(self.node(node) for node in one.before)
        return self._side(one, one.before, self.before)

    def becomes(self, one: Difference) -> str:
        """Return the value after."""
        return self._side(one, one.after, self.after)

    def node(self, node_id: str) -> str:
        """Return the name of a node of either version, or its id without one."""
        for version in (self.after, self.before):
            if version.has_node(node_id):
                return self.write.text(version.node(node_id).name)
        return node_id

    # ------------------------------------------------------------------ names

    def _named(self, top: str, key: str) -> str:
        if top == "nodes":
            return self.node(key)
        for version in (self.after, self.before):
            parts = getattr(version, top)
            found = parts.get(key) if isinstance(parts, dict) else _of_id(parts, key)
            name = getattr(found, "name", None)
            if name is not None:
                return self.write.text(name)
        return key

    def _labels(self, one: Difference, path: Iterable[str | int]) -> Iterator[str]:
        """Yield the names of the keys of a path; of fields and outcomes those that they have."""
        inside = str(one.place[0])
        for step in map(str, path):
            if inside == "fields":
                yield self.words.t("difference.field", label=self._field(str(one.place[1]), step))
            elif inside == "outcomes" and step in OUTCOMES:
                yield self.words.t(f"diagram.{step}")
            elif step != "fields" or one.place[-1] == step:
                yield self.key(step)
            inside = step

    def key(self, key: str) -> str:
        """Return the name of a key, or the key itself."""
        return self.words.t(f"difference.key.{key}") if key in KEYS else key

    def _field(self, form: str, field_id: str) -> str:
        for version in (self.after, self.before):
            fields = version.forms[form].written if form in version.forms else ()
            for field in fields:
                if field.id == field_id:
                    return self.write.text(field.label)
        return field_id

    # ------------------------------------------------------------------ values

    def _side(self, one: Difference, value: Any, version: Definition) -> str:
        key = str(one.place[-1])
        if one.change in (Change.MERGED, Change.REORDERED):
            if key == "fields":
                names = [self._field(str(one.place[1]), item) for item in value]
            else:
                names = [self.node(item) for item in value]
            return self.words.t("difference.order").join(names)
        if isinstance(value, dict) and len(one.place) == 2:  # noqa: PLR2004 - a part with an id
            return self._whole(value, version, top=str(one.place[0]))
        inside = str(one.place[-2]) if len(one.place) > 1 else ""
        return self._value(value, version, key=key, inside=inside)

    def _whole(self, value: dict[str, Any], version: Definition, *, top: str) -> str:
        """Return what a new or dropped part is, without its name, which is said beside it."""
        if top == "forms":
            return self.write.listed(
                self._table(field["label"], version, inside="label") for field in value["fields"]
            )
        if top != "nodes":
            value = {name: part for name, part in value.items() if name != "name"}
            return self._value(value, version, key=top)
        kind = self.words.t(f"difference.node.{value['kind']}")
        known = {name: value[name] for name in _OF_NODE if value.get(name)}
        return self.write.listed(filter(None, (kind, self._table(known, version, inside="nodes"))))

    def _value(self, value: Any, version: Definition, *, key: str, inside: str = "") -> str:
        if value is None or value in ("", [], {}):
            return DASH
        if isinstance(value, bool):
            return self.words.t("difference.yes" if value else "difference.no")
        if isinstance(value, list):
            texts = (self._value(item, version, key=key, inside=inside) for item in value)
            return self.words.t("difference.listed").join(texts)
        if isinstance(value, dict):
            return self._table(value, version, inside=key)
        return self._text(str(value), version, key=key, inside=inside)

    def _table(self, value: dict[str, Any], version: Definition, *, inside: str) -> str:
        if "zh" in value and {*value} <= {"id", "zh", "en"}:
            return str(value["zh" if self.write.language == "zh" else "en"])
        said = {
            name: self._value(part, version, key=name, inside=inside)
            for name, part in value.items()
            if part not in (None, "", [], {}, False)
            and name != "id"
            and (name, part) not in _DEFAULTS
        }
        return self.write.listed(
            self.words.t("difference.pair", key=self.key(name), value=text)
            for name, text in said.items()
        )

    def _text(self, value: str, version: Definition, *, key: str, inside: str) -> str:
        if _SPAN.fullmatch(value):
            return dates.span(parse_span(value), language=self.write.language)
        if key in _PEOPLE or _PEOPLE_OF.get(inside) == key:
            return in_words(value, version, self.write)
        if key in _CONDITIONS:
            return conditions.in_words(value, version, language=self.write.language)
        if key in _NODES:
            return self.node(value)
        if key in ("form", "start_form") and value in version.forms:
            return self.write.text(version.forms[value].name)
        if key == "type" and self.words.has(f"spec.type.{value}"):
            return self.words.t(f"spec.type.{value}")
        if key == "at" and inside == "rungs":
            return rung_time(self.words, parse_rung_time(value))
        return value


def said(before: Definition, after: Definition, write: Formatter) -> tuple[str, ...]:
    """Return what differs between two versions, a line for each difference."""
    say = DifferenceWords(before=before, after=after, write=write)
    return tuple(
        say.words.t(
            "change.said",
            part=say.part(one),
            what=say.what(one),
            before=say.was(one),
            after=say.becomes(one),
        )
        for one in differences(before, after)
    )


def _has_part(one: Difference) -> bool:
    """Return whether a difference is in an entry that has a name or an id of its own."""
    return len(one.place) > 1 and one.place[0] in PARTS


def _is_role_name(one: Difference) -> bool:
    """Return whether a difference is in the name of a role, which is the value of its part."""
    return _has_part(one) and one.place[0] == "roles"


def _of_id(parts: Iterable[Any], key: str) -> Any:
    return next((one for one in parts if key in (getattr(one, "id", ""), _measure(one))), None)


def _measure(part: Any) -> str:
    return str(getattr(part, "measure", ""))
