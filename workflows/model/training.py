"""What a definition adds to the training card of a new version, in the company's own words."""

from __future__ import annotations

from workflows.model.words import Model, Text


class Training(Model):
    """Texts that come before those which the system works out from the definition."""

    contents: Text | None = None  # what the process is for
    how: Text | None = None  # how to use it
    cautions: Text | None = None  # what to mind
