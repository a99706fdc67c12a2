"""Writes a file at once, so that nobody reads half of it and a full disk leaves the old one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

OWNER_ONLY = 0o600


def write_whole(path: Path, content: bytes | Iterable[bytes], *, mode: int = OWNER_ONLY) -> None:
    """Replace a file, or make it, with these permissions. Raises OSError; nothing is changed then.

    The bytes, or pieces of them, are written beside it first.
    """
    part = None
    try:
        with (
            tempfile.NamedTemporaryFile(  # its mode is 0600, and nobody can put a link in its way
                dir=path.parent, prefix=f".{path.name[:80]}.", suffix=".part", delete=False
            ) as file
        ):
            part = Path(file.name)
            file.writelines([content] if isinstance(content, bytes) else content)
        part.chmod(mode)
        part.replace(path)
    except BaseException:
        if part is not None:
            part.unlink(missing_ok=True)
        raise
