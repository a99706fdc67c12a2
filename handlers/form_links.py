"""Addresses of web forms: signed, so that nobody but the company makes one.

A token is `<payload>.<signature>`. The payload is JSON in base64url: the process, the name of the
link, when it expires, and answers that are fixed by it. Whoever has the address can read it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.moments import SECOND, Moment

NAME = r"[a-z0-9][a-z0-9_-]{0,39}"
TOKEN_MOST = 4000  # characters
VIA = "form"

_ABOUT = b"closeloop web form 1\n"  # what the signature is about, should the key sign other things


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLink:
    """The content of a signed address.

    Links with one name are revoked together; `values` are answers that the customer cannot change,
    by the field's id.
    """

    process: str
    name: str
    expires_at: Moment | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def via(self) -> str:
        """What the history of a case names as the way on which it was filed."""
        return f"{VIA}:{self.name}"

    def is_over(self, now: Moment, *, revoked: Collection[str]) -> bool:
        """Return whether it has expired or is among the revoked names."""
        return self.name in revoked or (self.expires_at is not None and now >= self.expires_at)


def sign(link: FormLink, key: str) -> str:
    """Return the token of a link."""
    told: dict[str, object] = {"p": link.process, "n": link.name}
    if link.expires_at is not None:
        told["e"] = link.expires_at // SECOND
    if link.values:
        told["v"] = dict(link.values)
    payload = _encoded(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{payload}.{_encoded(_signature(payload, key))}"


def address_of(link: FormLink, key: str, public_url: str) -> str:
    """Return the address of a link below the public address of the bot."""
    return f"{public_url.rstrip('/')}/{VIA}/{link.process}/{sign(link, key)}"


def read_link(token: str, keys: Sequence[str]) -> FormLink | None:
    """Return the link of a token that one of the keys has signed, or None."""
    payload, _, signature = token.partition(".")
    given = _decoded(signature) if len(token) <= TOKEN_MOST and token.isascii() else b""
    signed = False
    for key in keys:
        signed |= hmac.compare_digest(_signature(payload, key), given)
    return _link(json.loads(_decoded(payload))) if signed else None


def _link(told: Mapping[str, Any]) -> FormLink:
    return FormLink(
        process=told["p"],
        name=told["n"],
        expires_at=told["e"] * SECOND if "e" in told else None,
        values=told.get("v", {}),
    )


def _signature(payload: str, key: str) -> bytes:
    said = _ABOUT + payload.encode(errors="replace")
    return hmac.new(key.encode(), said, hashlib.sha256).digest()


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """Return the bytes of a base64url text; none if it is not one."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        return b""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
