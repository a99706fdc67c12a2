"""Column types that mean the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from workflows.moments import from_micros, to_micros

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


class Plain(TypeDecorator[Any]):
    """A type whose values go in and come out the same way on every database."""

    impl: Any = Text
    cache_ok = True

    @staticmethod
    def going_in(value: Any) -> Any:
        """What the driver is given."""
        raise NotImplementedError

    @staticmethod
    def coming_out(value: Any) -> Any:
        """What the driver's value means."""
        raise NotImplementedError

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return self.going_in(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return self.coming_out(value)


class Micros(Plain):
    """An instant as UTC microseconds since 1970. A naive datetime is refused."""

    impl = BigInteger
    cache_ok = True

    @staticmethod
    def going_in(value: datetime | None) -> int | None:
        return None if value is None else to_micros(value)

    @staticmethod
    def coming_out(value: int | None) -> datetime | None:
        return None if value is None else from_micros(value)


class Packed(Plain):
    """JSON as ASCII text; never for what is hashed. Any string is kept, even a broken one."""

    impl = Text
    cache_ok = True

    @staticmethod
    def going_in(value: Any) -> str | None:
        return None if value is None else _JSON.encode(value)

    @staticmethod
    def coming_out(value: str | None) -> Any:
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
