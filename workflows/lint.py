"""Checks whether a definition can be published, and reports all findings at once.

`check` is for authors: it takes a text and reports everything, from a missing bracket to a role
without a holder. `lint` and `against_directory` are its parts for a definition that is loaded
already. Each of their findings prevents publishing; those of `warnings` do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from workflows import (
    lint_alerts,
    lint_approvals,
    lint_checks,
    lint_employee_survey,
    lint_facts,
    lint_fields,
    lint_flow,
    lint_forks,
    lint_graph,
    lint_ladders,
    lint_mails,
    lint_nodes,
    lint_register,
    lint_rows,
    lint_rules,
    lint_schedules,
    lint_scorecards,
    lint_starts,
    lint_waits,
    lint_web_form,
)
from workflows.directory import Directory
from workflows.errors import DefinitionError, Finding
from workflows.fact_rules import read_formulas
from workflows.lint_graph import nearest
from workflows.loading import Source, read_draft
from workflows.mending import mended, touches
from workflows.mentions import Flaw, Mention, people, read_texts
from workflows.model.definition import Definition
from workflows.said import Saying, said
from workflows.toml_lines import Path

_ALIKE = 0.75  # general-manager is not quality-manager
_MOST_LISTED = 30


def check(
    text: str,
    *,
    file: str,
    directory: Directory | None = None,
    calendars: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Return all findings that prevent publishing this text, in the order of the file.

    With a directory, people, roles and departments must exist in it, and with `calendars` those
    that are named must be among them. An empty result allows publishing.
    """
    try:
        source = read_draft(text, file=file).source
    except DefinitionError as error:
        return error.findings
    definition, flaws, places = mended(source.tree)
    if definition is None:
        return source.findings(flaws)
    more = [*_flaws(definition)]
    if directory is not None:
        more.extend(_missing(definition, directory))
    if calendars is not None:
        more.extend(_calendars(definition, calendars))
    return source.findings((*flaws, *(flaw for flaw in more if not touches(flaw.path, places))))


def lint(definition: Definition, *, source: Source | None = None) -> tuple[Finding, ...]:
    """Return the findings of a definition by itself. `source` adds the file and lines."""
    return _source(definition, source).findings(_flaws(definition))


def against_directory(
    definition: Definition, directory: Directory, *, source: Source | None = None
) -> tuple[Finding, ...]:
    """Return the findings about people, roles and departments that do not exist."""
    return _source(definition, source).findings(_missing(definition, directory))


def warnings(definition: Definition, *, source: Source | None = None) -> tuple[Finding, ...]:
    """Return what may be a mistake: names of roles that no people expression mentions."""
    return _source(definition, source).findings(_unused_names(definition))


def _source(definition: Definition, source: Source | None) -> Source:
    return (
        source
        if source is not None
        else Source(tree=definition.model_dump(mode="json", by_alias=True))
    )


def _flaws(definition: Definition) -> Iterator[Flaw]:
    texts = read_texts(definition)
    formulas = read_formulas(definition)
    yield from texts.flaws
    yield from formulas.flaws
    yield from lint_fields.flaws(definition)
    yield from lint_rows.flaws(definition)
    yield from lint_facts.flaws(definition)
    yield from lint_scorecards.flaws(definition)
    yield from lint_rules.flaws(definition, texts, formulas)
    yield from lint_nodes.flaws(definition)
    yield from lint_approvals.flaws(definition)
    yield from lint_checks.flaws(definition)
    yield from lint_ladders.flaws(definition)
    yield from lint_graph.flaws(definition)
    yield from lint_forks.flaws(definition)
    yield from lint_flow.flaws(definition, texts, formulas)
    yield from lint_waits.flaws(definition)
    yield from lint_register.flaws(definition)
    yield from lint_starts.flaws(definition)
    yield from lint_schedules.flaws(definition)
    yield from lint_mails.flaws(definition)
    yield from lint_alerts.flaws(definition)
    yield from lint_employee_survey.flaws(definition)
    yield from lint_web_form.flaws(definition)


def _unused_names(definition: Definition) -> Iterator[Flaw]:
    """Yield the names of roles that nobody reads. An edit can leave them, so they may stay."""
    expressions = read_texts(definition).people.values()
    used = {role for expression in expressions for role, _ in expression.roles}
    nameless = sorted(used - definition.roles.keys())
    for role in definition.roles.keys() - used:
        otherwise = said("drop_role_name", "Take the name away, or write role:{role}", role=role)
        problem = said("role_unused", 'no people expression has the role "{role}"', role=role)
        hint = nearest(role, nameless, otherwise=otherwise)
        yield Flaw(path=("roles", role), problem=problem, hint=hint)


