"""Merging a customer into another who is the same person, and taking that back.

Words, addresses, consents and what is owed keep their rows and their record; who the person is, is
read from `Customer.merged_into`, which leads to the survivor directly. The event of the merge holds
what it changed of messages that had not left, and un-merging makes these again what they were.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Customer, Notice, User
from backlog.operations import events, owed_as_one, stale_scores, suggestions
from backlog.queries import customer_merges as queries
from backlog.queries import customer_records


@transaction.atomic
def merge_customer(
    *, customer_id: int, into_id: int, reason: str, by: User | None, at: datetime
) -> Customer:
    """Let another record stand for this person, too; returns the one that survives.

    What was merged into this one comes along. Merging it there again changes nothing. What both are
    to hear leaves once; where one of them may not be written to, the person may not. Refused while
    a message to either is being sent.
    """
    _check_reason(reason)
    rows = _lock(customer_id, into_id, by=by, at=at)
    merged, survivor = rows[customer_id], rows[into_id]
    if merged.merged_into_id == survivor.pk:
        return survivor
    if refusal := queries.refusal_to_merge(merged, survivor):
        raise refusal
    _check_nothing_leaves(rows, at)
    moved = {merged.pk, *(row.pk for row in rows.values() if row.merged_into_id == merged.pk)}
    there = rows.keys() - moved
    _point(moved, survivor.pk)
    changed = owed_as_one.join(moved, there, survivor=survivor, by=by, at=at)
    tell = partial(events.record, reason=reason, by=by, at=at)
    tell(queries.MERGED, subject=merged, data={"into": survivor.pk, **changed})
    tell("customer.took_in", subject=survivor, data={"merged": merged.pk})
    pair = suggestions.Pair(suggestions.Kind.MERGE_CUSTOMERS, merged.pk, survivor.pk)
    suggestions.note_merge(pair=pair, by=by, at=at)
    return _renewed(survivor, merged, by=by, at=at)


@transaction.atomic
def unmerge_customer(*, customer_id: int, reason: str, by: User | None, at: datetime) -> Customer:
    """Make two persons of them again, each with what was theirs before.

    What was recorded meanwhile is owed to whoever asked for it: who has heard has heard, and the
    other one is told still. Refused for somebody who was erased, with all their records.
    """
    _check_reason(reason)
    rows = _lock(customer_id, by=by, at=at)
    merged = rows[customer_id]
    event = queries.merge_of(merged)
    if merged.erased_at is not None:
        raise errors.ErasedOnRequest
    if event is None or merged.merged_into_id is None:
        raise errors.IllegalTransition(
            _("%(customer)s is not merged.") % {"customer": merged}, status=""
        )
    _check_nothing_leaves(rows, at)
    survivor = rows[merged.merged_into_id]
    moved = {merged.pk, *queries.merged_by_way_of(merged)}
    _point(moved - {merged.pk}, merged.pk)
    Customer.objects.filter(pk=merged.pk).update(merged_into=None)
    again = owed_as_one.part(
        owed_as_one.Family(merged.pk, frozenset(moved)),
        owed_as_one.Family(survivor.pk, frozenset(rows.keys() - moved)),
        merge=event,
        by=by,
        at=at,
    )
    tell = partial(events.record, reason=reason, by=by, at=at)
    tell("customer.unmerged", subject=merged, data={"survivor": survivor.pk, "owed": again})
    tell("customer.gave_back", subject=survivor, data={"merged": merged.pk})
    return _renewed(merged, survivor, by=by, at=at)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why."))


def _lock(*ids: int, by: User | None, at: datetime) -> dict[int, Customer]:
    """All records of these persons, locked; what they asked for is to be scored anew."""
    records = _records(ids)
    for pk in sorted(records):
        stale_scores.mark_customer(pk, by=by, at=at)
    locked: set[int] = set()
    # Who was merged while we waited is of the person, too.
    while records - locked:
        rows = Customer.objects.filter(pk__in=records).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
        locked |= records
        records = _records(ids)
    return Customer.objects.select_related("merged_into").in_bulk(records)


def _records(ids: Iterable[int]) -> set[int]:
    return {pk for each in ids for pk in customer_records.all_of(each)}


def _check_nothing_leaves(customers: Iterable[int], at: datetime) -> None:
    notices = Notice.objects.filter(customer__in=customers)
    if notices.filter(status=Notice.Status.SENDING).exists():
        raise errors.BeingSent(
            _("A message to this person is being sent right now. Try again in some minutes.")
        )


def _point(customers: Iterable[int], survivor: int) -> None:
    Customer.objects.filter(pk__in=list(customers)).update(merged_into=survivor)


def _renewed(shown: Customer, other: Customer, *, by: User | None, at: datetime) -> Customer:
    """Both with another version: no edit from before overwrites unseen."""
    for row in (other, shown):
        row.refresh_from_db()
        events.renew(row, by=by, at=at)
    return shown
