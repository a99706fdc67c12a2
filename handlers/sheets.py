"""Builds the forms that people fill in, from the definition's forms and for the actions' verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from handlers.answers import FILES_MOST
from handlers.file_kinds import formats
from handlers.i18n import translator
from handlers.interaction import Looking
from handlers.pages import FILE_MOST, Choice, FormSheet, Question
from handlers.reading.formatter import department_name, name_of
from handlers.tokens import Token
from handlers.uploads import kinds_in_words
from workflows.case.state import ContentRef
from workflows.directory import Directory, Person
from workflows.model.fields import FieldType, Form, FormField


def form_sheet(
    form: Form,
    *,
    token: Token,
    language: str,
    directory: Directory,
    title: str,
    submit: str,
    intro: str = "",
    values: Mapping[str, object] | None = None,
    extra: Iterable[Question] = (),
    starts: bool = False,
) -> FormSheet:
    """Return the sheet for a form of a definition.

    Args:
        token: the token that a submission sends back.
        values: initial values, by the field's id.
        extra: questions that follow those of the form.
        starts: whether submitting it starts a case.
    """
    given = values or {}
    questions = [
        _question(field, language=language, directory=directory, value=given.get(field.id))
        for field in form.fields
    ]
    return FormSheet(
        token=str(token),
        title=title,
        intro=intro,
        submit=submit,
        questions=(*questions, *extra),
        starts=starts,
    )


def step_sheet(
    it: Looking,
    form: Form,
    *,
    title: str,
    values: Mapping[str, object],
    submit: str = "",
    extra: tuple[Question, ...] = (),
) -> FormSheet:
    """Return the sheet for a form of the definition of the token's case. See `form_sheet`."""
    words = translator(it.language)
    return form_sheet(
        form,
        token=it.token,
        language=it.language,
        directory=it.directory,
        title=words.t("sheet.title", title=title, case=it.case.id),
        submit=submit or words.t("button.submit"),
        values=values,
        extra=extra,
    )


def filled_again(it: Looking, form: Form, ref: ContentRef | None) -> Mapping[str, object]:
    """Return the values of an earlier submission as initial values, by the field's id.

    Empty if another person submitted it, or if it was erased.
    """
    content = it.tx.contents.of_case(it.case.id).get(ref.id) if ref is not None else None
    if content is None or content.body is None or content.author != it.person:
        return {}
    values = content.body.get("values", {})
    return {field.id: values[field.id] for field in form.fields if field.id in values}


def verb_sheet(it: Looking, *questions: Question, **facts: object) -> FormSheet:
    """Return the sheet of the token's verb. Its texts may use the case's number and `facts`."""
    return own_sheet(
        it.token.verb,
        token=it.token,
        language=it.language,
        questions=questions,
        facts={"case": it.case.id, **facts},
    )


def own_sheet(
    verb: str,
    *,
    token: Token,
    language: str,
    questions: Iterable[Question],
    facts: Mapping[str, object] | None = None,
) -> FormSheet:
    """Return the sheet of a verb. Its texts are `sheet.<verb>.*` in the catalogue."""
    words = translator(language)
    return FormSheet(
        token=str(token),
        title=words.t(f"sheet.{verb}.title", **(facts or {})),
        intro=words.t(f"sheet.{verb}.intro", **(facts or {})),
        submit=words.t(f"sheet.{verb}.submit"),
        questions=tuple(questions),
    )


def text_question(
    verb: str, *, language: str, required: bool = True, id: str = "text", value: str = ""
) -> Question:
    """Return a question for a text of several lines, with the label `sheet.<verb>.text`.

    `id` is the id of the question, and `value` its initial value.
    """
    return Question(
        id=id,
        type=FieldType.LONG_TEXT.value,
        label=translator(language).t(f"sheet.{verb}.text"),
        required=required,
        max=2000,
        value=value or None,
    )


