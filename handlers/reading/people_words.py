"""Writes the people expressions of a definition in words: "everybody with the role buyer"."""

from __future__ import annotations

from handlers.reading.formatter import Formatter
from workflows.expressions import (
    MAX_LEVELS,
    Except,
    ExpressionHead,
    FieldRef,
    Manager,
    Managers,
    Members,
    Name,
    PersonRef,
    Pick,
    RoleRef,
    Term,
    Word,
    parse,
)
from workflows.model.definition import Definition
from workflows.model.nodes import GatewayNode


def in_words(expression: str, definition: Definition, write: Formatter) -> str:
    """Return whom a people expression names, in the reader's language."""
    return _said(parse(expression).root, definition, write)


def _said(term: Term, definition: Definition, write: Formatter) -> str:
    t = write.words.t
    match term:
        case Word():
            return t(f"who.{term.word}")
        case PersonRef():
            person = write.directory.by_id(term.id)
            return term.id if person is None else write.name(person.key)
        case RoleRef():
            return _of_role(term, definition, write)
        case FieldRef():
            field = definition.field(term.id)
            return t("who.field", label=term.id if field is None else write.text(field.label))
        case Name():
            return t("who.name", node=write.listed(_set_by(term.name, definition, write)))
        case Members():
            return t("who.members", department=write.department(term.department))
        case ExpressionHead() if term.of is None:
            return t("who.head", department=write.department(term.department))
        case _:
            return _of_others(term, definition, write)


def role_name(role: str, definition: Definition, write: Formatter) -> str:
    """Return the name that a definition gives a role, or the role's key."""
    name = definition.roles.get(role)
    return role if name is None else write.text(name)


def _of_role(term: RoleRef, definition: Definition, write: Formatter) -> str:
    """Return everybody with a role; in Chinese, its name needs no quotation marks as a key does."""
    t, role = write.words.t, role_name(term.role, definition, write)
    named = term.role in definition.roles
    if not term.department:
        return t("who.role.named" if named else "who.role", role=role)
    department = write.department(term.department)
    msgid = "who.role.named.in" if named else "who.role.in"
    return t(msgid, role=role, department=department)


def _of_others(
    term: Manager | Managers | ExpressionHead | Except | Pick,
    definition: Definition,
    write: Formatter,
) -> str:
    """Return whom a term names that begins with other people."""
    t = write.words.t
    of = "" if term.of is None else _said(term.of, definition, write)
    match term:
        case Manager():
            one = term.levels == 1
            return t("who.manager" if one else "who.manager.up", of=of, levels=term.levels)
        case Managers():
            every = term.levels == MAX_LEVELS
            return t("who.managers" if every else "who.managers.up", of=of, levels=term.levels)
        case ExpressionHead():
            return t("who.head.of", of=of)
        case Except():
            return t("who.except", of=of, without=_said(term.without, definition, write))
        case Pick():
            return t(f"who.{term.by}", of=of)


def _set_by(name: str, definition: Definition, write: Formatter) -> list[str]:
    """Return the names of the gateways that set a name."""
    return [
        write.text(node.name)
        for node in definition.nodes
        if isinstance(node, GatewayNode) and any(name in route.set for route in node.routes)
    ]
