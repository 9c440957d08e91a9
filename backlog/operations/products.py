"""Products: each owns one backlog."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.errors import LastGrant
from backlog.models import Product, ProductGrant, ScoringModel, User
from backlog.operations import events, scoring_models, stale_scores
from backlog.rules import text_input


class ProductChanges(TypedDict, total=False):
    name: str
    description: str
    is_open: bool
    has_public_changelog: bool
    verify_after: int
    reopen_percent: int
    countersign_from: int
    reason_from_drift: int
    tells_yes: bool
    tells_no: bool
    tells_plans: bool
    tells_reopening: bool


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
    """A product with an empty backlog, scored with the default model unless another is given.

    A closed one is granted to whoever adds it.
    """
    model = scoring_model or scoring_models.default_model(by=by, at=at)
    product = Product(
        prefix=prefix, name=name, description=description, is_open=is_open, scoring_model=model
    )
    text_input.check(product)
    product.full_clean()
    product.save()
    events.record("product.added", subject=product, by=by, at=at)
    if not is_open and by is not None:
        _grant(product, by, by=by, at=at)
    return product


@transaction.atomic
def edit_product(
    *,
    product_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[ProductChanges],
) -> Product:
    """Change a product's words or thresholds; closing it grants it to whoever closes it.

    Editing nothing records nothing.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    changed = events.apply(product, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record("product.edited", subject=product, by=by, at=at, data={"changed": changed})
    if "is_open" in changed and not product.is_open and by is not None:
        _grant(product, by, by=by, at=at)
    return product


@transaction.atomic
def grant_product(*, product_id: int, user: User, by: User | None, at: datetime) -> Product:
    """Let a person see a product that is not open to all. Granting it twice changes nothing."""
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    _grant(product, user, by=by, at=at)
    return product


def _grant(product: Product, user: User, *, by: User | None, at: datetime) -> None:
    _grant_row, is_new = ProductGrant.objects.get_or_create(product=product, user=user)
    if is_new:
        data = {"user": user.pk}
        events.record("product.granted", subject=product, by=by, at=at, data=data)


@transaction.atomic
def revoke_grant(*, product_id: int, user: User, by: User | None, at: datetime) -> Product:
    """The person sees the product only while it is open. Refused for the last of a closed one.

    Revoking what was not granted changes nothing.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if not product.grants.filter(user=user).exists():
        return product
    others = product.grants.exclude(user=user).filter(user__is_active=True)
    if not product.is_open and not others.exists():
        raise LastGrant(_("Nobody else may see this product. Grant it to somebody else first."))
    product.grants.filter(user=user).delete()
    data = {"user": user.pk}
    events.record("product.grant_revoked", subject=product, by=by, at=at, data=data)
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
    events.record(
        "product.model_changed", subject=product, by=by, at=at, data={"model": scoring_model.pk}
    )
    stale_scores.mark_product(product.pk, by=by, at=at)
    return product
