"""/import: a process owner hands the bot a table of past cases, confirms, and may undo it.

The table is an upload of a form, which is deleted after a day. What is shown of it is read in a
transaction that only reads; cases are stored in batches, see `keeping.py`. The same press again
finds the import and changes nothing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from handlers import start
from handlers.answers import read_ids
from handlers.file_kinds import TEXT, XLSX
from handlers.i18n import LANGUAGES, Translator, translator
from handlers.imports import telling
from handlers.imports.dates import DMY, MDY
from handlers.imports.keeping import keep, undo_import
from handlers.imports.known import known_names
from handlers.imports.mapping import ColumnMapping, propose
from handlers.imports.reading import PastCases, completed, read_cases
from handlers.imports.tables import PastTable, read_past_table
from handlers.intents import Intent, Pressed, Submitted
from handlers.interaction import Caller
from handlers.office import Office
from handlers.pages import Answer, Button, Card, Choice, Fact, FormSheet, Line, Question, Tone
from handlers.reports.opened import reported
from handlers.sheets import own_sheet
from handlers.table_values import may_own
from handlers.tokens import Token, read_token, token_for
from handlers.uploads import kinds_in_words
from storage.unit import Database, Tx
from workflows.errors import Refusal
from workflows.model.definition import Definition
from workflows.ports import Files
from workflows.records import StoredFile

IMPORT = "import"  # the command, and the verb of its form and buttons
REPORT = "report"  # the verb of the button that shows figures
LOOK, DO, CANCEL, UNDO = "l", "g", "n", "u"  # what a button does, the first of its argument
_FILE = "f_"  # begins the ids of uploads
_STYLES = {"d": DMY, "m": MDY}  # what the person said of days that may be months
_PROBLEMS_MOST = 8  # problems that a card names


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """A table that was handed in: the process, the file, and what the person said of its days."""

    process: str
    file: str
    style: str = ""

    def token(self, step: str) -> str:
        """Return the token of a button; "" for a process whose name is too long for one."""
        argument = f"{step}{self.style}-{self.file.removeprefix(_FILE)}-{self.process}"
        return token_for(IMPORT, argument=argument)


def import_sheet(caller: Caller, named: str = "") -> FormSheet:
    """Return the form that asks for the table. Raises Refusal `import_nothing`.

    `named` is the key of the process that is chosen first.
    """
    owned = [*reported(caller.tx, caller.office, reader=caller.person)]
    if not owned:
        raise Refusal("import_nothing")
    words, kinds = translator(caller.language), ("sheet", "text")
    choices = tuple(Choice(id=one.key, label=one.name.of(caller.language)) for one in owned)
    known = {one.id for one in choices}
    return own_sheet(
        IMPORT,
        token=Token(verb=IMPORT),
        language=caller.language,
        questions=(
            Question(
                id="process",
                type="choice",
                label=words.t("sheet.import.process"),
                required=True,
                choices=choices,
                value=named if named in known else choices[0].id,
            ),
            Question(
                id="table",
                type="files",
                label=words.t("sheet.import.table"),
                required=True,
                accept=(TEXT.media_type, XLSX.media_type),
                endings=("csv", "txt", "xlsx"),
                accept_text=kinds_in_words(kinds, language=caller.language),
                max_files=1,
            ),
        ),
    )


async def answer_table(
    database: Database, files: Files, office: Office, intent: Pressed | Submitted
) -> Answer:
    """Return the card about a table, or import it, or undo that, as the person asked.

    Raises Refusal, FormInvalid and StorageError.
    """
    if isinstance(intent, Submitted):
        handed = _handed_in(intent.values)
        found = await _look(database, files, office, intent, handed)
        await database.run(lambda tx: tx.drafts.drop(intent.person, intent.token))
        return found.card()
    token = read_token(intent.token)
    step, _, rest = token.argument.partition("-")
    middle, _, process = rest.partition("-")
    if step == UNDO:
        return await _undone(database, office, intent, process=process, import_id=middle)
    handed = _Handed(process=process, file=f"{_FILE}{middle}", style=step[1:])
    if step[:1] == CANCEL:
        return Answer(text=await _said(database, office, intent, "past.cancelled"))
    found = await _look(database, files, office, intent, handed)
    if step[:1] == DO and found.cases is not None:
        return await _imported(database, office, intent, found, found.cases)
    return found.card()


async def _imported(
    database: Database, office: Office, intent: Intent, found: _Looked, cases: PastCases
) -> Answer:
    words, process = found.words, found.definition.key
    done = await keep(database, office, cases, process=process, by=intent.person)
    cases.close()
    name = found.definition.name.of(words.language)
    said = [
        words.n("past.again", done.cases, file=found.table.name)
        if done.again
        else words.n("past.imported", done.cases, process=name)
    ]
    if done.replaced:
        said.append(words.n("past.replaced", done.replaced))
    if cases.left_out:
        said.append(words.n("past.left_out", cases.left_out))
    undo = token_for(IMPORT, argument=f"{UNDO}-{done.id}-{process}")
    buttons = (
        Button(
            verb=IMPORT,
            label=words.t("past.button.undo"),
            token=undo,
            style="danger",
            confirm=words.t("past.button.undo.sure"),
        ),
        Button(
            verb=REPORT,
            label=words.t("command.report"),
            token=token_for(REPORT, argument=process),
        ),
    )
    title = words.t("past.card.done", process=name)
    shown = tuple(one for one in buttons if one.token)
    return Answer(cards=(Card(kind="list", title=title, text="\n".join(said), buttons=shown),))


async def _undone(
    database: Database, office: Office, intent: Intent, *, process: str, import_id: str
) -> Answer:
    def allowed(tx: Tx) -> None:
        _require_owner(tx, office, intent, start.current(tx, office, process).definition)

    await database.read(allowed)
    number = int(import_id) if import_id.isdecimal() else 0
    done = await undo_import(database, process=process, import_id=number)
    words = await database.read(lambda tx: _words(tx, office, intent))
    return Answer(text=words.n("past.undone", done.cases, file=done.file), tone=Tone.GOOD)


async def _said(database: Database, office: Office, intent: Intent, msgid: str) -> str:
    words = await database.read(lambda tx: _words(tx, office, intent))
    return words.t(msgid)


def _words(tx: Tx, office: Office, intent: Intent) -> Translator:
    person = office.directory(tx).get(intent.person)
    given = intent.language if intent.language in LANGUAGES else ""
    return translator(given or office.company.language_of(person))


def _handed_in(values: Mapping[str, object]) -> _Handed:
    files = read_ids(values.get("table"))
    if not files:
        raise Refusal("file_unknown")
    return _Handed(process=str(values.get("process", "")), file=files[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was found of a table, for one person; `cases` is None while something has to be said."""

    handed: _Handed
    definition: Definition
    words: Translator
    table: PastTable
    mapping: ColumnMapping
    cases: PastCases | None
    lacks: tuple[str, ...]
    sample: str

    def card(self) -> Answer:
        """Return the card that asks whether to import the table."""
        words, facts = self.words, telling.facts_of(self.table, self.mapping, words=self.words)
        said = [*self.lacks]
        if self.cases is not None:
            facts |= telling.counts_of(self.cases, words=words)
            said += self._remarks(self.cases)
            self.cases.close()
        roles = telling.columns_of(self.mapping, words=words)
        card = Card(
            kind="list",
            title=words.t("past.card", process=self.definition.name.of(words.language)),
            text="\n".join(said),
            facts=tuple(Fact(label=name, value=text) for name, text in facts.items()),
            lines_title=words.t("past.card.columns"),
            lines=tuple(
                Line(when=role, text=" · ".join(filter(None, (column, style))))
                for role, column, style in roles
                if column != words.t("past.no_column")
            ),
            quote=self.sample,
            buttons=tuple(self._buttons()),
        )
        return Answer(cards=(card,))

    def _remarks(self, cases: PastCases) -> list[str]:
        problems = [*telling.problems_of(cases, words=self.words)][:_PROBLEMS_MOST]
        if problems:
            problems.insert(0, self.words.n("past.problems", cases.problems.total))
        return [*telling.notes_of(cases, words=self.words), *problems]

    def _buttons(self) -> list[Button]:
        words, handed, found = self.words, self.handed, []
        if self.mapping.asks:
            found = [
                Button(
                    verb=IMPORT,
                    label=words.t(f"past.button.first.{name}"),
                    token=replace(handed, style=name).token(LOOK),
                )
                for name in _STYLES
            ]
        elif self.cases is not None and self.cases.cases:
            some = "past.button.others" if self.cases.problems.total else "past.button.import"
            label = words.n(some, self.cases.cases)
            found = [Button(verb=IMPORT, label=label, token=handed.token(DO), style="primary")]
        label = words.t("past.button.cancel")
        found.append(Button(verb=IMPORT, label=label, token=handed.token(CANCEL)))
        return [one for one in found if one.token]


