"""The version that a draft of a definition changes, by its key `based_on`."""

from __future__ import annotations

from storage.unit import Tx
from workflows.errors import Refusal
from workflows.records import StoredDefinition


def require_base(tx: Tx, based_on: str, *, current: StoredDefinition, file: str = "") -> None:
    """Raise Refusal if a draft was made from another version than `current`, which is in force.

    Its code is `newer_in_force`, or `base_unknown` if the draft is based on no version at all.
    A draft may also be based on a version that departments start now, such as a pilot that it is
    to correct.

    Args:
        based_on: with what the hash of its base begins; "" if it does not say, which is accepted.
        file: that of the draft.
    """
    if is_base(tx, based_on, current=current):
        return
    facts: dict[str, object] = {"process": current.key, "file": file, "version": current.version}
    facts |= {"by": current.published_by, "at": current.published_at}
    base = version_of(tx, based_on, current=current)
    if not base:
        raise Refusal("base_unknown", base=based_on, **facts)
    raise Refusal("newer_in_force", base=base, **facts)


def is_base(tx: Tx, digits: str, *, current: StoredDefinition) -> bool:
    """Return whether a draft may be based on the version whose hash begins with these digits."""
    return current.hash.startswith(digits) or digits in _released(tx, current.key, len(digits))


def _released(tx: Tx, process: str, digits: int) -> set[str]:
    """Return the first digits of the hashes of the versions that anybody starts now."""
    versions = {one.version for one in tx.releases.open_of(process)}
    found = (tx.definitions.version(process, one) for one in versions)
    return {one.hash[:digits] for one in found if one is not None}


def version_of(tx: Tx, digits: str, *, current: StoredDefinition) -> int:
    """Return the newest version of a process whose hash begins with these digits, or 0."""
    for number in range(current.version, 0, -1):
        stored = tx.definitions.version(current.key, number)
        if stored is not None and stored.hash.startswith(digits):
            return number
    return 0
