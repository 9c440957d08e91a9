"""Accounts: the organisations customers belong to."""

from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction

from backlog.models import Account, User
from backlog.operations import events, stale_scores
from backlog.rules import text_input


class AccountFacts(TypedDict, total=False):
    kind: str
    segment: str
    annual_revenue: Decimal | None
    currency: str
    churn_risk: str


class AccountChanges(AccountFacts, total=False):
    name: str


@transaction.atomic
def add_account(
    *, name: str, by: User | None, at: datetime, **facts: Unpack[AccountFacts]
) -> Account:
    account = Account(name=name, **facts)
    text_input.check(account)
    account.full_clean()
    account.save()
    events.record("account.added", subject=account, by=by, at=at)
    return account


@transaction.atomic
def edit_account(
    *,
    account_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[AccountChanges],
) -> Account:
    """Change an account. Its revenue weighs in scores: those of its requests become stale."""
    if "annual_revenue" in changes:
        stale_scores.mark_account(account_id, by=by, at=at)
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    changed = events.apply(account, dict(changes), version=version, by=by, at=at)
    if changed:
        events.record("account.edited", subject=account, by=by, at=at, data={"changed": changed})
    return account
