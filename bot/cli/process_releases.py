"""The open releases of processes, as the commands about processes print them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.cli.output import say, show_text
from workflows.moments import iso

if TYPE_CHECKING:
    from bot.cli.deployment import Deployment
    from bot.published import Published
    from storage.unit import Tx

Row = dict[str, Any]


def release_rows(it: Deployment, tx: Tx, process: str) -> list[Row]:
    """Return the open releases of a process for programs: the one to all first."""
    from handlers.reading.record import readable

    directory = it.office.directory(tx)
    return [
        {
            "kind": one.kind,
            "department": one.department or None,
            "batch": one.batch or None,
            "version": one.version,
            "opened_at": iso(one.opened_at),
            "until": None if one.until is None else iso(one.until),
            "opening": one.opening,
            "by": readable(one.opened_by, directory),
            "second": readable(one.second, directory) if one.second else None,
        }
        for one in tx.releases.open_of(process)
    ]


def in_departments(it: Deployment, tx: Tx, rows: Iterable[Row]) -> str:
    """Return who starts another version than all, in a few words; "" if nobody does."""
    from handlers.reading.formatter import department_name

    directory, found = it.office.directory(tx), dict[tuple[str, int], list[str]]()
    for row in rows:
        if row["department"]:
            known = directory.departments.get(row["department"])
            name = row["department"] if known is None else department_name(known, it.words.language)
            found.setdefault((row["kind"], row["version"]), []).append(name)
    separator = it.words.t("name.separator")
    return "; ".join(
        it.words.t(f"cli.release.{kind}", version=version, departments=separator.join(names))
        for (kind, version), names in found.items()
    )


def show_releases(it: Deployment, rows: Iterable[Mapping[str, Any]]) -> None:
    """Print the open pilots and batches of a process, if there are any."""
    apart = [
        {
            "department": row["department"],
            "kind": it.words.t(f"cli.release.kind.{row['kind']}"),
            "version": row["version"],
            "opened_at": row["opened_at"],
            "until_at": row["until"],
            "opening": row["opening"],
        }
        for row in rows
        if row["department"]
    ]
    if apart:
        show_text("")
        names = ("department", "kind", "version", "opened_at", "until_at", "opening")
        it.table(names, apart, kind="release", opened_at="published_at")


def say_published(it: Deployment, one: Published) -> None:
    """Print whether a version was put in force, and which pilots this has ended."""
    facts = {"process": one.stored.key, "version": one.stored.version}
    if not one.new:
        say(it.words.t("cli.publish.same", **facts))
        return
    say(it.words.t("cli.publish.new", **facts))
    say(it.words.t("cli.publish.alone"))
    for ended in one.ended:
        facts = {"department": ended.department, "version": ended.version, "act": ended.opening}
        say(it.words.t("cli.publish.ended", **facts))
