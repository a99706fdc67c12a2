"""Values as the literal files spell them, and the files themselves."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import UNSET, Struct

from workflows.moments import iso

LONGEST = 10**14  # microseconds, three years: a greater number is a moment

STORED = Path(__file__).parent / "stored"


def stored(name: str) -> dict[str, Any]:
    """A file of literals."""
    return tomllib.loads((STORED / f"{name}.toml").read_text(encoding="utf-8"))


def plain(value: object) -> Any:
    """A value by its fields, without those that are None or not set: TOML has no word for it."""
    if isinstance(value, Struct):
        return plain({name: getattr(value, name) for name in value.__struct_fields__})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        if fields.keys() == {"amount", "unit"}:  # a length of time is spelled as people write it
            return str(value)
        return plain(fields)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items() if one not in (None, UNSET)}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return iso(value) if isinstance(value, int) and value > LONGEST else value
