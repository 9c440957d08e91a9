"""Products: each owns one backlog."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from backlog.models import Product, ScoringModel, User
from backlog.operations import ledger, scoring, staleness, text


class ProductChanges(TypedDict, total=False):
    name: str
    description: str
    is_open: bool
    has_public_changelog: bool
    verify_after: int
    reopen_percent: int


@transaction.atomic
def add_product(
    *,
    prefix: str,
    name: str,
    by: User | None,
    at: datetime,
    description: str = "",
    is_open: bool = True,
    scoring_model: ScoringModel | None = None,
) -> Product:
    """A product with an empty backlog, scored with the default model unless another is given."""
    model = scoring_model or scoring.default_model(by=by, at=at)
    product = Product(
        prefix=prefix, name=name, description=description, is_open=is_open, scoring_model=model
    )
    text.check(product)
    product.full_clean()
    product.save()
    ledger.record("product.added", subject=product, by=by, at=at)
    return product


@transaction.atomic
def edit_product(
    *, product_id: int, by: User | None, at: datetime, **changes: Unpack[ProductChanges]
) -> Product:
    """Change a product's words or thresholds. Editing nothing records nothing."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    changed = ledger.apply(product, dict(changes))
    if changed:
        ledger.record("product.edited", subject=product, by=by, at=at, data={"changed": changed})
    return product


@transaction.atomic
def use_model(
    *, product_id: int, scoring_model: ScoringModel, by: User | None, at: datetime
) -> Product:
    """Score the product with another model; its scores are stale until the sweep has passed."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if product.scoring_model_id == scoring_model.pk:
        return product
    product.scoring_model = scoring_model
    product.save(update_fields=["scoring_model"])
    ledger.record(
        "product.model_changed", subject=product, by=by, at=at, data={"model": scoring_model.pk}
    )
    staleness.mark_product(product.pk)
    return product
