"""Lint of forms, and of everything that refers to their fields."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from workflows.durations import parse_span
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.bounds import TODAY
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRED_REQUIRED, FieldType, Form, FormField
from workflows.model.measures import known_measures
from workflows.said import said
from workflows.toml_lines import Path

MAX_COMMAND = 31  # Telegram and Slack allow 32 characters; Slack includes the slash

_SLACK = """
    active apps archive away call close collapse dm dnd expand feed feedback giphy help huddle
    invite invite_people join keys kick leave list manage_apps me msg mute open part prefs pro
    remind remove rename search shortcuts shrug star starred status topic unarchive unmute who
"""
_OURS = "tasks cases case watch unwatch suppliers report away problem link help loop start"
_WORDS = "and or not in true false null inf nan for if elif else while"

# Names that Slack reserves (slack.com/help, "Use built-in slash commands").
SLACK_COMMANDS = frozenset(_SLACK.split())
# Commands that exist without any process (interface: Chat commands).
OUR_COMMANDS = frozenset(_OURS.split())
# Keywords of the condition language: a field of this name could not be read in a condition.
CONDITION_WORDS = frozenset(_WORDS.split())

_CHOICES = {FieldType.CHOICE, FieldType.CHOICES}
_TEXTS = {FieldType.TEXT, FieldType.LONG_TEXT}
_NUMBERS = {FieldType.NUMBER, FieldType.MONEY}
_DATES = {FieldType.DATE}
_ROWS = {FieldType.ROWS}
_CERTIFICATES = {FieldType.CERTIFICATE}
_FILES = {FieldType.FILES, FieldType.CERTIFICATE}
_QUANTITY = re.compile(r"[0-9]+(\.[0-9]+)?%?")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in forms, document, targets and command of a definition."""
    yield from _command(definition)
    yield from _targets(definition)
    yield from _grouping(definition)
    for key, form in definition.forms.items():
        yield from _form(form, ("forms", key, "fields"))
    yield from _same_everywhere(definition)
    yield from _expiries(definition)
    yield from _document(definition)


def _command(definition: Definition) -> Iterator[Flaw]:
    command = definition.command
    yield from taken(command, path=("command",))
    if len(command) > MAX_COMMAND:
        problem = said(
            "command_long",
            "the command has {size} characters, {most} are allowed",
            size=len(command),
            most=MAX_COMMAND,
        )
        hint = said("shorter_name", "Choose a shorter name")
        yield Flaw(path=("command",), problem=problem, hint=hint)


def taken(command: str, *, path: Path, but: Collection[str] = ()) -> Iterator[Flaw]:
    """Yield a flaw if a chat has this command already; `but` are those that it may have."""
    hint = said("name_with_hyphen", "Choose another name, for example one with a hyphen")
    if command in SLACK_COMMANDS:
        problem = said("command_slack", "Slack keeps /{command} for itself", command=command)
        yield Flaw(path=path, problem=problem, hint=hint)
    elif command in OUR_COMMANDS and command not in but:
        problem = said(
            "command_ours", '"{command}" is a command that everybody has already', command=command
        )
        yield Flaw(path=path, problem=problem, hint=hint)


def _targets(definition: Definition) -> Iterator[Flaw]:
    measures = known_measures(definition.clocks)
    otherwise = said("the_measures", "Measure one of {known}", known=", ".join(measures))
    for index, target in enumerate(definition.targets):
        if target.measure not in measures:
            yield Flaw(
                path=("targets", index, "measure"),
                problem=said("no_measure", 'nothing measures "{name}"', name=target.measure),
                hint=nearest(target.measure, measures, otherwise=otherwise),
            )
        for key, text, signs in (("baseline", target.baseline, ""), ("goal", target.goal, "+-")):
            if not _is_quantity(text[1:] if text[:1] in tuple(signs) else text):
                yield Flaw(
                    path=("targets", index, key),
                    problem=said("unmeasured", '"{text}" cannot be measured', text=text),
                    hint=_CHANGE if signs else _QUANTITY_HINT,
                )


