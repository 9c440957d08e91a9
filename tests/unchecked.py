"""Rows that cannot be: as another program, an older version or a restored backup may leave them."""

from django.db import connection, models


def lift_checks(*tables: type[models.Model]) -> None:
    """Until the test is rolled back, these tables take what their constraints would refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            return
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            name = table._meta.db_table
            found = connection.introspection.get_constraints(cursor, name)  # Of columns, too.
            for constraint in (it for it, facts in found.items() if facts["check"]):
                cursor.execute(f'ALTER TABLE {name} DROP CONSTRAINT "{constraint}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def restore_checks() -> None:
    """SQLite's switch belongs to the connection; PostgreSQL rolls back with the test."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
