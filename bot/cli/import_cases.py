"""import-cases: past cases from a CSV file or a workbook, for the figures of a process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.directory import Encoding
from bot.cli.options import ConfigOption, LanguageOption
from bot.cli.output import Code, say, show_facts, show_table, show_text

if TYPE_CHECKING:
    from handlers.i18n import Translator
    from handlers.imports.known import KnownNames
    from handlers.imports.mapping import ColumnMapping
    from handlers.imports.reading import PastCases
    from handlers.imports.tables import PastTable

_TOLD_EACH = 20_000  # rows and cases between two messages of progress


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("import-cases")(import_cases)


def import_cases(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    *,
    process: Annotated[str, typer.Option("--process", metavar="PROCESS")],
    mapping: Annotated[Path | None, typer.Option("--mapping", metavar="FILE")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    undo: Annotated[bool, typer.Option("--undo")] = False,
    leave_out: Annotated[bool, typer.Option("--leave-out")] = False,
    encoding: Annotated[Encoding | None, typer.Option("--encoding")] = None,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Import past cases of a process from a table, or remove them again."""
    digest = _digest(file) if undo else ""

    async def task(it: Deployment) -> int:
        if undo:
            return await _undo(it, process, file, digest)
        asked = _Asked(it, file, process, mapping, "" if encoding is None else str(encoding))
        await asked.read()
        return await asked.look() if dry_run else await asked.run(leave_out=leave_out, yes=yes)

    work(task, config=config, language=language)


def _digest(file: Path) -> str:
    """Return the hash of a file, "" if it is gone; then its name is enough to undo an import."""
    from hashlib import file_digest

    if not file.is_file():
        return ""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


async def _undo(it: Deployment, process: str, file: Path, digest: str) -> int:
    from handlers.imports.keeping import undo

    done = await undo(it.database, process=process, sha256=digest, file=file.name)
    say(it.words.n("past.undone", done.cases, file=done.file))
    return Code.GOOD