async def _look(
    database: Database, files: Files, office: Office, intent: Intent, handed: _Handed
) -> _Looked:
    """Read a table of a person. Raises Refusal, also if they may not see figures of the process."""
    file = await database.read(partial(_allowed, office=office, intent=intent, handed=handed))
    try:
        content = await files.read(file.id)
    except FileNotFoundError:
        raise Refusal("file_unknown") from None
    read = partial(_read, office=office, intent=intent, handed=handed, file=file, content=content)
    return await database.read(read, by=intent.person)


def _allowed(tx: Tx, *, office: Office, intent: Intent, handed: _Handed) -> StoredFile:
    definition = start.current(tx, office, handed.process).definition
    _require_owner(tx, office, intent, definition)
    file = tx.files.get(handed.file)
    if file is None or file.owner != intent.person:
        raise Refusal("file_unknown")
    return file


def _require_owner(tx: Tx, office: Office, intent: Intent, definition: Definition) -> None:
    directory = office.directory(tx)
    if not directory.active(intent.person):
        raise Refusal("not_known")
    if not may_own(definition, directory, intent.person):
        raise Refusal("report_closed")


def _read(
    tx: Tx, *, office: Office, intent: Intent, handed: _Handed, file: StoredFile, content: bytes
) -> _Looked:
    definition = start.current(tx, office, handed.process).definition
    directory, words = office.directory(tx), _words(tx, office, intent)
    names = known_names(definition, directory)
    table = read_past_table(file.name, lambda: io.BytesIO(content))
    mapping = propose(
        table.columns,
        [row.cells for row in table.first],
        grades=names.grade_headings,
        zone=office.company.timezone,
        encoding=table.encoding,
        repeats=table.repeats,
    )
    mapping = completed(table, mapping, names)
    if handed.style in _STYLES:
        said = dict.fromkeys(mapping.asks, _STYLES[handed.style])
        mapping = replace(mapping, dates={**mapping.dates, **said})
    now = office.clock.now()
    lacks = tuple(telling.lacking_in_chat(mapping, words=words))
    cases = None if lacks else read_cases(table, mapping, names, now=now)
    sample = ""
    if not mapping.missing:
        heads, rows = telling.sample_of(table, mapping, names, now=now, words=words)
        sample = "\n".join(" · ".join(row) for row in [heads, *rows])
    return _Looked(
        handed=handed,
        definition=definition,
        words=words,
        table=table,
        mapping=mapping,
        cases=cases,
        lacks=lacks,
        sample=sample,
    )
