"""One call of the bot: what it asked, and what it was answered."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.errors import bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import Chat


@dataclass(frozen=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass
class Call:
    method: str
    params: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0  # 0 while it is under way, or when the connection was cut
    description: str = ""
    result: Any = None
    effect: bool = False  # did it change anything, whatever the bot was told
    chat: Chat | None = None
    planted: bool = False  # a fault that a test planted met this call

    @property
    def ok(self) -> bool:
        return self.status == 200

    def __getitem__(self, name: str) -> Any:
        """A parameter as the bot meant it: JSON is read."""
        value = self.params[name]
        try:
            return json.loads(value) if value[:1] in "[{" else value
        except ValueError:
            return value

    # ---------------------------------------------------------------- reading
    def text(self, name: str) -> str:
        return self.params.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int = 0) -> int:
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"-?\d+", value):
            raise bad(f"{name} must be an Integer")
        return int(value)

    def json(self, name: str, what: str) -> Any:
        """A parameter that holds JSON; None when it is missing."""
        value = self.text(name)
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {what} JSON object") from None

    def strings(self, name: str) -> list[str] | None:
        value = self.json(name, name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bad("expected an Array of String")
        return value

    def attached(self) -> set[str]:
        """Parts that a parameter names with attach://."""
        return set(re.findall(r'attach://([^"\s,}\]]+)', " ".join(self.params.values())))

    def messages(self) -> int:
        """How many messages this call sends."""
        return max(1, self.text("media").count('"type"')) if self.method == "sendMediaGroup" else 1
