"""Lint of mails to people outside: their trigger, their address, and what their texts name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.mails import NUMBER, Mail
from workflows.model.nodes import ApprovalNode, TaskNode
from workflows.said import said
from workflows.toml_lines import Path

OF_CASE = ("filed", "closed", "rejected")
"""What happens to a case as a whole: it was filed, completed, or ended as rejected."""

_ADDRESSES = (FieldType.EMAIL, FieldType.TEXT)
_NO_TEXT = (FieldType.FILES, FieldType.ROWS)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the mails of a definition."""
    seen: set[str] = set()
    for index, mail in enumerate(definition.mails):
        path: Path = ("mails", index)
        if mail.id in seen:
            problem = said("two_mails", 'there are two mails "{id}"', id=mail.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
        seen.add(mail.id)
        yield from _trigger(definition, mail, (*path, "on"))
        yield from _address(definition, mail, (*path, "to"))
        for key, text in (("subject", mail.subject), ("text", mail.text)):
            for language in ("zh", "en"):
                yield from _names(definition, text.of(language), (*path, key, language))


def triggers(definition: Definition) -> tuple[str, ...]:
    """Return everything that a mail of this definition can be sent on."""
    found = [*OF_CASE, *definition.actions]
    for node in definition.nodes:
        outcomes: tuple[str, ...] = ()
        if isinstance(node, ApprovalNode):
            outcomes = tuple(node.outcomes)
        elif isinstance(node, TaskNode):
            outcomes = ("complete", *(("return",) if node.return_to else ()))
        found.extend(f"{node.id}.{outcome}" for outcome in outcomes)
    return tuple(found)


def _trigger(definition: Definition, mail: Mail, path: Path) -> Iterator[Flaw]:
    if mail.on in OF_CASE and mail.on in definition.actions:
        problem = said(
            "mail_on_both", '"{on}" is an action, and also what happens to a case', on=mail.on
        )
        yield Flaw(path=path, problem=problem, hint=said("rename_action", "Rename the action"))
    known = triggers(definition)
    if mail.on not in known:
        listed = ", ".join(known)
        otherwise = said("mail_triggers", "A mail is sent on one of {known}", known=listed)
        problem = said("no_mail_trigger", '"{on}" never happens in this process', on=mail.on)
        yield Flaw(path=path, problem=problem, hint=nearest(mail.on, known, otherwise=otherwise))


def _address(definition: Definition, mail: Mail, path: Path) -> Iterator[Flaw]:
    field = definition.field(mail.to)
    if field is None:
        fit = [one.id for one in definition.every_field() if one.type in _ADDRESSES]
        hint = nearest(mail.to, fit, otherwise=_ASK_ADDRESS)
        problem = said("no_field", 'no form has a field "{field}"', field=mail.to)
        yield Flaw(path=path, problem=problem, hint=hint)
    elif field.type not in _ADDRESSES:
        problem = said("no_address_field", '"{field}" holds no e-mail address', field=mail.to)
        yield Flaw(path=path, problem=problem, hint=_ASK_ADDRESS)


_ASK_ADDRESS = said("ask_address", "Name a field of type email")


def _names(definition: Definition, text: str, path: Path) -> Iterator[Flaw]:
    """Yield the placeholders of a text that are filled with nothing."""
    fit = [one.id for one in definition.every_field() if one.type not in _NO_TEXT]
    known = (NUMBER, *fit)
    otherwise = said("mail_placeholders", "A text may name {known}", known=", ".join(known))
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            problem = said("no_placeholder", '"{name}" in braces is filled with nothing', name=name)
            yield Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=otherwise))
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        hint = said("close_brace", "Write the id of a field between two braces")
        problem = said("open_brace", "a brace is not closed, or not opened")
        yield Flaw(path=path, problem=problem, hint=hint)
