"""E-mail addresses: which texts are one, as a mail server takes them."""

from __future__ import annotations

import re

_MOST = 254  # characters of an address, RFC 5321
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LOCAL_MOST = 64
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def wire_address(text: str) -> str:
    """Return an address as it is given to a mail server, with a domain in ASCII.

    Raises ValueError if the text is not exactly one address of the Internet. Names, comments,
    quoted parts and anything else that could end a header or name a second recipient are refused.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LOCAL_MOST or _LOCAL.fullmatch(local) is None:
        raise ValueError("no address")
    ascii_domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():  # noqa: PLR2004
        raise ValueError("no domain")
    found = f"{local}@{ascii_domain.lower()}"
    if len(found) > _MOST:
        raise ValueError("too long")
    return found


def is_address(text: str) -> bool:
    """Return whether a text is exactly one e-mail address."""
    try:
        wire_address(text)
    except ValueError:
        return False
    return True
