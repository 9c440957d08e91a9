"""How a test with real transactions ends: what was written goes, what the migrations made stays.

Django truncates every table and makes the permissions of every model anew, which takes longer than
most of these tests.
"""

from typing import Any, Final

from django.db import connection, transaction

MADE_BY_MIGRATING: Final = frozenset(
    {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}
)


def empty(_case: Any = None) -> None:
    """Foreign keys are looked at when it is committed, so the order does not matter."""
    name = connection.ops.quote_name
    tables = [
        name(table)
        for table in connection.introspection.django_table_names(include_views=False)
        if table not in MADE_BY_MIGRATING
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        found = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables
        )
        cursor.execute(found)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")
