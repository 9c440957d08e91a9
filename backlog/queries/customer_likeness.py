"""Which customers may be the same person: found by what two records have in common."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from backlog.models import Customer, Identity, Source, User
from backlog.models.customers import CustomerQuerySet

RULE: Final = "likely_customer"
VERSION: Final = "1"
FEW: Final = 10
_SAME_NUMBER: Final = 0.9
_SAME_NAME: Final = 0.8


@dataclass(frozen=True, slots=True)
class Likely:
    """Another record, why it may be the same person's, and how likely that is (0 to 1)."""

    customer: Customer
    reason: str
    score: float
    by_whom: str = ""
    """Who else proposed it; empty where this rule found it."""


def like(customer: Customer, *, viewer: User) -> list[Likely]:
    """The likeliest first: of one number or handle at two sources, or of one name at one account.

    Each is looked up by an index, so that it takes as long however many customers there are.
    """
    found = {
        row.pk: Likely(row, _("the same number or name at another source"), _SAME_NUMBER)
        for row in _of_same_number(customer, viewer)
    }
    for row in _of_same_name(customer, viewer):
        reason = _("the same name at the same account")
        found.setdefault(row.pk, Likely(row, reason, _SAME_NAME))
    return list(found.values())[:FEW]


def _others(customer: Customer, viewer: User) -> CustomerQuerySet:
    seen = Customer.objects.visible_to(viewer).filter(merged_into=None, erased_at=None)
    rows = seen.exclude(pk=customer.pk).select_related("account")
    return rows.prefetch_related("contact_points").order_by("pk")


def _of_same_number(customer: Customer, viewer: User) -> CustomerQuerySet:
    own = Identity.objects.visible_to(viewer).filter(
        Q(customer=customer) | Q(customer__merged_into=customer)
    )
    # Numbers of two sources may be alike by chance; what is long or has letters is not.
    numbers = [
        number for number in own.values_list("external_id", flat=True)[:FEW] if _tells(number)
    ]
    sources = list(Source.objects.values_list("pk", flat=True))
    same = Identity.objects.visible_to(viewer).filter(source__in=sources, external_id__in=numbers)
    return _others(customer, viewer).filter(pk__in=same.values("customer"))[:FEW]


def _tells(number: str) -> bool:
    return len(number) >= 8 or not number.isdigit()


def _of_same_name(customer: Customer, viewer: User) -> CustomerQuerySet:
    if not customer.name or customer.account_id is None:
        return Customer.objects.none()
    same = Q(name=customer.name, account=customer.account_id)
    return _others(customer, viewer).filter(same)[:FEW]
