"""Renders a form that is asked question by question: its message at each step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from telegram import InlineKeyboardButton

from bot.platforms.telegram import callbacks, html
from bot.platforms.telegram.forms import dates
from bot.platforms.telegram.html import MessagePage, Words
from bot.platforms.telegram.keyboards import Rows, packed, press, tap
from handlers.conversation.dialogue import values
from handlers.conversation.dialogue.cells import cell_step, first_cell, number_of, rows_of
from handlers.conversation.dialogue.place import REVIEW, FormPlace
from handlers.conversation.dialogue.sessions import mark_of
from handlers.conversation.dialogue.steps import files_question, is_simple, presets, question_at
from handlers.conversation.dialogue.taps import Op
from handlers.i18n import Translator
from handlers.pages import Choice, FormSheet, Question

A_PAGE = 8
AT_ONCE = 11  # choices that are shown on one page: a scale from 0 to 10 must not be cut
VALUE_MOST = 700
REVIEWED_MOST = 160


def draw(
    sheet: FormSheet, place: FormPlace, words: Translator, *, today: date
) -> tuple[MessagePage, Rows]:
    """Return the message of a form at the current step.

    `today` is the date in the person's time zone.
    """
    question = question_at(sheet, place)
    if question is None:
        parts, rows = _review(sheet, place, words), _review_rows(sheet, words)
    elif is_simple(sheet):
        parts, rows = _asked(sheet, question, place, words), _simple_rows(sheet, words)
    else:
        parts = _asked(sheet, question, place, words)
        rows = [*_answers(question, place, words, today), *_ways(sheet, question, place, words)]
    return html.page(parts, cut=words.t("telegram.cut")), _marked(rows, mark_of(sheet.token))


def _marked(rows: Rows, mark: str) -> Rows:
    """Add the mark of the form to the data of its buttons."""
    return [[_of_form(button, mark) for button in row] for row in rows]


def _of_form(button: InlineKeyboardButton, mark: str) -> InlineKeyboardButton:
    data = str(button.callback_data)
    if not data.startswith(callbacks.FORM):
        return button
    told = callbacks.read(data).parts
    return press(button.text, callbacks.said(callbacks.FORM, *told, mark), button.style or "")


def only(text: str) -> MessagePage:
    """Return a message with a text and nothing else."""
    return html.page([html.typed(text)], cut="")


def saved(sheet: FormSheet, words: Translator) -> tuple[MessagePage, Rows]:
    """Return the message of a form that was set aside, with a button to continue."""
    told = html.text(words.t("dialogue.saved"))
    page = html.page([html.bold(html.typed(sheet.title)), told], cut="")
    rows = [[tap(Op.OPEN, REVIEW, "", words.t("telegram.form.continue"), "primary")]]
    return page, _marked(rows, mark_of(sheet.token))


# ---------------------------------------------------------------------------- what it says


def _asked(
    sheet: FormSheet, question: Question, place: FormPlace, words: Translator
) -> Iterator[Words]:
    yield html.bold(html.typed(sheet.title))
    number = number_of(place.step) or 0
    if sheet.intro and (number == 0 or is_simple(sheet)):
        yield html.typed(sheet.intro)
    if place.note:
        yield html.typed(f"⚠️ {place.note}")
    elif question.id in place.problems:
        yield html.typed(f"⚠️ {place.problems[question.id]}")
    progress = "" if is_simple(sheet) else f"({number + 1}/{len(sheet.questions)}) "
    optional = words.t("telegram.form.optional", label="")
    unsaid = not question.required and not question.label.endswith(optional)
    label = html.bold(html.typed(question.label))
    yield html.text(progress) + label + html.text(optional if unsaid else "")
    if question.hint:
        yield html.italic(html.typed(question.hint))
    yield html.text(_how(question, words))
    files = files_question(sheet, place) if is_simple(sheet) else None
    if files is not None and not values.is_empty(files.value):
        yield html.typed(values.show(files, words, place.names))
    value = values.show(question, words, place.names)
    if value:
        now = words.t("telegram.form.now")
        yield html.text(now) + html.typed(html.excerpt(value, VALUE_MOST))


def _how(question: Question, words: Translator) -> str:
    if question.type in values.TYPED:
        return words.t("telegram.form.type")
    if question.type == "files":
        return words.t("telegram.form.attach")
    if question.type == "rows":
        return words.t("telegram.form.rows")
    if len(question.choices) > AT_ONCE:
        return words.t("telegram.form.search")
    return ""


def _review(sheet: FormSheet, place: FormPlace, words: Translator) -> Iterator[Words]:
    yield html.bold(html.typed(sheet.title))
    yield html.text(words.t("telegram.form.review"))
    if place.note:
        yield html.typed(f"⚠️ {place.note}")
    for number, question in enumerate(sheet.questions, start=1):
        value = values.show(question, words, place.names)
        if not value:
            value = words.t("telegram.form.missing" if question.required else "telegram.form.none")
        label = f"{number}. {question.label} "
        if not question.label.endswith(("?", "？")):
            label = words.t("telegram.labelled", label=label.rstrip(), value="")
        yield html.bold(html.typed(label)) + html.typed(html.excerpt(value, REVIEWED_MOST))
        if question.id in place.problems:
            yield html.typed(f"⚠️ {place.problems[question.id]}")
    if sheet.route:
        yield html.bold(html.text(words.t("route.title")))
    for line in sheet.route:
        yield html.join((html.italic(html.text(line.when)), html.typed(line.text)), " ")


# ---------------------------------------------------------------------------- what it offers


def _answers(question: Question, place: FormPlace, words: Translator, today: date) -> Rows:
    step, chosen = place.step, values.several(question.value)
    if question.type == "date":
        first = dates.read_month(place.month or "".join(chosen)[:7], default=today)
        return dates.days(step, first, today=today, chosen="".join(chosen), words=words)
    if question.type == "time":
        return dates.times(step, place.hour)
    if question.type == "rows":
        return _rows(question, step, words)
    if question.type == "files" and chosen:
        names = values.file_names(question, place.names)
        return [
            [tap(Op.REMOVE, step, str(number), words.t("telegram.form.remove", name=name))]
            for number, name in enumerate(names)
        ]
    if question.choices:
        return _choices(question, place, words, chosen)
    return []


def _rows(question: Question, step: str, words: Translator) -> Rows:
    """Return the buttons to add a row, and to change and to remove each."""
    found = rows_of(question)
    rows: Rows = [
        [
            tap(
                Op.ROW_EDIT,
                step,
                str(number),
                words.t(
                    "telegram.form.row.change",
                    row=number + 1,
                    text=first_cell(question, row, words),
                ),
            ),
            tap(
                Op.ROW_REMOVE,
                step,
                str(number),
                words.t("telegram.form.row.remove", row=number + 1),
            ),
        ]
        for number, row in enumerate(found)
    ]
    if len(found) < question.max_rows:
        rows.append([tap(Op.ROW_ADD, step, "", words.t("telegram.form.row.add"))])
    return rows


def _choices(question: Question, place: FormPlace, words: Translator, chosen: list[str]) -> Rows:
    left = values.found(question, place.find)
    many = A_PAGE if len(question.choices) > AT_ONCE else AT_ONCE
    pages = max(1, -(-len(left) // many))
    page = min(place.page, pages - 1)
    here = left[page * many : (page + 1) * many]
    op = Op.TOGGLE if question.type == "choices" else Op.CHOOSE
    rows = packed(_option(question, choice, place.step, op, choice.id in chosen) for choice in here)
    if pages > 1:
        rows.append(
            [
                tap(Op.PAGE, place.step, str((page - 1) % pages), "‹"),
                press(f"{page + 1}/{pages}", callbacks.NOTHING),
                tap(Op.PAGE, place.step, str((page + 1) % pages), "›"),
            ]
        )
    if place.find:
        everybody = words.t("telegram.form.all")
        rows.append([tap(Op.ALL, place.step, "", everybody)])
    return rows


def _option(
    question: Question,
    choice: Choice,
    step: str,
    op: Op,
    chosen: bool,  # noqa: FBT001
) -> InlineKeyboardButton:
    data = callbacks.said(callbacks.FORM, op, step, choice.id)
    if not callbacks.fits(f"{data}|{mark_of('')}"):
        number = [one.id for one in question.choices].index(choice.id)
        data = callbacks.said(callbacks.FORM, op, step, f"#{number}")
    return press(f"✓ {choice.label}" if chosen else choice.label, data)


def _ways(sheet: FormSheet, question: Question, place: FormPlace, words: Translator) -> Rows:
    ways = []
    in_row = cell_step(sheet, place.step) is not None
    if in_row or (place.step != "0" and not place.mending):
        ways.append(tap(Op.BACK, place.step, "", words.t("telegram.form.back")))
    if not values.is_empty(question.value):
        ways.append(tap(Op.NEXT, place.step, "", words.t("telegram.form.next"), "primary"))
    elif not question.required:
        ways.append(tap(Op.NEXT, place.step, "", words.t("telegram.form.skip")))
    return [ways, _ends(place.step, words)]


def _ends(step: str, words: Translator) -> list[InlineKeyboardButton]:
    return [
        tap(Op.SAVE, step, "", words.t("telegram.form.save")),
        tap(Op.CANCEL, step, "", words.t("telegram.form.cancel")),
    ]


def _review_rows(sheet: FormSheet, words: Translator) -> Rows:
    changes = packed(
        tap(Op.CORRECT, REVIEW, str(number), words.t("telegram.form.change", label=question.label))
        for number, question in enumerate(sheet.questions)
    )
    send = tap(Op.SUBMIT, REVIEW, "", sheet.submit, "success")
    return [[send], *changes, _ends(REVIEW, words)]


def _simple_rows(sheet: FormSheet, words: Translator) -> Rows:
    question = sheet.questions[0]
    rows = [
        [tap(Op.PRESET, "0", str(number), reason)]
        for number, reason in enumerate(presets(sheet, words))
    ]
    rows.append([tap(Op.WRITE, "0", "", words.t("telegram.form.write"), "primary")])
    if not question.required:
        rows.append([tap(Op.SUBMIT, "0", "", words.t("telegram.form.without"))])
    elif not values.is_empty(question.value):
        rows.append([tap(Op.SUBMIT, "0", "", sheet.submit)])
    rows.append([tap(Op.CANCEL, "0", "", words.t("telegram.form.cancel"))])
    return rows
