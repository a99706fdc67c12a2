"""The complaint process whose answer goes to the customer, by the lines of the how-to."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "workflows" / "processes" / "complaint.toml"
PAGE = ROOT / "docs" / "how-to" / "customers.md"
ADDRESS = "li.na@customer.example"


def lines_of_the_page() -> list[str]:
    """The blocks of TOML under "Let the answer go to the customer"."""
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition("### Let the answer go to the customer")[2].partition("\n### ")[0]
    return re.findall(r"```toml\n(.*?)```", section, re.DOTALL)


def mailing_complaint() -> str:
    """The text of the shipped process with the changes of the how-to."""
    address, answer, mail, section = lines_of_the_page()
    text = SHIPPED.read_text(encoding="utf-8")
    for anchor, after, line in (
        (r'  \{ id = "contact", .*\n', True, address),
        (r'  \{ id = "answer", .*\n', False, answer),
        (r"  \{ title = \{ zh = \"满意度\".*\n", True, section),
    ):
        found = re.search(anchor, text)
        assert found is not None, anchor
        text = text[: found.end() if after else found.start()] + line + text[found.end() :]
    return text + "\n" + mail
