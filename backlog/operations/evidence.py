"""Evidence: tying customers' words to requests, and untying them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Evidence, Feedback, RequestStatus, User
from backlog.operations import ledger


class AlreadyLinked(errors.Refusal):
    """The very same excerpt speaks for this request already."""

    code = "already_linked"


class RequestMerged(errors.Refusal):
    """A merged request takes nothing more; `details` name the one that survives."""

    code = "request_merged"


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
    request = CustomerRequest.objects.select_for_update().get(pk=request_id)
    if request.status == RequestStatus.MERGED:
        raise RequestMerged(
            _("%(key)s was merged.") % {"key": request.key}, survivor=request.merged_into_id
        )
    feedback = Feedback.objects.get(pk=feedback_id)
    length = len(feedback.verbatim)
    end = length if end is None else end
    if not 0 <= start < end <= length:
        raise errors.Invalid(
            _("The excerpt must lie within the %(length)d characters of the words.")
            % {"length": length},
            field="end",
            code="outside_the_words",
        )
    row = Evidence(
        request=request,
        counts_for=request,
        feedback=feedback,
        start=start,
        end=end,
        importance=importance,
        linked_by=by,
        linked_at=at,
    )
    _insert(row)
    ledger.record(
        "evidence.linked",
        subject=row,
        request=request,
        by=by,
        at=at,
        data={"feedback": feedback.pk, "start": start, "end": end, "importance": row.importance},
    )
    return row


def _insert(row: Evidence) -> None:
    row.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        taken = Evidence.objects.live().filter(
            request=row.request, feedback=row.feedback, start=row.start, end=row.end
        )
        if not taken.exists():
            raise
        raise AlreadyLinked(_("These words are linked to this request already.")) from error


@transaction.atomic
def unlink_evidence(
    *, evidence_id: int, by: User | None, at: datetime, reason: str = ""
) -> Evidence:
    """End a link; it stays on record with its date. Unlinking twice changes nothing."""
    request = CustomerRequest.objects.select_for_update(of=("self",)).get(evidence=evidence_id)
    row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence_id)
    if row.unlinked_at is not None:
        return row
    row.unlinked_at = at
    row.save(update_fields=["unlinked_at"])
    ledger.record("evidence.unlinked", subject=row, request=request, by=by, at=at, reason=reason)
    return row
