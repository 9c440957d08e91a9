"""Keeping how far rank and priority disagree."""

from datetime import datetime

from django.db import transaction

from backlog.models import (
    CustomerRequest,
    Product,
)
from backlog.scoring import drift as drift_rule


@transaction.atomic
def refresh_drift(*, product_id: int, at: datetime) -> int:
    """Store how far rank and priority disagree on one board; how many requests changed.

    Does nothing while the board and its scores are as they were the last time.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if not _has_moved_on(product):
        return 0
    board = list(
        CustomerRequest.objects.filter(product=product)
        .on_board()
        .only("pk", "priority", "drift")
        .order_by("rank", "pk")
    )
    drifts = drift_rule.drifts([request.priority for request in board])
    changed = []
    for request, drift in zip(board, drifts, strict=True):
        if request.drift != drift:
            request.drift = drift
            changed.append(request)
    CustomerRequest.objects.bulk_update(changed, ["drift"], batch_size=500)
    product.drift_version, product.drift_at = product.board_version, at
    product.save(update_fields=["drift_version", "drift_at"])
    return len(changed)


def _has_moved_on(product: Product) -> bool:
    if product.drift_at is None or product.drift_version != product.board_version:
        return True
    rows = CustomerRequest.objects.filter(product=product)
    return (
        rows.filter(scored_at__gt=product.drift_at).exists()
        or rows.filter(status_changed_at__gt=product.drift_at).exists()
    )
