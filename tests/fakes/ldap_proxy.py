"""A proxy before an LDAP server, which breaks what passes: by message, as both sides see them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

ENTRY, DONE = 0x64, 0x65  # of a search: an entry found, and the end of the answer

Alter = Callable[[bytes], bytes | None]  # None cuts the connection


def untouched(message: bytes) -> bytes | None:
    return message


def kind_of(message: bytes) -> int:
    """The type of a message: what stands behind its number."""
    start = 2 + (message[1] & 0x7F if message[1] & 0x80 else 0)
    return message[start + 2 + message[start + 1]]


@dataclass(kw_only=True)
class LdapProxy:
    """Passes messages on, as `asked` and `answered` return them."""

    port: int
    asked: Alter = untouched
    answered: Alter = untouched
    address: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.address}"

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = self._listening.getsockname()[1]
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(10)

    def _begin(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            self._open += [client, server]
            self._begin(self._pass, client, server, "asked")
            self._begin(self._pass, server, client, "answered")

    def _pass(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError, ValueError), source.makefile("rb") as stream:
            while head := stream.read(2):
                length, more = head[1], b""
                if length & 0x80:
                    more = stream.read(length & 0x7F)
                    length = int.from_bytes(more, "big")
                message = getattr(self, way)(head + more + stream.read(length))
                if message is None:
                    break
                target.sendall(message)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
