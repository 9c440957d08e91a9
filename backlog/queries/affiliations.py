"""For which account people speak, as far as their affiliations say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from backlog.db.prepared import Prepared
from backlog.models import Affiliation
from backlog.rules import affiliations, calendars
from backlog.rules.affiliations import Span

_SPANS: Final = Prepared(
    lambda customer_ids: Affiliation.objects.filter(customer__pk__among=customer_ids).values_list(
        "customer", "pk", "account", "starts_on", "ends_on"
    )
)


def spans_of(customer_ids: Iterable[int]) -> Mapping[int, list[Span]]:
    """By customer the accounts that they belonged to; nothing of those who belonged to none."""
    found: dict[int, list[Span]] = defaultdict(list)
    for customer, *span in _SPANS.rows(sorted(set(customer_ids))):
        found[customer].append(Span(*span))
    return found


def account_at(spans: Iterable[Span], moment: datetime) -> int | None:
    """The account that somebody spoke for at a moment, by the day it was for everybody."""
    span = affiliations.primary(spans, calendars.day_of(moment))
    return span and span.account
