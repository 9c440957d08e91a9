"""A database with as many rows as asked for, filled by the database itself.

For each request there are a customer, three pieces of feedback with their evidence, an event and,
for each second, an obligation with its notice. Half the words are Korean; how often each occurs
falls with its place in the vocabulary, as in any language, and a few are planted to be looked for.
"""

import random
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from backlog.models import CustomerRequest, Product, Source, Sprint, User
from tests.emptying import MADE_BY_MIGRATING

PIECES: Final = 20_000
COMMON: Final = {"결제": 5, "payment": 5}
"""Words that are planted in one piece of so many; each text is made of two pieces."""
MIDDLING: Final = {"환불": 400, "refund": 400}
RARE: Final = {"꽥꽥": PIECES, "zebrafish": PIECES}
ABSENT: Final = ("뷁쉙", "quagmire")
TWO_LETTERS: Final = ("pa", "제")

Content = tuple[str, int, dict[str, str]]

_STATUSES = (
    "CASE {0} % 20 WHEN 0 THEN 'new' WHEN 1 THEN 'under_review' WHEN 2 THEN 'approved'"
    " WHEN 3 THEN 'planned' WHEN 4 THEN 'in_progress' WHEN 5 THEN 'deferred'"
    " WHEN 6 THEN 'declined' WHEN 7 THEN 'verified' ELSE 'delivered' END"
)


def empty() -> None:
    """Everything goes but what the migrations made: roles, and what they may."""
    names = connection.introspection.django_table_names(include_views=False)
    tables = [f'"{name}"' for name in names if name not in MADE_BY_MIGRATING]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("PRAGMA foreign_keys = ON")


def fill(requests: int) -> None:
    """Fill the empty tables; on PostgreSQL without indexes, which are made afterwards."""
    _few()
    _pieces()
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        indexes = _without_indexes(cursor) if is_postgresql else []
        for table, rows, columns in _content(requests):
            names, values = ", ".join(columns), ", ".join(columns.values())
            joined = " JOIN bench_piece a ON a.n = i * 7919 % 20000" if "a.said" in values else ""
            if joined:
                joined += " JOIN bench_piece b ON b.n = (i * 104729 + 11) % 20000"
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {_series(rows)}{joined}"
            )
        for statement in indexes:
            cursor.execute(statement)
        cursor.execute("DROP TABLE bench_piece")
        if is_postgresql:
            cursor.execute("SET session_replication_role = DEFAULT")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_postgresql else "ANALYZE")


def _few() -> None:
    at = "2020-01-01T00:00:00Z"
    for number in range(1, 21):
        User.objects.create(email=f"bench{number}@example.com", name=f"Bench {number}")
    for number in range(1, 11):
        product = Product.objects.create(prefix=f"B{number}", name=f"Bench {number}")
        Source.objects.create(key=f"bench{number}", name="Bench", kind="api", product=product)
        Sprint.objects.create(
            product=product, name=f"{number}", starts_on=at[:10], ends_on="2020-01-14"
        )


def _pieces() -> None:
    chance = random.Random(7)
    letters = "bcdfghjklmnprstvwz"
    english = [
        "".join(
            chance.choice(letters) + chance.choice("aeiou") + chance.choice(("", "n", "r"))
            for _ in range(chance.choice((1, 2, 2, 3)))
        )
        for _ in range(20_000)
    ]
    syllables = [chr(0xAC00 + chance.randrange(11_172)) for _ in range(900)]
    korean = [
        "".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4))))
        for _ in range(20_000)
    ]

    def piece(number: int) -> str:
        vocabulary = korean if number % 2 else english
        words = [vocabulary[int(20_000 ** chance.random()) - 1] for _ in range(6)]
        for planted, share in {**COMMON, **MIDDLING, **RARE}.items():
            if chance.randrange(share) == 0 if share < PIECES else number == 17 + len(planted):
                words[chance.randrange(6)] = planted
        return " ".join(words)

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_piece (n integer PRIMARY KEY, said text)")
        cursor.executemany(
            "INSERT INTO bench_piece VALUES (%s, %s)", [(n, piece(n)) for n in range(PIECES)]
        )


def _series(rows: int) -> str:
    if connection.vendor == "postgresql":
        return f"(SELECT generate_series(1, {rows})::bigint AS i) AS numbers"
    return (
        f"(WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers"
        f" LIMIT {rows}) SELECT i FROM numbers) AS numbers"
    )


