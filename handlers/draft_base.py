"""The version that a draft of a definition changes, by its key `based_on`."""

from __future__ import annotations

from storage.unit import Tx
from workflows.errors import Refusal
from workflows.loading import Loaded
from workflows.records import StoredDefinition


def require_base(tx: Tx, draft: Loaded, *, current: StoredDefinition) -> None:
    """Raise Refusal if a draft was made from another version than `current`, which is in force.

    Its code is `newer_in_force`, or `base_unknown` if the draft is based on no version at all.

    A draft that does not say on which version it is based may always be published.
    """
    if current.hash.startswith(draft.based_on):
        return
    facts: dict[str, object] = {
        "process": current.key,
        "file": draft.source.file,
        "version": current.version,
    }
    facts |= {"by": current.published_by, "at": current.published_at}
    base = version_of(tx, draft.based_on, current=current)
    if not base:
        raise Refusal("base_unknown", base=draft.based_on, **facts)
    raise Refusal("newer_in_force", base=base, **facts)


def version_of(tx: Tx, digits: str, *, current: StoredDefinition) -> int:
    """Return the newest version of a process whose hash begins with these digits, or 0."""
    for number in range(current.version, 0, -1):
        stored = tx.definitions.version(current.key, number)
        if stored is not None and stored.hash.startswith(digits):
            return number
    return 0
