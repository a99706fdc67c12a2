"""The versions of the files of a field: each submission that changed them made one.

Earlier files stay in the case and can be opened by whoever may see the field.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.pages import FileLink
from handlers.reading.case import Reading
from handlers.reading.filled import FilledField
from workflows.records import FORM


def versions_of(reading: Reading, field_id: str) -> tuple[tuple[str, ...], ...]:
    """Return the file ids of each version of a field, oldest first; erased ones are left out."""
    found: list[tuple[str, ...]] = []
    for content in reading.contents.values():
        if content.body is None or not content.kind.startswith(FORM):
            continue
        files = reading.ids_of(content.body.get("values", {}).get(field_id))
        if files and (not found or found[-1] != files):
            found.append(files)
    return tuple(found)


def versioned_files(reading: Reading, one: FilledField) -> tuple[FileLink, ...]:
    """Return links to the files of a field, then to those of earlier versions, newest first.

    With several versions, each name says which version it is of. A file that is in several is
    listed once, with the newest.
    """
    versions = versions_of(reading, one.field.id) if one.files else ()
    if len(versions) < 2:  # noqa: PLR2004 - the first version is no change
        return one.files
    found: dict[str, FileLink] = {}
    for number, files in reversed([*enumerate(versions, start=1)]):
        for link in reading.links(files):
            name = reading.words.t(
                "file.version", name=link.name, version=number, versions=len(versions)
            )
            found.setdefault(link.id, replace(link, name=name))
    return tuple(found.values())
