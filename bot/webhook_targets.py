"""The addresses of systems that get webhooks, and the signatures of the messages.

Apart from the client, whose library takes long to load, because the configuration names them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

PREFIX = "whsec_"
KEY_LEAST = 16  # bytes

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The address of a system.

    Args:
        id: a digest of the URL, under which its messages are stored.
        name: what logs call it: the host, without what may be secret in the URL.
        key: the key of the signatures.
        allow_private: whether its address may be one of this machine or of a private network.
    """

    id: str
    name: str
    url: str
    key: bytes
    allow_private: bool = False


def target_id(url: str) -> str:
    """Return the id of the target with this URL."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def signing_key(secret: str) -> bytes:
    """Return the key in a secret: base64 after `whsec_`, else the text itself.

    Raises ValueError if it is shorter than `KEY_LEAST` bytes, or not valid base64.
    """
    encoded = secret.removeprefix(PREFIX)
    key = secret.encode() if encoded == secret else base64.b64decode(encoded, validate=True)
    if len(key) < KEY_LEAST or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("too short, or not printable ASCII")
    return key


def signature(key: bytes, *, id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message; `timestamp` is in seconds since 1970."""
    signed = b".".join((id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the Internet, also if it is embedded in another."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def is_private_literal(host: str) -> bool:
    """Return whether a host is an IP address that is not public; those are not resolved."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return not is_public(host)
