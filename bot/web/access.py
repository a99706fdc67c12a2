"""Recognises other systems by their tokens, and limits how often they call.

The counters are those of this process: with several replicas each allows as many requests. A
request with a wrong token is logged with its address, once a minute, and never with the token.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import structlog
from starlette.requests import Request

from bot.runtime.connections import counted_as
from bot.runtime.outsiders import TurnedAway
from bot.web.problems import Problem, wait
from handlers.systems import System

log = structlog.stdlib.get_logger("closeloop.api")

MINUTE_S = 60.0
WRONG_MOST = 20  # wrong tokens from one address in a minute
ADDRESSES_MOST = 1024  # that are remembered


@dataclass(slots=True)
class _Address:
    """The wrong tokens from one address since a time, and the systems that called from there."""

    since: float
    wrong: int = 0
    known: set[str] = field(default_factory=set)

    def knows(self, system: System | None) -> bool:
        """Return whether a system has called from here before."""
        return system is not None and system.name in self.known


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Access:
    """Recognises systems.

    After `WRONG_MOST` wrong tokens within a minute an address is refused until the minute is over,
    but for systems that have called from there before: a stranger beside them locks nobody out.

    Args:
        systems: the systems by their tokens.
        requests_a_minute: how many requests a token may make.
        seconds: a monotonic clock.
        by_address: whether wrong tokens are limited by address. Behind a proxy all have one.
    """

    def __init__(
        self,
        systems: Mapping[str, System],
        *,
        requests_a_minute: int,
        seconds: Callable[[], float],
        turned_away: TurnedAway,
        by_address: bool = True,
    ) -> None:
        self._systems = [(_digest(token), system) for token, system in systems.items()]
        self._most = requests_a_minute
        self._seconds = seconds
        self._turned_away = turned_away
        self._by_address = by_address
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._buckets: dict[str, _Bucket] = {}

    def admit(self, request: Request) -> System:
        """Return the system that sent a request.

        Raises:
            Problem: 401 without a valid token; 429 after too many requests, or wrong tokens.
        """
        address = self._address(request)
        system = self._known(_token(request))
        if address is not None and address.wrong >= WRONG_MOST and not address.knows(system):
            self._turned_away("api_wrong_tokens")
            left = address.since + MINUTE_S - self._seconds()
            raise wait("wrong_tokens", seconds=left)
        if system is None:
            self._refuse(request, address)
        if address is not None:
            address.known.add(system.name)
        self._count(system)
        return system

    def _known(self, token: str) -> System | None:
        """Return the system of a token, comparing it with all in constant time."""
        given, found = _digest(token), None
        for digest, system in self._systems:
            if hmac.compare_digest(given, digest):
                found = system
        return found if token else None

    def _refuse(self, request: Request, address: _Address | None) -> NoReturn:
        self._turned_away("api_token")
        if address is not None:
            address.wrong += 1
            if address.wrong == 1:
                log.warning("api_token_refused", address=_host(request))
        code = "wrong_token" if request.headers.get("authorization") else "no_token"
        challenge = 'Bearer realm="closeloop"'
        if code == "wrong_token":
            challenge += ', error="invalid_token"'
        raise Problem(401, code, headers={"www-authenticate": challenge})

    def _address(self, request: Request) -> _Address | None:
        if not self._by_address:
            return None
        now, name = self._seconds(), counted_as(_host(request))
        found = self._addresses.setdefault(name, _Address(since=now))
        self._addresses.move_to_end(name)
        if now - found.since >= MINUTE_S:
            found.since, found.wrong = now, 0
        while len(self._addresses) > ADDRESSES_MOST:
            self._addresses.popitem(last=False)
        return found

    def _count(self, system: System) -> None:
        now = self._seconds()
        rate = self._most / MINUTE_S
        bucket = self._buckets.setdefault(system.name, _Bucket(left=self._most, at=now))
        bucket.left = min(self._most, bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            self._turned_away("api_too_many_requests")
            seconds = (1 - bucket.left) / rate
            raise wait("too_many_requests", seconds=seconds, most=self._most)
        bucket.left -= 1


def _host(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _token(request: Request) -> str:
    """Return the bearer token of a request, or "" if there is not exactly one."""
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else ""


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
