"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from msgspec import DecodeError
from msgspec.json import Encoder, decode
from sqlalchemy import BigInteger, Boolean, Column, Dialect, Integer, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_FAST = Encoder(order="sorted")


class Packed(TypeDecorator[Any]):
    """JSON, stored as ASCII text so that any string can be stored, lone surrogates included.

    Not for hashed JSON, whose exact text must be preserved. Prepared statements call `going_in` and
    `coming_out` themselves, since the conversion does not depend on the dialect.
    """

    impl = Text
    cache_ok = True

    @staticmethod
    def going_in(value: Any) -> str | None:
        """Convert a Python value to the text for the driver."""
        return None if value is None else _packed(value)

    @staticmethod
    def coming_out(value: str | None) -> Any:
        """Convert a text from the driver to the Python value."""
        return None if value is None else _unpacked(value)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return self.going_in(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return self.coming_out(value)


def _packed(value: Any) -> str:
    """Return JSON as ASCII text: by msgspec if that gives ASCII, which it does for most values."""
    try:
        text = _FAST.encode(value)
    except UnicodeEncodeError:  # a lone surrogate
        return _JSON.encode(value)
    return text.decode() if text.isascii() else _JSON.encode(value)


def _unpacked(text: str) -> Any:
    try:
        return decode(text)
    except DecodeError:  # a lone surrogate
        return json.loads(text)


def storable(text: str, *, limit: int = 4000) -> str:
    """Return a text from outside, such as an error message, in a form that any database accepts.

    Characters that a database refuses are replaced, and the text is cut to `limit` characters.
    """
    return text[:limit].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _column(kind: Callable[[], Any]) -> Callable[..., Column[Any]]:
    def make(name: str, *, key: bool = False, null: bool = False) -> Column[Any]:
        return Column(name, kind(), primary_key=key, nullable=null, autoincrement=False)

    return make


text = _column(Text)
moment = _column(BigInteger)  # a Moment: UTC microseconds since 1970
packed = _column(Packed)
number = _column(Integer)
big = _column(BigInteger)
flag = _column(Boolean)
binary = _column(LargeBinary)
