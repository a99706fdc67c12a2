"""A rule that code cites is on the page of the rules."""

import re

from tests.house import source

PAGE = source.ROOT / "docs" / "explanation" / "rules.md"
CITED = re.compile(r"(?:\(|, |T\d: )rules: ([a-z ]+)")


def headings() -> set[str]:
    found = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {heading.lower() for heading in found}


def cited() -> set[str]:
    texts = (" ".join((source.text(path) or "").split()) for path in source.python_files())
    return {rule.strip() for text in texts for rule in CITED.findall(text)}


def test_every_rule_that_code_cites_is_explained() -> None:
    assert {"urging", "who may read"} <= cited()
    assert {one for one in cited() if one not in headings()} == set()


def test_every_rule_that_is_explained_is_cited_where_it_holds() -> None:
    assert headings() - cited() == set()
