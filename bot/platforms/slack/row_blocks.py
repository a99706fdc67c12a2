"""Renders the rows of a question in a modal: the rows as text, a button, and a menu of them.

A row is filled in in a view of its own, see `rows.py`, because a view has at most 100 blocks.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.platforms.slack.blocks import Block, plain_section, plain_text
from handlers.conversation.dialogue.cells import first_cell, rows_of, show_rows
from handlers.i18n import translator
from handlers.pages import Question

ADD, EDIT = "cl:row:add:", "cl:row:edit:"  # prefixes of action ids, before the question's id
TEXT, LABEL = 2900, 74


def row_blocks(question: Question, language: str) -> Iterator[Block]:
    """Yield the blocks of a question with rows."""
    words, rows = translator(language), rows_of(question)
    optional = "" if question.required else f" {words.t('slack.rows.optional')}"
    shown = show_rows(question, words) if rows else words.t("slack.rows.none")
    hint = f"\n{question.hint}" if question.hint else ""
    yield plain_section(f"{question.label}{optional}\n{shown}{hint}", TEXT)
    elements: list[Block] = []
    if len(rows) < question.max_rows:
        elements.append(
            {
                "type": "button",
                "action_id": f"{ADD}{question.id}",
                "text": plain_text(words.t("slack.rows.add"), LABEL),
                "value": question.id,
            }
        )
    if rows:
        elements.append(
            {
                "type": "static_select",
                "action_id": f"{EDIT}{question.id}",
                "placeholder": plain_text(words.t("slack.rows.edit"), LABEL),
                "options": [
                    {
                        "text": plain_text(f"{number}. {first_cell(question, row, words)}", LABEL),
                        "value": str(number - 1),
                    }
                    for number, row in enumerate(rows, start=1)
                ],
            }
        )
    yield {"type": "actions", "block_id": f"rows:{question.id}", "elements": elements}
