"""Which accounts a customer belongs to: starting, ending, and putting right what never was so.

What was said keeps the account of its time. Starting and ending change that of nothing that was
said before; only a correction does, and the ledger says that it did.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Account, Affiliation, Customer, Feedback, Obligation, User
from backlog.operations import customers, events, stale_scores
from backlog.queries import affiliations as affiliation_queries
from backlog.queries import askers
from backlog.rules import calendars


class Corrected(TypedDict, total=False):
    """What may have been wrong; with no account, they never belonged to it."""

    account: Account | None
    starts_on: date | None
    ends_on: date | None


@transaction.atomic
def start_affiliation(
    *,
    customer_id: int,
    account: Account,
    by: User | None,
    at: datetime,
    starts_on: date | None = None,
    is_beside: bool = False,
) -> Customer:
    """From this day on, or else today, they belong to the account: they moved.

    Their other affiliations end, unless it is `is_beside` these; then the one that began first
    counts. Where they belong to it already, nothing starts.
    """
    customer = customers.lock_customer(customer_id)
    day = _check_day(starts_on, at, field="starts_on")
    current = Affiliation.objects.current().filter(customer=customer)
    others = [] if is_beside else list(current.exclude(account=account).order_by("pk"))
    is_new = not current.filter(account=account).exists()
    for row in others:
        _end(row, day, by=by, at=at)
    if is_new:
        Affiliation.objects.create(customer=customer, account=account, starts_on=day)
        data = {"account": account.pk, "starts_on": day.isoformat()}
        events.record("affiliation.started", subject=customer, by=by, at=at, data=data)
    return _keep(customer, by=by, at=at) if others or is_new else customer


@transaction.atomic
def end_affiliation(
    *, affiliation_id: int, by: User | None, at: datetime, ends_on: date | None = None
) -> Customer:
    """From this day on, or else today, they do not belong to it. Ending it twice is nothing."""
    row = Affiliation.objects.get(pk=affiliation_id)
    customer = customers.lock_customer(row.customer_id)
    row.refresh_from_db()
    day = _check_day(ends_on, at, field="ends_on")
    if row.ends_on is not None:
        return customer
    _end(row, day, by=by, at=at)
    return _keep(customer, by=by, at=at)


@transaction.atomic
def settle_account(
    *, customer_id: int, account: Account | None, by: User | None, at: datetime
) -> Customer:
    """From today on this is their account and no other; none, if they belong to none."""
    customer = customers.lock_customer(customer_id)
    if account == customer.account:
        return customer
    if account is not None:
        return start_affiliation(customer_id=customer_id, account=account, by=by, at=at)
    for row in Affiliation.objects.current().filter(customer=customer).order_by("pk"):
        _end(row, calendars.day_of(at), by=by, at=at)
    return _keep(customer, by=by, at=at)


@transaction.atomic
def correct_affiliation(
    *,
    affiliation_id: int,
    reason: str,
    by: User | None,
    at: datetime,
    **corrected: Unpack[Corrected],
) -> Customer:
    """This was wrong from the start: what they said gets the accounts that it should have had.

    Afterwards each of their words speaks for the account that the affiliations say, and the scores
    of what they asked for are stale. Correcting nothing changes nothing.
    """
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why it was wrong."))
    row = Affiliation.objects.get(pk=affiliation_id)
    stale_scores.mark_customer(row.customer_id, by=by, at=at)
    customer = customers.lock_customer(row.customer_id)
    row.refresh_from_db()
    changed = {name: value for name, value in corrected.items() if getattr(row, name) != value}
    if not changed:
        return customer
    data = {"was": row.account_id, "account": _correct(row, changed, at)}
    words = _restate(customer)
    data |= {"affiliation": affiliation_id, "words": words}
    events.record("affiliation.corrected", subject=customer, by=by, at=at, reason=reason, data=data)
    return _keep(customer, by=by, at=at)


def _check_day(day: date | None, at: datetime, *, field: str) -> date:
    today = calendars.day_of(at)
    if day is not None and day > today:
        raise errors.Invalid(_("That day is yet to come."), field=field, code="in_the_future")
    return day or today


def _end(row: Affiliation, day: date, *, by: User | None, at: datetime) -> None:
    row.ends_on = max(day, row.starts_on or day)
    row.save(update_fields=["ends_on"])
    data = {"account": row.account_id, "ends_on": row.ends_on.isoformat()}
    events.record("affiliation.ended", subject=row.customer, by=by, at=at, data=data)


def _correct(row: Affiliation, changed: dict[str, object], at: datetime) -> int | None:
    """Put it right; the account that it is of now, if any."""
    if "account" in changed and changed["account"] is None:
        row.delete()
        return None
    for name, value in changed.items():
        setattr(row, name, value)
    for name in ("starts_on", "ends_on"):
        _check_day(getattr(row, name), at, field=name)
    row.full_clean()
    row.save()
    return row.account_id


def _restate(customer: Customer) -> int:
    """Let their words speak for the accounts of their times; of how many that changed."""
    spans = affiliation_queries.spans_of([customer.pk]).get(customer.pk, [])
    changed: dict[int | None, list[int]] = defaultdict(list)
    words = Feedback.objects.filter(customer=customer)
    for pk, said_at, account in words.values_list("pk", "said_at", "account"):
        meant = affiliation_queries.account_at(spans, said_at)
        if meant != account:
            changed[meant].append(pk)
    for meant, ids in changed.items():
        Feedback.objects.filter(pk__in=ids).update(account=meant)
    person = customer.merged_into_id or customer.pk
    owed = Obligation.objects.filter(Q(customer=person) | Q(customer__merged_into=person))
    said = Feedback.objects.filter(pk=OuterRef("feedback")).values("account")
    owed.filter(feedback__isnull=False).update(account=Subquery(said))
    asked = askers.spoke_for(OuterRef("customer"), OuterRef("request"))
    owed.filter(request__isnull=False).update(account=asked)
    return sum(map(len, changed.values()))


def _keep(customer: Customer, *, by: User | None, at: datetime) -> Customer:
    """Keep with the customer which account is theirs now."""
    spans = affiliation_queries.spans_of([customer.pk]).get(customer.pk, [])
    account = affiliation_queries.account_at(spans, at)
    if customer.account_id != account:
        customer.account_id = account
        customer.save(update_fields=["account"])
    events.renew(customer, by=by, at=at)
    return customer
