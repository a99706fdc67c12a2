"""What all parts of a definition are made of: keys, spans, and texts in both languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from workflows.durations import Span, parse_span

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
ChannelName = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9-]{0,30})?$")]
FileKind = Literal["image", "pdf", "document", "sheet", "slides", "text", "mail", "video"]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
People = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Condition = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def read_span(value: Any) -> Span:
    """Convert a text to a Span and return a Span as it is; ValueError says what is allowed."""
    if isinstance(value, Span):
        return value
    return parse_span(value if isinstance(value, str) else repr(value))


SPAN = "[1-9][0-9]{0,7}(m|h|d|wm|wh|wd)"  # for the JSON Schema; `parse_span` decides

SpanText = Annotated[
    Span,
    BeforeValidator(read_span),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{SPAN}$",
            "examples": ["30m", "2h", "7d", "4wh", "1wd"],
        }
    ),
]


class Model(BaseModel):
    """Base class of all parts of a definition: frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Model):
    """A text in both languages of the product."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=400)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=400)]

    def of(self, language: str) -> str:
        """Return the text in a language ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Option(Text):
    """One option of a choice field: a stable id and its label in both languages."""

    id: FieldId