def _moment(minutes: str) -> str:
    if connection.vendor == "postgresql":
        return f"timestamptz '2020-01-01Z' + ({minutes}) * interval '1 minute'"
    return f"datetime('2020-01-01', ({minutes}) || ' minutes')"


def _content(requests: int) -> list[tuple[str, int, dict[str, str]]]:
    """Tables, how many rows of each, and what each column is made of; the rest is the default."""
    content = [*_people(requests), *_words(requests), *_line(requests), *_owed(requests)]
    return [_whole(apps.get_model("backlog", name), n, cells) for name, n, cells in content]


def _truth() -> tuple[str, str]:
    return ("true", "false") if connection.vendor == "postgresql" else ("1", "0")


def _people(requests: int) -> list[Content]:
    at, accounts, customers = _moment, max(10, requests // 10), max(10, requests)
    return [
        ("Account", accounts, {
            "name": "'Account ' || i", "search_text": "'account ' || i",
            "segment": "'s' || (i % 50)",
            "churn_risk": "CASE i % 5 WHEN 0 THEN 'high' ELSE '' END",
        }),
        ("Customer", customers, {
            "account_id": f"i % {accounts} + 1", "name": "'Customer ' || i",
            "search_text": "'customer ' || i", "token": "'t' || i", "created_at": at("i"),
            "language": "CASE i % 3 WHEN 0 THEN 'en' ELSE 'ko' END",
        }),
        ("ContactPoint", customers, {
            "customer_id": "i", "address": "'c' || i || '@example.com'",
            "search_text": "'c' || i || '@example.com'",
            "state": "CASE i % 100 WHEN 0 THEN 'bounced' ELSE 'usable' END",
        }),
    ]  # fmt: skip


def _words(requests: int) -> list[Content]:
    said, at, (true, false) = "a.said || ' ' || b.said", _moment, _truth()
    accounts, customers = max(10, requests // 10), max(10, requests)
    priority = "(i * 7919 % 100000) / 1000.0"
    ids = {model: _first(model) - 1 for model in (Product, Source, User)}
    return [
        ("CustomerRequest", requests, {
            "product_id": f"{ids[Product]} + i % 10 + 1", "number": "i", "key": "'B-' || i",
            "title": "a.said", "problem": "b.said", "search_text": said,
            "owner_id": f"CASE WHEN i % 3 = 0 THEN NULL ELSE {ids[User]} + i % 20 + 1 END",
            "status": _STATUSES.format("i"), "status_changed_at": at("i"), "opened_at": at("i"),
            "rank": "'k' || substr('00000000' || (i * 7919 % 100000007), -8)"
            if connection.vendor != "postgresql"
            else "'k' || lpad((i * 7919 % 100000007)::text, 9, '0')",
            "priority": f"CASE WHEN i % 4 = 0 THEN NULL ELSE {priority} END",
            "contested": "CASE WHEN i % 4 = 0 THEN NULL ELSE (i * 31 % 100) / 100.0 END",
            "drift": "CASE WHEN i % 4 = 0 THEN NULL ELSE (i * 17 % 200) - 100.0 END",
        }),
        ("Feedback", 3 * requests, {
            "source_id": f"{ids[Source]} + i % 10 + 1",
            "product_id": f"{ids[Product]} + (i / 3) % 10 + 1",
            "customer_id": f"i % {customers} + 1",
            "account_id": f"i % {customers} % {accounts} + 1",
            "verbatim": said, "search_text": said, "salt": "'s'",
            "language": "CASE i % 3 WHEN 0 THEN 'en' ELSE 'ko' END",
            "relation": "CASE WHEN i % 1000 = 0 THEN 'former' ELSE 'customer' END",
            "journey_stage": "CASE WHEN i % 50 = 0 THEN 'buy' WHEN i % 7 = 0 THEN 'use'"
            " ELSE '' END",
            "said_at": at("i / 3.0"), "received_at": at("i / 3.0"),
            "is_linked": f"CASE WHEN i % 200 = 0 THEN {false} ELSE {true} END",
        }),
        ("Evidence", 3 * requests, {
            "request_id": "(i - 1) / 3 + 1", "counts_for_id": "(i - 1) / 3 + 1",
            "feedback_id": "i", "start": "0", '"end"': "3",
            "importance": "i % 4", "linked_at": at("i / 3.0"),
            "unlinked_at": f"CASE WHEN i % 200 = 0 THEN {at('i')} END",
        }),
    ]  # fmt: skip


def _line(requests: int) -> list[Content]:
    at, (true, false) = _moment, _truth()
    ids = {model: _first(model) - 1 for model in (Sprint, User)}
    return [
        ("Event", requests, {
            "kind": "CASE i % 50 WHEN 0 THEN 'request.moved' WHEN 1 THEN 'outcome.recorded'"
            " ELSE 'request.opened' END",
            "request_id": "i", "subject_type": "'customerrequest'", "subject_id": "i",
            "actor_id": f"{ids[User]} + CASE WHEN i % 1000 = 0 THEN 2 ELSE 1 END",
            "at": at("i"), "way": "'page'", "correlation": "'c' || i",
        }),
        ("Commitment", requests // 10, {
            "sprint_id": f"{ids[Sprint]} + i % 10 + 1", "request_id": "i * 10",
            "committed_at": at("i"), "is_pilot": f"CASE i % 50 WHEN 0 THEN {true} ELSE {false} END",
        }),
        ("Outcome", requests // 10, {
            "commitment_id": "i", "result": "CASE i % 50 WHEN 0 THEN 'partly' ELSE 'delivered' END",
            "shipped_at": at("i"), "recorded_at": at("10 * i"), "summary": "'{}'",
        }),
        ("StatusUpdate", requests // 10, {
            "request_id": "i * 10",
            "kind": "CASE i % 50 WHEN 0 THEN 'standing' ELSE 'planned' END",
            "recorded_at": at("10 * i"),
        }),
        ("Announcement", requests // 10, {
            "outcome_id": "i", "recorded_at": at("10 * i"), "lacks_words": false,
            "announced_at": f"CASE i % 50 WHEN 0 THEN NULL ELSE {at('10 * i')} END",
        }),
    ]  # fmt: skip


