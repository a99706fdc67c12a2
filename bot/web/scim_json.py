"""The JSON of SCIM: which attributes are read, filters, and the operations of PATCH (RFC 7644)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.scim_people import ENTERPRISE

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
TEXTS = ("userName", "displayName", "externalId", "title", "preferredLanguage", "locale")
KNOWN = (*TEXTS, "timezone", "name", "active", "emails", "members", ENTERPRISE)
_BY_LOWER = {name.lower(): name for name in KNOWN}
_LISTS = ("emails", "members")
_NAME_PARTS = ("formatted", "givenName", "familyName")
_MOST = 400  # characters of a text
_PATH = re.compile(r"([A-Za-z$][\w$-]*)(?:\[(.+)\])?(?:\.([A-Za-z$][\w$-]*))?")
_CONDITION = re.compile(
    r"\s*([A-Za-z$][\w$.:\[\]-]*)\s+(\w+)\s+(\"(?:[^\"\\]|\\.)*\"|true|false)\s*", re.IGNORECASE
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BOOLEANS = {"true": True, "false": False}

Json = dict[str, Any]


class ScimError(Exception):
    """A request that is refused: the HTTP status, the `scimType` and the code of the text."""

    def __init__(self, status: int, code: str, *, kind: str = "", **facts: object) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.kind = kind
        self.facts = facts


def _wrong(attribute: str) -> ScimError:
    return ScimError(400, "value", kind="invalidValue", attribute=attribute)


# ---------------------------------------------------------------------------- resources


def read_resource(body: object) -> Json:
    """Return the attributes of a user or a group that we read; others are ignored."""
    if not isinstance(body, dict):
        raise ScimError(400, "syntax", kind="invalidSyntax")
    found: Json = {}
    for name, value in body.items():
        known = _BY_LOWER.get(str(name).lower())
        if known is not None and value is not None:
            found[known] = _read(known, value)
    return found


def _read(name: str, value: Any) -> Any:
    if name == "active":
        return _boolean(value)
    if name in _LISTS:
        return _list(name, value)
    if name == "name":
        return _texts(name, value, _NAME_PARTS)
    if name == ENTERPRISE:
        return _enterprise(value)
    return _text(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST:
        raise _wrong(name)
    return value.strip()


def _boolean(value: Any) -> bool:
    """Read a boolean; Entra ID sends "True" and "False"."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    raise _wrong("active")


def _texts(name: str, value: Any, known: tuple[str, ...]) -> Json:
    if not isinstance(value, dict):
        raise _wrong(name)
    by_lower = {one.lower(): one for one in known}
    return {
        by_lower[key.lower()]: _text(f"{name}.{key}", part)
        for key, part in value.items()
        if key.lower() in by_lower and part is not None
    }


def _enterprise(value: Any) -> Json:
    if not isinstance(value, dict):
        raise _wrong(ENTERPRISE)
    found: Json = {}
    for key, part in value.items():
        if key.lower() == "department" and part is not None:
            found["department"] = _text("department", part)
        if key.lower() == "manager" and part:
            found["manager"] = _manager(part)
    return found


