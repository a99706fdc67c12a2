"""The register of a definition: a list of what its cases are now, such as all suppliers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from workflows.model.words import FieldId, Key, Model, People, Text

Column = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(\.[a-z]+)?$")]
CERTIFICATES = "certificates"  # the column of all certificates, with the days of their expiry


class Register(Model):
    """A register of the cases of a process. Its rows are their latest facts and named fields."""

    name: Text
    command: Key  # shows it in a chat
    read_by: People
    only: dict[FieldId, Annotated[tuple[FieldId, ...], Field(min_length=1)]] = Field(default={})
    find_by: tuple[FieldId, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=30)]
    chart: Column | None = None
