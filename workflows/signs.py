"""Chinese and typographic signs in the place of plain ones.

An input method for Chinese writes “ ” ， ： （ ） where TOML, people expressions and conditions
have " , : ( ). The two look alike, so a mistake of this kind is named instead of what a parser
makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from workflows.said import Saying, said

PLAIN: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "“”„‟＂‘’＇，、：＝＃．（）［］【】｛｝＞＜＠！＋－＊／",
            '"""""\'\'\',,:=#.()[][]{}><@!+-*/',
            strict=True,
        )
    )
)
_TOKEN = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*" | '[^']*' | \#.*) | (?P<one>.)""",
    re.VERBOSE,
)  # texts and comments may have any sign


def foreign(line: str) -> tuple[int, str] | None:
    """Return the column, from 1, and the first such sign outside the texts and comments of a line.

    In a text that is not closed, the sign that was to close it counts.
    """
    for found in _TOKEN.finditer(line):
        if found["one"] and found["one"] in PLAIN:
            return found.start() + 1, found["one"]
    return None


def reason(sign: str) -> Saying:
    """Return the problem that such a sign is."""
    return said("foreign_sign", "{sign} is a Chinese or typographic sign", sign=sign)


def remedy(sign: str) -> Saying:
    """Return what to write in its place."""
    return said("plain_sign", "Write the plain {plain} here", plain=PLAIN[sign])