class _Asked:
    """One call of the command, with what was found so far."""

    table: PastTable
    names: KnownNames
    mapping: ColumnMapping

    def __init__(
        self, it: Deployment, file: Path, process: str, given: Path | None, encoding: str
    ) -> None:
        self._it = it
        self._words = it.words
        self._file = file
        self._process = process
        self._place = given or file.with_name(f"{file.name}.mapping.toml")
        self._encoding = encoding

    async def read(self) -> None:
        """Read the table and its mapping: the file of it if there is one, else a proposal."""
        from bot.cli.process_names import in_force
        from handlers.imports.known import known_names
        from handlers.imports.mapping import propose
        from handlers.imports.reading import completed

        it = self._it
        _, loaded = await it.database.read(lambda tx: in_force(it, tx, self._process))
        self.names = known_names(loaded.definition, await it.database.read(it.office.directory))
        given = self._given()
        encoding = self._encoding or (given.encoding if given is not None else "")
        self.table = _opened(self._file, encoding, it.words)
        if given is None:
            mapping = propose(
                self.table.columns,
                [row.cells for row in self.table.first],
                grades=self.names.grade_headings,
                zone=it.office.company.timezone,
                encoding=self.table.encoding,
                repeats=self.table.repeats,
            )
        else:
            mapping = replace(given, encoding=self.table.encoding)
        self.mapping = mapping
        if not self._unknown_columns():
            self.mapping = completed(self.table, mapping, self.names)

    def _given(self) -> ColumnMapping | None:
        from bot.findings import read_text
        from handlers.imports.mapping_file import read_mapping

        if not self._place.is_file():
            return None
        say(self._words.t("past.mapping_used", file=str(self._place)))
        return read_mapping(read_text(self._place, words=self._words))

    async def look(self) -> int:
        """Show how the table would be read, and what is wrong with it; write the mapping."""
        self._show()
        if self._lacks():
            self._write()
            return Code.REFUSED
        found = self._cases()
        self._tell(found)
        self._write()
        say(self._words.t("cli.import.dry_run"))
        found.close()
        return Code.REFUSED if found.problems.total else Code.GOOD

    async def run(self, *, leave_out: bool, yes: bool) -> int:
        """Import the table, unless something is wrong with it or the person does not agree."""
        from handlers.imports.keeping import keep

        if self._lacks():
            self._write()
            return Code.REFUSED
        if not yes and sys.stdin.isatty():
            self._show()
            if not typer.confirm(self._words.t("past.sure"), err=True):
                return Code.REFUSED
        found = self._cases()
        self._tell(found)
        if found.problems.total and not leave_out:
            say(self._words.t("past.nothing_imported"))
            return Code.REFUSED
        if not found.cases:
            say(self._words.t("past.no_case"))
            return Code.REFUSED
        done = await keep(
            self._it.database,
            self._it.office,
            found,
            process=self._process,
            by=None,
            progress=self._progress("past.progress.cases"),
        )
        found.close()
        words, name = self._words, self.table.name
        if done.again:
            say(words.n("past.again", done.cases, file=name))
            return Code.GOOD
        say(words.n("past.imported", done.cases, process=self._process))
        if done.replaced:
            say(words.n("past.replaced", done.replaced))
        if found.left_out:
            say(words.n("past.left_out", found.left_out))
        say(words.t("past.undo_by", file=str(self._file), process=self._process))
        return Code.GOOD

    def _show(self) -> None:
        """Print the mapping, and the first rows as they are read."""
        from handlers.imports.telling import columns_of, facts_of, roles_shown, sample_of

        words = self._words
        show_facts(facts_of(self.table, self.mapping, words=words))
        show_text("")
        heads = [words.t(f"past.head.{one}") for one in ("role", "column", "format")]
        show_table(heads, columns_of(self.mapping, words=words))
        unused = roles_shown(self.table.columns, self.mapping)
        if unused:
            listed = words.t("name.separator").join(unused)
            show_text(words.t("past.unused", columns=listed))
        if not self.mapping.missing and not self._unknown_columns():
            now = self._it.office.clock.now()
            head, rows = sample_of(self.table, self.mapping, self.names, now=now, words=words)
            show_text("")
            show_table(head, rows)
        show_text("")

    def _lacks(self) -> bool:
        """Print what the person has to say first; return whether there is something."""
        from handlers.imports.telling import lacking

        lacks = [*self._unknown_columns(), *lacking(self.mapping, words=self._words)]
        for one in lacks:
            say(one)
        return bool(lacks)

    def _unknown_columns(self) -> list[str]:
        known = self.table.columns
        return [
            self._words.t("past.lacks.heading", column=name, key=f"columns.{role}")
            for role, name in self.mapping.columns.items()
            if name not in known
        ]

    def _cases(self) -> PastCases:
        from handlers.imports.reading import read_cases

        return read_cases(
            self.table,
            self.mapping,
            self.names,
            now=self._it.office.clock.now(),
            progress=self._progress("past.progress.rows"),
        )

    def _progress(self, msgid: str) -> Callable[[int], None]:
        def told(count: int) -> None:
            if count % _TOLD_EACH == 0:
                say(self._words.t(msgid, count=f"{count:,}"))

        return told

    def _tell(self, found: PastCases) -> None:
        from handlers.imports.telling import counts_of, notes_of, problems_of

        show_facts(counts_of(found, words=self._words))
        for line in (*notes_of(found, words=self._words), *problems_of(found, words=self._words)):
            say(line)

    def _write(self) -> None:
        """Write the mapping to its file, unless that is there."""
        from bot.cli.files import write
        from handlers.imports.mapping_file import written

        if not self._place.is_file():
            text = written(self.mapping, words=self._words)
            write(self._place, text.encode(), words=self._words)
            say(self._words.t("past.mapping_written"))


def _opened(file: Path, encoding: str, words: Translator) -> PastTable:
    """Return the table of a file. Raises Unreadable, or Refusal for a file that is none."""
    from bot.findings import open_bytes
    from handlers.imports.tables import read_past_table

    with open_bytes(file, words=words):  # names what is wrong with a file that cannot be opened
        return read_past_table(file.name, lambda: file.open("rb"), encoding=encoding)
