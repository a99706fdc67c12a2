"""Sentences with their translation key and facts.

The core writes English, for logs and tests. `said` keeps the key of the sentence in the catalogues
(`cli.definition.<code>`) and its facts beside the English text, so that the shell can translate it.
A fact may be such a sentence itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


class Saying(str):
    """An English text with its translation key `code`, its `template` and its `facts`."""

    __slots__ = ("code", "facts", "template")

    code: str
    template: str
    facts: Mapping[str, str]

    def with_facts(self, change: Callable[[str], str]) -> Saying:
        """Return the sentence with `change` applied to all facts, also to nested ones."""
        facts = {
            name: fact.with_facts(change) if isinstance(fact, Saying) else change(fact)
            for name, fact in self.facts.items()
        }
        return said(self.code, self.template, **facts)


def said(code: str, template: str, /, **facts: object) -> Saying:
    """Return the template with its facts filled in; `{{` and `}}` in it are literal braces."""
    texts = {name: fact if isinstance(fact, str) else str(fact) for name, fact in facts.items()}
    text = Saying(template.format(**texts))
    text.code, text.template, text.facts = code, template, texts
    return text
