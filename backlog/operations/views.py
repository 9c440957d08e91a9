"""What colleagues keep of their lists.

A view is its owner's alone, so the ledger need not tell of it; what a board shows first concerns
everybody, and is on record as an edit of its product.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Product, User, View
from backlog.operations import events
from backlog.rules import text_input

MOST: Final = 30
"""As many views of one list as still fit above it."""
BOARD: Final = "backlog:board"


@transaction.atomic
def save_view(
    *,
    listing: str,
    name: str,
    wanted: Mapping[str, Sequence[str]],
    by: User,
    at: datetime,
    product: Product | None = None,
    is_shared: bool = False,
    is_default: bool = False,
) -> View:
    """Keep what a list is narrowed to; under a name that there is already, instead of that.

    One of a board, which has a `product`, is shared with all who see it if so wished; `is_default`
    shares it and takes the place of the one that the board showed first.
    """
    name = name.strip()
    if product is None and (is_shared or is_default):
        raise errors.Invalid(_("Only views of a board are shared."), field="is_shared")
    if product is not None:
        # Locked before anybody, as everywhere: one view of a product is shown first.
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    # Locked, so that two tabs at once are one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    kept = View.objects.filter(user=by, listing=listing, product=product)
    known = kept.filter(name=name).first()
    view = known or View(user=by, listing=listing, product=product, name=name)
    was_default = view.is_default
    view.wanted = {key: [*values] for key, values in wanted.items()}
    view.is_shared, view.is_default = is_shared or is_default, is_default
    text_input.check(view)
    view.full_clean(validate_unique=False, validate_constraints=False)
    if known is None and kept.count() >= MOST:
        raise _too_many()
    if is_default:
        View.objects.filter(product=product, is_default=True).update(is_default=False)
    view.save()
    if product is not None and was_default != is_default:
        _tell(product, by=by, at=at)
    return view


@transaction.atomic
def delete_view(*, view_id: int, by: User, at: datetime) -> None:
    """Forget one of one's own views; what is gone already stays gone."""
    view = View.objects.filter(user=by, pk=view_id).select_related("product").first()
    if view is None:
        return
    view.delete()
    if view.is_default and view.product is not None:
        _tell(view.product, by=by, at=at)


def _too_many() -> errors.Invalid:
    words = _("A list has at most %(most)d views of yours. Delete one first.")
    return errors.Invalid(words % {"most": MOST}, field="name")


def _tell(product: Product, *, by: User, at: datetime) -> None:
    events.record(
        "product.edited", subject=product, by=by, at=at, data={"changed": ["default_view"]}
    )
