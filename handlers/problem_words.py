"""The words of problems that people report: their kinds, and the question for one."""

from __future__ import annotations

from handlers.i18n import Translator
from handlers.pages import Choice, Question
from workflows.actions.problem import ProblemKind

KIND = "kind"  # the id of the question


def kind_name(words: Translator, kind: str) -> str:
    """Return the name of a kind of problem; its id if this release does not know it."""
    return words.t(f"problem.kind.{kind}") if words.has(f"problem.kind.{kind}") else kind


def kind_question(words: Translator) -> Question:
    """Return the question what is wrong."""
    return Question(
        id=KIND,
        type="choice",
        label=words.t("sheet.problem.kind"),
        required=True,
        choices=tuple(Choice(id=one, label=kind_name(words, one)) for one in ProblemKind),
    )