def _grouping(definition: Definition) -> Iterator[Flaw]:
    name = definition.grouped_by
    if name is None:
        return
    field = definition.field(name)
    if field is None or field.type is not FieldType.CHOICE:
        choices = [one.id for _, one in definition.all_fields() if one.type is FieldType.CHOICE]
        otherwise = said("the_choices", "The choices are {known}", known=", ".join(choices))
        yield Flaw(
            path=("grouped_by",),
            problem=said("no_choice", 'no form has a choice "{name}"', name=name),
            hint=nearest(name, choices, otherwise=otherwise),
        )


_QUANTITY_HINT = said(
    "write_quantity", 'Write a length of time, a percentage or a number: "10d", "95%", "4"'
)
_CHANGE = said(
    "write_change",
    'Write a length of time, a percentage or a number: "10d", "95%", "4", or a change: "-30%"',
)


def _is_quantity(text: str) -> bool:
    if _QUANTITY.fullmatch(text):
        return True
    try:
        parse_span(text)
    except ValueError:
        return False
    return True


def _form(form: Form, path: Path) -> Iterator[Flaw]:
    seen: set[str] = set()
    main = ""
    for index, field in enumerate(form.written):
        place: Path = (*path, index)
        if field.id in seen:
            problem = said("two_fields", 'there are two fields "{field}"', field=field.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=(*place, "id"), problem=problem, hint=hint)
        seen.add(field.id)
        if field.main and main:
            yield Flaw(
                path=(*place, "main"),
                problem=said("two_mains", '"{field}" is the main field already', field=main),
                hint=said("one_main", "A form has one field that takes the text after the command"),
            )
        main = main or (field.id if field.main else "")
        yield from _field(field, place)


def _name(field: FormField, path: Path) -> Iterator[Flaw]:
    """Yield the flaws of an id that means something else in conditions and limits."""
    if field.id == TODAY:
        problem = said("today_field", '"today" means the day of today in the limits of dates')
        hint = said("rename_field", "Rename the field")
        yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
    if field.id == EXPIRED_REQUIRED:
        problem = said(
            "expired_field",
            '"{name}" is how many required certificates have expired',
            name=field.id,
        )
        hint = said("rename_field", "Rename the field")
        yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
    if field.id in CONDITION_WORDS:
        problem = said(
            "condition_word_field",
            '"{field}" is a word of conditions, so no condition could read the field',
            field=field.id,
        )
        hint = said("rename_field", "Rename the field")
        yield Flaw(path=(*path, "id"), problem=problem, hint=hint)


def _field(field: FormField, path: Path) -> Iterator[Flaw]:
    kind = field.type
    given = field.model_fields_set
    yield from _name(field, path)
    if field.main and kind not in _TEXTS:
        problem = said(
            "main_type", "a field of type {type} cannot take the text after the command", type=kind
        )
        hint = said("mark_text", "Mark a text field as main")
        yield Flaw(path=(*path, "main"), problem=problem, hint=hint)
    if kind in _CHOICES and not field.options:
        problem = said("no_options", 'there is nothing to choose for "{field}"', field=field.id)
        yield Flaw(path=path, problem=problem, hint=said("add_options", "Add options"))
    for key, (kinds, hint) in _ONLY_FOR.items():
        if key in given and kind not in kinds:
            problem = said(
                "meaningless",
                '"{key}" means nothing for a field of type {type}',
                key=key,
                type=kind,
            )
            yield Flaw(path=(*path, key), problem=problem, hint=hint)
    if kind in _TEXTS and field.max is not None and not (field.most_characters or 0) > 0:
        problem = said("text_max", '"{max}" is no number of characters', max=field.max)
        yield Flaw(path=(*path, "max"), problem=problem, hint=_CHARACTERS)
    if isinstance(field.min, int) and isinstance(field.max, int) and field.min > field.max:
        problem = said(
            "no_number_fits",
            "at least {least} and at most {most}: no number fits",
            least=field.min,
            most=field.max,
        )
        yield Flaw(path=(*path, "max"), problem=problem, hint=said("exchange", "Exchange the two"))
    yield from _options(field, path)
    for number, column in enumerate(field.columns):
        yield from _field(column, (*path, "columns", number))


