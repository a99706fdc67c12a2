"""Warnings about a valid configuration: readable secrets, addresses open to everybody."""

from __future__ import annotations

import ipaddress
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.config import Config, holds_secret, variable_of
from bot.findings import Findings, Keys, read_toml
from bot.settings_values import entries_of, secrets_of
from handlers.i18n import Translator
from workflows.errors import Finding


def config_warnings(
    config: Config, file: Path, *, words: Translator, mailing: Iterable[str] = ()
) -> list[Finding]:
    """Return a finding for everything that works but is not advisable.

    `mailing` are the processes whose definitions have mails.
    """
    noted = Findings(source=read_toml(file, words=words), words=words)
    for keys in _secrets(noted.source.data):
        here = _inside(noted.source.data, keys)
        said = os.environ.get(variable_of(keys), here)
        if not isinstance(said, str) or not said.strip():
            continue
        kind, _, name = said.partition(":")
        path = file.parent / name
        if kind == "file" and _is_open(path):
            noted.add("secret_open", keys, path=str(path))
        literal = said == here and kind not in {"env", "file"} and _is_told(keys, said)
        if literal and _is_open(file):
            noted.add("config_open", keys, path=str(file))
    if not config.http.proxy and not _is_this_machine(config.http.host):
        noted.add("host_open", ("http", "host"), host=config.http.host)
    there = urlsplit(config.http.public_url).hostname or "localhost"
    local, public = _is_this_machine(config.http.host), not _is_this_machine(there)
    if config.web_forms.keys and local and public and not config.http.proxy:
        noted.add("forms_in_one", ("http", "proxy"), address=config.http.public_url)
    listed = ", ".join(mailing)
    if listed and not config.smtp.host:
        noted.add("mails_unsent", ("smtp", "host"), processes=listed)
    return noted.found


def _secrets(data: Mapping[str, Any]) -> Iterator[Keys]:
    """Yield the place of each secret; of those in lists, where the file has entries."""
    for section, field in Config.model_fields.items():
        for key, inner in getattr(field.annotation, "model_fields", {}).items():
            entry = entries_of(inner.annotation)
            if entry is not None:
                entries = data.get(section, {}).get(key, ())
                names = secrets_of(entry)
                yield from (
                    (section, key, at, name) for at in range(len(entries)) for name in names
                )
            elif holds_secret((section, key)):
                given = _inside(data, (section, key))
                count = len(given) if isinstance(given, list) else None
                yield from (
                    [(section, key)]
                    if count is None
                    else ((section, key, at) for at in range(count))
                )


def _inside(data: Any, keys: Keys) -> Any:
    for key in keys:
        if isinstance(key, int):
            data = data[key]
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _is_told(keys: Keys, said: str) -> bool:
    """Return whether a value contains a secret; a database URL does if it has a password."""
    return keys != ("storage", "url") or "@" in said


def _is_open(path: Path) -> bool:
    """Return whether every user of this machine may read a file."""
    if os.name == "nt":
        return False
    try:
        return bool(path.stat().st_mode & stat.S_IROTH)
    except OSError:
        return False


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
