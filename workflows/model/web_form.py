"""The web form of a definition: what a customer, who has no account, fills in to file a case."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workflows.model.schedules import Filled
from workflows.model.words import FieldId, Model, People, Text


class WebForm(Model):
    """The start form as customers see it, at an address that the company gives them.

    An employee is the filer, because a case has a person who answers questions about it.
    """

    title: Text
    intro: Text | None = None
    thanks: Text | None = None
    files_for: People  # the first of these people who is not away
    fields: Annotated[tuple[FieldId, ...], Field(min_length=1, max_length=50)]
    values: dict[FieldId, Filled] = Field(default={})  # of the start form