_CHARACTERS = said("write_characters", "Write a whole number from 1, without quotes")
_FOR_DATES = said("for_dates", "It is for fields of type date")
_FOR_ROWS = said("for_rows", "It is for fields of type rows")
_FOR_FILES = said("for_files", "It is for fields of type files and certificate")
_ONLY_FOR = {
    "options": (_CHOICES, said("for_choices", "It is for fields of type choice and choices")),
    "accept": (_FILES, _FOR_FILES),
    "max_files": (_FILES, _FOR_FILES),
    "expires": (_CERTIFICATES, said("for_certificates", "It is for fields of type certificate")),
    "not_before": (_DATES, _FOR_DATES),
    "not_after": (_DATES, _FOR_DATES),
    "unique": ({FieldType.TEXT}, said("for_text", "It is for fields of type text")),
    "columns": (_ROWS, _FOR_ROWS),
    "sum": (_ROWS, _FOR_ROWS),
    "min_rows": (_ROWS, _FOR_ROWS),
    "max_rows": (_ROWS, _FOR_ROWS),
    "min": (_NUMBERS, said("for_numbers", "It is for fields of type number and money")),
    "max": (
        _NUMBERS | _TEXTS,
        said("for_sizes", "It is for fields of type text, long_text, number and money"),
    ),
}


def _options(field: FormField, path: Path) -> Iterator[Flaw]:
    seen: set[str] = set()
    for index, option in enumerate(field.options):
        if option.id in seen:
            problem = said("two_options", 'there are two options "{option}"', option=option.id)
            place = (*path, "options", index, "id")
            yield Flaw(path=place, problem=problem, hint=said("rename_one", "Rename one of them"))
        seen.add(option.id)


def _same_everywhere(definition: Definition) -> Iterator[Flaw]:
    """Yield the fields that have different types in several forms."""
    types: dict[str, tuple[str, FieldType]] = {}
    for key, form in definition.forms.items():
        for index, field in enumerate(form.written):
            first, kind = types.setdefault(field.id, (key, field.type))
            if kind is not field.type and first != key:
                yield Flaw(
                    path=("forms", key, "fields", index, "type"),
                    problem=said(
                        "other_type",
                        '"{field}" is of type {type} in the form "{form}"',
                        field=field.id,
                        type=kind,
                        form=first,
                    ),
                    hint=said("same_type", "Give both the same type, or rename one of them"),
                )


def _expiries(definition: Definition) -> Iterator[Flaw]:
    """Yield the fields with the name of the day on which a certificate expires."""
    names = {
        one.expires_name: one.id for form in definition.forms.values() for one in form.certificates
    }
    for key, form in definition.forms.items():
        for index, field in enumerate(form.written):
            if field.id in names:
                problem = said(
                    "expiry_name",
                    '"{name}" is the day on which "{field}" expires',
                    name=field.id,
                    field=names[field.id],
                )
                hint = said("rename_field", "Rename the field")
                yield Flaw(path=("forms", key, "fields", index, "id"), problem=problem, hint=hint)


def _certificates(definition: Definition) -> tuple[FormField, ...]:
    return tuple(one for form in definition.forms.values() for one in form.certificates)


def _document(definition: Definition) -> Iterator[Flaw]:
    known = {field.id for _, field in definition.all_fields()}
    sections = definition.document.sections if definition.document is not None else ()
    for index, section in enumerate(sections):
        path: Path = ("document", "sections", index)
        if not section.fields and not section.facts and section.list is None:
            problem = said("empty_section", "this part of the document is empty")
            hint = said("fill_section", "Give it fields, facts, or a list")
            yield Flaw(path=path, problem=problem, hint=hint)
        if section.list == "certificates" and not _certificates(definition):
            problem = said("no_form_with_certificates", "no form asks for a certificate")
            hint = said("add_certificate", "Add a field of type certificate")
            yield Flaw(path=(*path, "list"), problem=problem, hint=hint)
        for at, field_id in enumerate(section.fields):
            if field_id not in known:
                every = ", ".join(sorted(known))
                otherwise = said("the_fields", "The fields are {known}", known=every)
                hint = nearest(field_id, known, otherwise=otherwise)
                problem = said("no_field", 'no form has a field "{field}"', field=field_id)
                yield Flaw(path=(*path, "fields", at), problem=problem, hint=hint)
        for at, fact in enumerate(section.facts):
            if fact not in definition.facts:
                otherwise = said("add_table", "Add [{table}.{key}]", table="facts", key=fact)
                hint = nearest(fact, definition.facts, otherwise=otherwise)
                problem = said("no_fact", 'there is no fact "{fact}"', fact=fact)
                yield Flaw(path=(*path, "facts", at), problem=problem, hint=hint)
