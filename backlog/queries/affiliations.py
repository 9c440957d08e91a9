"""For which account people speak, as far as their affiliations say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from backlog.models import Affiliation
from backlog.rules import affiliations, calendars
from backlog.rules.affiliations import Span


def spans_of(customer_ids: Iterable[int]) -> Mapping[int, list[Span]]:
    """By customer the accounts that they belonged to; nothing of those who belonged to none."""
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Affiliation.objects.filter(customer__pk__among=sorted(set(customer_ids)))
    columns = ("customer", "pk", "account", "starts_on", "ends_on")
    for customer, *span in rows.values_list(*columns):
        found[customer].append(Span(*span))
    return found


def account_at(spans: Iterable[Span], moment: datetime) -> int | None:
    """The account that somebody spoke for at a moment, by the day it was for everybody."""
    span = affiliations.primary(spans, calendars.day_of(moment))
    return span and span.account
