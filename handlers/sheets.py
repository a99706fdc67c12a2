"""Builds the forms that people fill in, from the definition's forms and for the actions' verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from handlers.answers import FILES_MOST, take_form
from handlers.coming import RoutePreview
from handlers.drafts import UnsettledSheet
from handlers.file_kinds import formats
from handlers.i18n import translator
from handlers.interaction import Looking
from handlers.limits import limits_in_words
from handlers.mails import notices
from handlers.pages import FILE_MOST, Choice, FormSheet, Question
from handlers.reading.formatter import department_name, name_of
from handlers.refusals import problems_in_form
from handlers.tokens import Token
from handlers.uploads import kinds_in_words
from workflows.case.task import ContentRef
from workflows.case.world import World
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.field_rules import is_required, values_before
from workflows.model.fields import FieldType, Form, FormField


def form_sheet(
    form: Form,
    *,
    token: Token,
    language: str,
    world: World,
    title: str,
    submit: str,
    intro: str = "",
    values: Mapping[str, object] | None = None,
    extra: Iterable[Question] = (),
    starts: bool = False,
    route: RoutePreview | None = None,
) -> FormSheet:
    """Return the sheet for a form of a definition, with all its fields until it is settled.

    Args:
        token: the token that a submission sends back.
        world: the world of the case, or of the case that the form starts.
        values: initial values, by the field's id.
        extra: questions that follow those of the form.
        starts: whether submitting it starts a case.
        route: the preview of the route of the case that it starts.
    """
    given = values or {}
    deciding = _deciding(form, world, route)
    questions = [
        replace(
            _question(field, language=language, world=world, value=given.get(field.id)),
            decides=field.id in deciding,
            follows=field.when is not None,
        )
        for field in form.fields
    ]
    return UnsettledSheet(
        token=str(token),
        title=title,
        intro=intro,
        submit=submit,
        questions=(*questions, *extra),
        starts=starts,
        settle=partial(_settled, form, language=language, world=world, route=route),
    )


def _deciding(form: Form, world: World, route: RoutePreview | None) -> frozenset[str]:
    """Return the fields whose answers change what is asked, the days of a hint, or the route."""
    found: set[str] = set() if route is None else {*route.reads}
    for field in form.fields:
        for text in (field.when, field.required_when):
            found |= world.conditions[text].fields if text is not None else frozenset()
        found |= {day.field for day in (field.not_before, field.not_after) if day and day.field}
        if field.certificate is not None and field.certificate.expires and not field.required:
            found.add(field.certificate.id)
    return frozenset(field.id for field in form.fields if not found.isdisjoint(field.names))


def _settled(
    form: Form, sheet: FormSheet, *, language: str, world: World, route: RoutePreview | None
) -> FormSheet:
    """Return the sheet with the questions that are asked, and their limits as far as known."""
    taken = take_form(form, sheet.values, world=world)
    asked = {field.id: field for field in taken.asked}
    own = {field.id for field in form.fields}
    known = {**values_before(form, world), **taken.values}
    questions = tuple(
        _limited(question, asked.get(question.id), known, language=language, world=world)
        for question in sheet.questions
        if question.id in asked or question.id not in own
    )
    left = {one.id for one in questions}
    kept = {
        name: value
        for name, value in sheet.values.items()
        if name not in left and value not in (None, "", [])
    }
    return FormSheet(
        token=sheet.token,
        title=sheet.title,
        intro=sheet.intro,
        submit=sheet.submit,
        questions=questions,
        starts=sheet.starts,
        kept=kept,
        problems=_while_filling(taken.problems, language),
        route=() if route is None else route.lines(taken.values),
    )


def _while_filling(problems: Mapping[str, Refusal], language: str) -> Mapping[str, str]:
    """Return the text of each problem; that of a cell which is still empty only for its field."""
    found = problems_in_form(problems, language=language)
    empty = {
        refusal.facts.get("cell")
        for refusal in problems.values()
        if isinstance(inner := refusal.facts.get("problem"), Refusal)
        and inner.code == "cell_required"
    }
    return {name: text for name, text in found.items() if name not in empty}


def _limited(
    question: Question,
    field: FormField | None,
    known: Mapping[str, object],
    *,
    language: str,
    world: World,
) -> Question:
    """Return the question with the limits of its field in its hint."""
    told = "" if field is None else limits_in_words(field, known, language=language, world=world)
    hint = "\n".join(filter(None, (question.hint, told)))
    required = question.required if field is None else is_required(field, known, world.conditions)
    return replace(question, hint=hint, required=required)


def step_sheet(
    it: Looking,
    form: Form,
    *,
    title: str,
    values: Mapping[str, object],
    submit: str = "",
    extra: tuple[Question, ...] = (),
    on: str = "",
) -> FormSheet:
    """Return the sheet for a form of the definition of the token's case. See `form_sheet`.

    `on` is what the form is for, as mails of the definition name it; the sheet says where they go.
    """
    words, mailing, intro = translator(it.language), it.office.mailing, ""
    if it.definition.mails:
        way = "off" if mailing is None else mailing.way
        intro = notices(it.world, it.case, on=on, form=form, language=it.language, way=way)
    return form_sheet(
        form,
        token=it.token,
        language=it.language,
        world=it.world,
        title=words.t("sheet.title", title=title, case=it.case.id),
        submit=submit or words.t("button.submit"),
        intro=intro,
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


def target_question(
    it: Looking, choices: Sequence[Choice], *, id: str, label: str, hint: str = ""
) -> Question:
    """Return the question for the step to which a case is sent back; a single one is chosen.

    With a `hint` several may be chosen, which it explains.
    """
    several = hint != "" and len(choices) > 1
    return Question(
        id=id,
        type=FieldType.CHOICES.value if several else FieldType.CHOICE.value,
        hint=translator(it.language).t(hint) if several else "",
        label=translator(it.language).t(label),
        required=True,
        choices=tuple(choices),
        value=choices[0].id if len(choices) == 1 else None,
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


def _question(field: FormField, *, language: str, world: World, value: object) -> Question:
    is_files = field.type is FieldType.FILES
    files = formats(field.accept) if field.accept else ()
    return Question(
        id=field.id,
        type=(FieldType.TEXT if field.type is FieldType.EMAIL else field.type).value,
        label=field.label.of(language),
        hint=_hint(field, language),
        required=field.required,
        max=field.max if isinstance(field.max, int) else None,
        min=field.min if isinstance(field.min, int) else None,
        choices=_choices(field, language, world.directory),
        accept=tuple(one.media_type for one in files),
        endings=tuple(ending for one in files for ending in one.endings),
        accept_text=kinds_in_words(field.accept, language=language) if is_files else "",
        max_files=field.max_files,
        value=value,
        columns=tuple(
            _question(column, language=language, world=world, value=None)
            for column in field.columns
        ),
        min_rows=field.least_rows,
        max_rows=field.max_rows if field.columns else 0,
        sum=field.sum or "",
        of=field.certificate.id if field.certificate is not None and field.is_expiry else "",
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
