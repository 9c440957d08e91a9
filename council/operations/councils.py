"""Councils: founding them, giving departments their seats, and who sits there."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog.models import CustomerRequest, Product, User
from backlog.operations import events
from backlog.rules import text_input
from council import errors
from council.models import Council
from council.operations import attendances


class HouseRules(TypedDict, total=False):
    """How a council decides; what is not said is as the columns have it."""

    quorum_numerator: int
    quorum_denominator: int
    mode: str
    majority_numerator: int
    majority_denominator: int
    base: str
    abstention: str
    is_blind: bool
    minutes_days: int
    minutes_need_quorum: bool
    recorders: str
    needs_ballot: bool


class CouncilChanges(HouseRules, total=False):
    name: str
    chair: User
    secretary: User


@transaction.atomic
def found_council(
    *,
    name: str,
    products: Iterable[Product],
    chair: User,
    secretary: User,
    by: User | None,
    at: datetime,
    **house_rules: Unpack[HouseRules],
) -> Council:
    """A new council over the backlogs of these products; it has no seats yet."""
    council = Council(
        name=text_input.storable(name, field="name"),
        chair=chair,
        secretary=secretary,
        **house_rules,
    )
    council.full_clean()
    council.save()
    council.products.set(products)
    events.record("council.founded", subject=council, by=by, at=at)
    return council


@transaction.atomic
def edit_council(
    *,
    council_id: int,
    by: User | None,
    at: datetime,
    products: Iterable[Product] | None = None,
    version: int | None = None,
    **changes: Unpack[CouncilChanges],
) -> Council:
    """Change a council's name, chair, secretary, house rules or products.

    Editing nothing records nothing. A ballot that is open keeps the rules it opened with.

    Products that the editor may not see stay the council's.
    """
    council = Council.objects.select_for_update().get(pk=council_id)
    changed = events.apply(council, dict(changes), version=version, by=by, at=at)
    if products is not None and _set_products(council, set(products), by):
        changed.append("products")
        events.renew(council, by=by, at=at)
    if changed:
        events.record("council.edited", subject=council, by=by, at=at, data={"changed": changed})
        attendances.settle_council(council, by=by, at=at)
    return council


def _set_products(council: Council, wanted: set[Product], by: User | None) -> bool:
    """Whether that made a difference."""
    present = set(council.products.all())
    seen = set(council.products.visible_to(by)) if by else present
    wanted |= present - seen
    council.products.set(wanted)
    return wanted != present


def check_product(council: Council, request: CustomerRequest) -> None:
    """Raises ProductNotBeforeCouncil for a request of a product that is not the council's."""
    if not council.products.filter(pk=request.product_id).exists():
        raise errors.ProductNotBeforeCouncil(
            _("“%(council)s” does not decide about %(key)s.")
            % {"council": council, "key": request.key}
        )
