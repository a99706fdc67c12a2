"""What the parts of a specification are made of: the definition, and the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.diagram import conditions
from handlers.i18n import Translator
from handlers.reading import people_words
from handlers.reading.formatter import Formatter
from handlers.rendering.model import Column, Field, FieldTable, Paragraph, StyledText, Table
from handlers.reports.numbers import DASH
from handlers.reports.source import cells
from workflows.model.definition import Definition
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The version with which a definition is compared."""

    version: int
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationSource:
    """What a specification is made of. `day` is the length of a working day, in microseconds.

    `version` and `published_at` are None for a draft, `before` for what never had a version before.
    """

    definition: Definition
    form: Formatter
    company: str
    day: int
    version: int | None = None
    published_at: Moment | None = None
    before: Earlier | None = None

    @property
    def words(self) -> Translator:
        """The texts in the reader's language."""
        return self.form.words

    def people(self, *expressions: str | None) -> str:
        """Return whom people expressions name; a dash for none."""
        given = dict.fromkeys(one for one in expressions if one is not None)
        found = (people_words.in_words(one, self.definition, self.form) for one in given)
        return self.form.listed(dict.fromkeys(found)) or DASH

    def condition(self, condition: str | None) -> str:
        """Return a condition as a short text; a dash for None."""
        if condition is None:
            return DASH
        return conditions.in_words(condition, self.definition, language=self.form.language)

    def node(self, node: str) -> str:
        """Return the name of a node."""
        return self.form.text(self.definition.node(node).name)

    def nodes(self, nodes: Iterable[str]) -> str:
        """Return the names of nodes; a dash for none."""
        return self.form.listed(map(self.node, nodes)) or DASH

    def field(self, field: str) -> str:
        """Return the label of a field of a form."""
        found = self.definition.field(field)
        return field if found is None else self.form.text(found.label)

    def joined(self, texts: Iterable[str]) -> str:
        """Return several clauses as one text; a dash for none."""
        return self.words.t("spec.semicolon").join(filter(None, texts)) or DASH

    def table(self, columns: Mapping[str, int], rows: Iterable[tuple[str, ...]]) -> Table:
        """Return a table of these columns, each with its share of the width."""
        heads = (
            Column(title=self.words.t(f"spec.column.{name}"), share=share)
            for name, share in columns.items()
        )
        return Table(columns=tuple(heads), rows=tuple(tuple(cells(*row)) for row in rows))

    def facts(self, rows: Iterable[tuple[str, str]]) -> FieldTable:
        """Return labelled values, each given by the name of its label and its text."""
        return FieldTable(
            rows=tuple(
                Field(label=self.words.t(f"spec.fact.{name}"), value=StyledText(text=text))
                for name, text in rows
            )
        )

    def paragraph(self, text: str) -> Paragraph:
        """Return a paragraph of one text."""
        return Paragraph(words=StyledText(text=text))
