"""The static files of the page: read and compressed once, served with an ETag."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file of the page; `tag` is its ETag, a digest of its content."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


def load_assets(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """Return every file of the page by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): _load(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in _TYPES
    }


def serve(asset: Asset, request: Request) -> Response:
    """Return the file, or 304 if the browser has it; the browser asks on every use."""
    headers = {"etag": asset.tag, "cache-control": "no-cache", "vary": "accept-encoding"}
    known = (tag.strip().removeprefix("W/") for tag in _if_none_match(request))
    if asset.tag in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(
        content=content,
        packed=gzip.compress(content, mtime=0),
        media_type=_TYPES[path.suffix],
        tag=f'"{hashlib.sha256(content).hexdigest()[:20]}"',
    )


def _if_none_match(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "").split(",")