def _manager(value: Any) -> Json:
    """Read a manager: {"value": id}, or only the id, or a list of one, as some systems send."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("value") or ""
    return {"value": _text("manager", value)} if value else {}


def _list(name: str, value: Any) -> list[Json]:
    values = value if isinstance(value, list) else [value]
    found = []
    for one in values:
        item = {"value": one} if isinstance(one, str) else one
        if not isinstance(item, dict) or not isinstance(item.get("value", ""), str):
            raise _wrong(name)
        kept: Json = {"value": item.get("value", "")}
        if name == "emails":
            kept["type"] = str(item.get("type", "work"))
            kept["primary"] = str(item.get("primary", False)).lower() == "true"
        found.append(kept)
    return found


# ---------------------------------------------------------------------------- filters


def read_filter(text: str) -> list[tuple[str, Any]]:
    """Return the conditions of a filter: attribute and value; only `eq` and `and` are known."""
    found = []
    for part in _AND.split(text):
        match = _CONDITION.fullmatch(part)
        if match is None or match[2].lower() != "eq":
            raise ScimError(400, "filter", kind="invalidFilter", filter=text[:80])
        try:
            value = json.loads(match[3] if match[3].startswith('"') else match[3].lower())
        except ValueError as error:
            raise ScimError(400, "filter", kind="invalidFilter", filter=text[:80]) from error
        found.append((match[1], value))
    return found


def fits(resource: Mapping[str, Any], conditions: list[tuple[str, Any]]) -> bool:
    """Return whether a resource fulfils all conditions; texts are compared without case."""
    return all(
        any(_same(given, wanted) for given in _values(resource, name))
        for name, wanted in conditions
    )


def _same(given: Any, wanted: Any) -> bool:
    if isinstance(given, str) and isinstance(wanted, str):
        return given.lower() == wanted.lower()
    return bool(given == wanted)


def _values(resource: Any, path: str) -> Iterator[Any]:
    """Yield the values of an attribute, also those in lists: `emails.value`, `members`."""
    name, _, sub = path.partition(".")
    found = {key.lower(): value for key, value in resource.items()}.get(name.lower())
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, dict):
            yield from _values(one, sub or "value")
        elif one is not None:
            yield one


# ---------------------------------------------------------------------------- PATCH


def patched(resource: Json, body: object) -> Json:
    """Return a resource after the operations of a PATCH."""
    operations = None
    if isinstance(body, dict):
        operations = next((body[key] for key in body if key.lower() == "operations"), None)
    if not isinstance(operations, list) or not operations:
        raise ScimError(400, "operations", kind="invalidSyntax")
    done: Json = json.loads(json.dumps(resource))
    for one in operations:
        if not isinstance(one, dict):
            raise ScimError(400, "operations", kind="invalidSyntax")
        given = {key.lower(): value for key, value in one.items()}
        op = str(given.get("op", "")).lower()
        if op not in ("add", "replace", "remove"):
            raise ScimError(400, "op", kind="invalidSyntax", op=op[:40])
        path = given.get("path")
        if path is not None and not isinstance(path, str):
            raise _no_path(path)
        if path:
            _apply(done, op, path, given.get("value"))
            continue
        value = given.get("value")
        if op == "remove":
            raise ScimError(400, "no_target", kind="noTarget")
        if not isinstance(value, dict):
            raise ScimError(400, "operations", kind="invalidSyntax")
        for name, part in value.items():
            _apply(done, op, str(name), part)
    return done


def _no_path(path: object) -> ScimError:
    return ScimError(400, "path", kind="invalidPath", path=str(path)[:80])


def _apply(target: Json, op: str, path: str, value: Any) -> None:
    """Carry out one operation; an attribute that we do not read is ignored."""
    lower = path.lower()
    if lower == ENTERPRISE.lower():
        if op == "remove":
            target.pop(ENTERPRISE, None)
        else:
            target[ENTERPRISE] = {**target.get(ENTERPRISE, {}), **_enterprise(value)}
        return
    if lower.startswith(f"{ENTERPRISE.lower()}:"):
        _apply_enterprise(target, op, path[len(ENTERPRISE) + 1 :], value)
        return
    for kind in ("user:", "group:"):
        if lower.startswith(f"{CORE}{kind}".lower()):
            path = path[len(CORE) + len(kind) :]
    match = _PATH.fullmatch(path)
    if match is None:
        raise _no_path(path)
    name = _BY_LOWER.get(match[1].lower())
    if name is None or name == ENTERPRISE:
        return
    if name in _LISTS:
        _apply_list(target, op, name, chosen=match[2] or "", part=match[3] or "", value=value)
    elif match[2]:
        raise _no_path(path)
    elif match[3]:
        _apply_part(target, op, name, match[3], value)
    elif op == "remove":
        target.pop(name, None)
    elif name == "name":
        target[name] = {**(target.get(name, {}) if op == "add" else {}), **_read(name, value)}
    elif value is None:
        target.pop(name, None)
    else:
        target[name] = _read(name, value)


def _apply_enterprise(target: Json, op: str, path: str, value: Any) -> None:
    part = path.partition(".")[0].lower()
    if part not in ("department", "manager"):
        return
    more = dict(target.get(ENTERPRISE, {}))
    more.pop(part, None)
    if op != "remove" and value is not None:
        more.update(_enterprise({part: value}))
    target[ENTERPRISE] = more


def _apply_part(target: Json, op: str, name: str, part: str, value: Any) -> None:
    if name != "name":
        raise _no_path(f"{name}.{part}")
    parts = dict(target.get(name, {}))
    given = _texts(name, {part: value if op != "remove" else ""}, _NAME_PARTS)
    for key, text in given.items():
        parts[key] = text
        if not text:
            del parts[key]
    target[name] = parts


def _apply_list(target: Json, op: str, name: str, *, chosen: str, part: str, value: Any) -> None:
    """Change a list: all of it, the items that a condition chooses, or a part of these."""
    items: list[Json] = list(target.get(name, []))
    conditions = read_filter(chosen) if chosen else []
    hit = [one for one in items if conditions and fits(one, conditions)]
    if op == "remove":
        if chosen:
            items = [one for one in items if one not in hit]
        elif value:  # as Entra ID removes members
            gone = {one["value"] for one in _list(name, value)}
            items = [one for one in items if one["value"] not in gone]
        else:
            items = []
    elif chosen or part:
        new = {key: one for key, one in conditions if key in ("type", "value", "primary")}
        changed = value if isinstance(value, dict) and not part else {part or "value": value}
        for one in hit or [{"value": "", **new}]:
            whole = _list(name, {**one, **changed})[0]
            items = [*(other for other in items if other is not one), whole]
    else:
        given = _list(name, value) if value is not None else []
        items = given if op == "replace" else [*items, *given]
    unique = {json.dumps(one, sort_keys=True): one for one in items if one["value"]}
    target[name] = list(unique.values())
