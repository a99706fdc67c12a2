"""A sentence for a person that can be said again in another language.

The core speaks English to whoever reads a log or a test. `said` keeps beside the English text the
code under which the catalogues have the sentence (`cli.definition.<code>`) and its facts, so that
the shell can say it in the reader's language. A fact may be such a sentence itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


class Said(str):
    """An English text that knows its `code`, its `template` and the `facts` in it."""

    __slots__ = ("code", "facts", "template")

    code: str
    template: str
    facts: Mapping[str, str]

    def with_facts(self, change: Callable[[str], str]) -> Said:
        """The same sentence with every fact changed; those of a fact that is a sentence, too."""
        facts = {
            name: fact.with_facts(change) if isinstance(fact, Said) else change(fact)
            for name, fact in self.facts.items()
        }
        return said(self.code, self.template, **facts)


def said(code: str, template: str, /, **facts: object) -> Said:
    """The template with its facts in place; `{{` and `}}` in it stand for braces."""
    texts = {name: fact if isinstance(fact, str) else str(fact) for name, fact in facts.items()}
    text = Said(template.format(**texts))
    text.code, text.template, text.facts = code, template, texts
    return text
