"""Moving a request from the bottom of a long board to the top, against one bare UPDATE."""

from datetime import UTC, datetime

from django.db import connection, transaction

from backlog.models import CustomerRequest, Product
from backlog.operations import products, ranks
from backlog.rules import rank_keys
from bench import measure

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = 20_000


def figures() -> list[measure.Figure]:
    product = _board()
    return [
        measure.compare(
            f"move to the top of {ROWS:,} requests",
            ours=lambda: _move_many(product, 100),
            limit=lambda: _update_many(product, 100),
            units=100,
            target="(queries are tested)",
        )
    ]


def _board() -> Product:
    product = products.add_product(prefix="BENCH", name="Bench", by=None, at=AT)
    keys = rank_keys.keys_between(None, None, ROWS)
    CustomerRequest.objects.bulk_create(
        (
            CustomerRequest(
                product=product,
                number=number,
                key=f"BENCH-{number}",
                title=f"Request {number}",
                problem="A problem." if number % 2 else "문제입니다.",
                rank=key,
                status_changed_at=AT,
                opened_at=AT,
            )
            for number, key in enumerate(keys, start=1)
        ),
        batch_size=1000,
    )
    connection.cursor().execute("ANALYZE backlog_customerrequest")
    return product


def _last_ids(product: Product, count: int) -> list[int]:
    rows = CustomerRequest.objects.filter(product=product).order_by("-rank")
    return list(rows.values_list("pk", flat=True)[:count])


def _move_many(product: Product, count: int) -> None:
    for request_id in _last_ids(product, count):
        ranks.move_to_top(request_id=request_id, by=None, at=AT)


def _update_many(product: Product, count: int) -> None:
    for request_id in _last_ids(product, count):
        with transaction.atomic():
            CustomerRequest.objects.filter(pk=request_id).update(title="Moved")
