"""Column types that mean the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from workflows.moments import from_micros, to_micros


class Micros(TypeDecorator[datetime]):
    """An instant as UTC microseconds since 1970. A naive datetime is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_micros(value)


class Packed(TypeDecorator[Any]):
    """JSON as ASCII text; never for what is hashed. Any string is kept, even a broken one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def storable(text: str, *, limit: int = 4000) -> str:
    """Text from outside, such as an error, without what a database refuses, and not too long."""
    return text[:limit].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _column(kind: Callable[[], Any]) -> Callable[..., Column[Any]]:
    def make(name: str, *, key: bool = False, null: bool = False) -> Column[Any]:
        return Column(name, kind(), primary_key=key, nullable=null, autoincrement=False)

    return make


text = _column(Text)
moment = _column(Micros)
packed = _column(Packed)
number = _column(Integer)
big = _column(BigInteger)
flag = _column(Boolean)
