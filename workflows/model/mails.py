"""Mails to people outside the company, which a definition sends at a step of its cases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from workflows.model.words import Condition, FieldId, Key, Model, Text

MAIL_TEXT_MOST = 5000  # characters, before the values are filled in
NUMBER = "number"  # the placeholder for the number of the case


class MailText(Text):
    """The text of a mail in both languages of the product."""

    zh: Annotated[str, StringConstraints(min_length=1, max_length=MAIL_TEXT_MOST)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=MAIL_TEXT_MOST)]


class Mail(Model):
    """A mail to the address in a field, sent when something happens to a case."""

    id: Key
    name: Text
    on: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}(\.[a-z]{1,10})?$")]
    to: FieldId
    when: Condition | None = None
    language: Literal["zh", "en"] | None = None  # None: the company's
    subject: Text
    text: MailText
