"""Launch data of a Mini App, signed with the bot's token as Telegram signs it."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlencode

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.person import Person


def init_data(fake: TelegramFake, person: Person, *, age: float = 0, start_param: str = "") -> str:
    """What a page that the person opened gets as `initData`."""
    fields = {
        "query_id": secrets.token_urlsafe(12),
        "user": json.dumps(person.account.json(), ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(int(fake.now() - age)),
        "signature": secrets.token_urlsafe(64),
    }
    if start_param:
        fields["start_param"] = start_param
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", fake.token.encode(), hashlib.sha256)
    fields["hash"] = hmac.new(key, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode(fields)
