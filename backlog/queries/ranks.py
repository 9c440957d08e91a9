"""The human order of a backlog."""

from backlog.models import CustomerRequest, Product
from backlog.models.requests import CustomerRequestQuerySet
from backlog.rules import rank_keys


def key_at_bottom(product: Product) -> str:
    """A rank below all of this product; the caller holds the product's lock."""
    last = ranked(product).order_by("-rank").values_list("rank", flat=True).first()
    return rank_keys.key_between(last, None)


def ranked(product: Product) -> CustomerRequestQuerySet:
    return CustomerRequest.objects.filter(product=product, rank__isnull=False)
