"""The draft behind a proposal of a review, which is handed to the change case that it opens.

It is a file of the case, and the body of the start form says where it is from and what it changes.
Whoever designs the change finds it in the form of the step that asks for a draft, as long as the
version that it changes is in force and no other draft was handed in.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from handlers.draft_base import is_base
from storage.unit import Tx
from workflows.records import Content, StoredDefinition

HANDED = "handed"  # the key of the body of the start form


class Handed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The draft behind a proposal.

    `definition` is the hash of the version that it changes. `file` is "" if it could not be made
    when the proposal was accepted. `lines` are what it changes, by language.
    """

    process: str
    period: str
    proposal: int
    definition: str
    file: str = ""
    lines: Mapping[str, tuple[str, ...]] = {}


def handed_in(contents: Mapping[str, Content]) -> Handed | None:
    """Return the draft among the contents of a case; None without one, and if it was erased."""
    bodies = (one.body for one in contents.values() if one.body is not None)
    raw = next((body[HANDED] for body in bodies if HANDED in body), None)
    return None if raw is None else msgspec.convert(raw, Handed)


def is_usable(tx: Tx, handed: Handed, current: StoredDefinition | None) -> bool:
    """Return whether there is a draft, and the version that it changes is in force."""
    return bool(handed.file) and current is not None and not is_outdated(tx, handed, current)


def is_outdated(tx: Tx, handed: Handed, current: StoredDefinition) -> bool:
    """Return whether a newer version than the one that the draft changes is in force."""
    return not is_base(tx, handed.definition, current=current)