def _owed(requests: int) -> list[Content]:
    at, accounts = _moment, max(10, requests // 10)
    return [
        ("Obligation", requests // 2, {
            "event_id": "2 * i", "customer_id": "2 * i", "account_id": f"2 * i % {accounts} + 1",
            "request_id": "2 * i", "announcement_id": "(i - 1) / 5 + 1",
            "status": "CASE i % 50 WHEN 0 THEN 'disputed' WHEN 1 THEN 'owed' ELSE 'told' END",
            "owed_at": at("2 * i"),
            "settled_at": f"CASE i % 50 WHEN 1 THEN NULL ELSE {at('2 * i')} END",
        }),
        ("Notice", requests // 2, {
            "customer_id": "2 * i", "nature": "'answer'", "dedupe_key": "'n' || i",
            "template": "CASE i % 50 WHEN 0 THEN 'planned' ELSE 'delivered' END",
            "language": "CASE i % 3 WHEN 0 THEN 'en' ELSE 'ko' END",
            "status": "CASE i % 50 WHEN 0 THEN 'bounced' ELSE 'sent' END",
            "failure": "CASE i % 50 WHEN 0 THEN '550' ELSE '' END",
            "judged_as": "CASE i % 50 WHEN 0 THEN 'full' ELSE '' END",
            "created_at": at("2 * i"), "not_before": at("2 * i"), "sent_at": at("2 * i"),
        }),
        ("NoticeItem", requests // 2, {"notice_id": "i", "obligation_id": "i"}),
        ("Reply", requests // 20, {
            "obligation_id": "10 * i", "answered_at": at("20 * i"),
            "verdict": "CASE i % 50 WHEN 0 THEN 'no' ELSE 'yes' END",
        }),
    ]  # fmt: skip


def _first(model: type[models.Model]) -> int:
    return int(model._default_manager.order_by("pk").values_list("pk", flat=True)[0])


def _whole(model: Any, rows: int, given: dict[str, str]) -> tuple[str, int, dict[str, str]]:
    """With what the columns have that are not given: their defaults, said as the database does."""
    columns = dict(given)
    for field in model._meta.local_concrete_fields:
        name = connection.ops.quote_name(field.column) if field.column == "end" else field.column
        if name not in columns and not field.primary_key and not field.null:
            columns[name] = _literal(field)
    return model._meta.db_table, rows, columns


def _literal(field: Any) -> str:
    value = field.get_db_prep_save(field.get_default(), connection)
    if isinstance(field, models.BinaryField):
        return "''"
    if isinstance(field, models.JSONField):
        return "'{}'"
    return str(value) if isinstance(value, int | bool) else f"'{value}'"


def _without_indexes(cursor: Any) -> list[str]:
    """Drop the indexes of the tables that are filled, and say how they are made again."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename LIKE 'backlog_%' AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint)"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def number_of_requests() -> int:
    return CustomerRequest.objects.count()
