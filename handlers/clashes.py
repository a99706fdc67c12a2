"""What a definition may not share with other processes, or needs of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storage.unit import Tx
from workflows.errors import DefinitionError, Finding
from workflows.lint_targets import against_others
from workflows.loading import Loaded, load_definition
from workflows.model.definition import Definition


def require_apart(tx: Tx, loaded: Loaded, *, beside: Iterable[Loaded] = ()) -> None:
    """Check a definition against the other processes that people start.

    Args:
        beside: definitions that are released in the same transaction; their start forms are used
            instead of those that are in force.

    Raises:
        DefinitionError: another process uses the same command or case prefix, or a process that
            it starts does not exist or does not accept the values.
    """
    others = [
        load_definition(stored.text, file=stored.key)
        for stored in tx.definitions.known()
        if stored.key != loaded.definition.key
    ]
    targets = {one.definition.key: one.definition for one in (*others, *beside)}
    found = (*clashes([*others, loaded]), *against_others(loaded, targets))
    if found:
        raise DefinitionError(found)


def clashes(several: Iterable[Loaded]) -> Iterator[Finding]:
    """Yield a finding for each key, command or case prefix that two processes share."""
    first: dict[tuple[str, str], Loaded] = {}
    for loaded in several:
        for path, value in _names(loaded.definition):
            name = path[-1]
            other = first.setdefault((name, value), loaded)
            if other is not loaded:
                file = other.source.file
                yield Finding(
                    file=loaded.source.file,
                    where=".".join(path),
                    line=loaded.source.lines.get(path),
                    problem=f'"{value}" is the {name} of another process already ({file})',
                    hint="Every process needs its own",
                )
                break


def _names(definition: Definition) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what no other process may be called, each with its place."""
    for name in ("key", "command", "case_prefix"):
        yield (name,), getattr(definition, name)
    if definition.listing is not None:
        yield ("register", "command"), definition.listing.command
