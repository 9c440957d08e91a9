"""Scores that no longer hold: marked here, computed anew by the sweep (`scoring.score_stale`).

Until then readers see the old scores and their date. Callers mark before they lock anything but a
product: several requests are written here, and whoever does that holds their products.
"""

from datetime import datetime

from backlog.models import CustomerRequest, Evidence, Product, User
from backlog.models.evidence import EvidenceQuerySet
from backlog.models.requests import CustomerRequestQuerySet


def mark_product(product_id: int, *, by: User | None, at: datetime) -> None:
    """Everything on one board: its model has changed."""
    _mark(CustomerRequest.objects.filter(product=product_id))


def mark_account(account_id: int, *, by: User | None, at: datetime) -> None:
    """What the customers of an account asked for: its revenue has changed."""
    _mark_asked(Evidence.objects.annotate(account=Evidence.ACCOUNT).filter(account=account_id))


def mark_customer(customer_id: int, *, by: User | None, at: datetime) -> None:
    """What a customer asked for: their words speak for another account than they should have."""
    _mark_asked(Evidence.objects.annotate(asker=Evidence.CUSTOMER).filter(asker=customer_id))


def mark_scored(*, by: User | None, at: datetime) -> None:
    """Every score there is: another department has a voice."""
    _mark(CustomerRequest.objects.filter(scored_at__isnull=False))


def _mark_asked(evidence: EvidenceQuerySet) -> None:
    _mark(CustomerRequest.objects.filter(pk__in=evidence.live().values("counts_for")))


def _mark(rows: CustomerRequestQuerySet) -> None:
    products = Product.objects.filter(pk__in=rows.values("product")).order_by("pk")
    list(products.select_for_update(no_key=True).values_list("pk"))
    rows.filter(is_score_stale=False).update(is_score_stale=True)
