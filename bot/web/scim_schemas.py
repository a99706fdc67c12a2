"""What SCIM clients ask first: what is supported, and the schemas of users and groups."""

from __future__ import annotations

from typing import Any

from bot.scim_people import ENTERPRISE
from bot.web.scim_json import CORE

Json = dict[str, Any]

_NO: Json = {"supported": False}
CONFIGURATION: Json = {
    "schemas": [f"{CORE}ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {**_NO, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 200},
    "changePassword": _NO,
    "sort": _NO,
    "etag": _NO,
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The token of [scim] token in config.toml",
            "primary": True,
        }
    ],
}


def _type(name: str, *, extended: bool) -> Json:
    more: Json = {"schemaExtensions": [{"schema": ENTERPRISE, "required": False}]}
    return {
        "schemas": [f"{CORE}ResourceType"],
        "id": name,
        "name": name,
        "endpoint": f"/{name}s",
        "schema": f"{CORE}{name}",
        **(more if extended else {}),
    }


def _attribute(name: str, kind: str = "string", **more: Any) -> Json:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "required": False,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        **more,
    }


def _schema(schema_id: str, name: str, attributes: list[Json]) -> Json:
    return {
        "schemas": [f"{CORE}Schema"],
        "id": schema_id,
        "name": name,
        "description": name,
        "attributes": attributes,
    }


_VALUE = [_attribute("value")]
TYPES = [_type("User", extended=True), _type("Group", extended=False)]
SCHEMAS = [
    _schema(
        f"{CORE}User",
        "User",
        [
            _attribute("userName", required=True, uniqueness="server"),
            _attribute(
                "name",
                "complex",
                subAttributes=[
                    _attribute(part) for part in ("formatted", "givenName", "familyName")
                ],
            ),
            *map(_attribute, ("displayName", "title", "preferredLanguage", "locale", "timezone")),
            _attribute("active", "boolean"),
            _attribute(
                "emails",
                "complex",
                multiValued=True,
                subAttributes=[*_VALUE, _attribute("type"), _attribute("primary", "boolean")],
            ),
        ],
    ),
    _schema(
        f"{CORE}Group",
        "Group",
        [
            _attribute("displayName", required=True, uniqueness="server"),
            _attribute("members", "complex", multiValued=True, subAttributes=_VALUE),
        ],
    ),
    _schema(
        ENTERPRISE,
        "EnterpriseUser",
        [_attribute("department"), _attribute("manager", "complex", subAttributes=_VALUE)],
    ),
]
