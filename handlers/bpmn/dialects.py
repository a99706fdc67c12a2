"""Writes conditions, times and people as an engine reads them.

The conditions of definitions are Python expressions without calls, so that the dialect of
SpiffWorkflow takes them nearly as they are. Camunda wants the expression language of Java (JUEL).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Literal

from handlers.bpmn.parts import Service, Work
from workflows.durations import Unit, parse_span

Dialect = Literal["camunda", "spiff"]

NAMESPACES = {
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "spiffworkflow": "http://spiffworkflow.org/bpmn/schema/1.0/core",
}
_WORDS = re.compile(
    r"""(?P<text>d?(?:"[^"]*"|'[^']*'))|(?P<name>[a-z_][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)"""
)
_CONSTANTS = {"true": "True", "false": "False"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_ISO = {
    Unit.MINUTES: "PT{}M",
    Unit.WORKING_MINUTES: "PT{}M",
    Unit.HOURS: "PT{}H",
    Unit.WORKING_HOURS: "PT{}H",
    Unit.DAYS: "P{}D",
    Unit.WORKING_DAYS: "P{}D",
}
_ROLE = re.compile(r"role:([a-z0-9_-]+)(?:@[a-z0-9_-]+)?")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes in one dialect."""

    dialect: Dialect

    @property
    def prefix(self) -> str:
        """The prefix of its own attributes."""
        return "camunda" if self.dialect == "camunda" else "spiffworkflow"

    def condition(self, text: str) -> str:
        """Return a condition of a definition."""
        python = _python(text)
        if self.dialect == "spiff":
            return python
        return "${" + _juel(ast.parse(python, mode="eval").body) + "}"

    def duration(self, due: str) -> str:
        """Return a time limit; an engine knows no working days, so they are days there."""
        span = parse_span(due)
        text = _ISO[span.unit].format(span.amount)
        return text if self.dialect == "camunda" else f'"{text}"'

    def day(self, name: str) -> str:
        """Return the day in a variable."""
        return "${" + name + "}" if self.dialect == "camunda" else name

    def attributes(self, work: Work) -> dict[str, str]:
        """Return the attributes of a task: in Camunda's, who has it or may claim it, and its form.

        A person or group that only the product finds is a variable: `supervisor(filer)` is
        "${supervisor_filer}".
        """
        if self.dialect == "spiff":
            return {}
        found = {"camunda:formKey": work.form} if work.form else {}
        if work.assignee:
            found["camunda:assignee"] = _people(work.assignee)
        if work.candidates:
            found["camunda:candidateGroups"] = ",".join(map(_people, work.candidates))
        return found

    def of_service(self, service: Service) -> dict[str, str]:
        """Return the attributes of a service task: in Camunda, the topic that workers ask for."""
        if self.dialect == "spiff":
            return {}
        return {"camunda:type": "external", "camunda:topic": service.work}


def _people(expression: str) -> str:
    role = _ROLE.fullmatch(expression)
    if role is not None:
        return role[1]
    return "${" + "_".join(re.findall(r"[a-z0-9]+", expression)) + "}"


def _python(text: str) -> str:
    """Return a condition as Python; a day is its ISO text, and a dot in a name an underscore."""

    def said(found: re.Match[str]) -> str:
        if found["text"]:
            return found["text"].removeprefix("d")
        return _CONSTANTS.get(found["name"], found["name"].replace(".", "_"))

    return " ".join(_WORDS.sub(said, text).split())


def _juel(tree: ast.expr) -> str:
    match tree:
        case ast.BoolOp(op=op, values=values):
            sign = " && " if isinstance(op, ast.And) else " || "
            return sign.join(f"({_juel(one)})" for one in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"!({_juel(operand)})"
        case ast.UnaryOp(operand=operand):
            return f"-({_juel(operand)})"
        case ast.BinOp(left=left, op=sign_of, right=right):
            return f"({_juel(left)} {_SIGNS[type(sign_of)]} {_juel(right)})"
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = zip([left, *others], ops, others, strict=False)
            return " && ".join(_compared(one, op, other) for one, op, other in pairs)
        case ast.Name(id=name):
            return name
        case ast.Constant(value=bool() as value):
            return str(value).lower()
        case ast.Constant(value=str() as value):
            return '"' + value.replace('"', '\\"') + '"'
        case _:  # a number
            return ast.unparse(tree)


def _compared(one: ast.expr, op: ast.cmpop, other: ast.expr) -> str:
    if not isinstance(op, ast.In | ast.NotIn):
        return f"{_juel(one)} {_COMPARISONS[type(op)]} {_juel(other)}"
    if isinstance(other, ast.List):
        listed = " || ".join(f"{_juel(one)} == {_juel(each)}" for each in other.elts)
        found = f"({listed})"
    else:
        found = f"{_juel(other)}.contains({_juel(one)})"
    return f"!{found}" if isinstance(op, ast.NotIn) else found
