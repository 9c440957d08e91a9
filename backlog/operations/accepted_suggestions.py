"""Doing what a suggestion proposes: a person does, by the act that they could do without it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.auth.personal_acts import in_person
from backlog.models import Suggestion, User
from backlog.operations import customer_merges, feedback_triage, merges, suggestions

Kind = Suggestion.Kind


@in_person
@transaction.atomic
def accept_suggestion(
    *, suggestion_id: int, by: User, at: datetime, reason: str = "", is_reversed: bool = False
) -> Suggestion:
    """Link, or merge; of two that may be one, if `is_reversed`, the other one stays.

    Refused as the act itself is: where somebody was quicker, or without a reason for a merge.
    """
    row = Suggestion.objects.get(pk=suggestion_id)
    suggestions.check_open(row)
    if is_reversed and row.kind == Kind.LINK:
        raise errors.Invalid(
            _("Only two that may be one can be taken the other way round."), field="is_reversed"
        )
    # What is done is noted with it: the suggestion is locked last.
    ends = _ends(row)[::-1] if is_reversed else _ends(row)
    _ACTS[row.kind](ends, reason=reason, by=by, at=at)
    row.refresh_from_db()
    return row


def _ends(row: Suggestion) -> tuple[int, int]:
    """What becomes what: words evidence of a request, or the first of two part of the second."""
    pairs = {
        Kind.LINK: (row.feedback_id, row.request_id),
        Kind.MERGE_REQUESTS: (row.request_id, row.into_request_id),
        Kind.MERGE_CUSTOMERS: (row.customer_id, row.into_customer_id),
    }
    one, other = pairs[Kind(row.kind)]
    assert one is not None
    assert other is not None
    return one, other


def _link(ends: tuple[int, int], *, reason: str, by: User, at: datetime) -> None:
    feedback_triage.link(feedback_id=ends[0], request_id=ends[1], by=by, at=at)


def _merge_requests(ends: tuple[int, int], *, reason: str, by: User, at: datetime) -> None:
    merges.merge_request(request_id=ends[0], into_id=ends[1], reason=reason, by=by, at=at)


def _merge_customers(ends: tuple[int, int], *, reason: str, by: User, at: datetime) -> None:
    customer_merges.merge_customer(
        customer_id=ends[0], into_id=ends[1], reason=reason, by=by, at=at
    )


_ACTS: Final[Mapping[str, Callable[..., None]]] = {
    Kind.LINK: _link,
    Kind.MERGE_REQUESTS: _merge_requests,
    Kind.MERGE_CUSTOMERS: _merge_customers,
}
