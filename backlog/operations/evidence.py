"""Evidence: tying customers' words to requests, and untying them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import AlreadyLinked, NoWords, WordsOfClosedProduct
from backlog.models import CustomerRequest, Event, Evidence, Feedback, User
from backlog.operations import events
from backlog.queries import merges


def _locked_request(request_id: int) -> CustomerRequest:
    """What words may speak for. Raises RequestMerged where another took its place."""
    request = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if refusal := merges.refusal_of_merged(request):
        raise refusal
    return request


@transaction.atomic
def link_evidence(
    *,
    request_id: int,
    feedback_id: int,
    by: User | None,
    at: datetime,
    start: int = 0,
    end: int | None = None,
    importance: int = Evidence.Importance.NICE,
) -> Evidence:
    """Let the characters `start` to `end` of a customer's words speak for a request.

    Without `end`, to the end of the words.
    """
    request, feedback = _locked_request(request_id), lock_words().get(pk=feedback_id)
    row = Evidence(
        request=request,
        counts_for=request,
        feedback=feedback,
        start=start,
        end=len(feedback.verbatim) if end is None else end,
        importance=importance,
        linked_by=by,
        linked_at=at,
    )
    _check_product(row)
    _check_excerpt(row)
    # The excluded are at hand: nobody needs to look whether they are there.
    known = ["request", "counts_for", "feedback"]
    row.full_clean(exclude=known, validate_unique=False, validate_constraints=False)
    # Under the request's lock nobody can link the same words between this look and the insert.
    same = Evidence.objects.live().filter(request=request, feedback=feedback)
    if same.filter(start=row.start, end=row.end).exists():
        raise AlreadyLinked(_("These words are linked to this request already."))
    row.save(force_insert=True)
    _take_up([feedback])
    _entry(row).save(force_insert=True)
    return row


def link_whole(
    *, request: CustomerRequest, feedback_ids: Iterable[int], by: User | None, at: datetime
) -> list[Evidence]:
    """Let pieces of feedback speak for a request that is being opened, each of them once."""
    ids = list(dict.fromkeys(feedback_ids))
    found = lock_words().in_bulk(ids)
    if len(found) < len(ids):
        raise errors.Invalid(_("Some of this feedback does not exist."), field="feedback_ids")
    rows = [
        Evidence(
            request=request,
            counts_for=request,
            feedback=found[feedback_id],
            start=0,
            end=len(found[feedback_id].verbatim),
            linked_by=by,
            linked_at=at,
        )
        for feedback_id in ids
    ]
    for row in rows:
        _check_product(row)
        _check_excerpt(row)
    linked = Evidence.objects.bulk_create(rows)
    _take_up(found.values())
    Event.objects.bulk_create(_entry(row) for row in linked)
    return linked


def lock_words() -> "QuerySet[Feedback]":
    """Words about whose place it is decided: who links, unlinks and puts away see each other."""
    rows = Feedback.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("product").order_by("pk")


def _take_up(taken: Iterable[Feedback]) -> None:
    """Words with live evidence say so themselves: the inbox shows the others.

    Whatever was done with them there is over.
    """
    fresh = [row.pk for row in taken if not row.is_linked]
    if fresh:
        Feedback.objects.filter(pk__in=fresh).update(is_linked=True, done_as="", snoozed_until=None)


def _let_go(feedback_id: int) -> None:
    lock_words().get(pk=feedback_id)
    live = Evidence.objects.live().filter(feedback=feedback_id)
    Feedback.objects.filter(pk=feedback_id).update(is_linked=Exists(live))


def _check_product(row: Evidence) -> None:
    product = row.feedback.product
    if product is not None and not product.is_open and product.pk != row.request.product_id:
        raise WordsOfClosedProduct(
            _("These words are about a product that is not open to everybody.")
        )


def _check_excerpt(row: Evidence) -> None:
    length = len(row.feedback.verbatim)
    if not length:
        raise NoWords(_("There are no words in it that could speak for a request."))
    if not 0 <= row.start < row.end <= length:
        raise errors.Invalid(
            _("The excerpt must lie within the %(length)d characters of the words.")
            % {"length": length},
            field="end",
            code="outside_the_words",
        )


def _entry(row: Evidence) -> Event:
    return events.entry(
        "evidence.linked",
        subject=row,
        request=row.request,
        by=row.linked_by,
        at=row.linked_at,
        data={
            "feedback": row.feedback_id,
            "start": row.start,
            "end": row.end,
            "importance": row.importance,
        },
    )


@transaction.atomic
def unlink_evidence(
    *, evidence_id: int, by: User | None, at: datetime, reason: str = ""
) -> Evidence:
    """End a link; it stays on record with its date. Unlinking twice changes nothing."""
    locked = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = locked.get(evidence=evidence_id)
    row = Evidence.objects.get(pk=evidence_id)
    if row.unlinked_at is not None:
        return row
    row.unlinked_at = at
    row.save(update_fields=["unlinked_at"])
    _let_go(row.feedback_id)
    events.record("evidence.unlinked", subject=row, request=request, by=by, at=at, reason=reason)
    return row
