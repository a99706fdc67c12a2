"""Statements of the hot path: compiled by SQLAlchemy once, then given to the driver as text.

For each execution SQLAlchemy Core looks the statement up in its cache, binds the values and wraps
the result, which costs several times as much as the statement itself on SQLite. A `Prepared` is
built from a Core construct and keeps its compiled text and the conversions of its values and
columns, so the few statements of every decision skip that work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from storage.columns import Packed
from storage.statements import SQLITE, InEach

Process = Callable[[Any], Any]
Row = tuple[Any, ...]

_MISSING = object()


@dataclass(frozen=True, slots=True)
class CompiledText:
    """The text of a compiled statement, with the conversions of its values and columns."""

    sql: str
    take: Callable[[Mapping[str, Any]], Row]  # the given values in the order of the parameters
    constants: Mapping[str, Any]  # values of parameters that are not given
    converted: tuple[tuple[int, Process], ...]  # the parameters that are converted
    results: tuple[tuple[int, Process], ...]  # the columns that are converted

    def values(self, given: Mapping[str, Any]) -> Row:
        """Return the parameters as the driver expects them, in order."""
        row = self.take({**self.constants, **given} if self.constants else given)
        if not self.converted:
            return row
        values = list(row)
        for index, process in self.converted:
            values[index] = process(values[index])
        return tuple(values)

    def read(self, rows: Sequence[Any]) -> list[Row]:
        """Convert rows from the driver to Python values."""
        if not self.results:
            return [tuple(row) for row in rows]
        read = []
        for row in rows:
            columns = list(row)
            for index, process in self.results:
                columns[index] = process(columns[index])
            read.append(tuple(columns))
        return read


class Prepared:
    """One statement that is compiled on first use, once per dialect and number of columns.

    Every row of values that is passed to it must have the same columns.
    """

    def __init__(self, statement: Executable | InEach) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, int], CompiledText] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Execute the statement and return all rows."""
        text = self.on(connection, values)
        return text.read(fetch(connection, text.sql, text.values(values)))

    def first(self, connection: Connection, **values: Any) -> Row | None:
        """Execute the statement and return the first row, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """Execute the statement and return the first column of the first row, or None."""
        found = self.rows(connection, **values)
        return found[0][0] if found else None

    def change(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Execute a statement without a result and return the number of rows that it changed."""
        text = self.on(connection, values)
        return execute(connection, text.sql, text.values(values))

    def each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute the statement once for each of these rows of values."""
        if len(rows) == 1:
            self.change(connection, rows[0])
        elif rows:
            text = self.on(connection, rows[0])
            execute_each(connection, text.sql, [text.values(row) for row in rows])

    def on(self, connection: Connection, values: Mapping[str, Any]) -> CompiledText:
        """Return the compiled text for the dialect of the connection and these columns."""
        key = (connection.dialect.name, len(values))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._compiled(connection, values)
        return text

    def _compiled(self, connection: Connection, values: Mapping[str, Any]) -> CompiledText:
        statement: Any = self._statement
        if isinstance(statement, InEach):
            statement = statement.on(connection)
        dialect = connection.dialect
        compiled = statement.compile(dialect=dialect, column_keys=list(values))
        names = compiled.positiontup or ()
        assert set(values) <= set(names), f"{set(values) - set(names)} not in {compiled}"
        assert not compiled.post_compile_params, f"not the same for all values: {compiled}"
        binds = tuple(_bind(compiled, name, dialect) for name in names)
        missing = {name for name, other, _ in binds if other is _MISSING} - set(values)
        assert not missing, f"{missing} missing for {compiled}"
        return CompiledText(
            str(compiled),
            _taking([name for name, _, _ in binds]),
            {name: other for name, other, _ in binds if other is not _MISSING},
            tuple((n, process) for n, (_, _, process) in enumerate(binds) if process is not None),
            _results(statement, dialect),
        )


def _taking(names: list[str]) -> Callable[[Mapping[str, Any]], Row]:
    """Return a function that takes the values of these names, in order, as a tuple."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple([given[name] for name in names])


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, Any, Process | None]:
    bind = compiled.binds[name]
    process: Process | None
    if isinstance(bind.type, Packed):
        process = bind.type.going_in
    else:
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return name, _MISSING if bind.required else bind.effective_value, process


def _results(statement: Any, dialect: Dialect) -> tuple[tuple[int, Process], ...]:
    processes: list[Process | None] = []
    for column in getattr(statement, "exported_columns", ()):
        kind = column.type
        if isinstance(kind, Packed):
            processes.append(kind.coming_out)
        else:
            processes.append(kind.dialect_impl(dialect).result_processor(dialect, None))
    return tuple((index, one) for index, one in enumerate(processes) if one is not None)


# ---------------------------------------------------------------------------- the driver


def fetch(connection: Connection, sql: str, values: Row) -> Sequence[Any]:
    """Execute a statement and return its rows."""
    if connection.dialect.name == SQLITE:
        found: Sequence[Any] = _sqlite(connection).execute(sql, values).fetchall()
    elif _begun(connection):
        found = _on_server(connection, sql, values, lambda driver: driver.fetch(sql, *values))
    else:
        found = connection.exec_driver_sql(sql, values).fetchall()
    return found


def execute(connection: Connection, sql: str, values: Row) -> int:
    """Execute a statement without a result and return the number of rows that it changed."""
    if connection.dialect.name == SQLITE:
        changed: int = _sqlite(connection).execute(sql, values).rowcount
        return changed
    if not _begun(connection):
        return connection.exec_driver_sql(sql, values).rowcount
    said = _on_server(connection, sql, values, lambda driver: driver.execute(sql, *values))
    return int(said.rsplit(" ", 1)[1])  # such as INSERT 0 3


def execute_each(connection: Connection, sql: str, rows: list[Row]) -> None:
    """Execute a statement without a result once for each row of values."""
    if connection.dialect.name == SQLITE:
        _sqlite(connection).executemany(sql, rows)
    elif not _begun(connection):
        connection.exec_driver_sql(sql, rows)
    else:
        _on_server(connection, sql, rows[0], lambda driver: driver.executemany(sql, rows))


def _sqlite(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _begun(connection: Connection) -> bool:
    """Return whether the server has begun the transaction.

    Core begins it with its first statement.
    """
    driver: Any = connection.connection.driver_connection
    begun: bool = driver.is_in_transaction()
    return begun


def _on_server(connection: Connection, sql: str, values: Row, call: Callable[[Any], Any]) -> Any:
    """Call asyncpg and return its result; its errors are raised as Core would raise them."""
    adapted: Any = connection.connection.dbapi_connection
    try:
        return adapted.run_async(call)
    except Exception as error:
        lost = adapted.driver_connection.is_closed()
        if lost:
            connection.invalidate(error)
        raise DBAPIError(sql, values, error, connection_invalidated=lost) from error
