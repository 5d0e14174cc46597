"""Statements of every request, prepared once.

SQLAlchemy takes ten times as long to run one of them as SQLite does. So with SQLite they go to the
driver itself, with values turned by SQLAlchemy's own types; other databases run them as usual.
"""

import sqlite3
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, exc, insert
from sqlalchemy.dialects.sqlite import dialect

SQLITE = dialect()


class Record(SimpleNamespace):
    """A row's values by name."""


class Insert:
    """An insert of one row that gives exactly these columns."""

    def __init__(self, table: Table, *names: str) -> None:
        self.statement = insert(table).values({name: bindparam(name) for name in names})
        compiled = self.statement.compile(dialect=SQLITE)
        self.sql = str(compiled)
        columns = [table.c[name] for name in compiled.positiontup or ()]
        self.values = [
            (column.name, _type(column).bind_processor(SQLITE) or _as_it_is) for column in columns
        ]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Insert the row."""
        if connection.dialect.name != SQLITE.name:
            connection.execute(self.statement, values)
        else:
            run_in_driver(connection, self.sql, [turn(values[name]) for name, turn in self.values])


class Lookup:
    """A select of at most one row; its values are given in the order ``names``."""

    def __init__(self, statement: Select[Any], *names: str) -> None:
        self.statement, self.names = statement, names
        compiled = statement.compile(dialect=SQLITE)
        self.sql, self.order = str(compiled), tuple(compiled.positiontup or ())
        self.fixed = compiled.params
        self.values = [
            (column.name, _type(column).result_processor(SQLITE, None) or _as_it_is)
            for column in statement.selected_columns
        ]

    def find(self, connection: Connection, *given: Any) -> Any:
        """Return the row, or None."""
        values = dict(zip(self.names, given, strict=True))
        if connection.dialect.name != SQLITE.name:
            return connection.execute(self.statement, values).one_or_none()
        found = {**self.fixed, **values}
        cursor = run_in_driver(connection, self.sql, [found[name] for name in self.order])
        row = cursor.fetchone()
        cursor.close()
        if row is None:
            return None
        pairs = zip(self.values, row, strict=True)
        return Record(**{name: turn(value) for (name, turn), value in pairs})


def run_in_driver(
    connection: Connection, sql: str, values: list[Any] | tuple[Any, ...] = ()
) -> Any:
    """Return the cursor of a statement that SQLite's driver runs, its errors as SQLAlchemy's."""
    try:
        return connection.connection.driver_connection.execute(sql, values)  # type: ignore[union-attr]
    except sqlite3.Error as error:
        kind = getattr(exc, type(error).__name__, exc.DatabaseError)
        raise kind(sql, None, error) from error


def _type(column: ColumnElement[Any]) -> Any:
    return column.type.dialect_impl(SQLITE)


def _as_it_is(value: Any) -> Any:
    return value
