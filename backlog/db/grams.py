# ruff: noqa: S608 -- tables and places of our own, and no word of anybody
"""The index by which words are found: of each text, the three characters from each place on.

What is shorter, as two syllables of Korean are, is how some of them begin. The index is on the
`search_text` of every `Searched` noun: kept by the database itself, whoever writes, and made by a
migration. It says where something may stand; whoever asks it compares the text as well.
"""

from collections.abc import Iterable
from sqlite3 import sqlite_version_info
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Field, Lookup, Model
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from backlog.db.fields import SearchField
from backlog.rules import search

LONGEST = 10_000
"""Longer texts are kept under `LONG` alone, and compared whenever anything is looked for."""
LONG = "\x01"
FORGETS_AT_ONCE = (3, 42)
"""The SQLite whose index keeps nothing of what was deleted; those before it do for a while."""
_LONG_HEX = "ff"

# Its cost is what it takes beside a comparison of numbers: a planner that thinks it cheap computes
# it for row after row instead of asking the index, as soon as a few rows are enough.
POSTGRESQL = rf"""
CREATE OR REPLACE FUNCTION backlog_grams(said text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20000 AS $$
DECLARE
    letters text[] := string_to_array(said, NULL);
    found text[] := '{{}}';
    next text := '';
    last text := '';
BEGIN
    IF length(said) > {LONGEST} THEN
        RETURN array_to_tsvector(ARRAY[E'\x01']);
    END IF;
    FOR at IN REVERSE cardinality(letters)..1 LOOP
        IF letters[at] COLLATE "C" <= ' ' THEN
            next := '';
            last := '';
        ELSE
            found := found || (letters[at] || next || last);
            last := next;
            next := letters[at];
        END IF;
    END LOOP;
    RETURN array_to_tsvector(found);
END $$
"""

_PLACES = f"""
CREATE TABLE IF NOT EXISTS backlog_place (place INTEGER PRIMARY KEY);
INSERT OR IGNORE INTO backlog_place
WITH RECURSIVE places(place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places LIMIT {LONGEST})
SELECT place FROM places
"""

_GRAMS_SQLITE = f"""(
    SELECT CASE WHEN length({{row}}.search_text) > {LONGEST} THEN '{_LONG_HEX}' ELSE (
        SELECT group_concat(hex(substr({{row}}.search_text, place, {search.GRAM})), ' ')
        FROM backlog_place
        WHERE place <= length({{row}}.search_text) AND substr({{row}}.search_text, place, 1) > ' '
    ) END
)"""
_NEW, _OLD = _GRAMS_SQLITE.format(row="new"), _GRAMS_SQLITE.format(row="old")
_ADD = f"INSERT INTO {{index}}(rowid, grams) VALUES (new.id, {_NEW});"
_DROP = f"INSERT INTO {{index}}({{index}}, rowid, grams) VALUES ('delete', old.id, {_OLD});"

SQLITE = (
    """CREATE VIRTUAL TABLE {index} USING
    fts5(grams, content='', detail=none, columnsize=0, tokenize=ascii)""",
    f"CREATE TRIGGER {{index}}_insert AFTER INSERT ON {{table}} BEGIN {_ADD} END",
    f"CREATE TRIGGER {{index}}_delete AFTER DELETE ON {{table}} BEGIN {_DROP} END",
    f"""CREATE TRIGGER {{index}}_update AFTER UPDATE OF search_text ON {{table}}
    WHEN old.search_text IS NOT new.search_text BEGIN {_DROP} {_ADD} END""",
)


def name(table: str) -> str:
    return f"{table}_grams"


def make(tables: Iterable[str], editor: BaseDatabaseSchemaEditor) -> None:
    """Index the `search_text` of these tables; what a migration runs.

    SQLite's triggers go with a table that a later migration rebuilds: it has to make them anew.
    """
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL, params=None)
        for table in tables:
            index = f"CREATE INDEX {name(table)} ON {table} USING gin (backlog_grams(search_text))"
            editor.execute(index, params=None)
        return
    for statement in _PLACES.split(";"):
        editor.execute(statement, params=None)
    for table in tables:
        for statement in SQLITE:
            editor.execute(statement.format(index=name(table), table=table), params=None)
        if sqlite_version_info >= FORGETS_AT_ONCE:
            at_once = f"INSERT INTO {name(table)}({name(table)}, rank) VALUES ('secure-delete', 1)"
            editor.execute(at_once, params=None)


@SearchField.register_lookup
class Indexed(Lookup[Any]):
    """Rows whose text may contain the term, as the index says: all that do, and a few more."""

    lookup_name = "indexed"
    prepare_rhs = False

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        begins = ":*" if len(self.rhs) < search.GRAM else ""
        wanted = " & ".join(f"{_quoted(gram)}{begins}" for gram in search.grams(self.rhs))
        return f"backlog_grams({column}) @@ %s::tsquery", [*params, f"{wanted} | {_quoted(LONG)}"]

    def as_sqlite(
        self,
        compiler: SQLCompiler,  # noqa: ARG002 -- Django's signature
        connection: BaseDatabaseWrapper,
    ) -> tuple[str, list[Any]]:
        column: Any = self.lhs
        index = name(column.target.model._meta.db_table)  # noqa: SLF001 -- Django's documented API
        begins = "*" if len(self.rhs) < search.GRAM else ""
        wanted = " AND ".join(f'"{gram.encode().hex()}"{begins}' for gram in search.grams(self.rhs))
        key = f"{connection.ops.quote_name(column.alias)}.id"
        return (
            f"{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH %s)",
            [f'({wanted}) OR "{_LONG_HEX}"'],
        )


def _quoted(gram: str) -> str:
    escaped = gram.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


@Field.register_lookup
class DrawnFrom(In):
    """As `in` of a query, which is answered first and by itself.

    PostgreSQL would otherwise join the two as it guesses best, and badly how rare words are.
    """

    lookup_name = "drawn_from"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        query, query_params = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY{query})", [*params, *query_params]


def searched(models: Iterable[type[Model]]) -> list[str]:
    """The tables of those models that are looked for by words."""
    return [
        model._meta.db_table  # noqa: SLF001 -- Django's documented API
        for model in models
        if any(isinstance(it, SearchField) for it in model._meta.local_fields)  # noqa: SLF001
        and model._meta.pk.attname == "id"  # noqa: SLF001
    ]