def _missing(definition: Definition, directory: Directory) -> Iterator[Flaw]:
    for index, department in enumerate(definition.departments):
        yield from _department(department, directory, ("departments", index))
    texts = read_texts(definition)
    for mention in people(definition):
        expression = texts.people.get(mention.text)
        if expression is None:
            continue
        for department in expression.departments:
            yield from _department(department, directory, mention.path)
        for department in expression.heads:
            yield from _head(department, directory, mention)
        for role, department in expression.roles:
            yield from _role(role, department, directory, mention)
        for person_id in expression.persons:
            yield from _person(person_id, directory, mention)


def _calendars(definition: Definition, known: Collection[str]) -> Iterator[Flaw]:
    """Yield the calendars that are named and that the configuration does not have."""
    named: list[tuple[Path, str | None]] = [
        (("nodes", index, "calendar"), getattr(node, "calendar", None))
        for index, node in enumerate(definition.nodes)
    ]
    clocks = definition.clocks.items()
    named.extend((("clocks", key, "calendar"), clock.calendar) for key, clock in clocks)
    for path, name in named:
        if name is not None and name not in known:
            otherwise = said(
                "add_calendar", "Add [company.calendars.{name}] to the configuration", name=name
            )
            yield Flaw(
                path=path,
                problem=said("no_calendar", 'there is no calendar "{name}"', name=name),
                hint=nearest(name, known, otherwise=otherwise),
            )


def _department(department: str, directory: Directory, path: Path) -> Iterator[Flaw]:
    if department not in directory.departments:
        yield Flaw(
            path=path,
            problem=said(
                "no_department", 'there is no department "{department}"', department=department
            ),
            hint=_departments(department, directory),
        )


def _head(department: str, directory: Directory, mention: Mention) -> Iterator[Flaw]:
    if department in directory.departments and not directory.head_of(department):
        yield Flaw(
            path=mention.path,
            problem=said(
                "no_head",
                'the department "{department}" has no head at work',
                department=department,
            ),
            hint=said("name_head", "Name its head in the people file"),
        )


def _role(role: str, department: str, directory: Directory, mention: Mention) -> Iterator[Flaw]:
    if department and department not in directory.departments:
        return  # reported already
    if not any(directory.with_role(role, department=department)):
        problem = said("no_role", 'nobody has the role "{role}"', role=role)
        if department:
            problem = said(
                "no_role_in",
                'nobody has the role "{role}" in "{department}"',
                role=role,
                department=department,
            )
        yield Flaw(path=mention.path, problem=problem, hint=_roles(role, directory))


def _person(person_id: str, directory: Directory, mention: Mention) -> Iterator[Flaw]:
    person = directory.by_id(person_id)
    if person is None:
        problem = said("no_person", 'there is no person "{person}"', person=person_id)
        yield Flaw(path=mention.path, problem=problem, hint=_people(person_id, directory))
    elif not person.active:
        problem = said("person_left", '"{person}" has left', person=person_id)
        hint = said("name_role", "Name a role instead of a person")
        yield Flaw(path=mention.path, problem=problem, hint=hint)


def _departments(word: str, directory: Directory) -> Saying:
    """Return a hint with the departments that there are."""
    names = {key: (one.name_zh, one.name_en) for key, one in directory.departments.items()}
    if not names:
        return said("add_department", "Add it to the people file")
    known = said("the_departments", "The departments are {known}", known=_some(names))
    return _with_guess(word, names, known)


def _roles(word: str, directory: Directory) -> Saying:
    """Return a hint with the roles that people have."""
    held = {role for one in directory.people.values() if one.active for role in one.roles}
    if not held or word in held:
        return said("give_role", "Give somebody the role in the people file")
    known = said(
        "the_roles",
        "The roles are {known}; closeloop people list shows who has them",
        known=_some(held),
    )
    return _with_guess(word, dict.fromkeys(held, ()), known)


def _people(word: str, directory: Directory) -> Saying:
    """Return a hint with the person who may be meant."""
    names = {one.id: (one.name, one.name_en) for one in directory.people.values() if one.active}
    known = said("list_people", "closeloop people list shows everybody with their ids")
    return _with_guess(word, names, known)


def _with_guess(word: str, names: Mapping[str, Collection[str]], known: Saying) -> Saying:
    """Return what is known, after the id that is probably meant, by its spelling or its name."""
    by_name = [key for key, called in names.items() if word in called]
    close = by_name or get_close_matches(word, names, n=1, cutoff=_ALIKE)
    if not close:
        return known
    return said("perhaps_or", "Perhaps you mean {word}. {known}", word=close[0], known=known)


def _some(ids: Collection[str]) -> str:
    """Return ids as a list; a company may have hundreds of departments."""
    some = ", ".join(sorted(ids)[:_MOST_LISTED])
    return some if len(ids) <= _MOST_LISTED else f"{some}, …"
