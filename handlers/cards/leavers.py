"""Tells what a leaver had in the directory, and asks the administrators to give it to somebody.

Roles, heads of departments and managers come from the people file; the next import would overwrite
what the product wrote there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.i18n import translator
from handlers.office import Office
from handlers.pages import Badge, Card, Fact, Tone
from handlers.reading.formatter import Formatter, department_name, formatter, name_of
from workflows.directory import Directory

IN_DIRECTORY = "leaver_roles"  # the kind of the message to the administrators


def directory_facts(directory: Directory, leaver: str, write: Formatter) -> Iterator[Fact]:
    """Yield the roles, the departments and the people that a leaver still has in the directory."""
    person = directory.get(leaver)
    roles = person.roles if person is not None else ()
    heads = (one for one in directory.departments.values() if one.head == leaver)
    found = {
        "handover.roles": write.listed(_role(role, directory, write.language) for role in roles),
        "handover.heads": write.listed(department_name(one, write.language) for one in heads),
        "handover.below": write.names(directory.below(leaver)),
    }
    for label, value in found.items():
        if value:
            yield Fact(label=write.words.t(label), value=value)


def _role(role: str, directory: Directory, language: str) -> str:
    """Return the role, and that nobody has it any more if that is so."""
    if any(directory.with_role(role)):
        return role
    return translator(language).t("handover.role.vacant", role=role)


def in_directory_card(
    office: Office, directory: Directory, args: Mapping[str, str], language: str
) -> Card:
    """Return the message to an administrator: who is to have what the leaver had."""
    write = formatter(office, directory, reader=None, language=language)
    names = {name: name_of(directory.get(args[name]), language) for name in ("who", "by", "to")}
    return Card(
        kind=IN_DIRECTORY,
        title=write.words.t("card.leaver_roles", **names),
        badge=Badge(text=write.words.t("leaver_roles.badge"), tone=Tone.WARN),
        text=write.words.t("leaver_roles.text", **names),
        facts=tuple(directory_facts(directory, args["who"], write)),
    )