def files_question(verb: str, *, language: str) -> Question:
    """Return a question for files beside a text, with the label `sheet.<verb>.text`."""
    return Question(
        id="files",
        type=FieldType.FILES.value,
        label=translator(language).t(f"sheet.{verb}.text"),
        hint=_limits((), FILES_MOST, language),
        accept_text=kinds_in_words((), language=language),
        max_files=FILES_MOST,
    )


def person_question(
    verb: str, *, language: str, directory: Directory, leave_out: Iterable[str] = ()
) -> Question:
    """Return a question for an active person, with the label `sheet.<verb>.person`.

    `leave_out` are the keys of people who cannot be chosen.
    """
    out = set(leave_out)
    return Question(
        id="person",
        type=FieldType.PERSON.value,
        label=translator(language).t(f"sheet.{verb}.person"),
        required=True,
        choices=tuple(c for c in people_choices(directory, language) if c.id not in out),
    )


def people_choices(directory: Directory, language: str) -> tuple[Choice, ...]:
    """Return all active people as choices with unique labels, in the order of their readable ids.

    The label is the name with the title or department. If several people would have the same
    label, the department is added, then the readable id.
    """
    people = sorted(directory.people.values(), key=lambda person: person.id)
    spelled = {p.key: _spellings(p, directory, language) for p in people if p.active}
    taken = [Counter(labels[step] for labels in spelled.values()) for step in range(3)]

    def label(labels: tuple[str, ...]) -> str:
        unique = (text for text, count in zip(labels, taken, strict=True) if count[text] == 1)
        return next(unique, labels[-1])

    return tuple(Choice(id=key, label=label(labels)) for key, labels in spelled.items())


def _spellings(person: Person, directory: Directory, language: str) -> tuple[str, ...]:
    """Return the possible labels of a person in a list, from the shortest to the most specific."""
    title = person.title_en if language == "en" and person.title_en else person.title
    department = directory.departments.get(person.department)
    there = ""
    if department is not None:
        there = department_name(department, language)
    parts = [name_of(person, language), title or there]
    more = [*parts, there] if title else parts
    return tuple(" · ".join(filter(None, row)) for row in (parts, more, [*more, person.id]))


def _question(field: FormField, *, language: str, directory: Directory, value: object) -> Question:
    is_files = field.type is FieldType.FILES
    files = formats(field.accept) if field.accept else ()
    return Question(
        id=field.id,
        type=field.type.value,
        label=field.label.of(language),
        hint=_hint(field, language),
        required=field.required,
        max=field.max,
        min=field.min,
        choices=_choices(field, language, directory),
        accept=tuple(one.media_type for one in files),
        endings=tuple(ending for one in files for ending in one.endings),
        accept_text=kinds_in_words(field.accept, language=language) if is_files else "",
        max_files=field.max_files,
        value=value,
    )


def _hint(field: FormField, language: str) -> str:
    """Return the hint of a field; for files with the accepted types and limits."""
    hint = field.hint.of(language) if field.hint is not None else ""
    if field.type is not FieldType.FILES:
        return hint
    limits = _limits(field.accept, field.max_files, language)
    return f"{hint}\n{limits}" if hint else limits


def _limits(kinds: Sequence[str], most: int, language: str) -> str:
    """Return the accepted types of files, their number and size as a text."""
    limits = translator(language).t(
        "sheet.files",
        kinds=kinds_in_words(kinds, language=language),
        most=most,
        size=FILE_MOST // 1024 // 1024,
    )
    return f"{limits[0].upper()}{limits[1:]}"


def _choices(field: FormField, language: str, directory: Directory) -> tuple[Choice, ...]:
    if field.type is FieldType.PERSON:
        return people_choices(directory, language)
    if field.type is FieldType.DEPARTMENT:
        return tuple(
            Choice(id=d.id, label=department_name(d, language))
            for d in sorted(directory.departments.values(), key=lambda d: d.id)
        )
    return tuple(Choice(id=option.id, label=option.of(language)) for option in field.options)
