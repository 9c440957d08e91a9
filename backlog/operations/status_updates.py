"""Status updates: what customers hear of a request beside its outcomes, and in which words.

Which kinds speak is the product's setting. Those that do are owed from the moment they happen, and
told once a colleague announces them. Lock order: request, status update.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backlog.errors import (
    NobodyWaits,
    OtherStatusUpdateWaits,
    StatusUpdateAnnounced,
    VersionConflict,
)
from backlog.models import Announcement, Customer, CustomerRequest, Outcome, StatusUpdate, User
from backlog.operations import events, obligations_in_bulk
from backlog.queries import askers
from backlog.rules import text_input

# The setting of the product that lets each speak.
_SETTING: Final = {
    StatusUpdate.Kind.DECIDED_YES: "tells_yes",
    StatusUpdate.Kind.DECIDED_NO: "tells_no",
    StatusUpdate.Kind.PLANNED: "tells_plans",
    StatusUpdate.Kind.REOPENED: "tells_reopening",
}


@transaction.atomic
def create_update(
    *,
    request: CustomerRequest,
    kind: StatusUpdate.Kind,
    by: User | None,
    at: datetime,
    words: Mapping[str, str] | None = None,
    recorded_with: StatusUpdate | None = None,
) -> StatusUpdate | None:
    """Owe everybody who asked for the request this update of it; None where nobody is to hear.

    The request must be locked. Its product says which kinds speak; whoever gives `words` for
    customers wants them told whatever it says. What was decided as one over several requests names
    the first of them (`recorded_with`), and is announced as one.
    """
    checked = text_input.by_language(words or {}, "customer_words", is_required=False)
    is_told = bool(checked) or getattr(request.product, _SETTING[kind])
    if not is_told or not askers.askers(request).exists():
        return None
    return _record(request, kind, checked, to=None, by=by, at=at, recorded_with=recorded_with)


def _record(
    request: CustomerRequest,
    kind: StatusUpdate.Kind,
    checked: dict[str, str],
    *,
    to: "QuerySet[Customer] | None",
    by: User | None,
    at: datetime,
    recorded_with: StatusUpdate | None = None,
) -> StatusUpdate:
    mark_outdated(request, by=by, at=at)
    status_update = StatusUpdate.objects.create(
        request=request,
        kind=kind,
        words=checked,
        recorded_by=by,
        recorded_at=at,
        recorded_with=recorded_with,
    )
    announcement = Announcement.objects.create(status_update=status_update, recorded_at=at)
    event = events.record(
        "status_update.recorded",
        subject=status_update,
        request=request,
        by=by,
        at=at,
        data={"kind": kind.value},
    )
    obligations_in_bulk.create_obligations(
        event=event, request=request, announcement=announcement, to=to, by=by, at=at
    )
    return status_update


@transaction.atomic
def tell_where_it_stands(
    *,
    request_id: int,
    words: Mapping[str, str],
    by: User | None,
    at: datetime,
    before: Mapping[str, str] | None = None,
) -> StatusUpdate:
    """Owe those who asked and have heard nothing since a word of where their request stands.

    It is told once a colleague announces it, as other updates; who has heard or is being told is
    left in peace. Said again before that, it only changes the words (`before` as for
    `say_to_customers`), unless the request has moved on since. Refused where nobody waits, and
    where another update or an outcome of the request waits to be announced: that says it better. A
    pilot need not be announced, and does not stand in the way.
    """
    checked = text_input.by_language(words, "words", is_required=True)
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.select_related("product").get(pk=request_id)
    waiting = StatusUpdate.objects.waiting().filter(request=request).first()
    if waiting is not None and waiting.kind == StatusUpdate.Kind.STANDING:
        return say_to_customers(
            status_update_id=waiting.pk, words=checked, before=before, by=by, at=at
        )
    _check_nothing_better(request, waiting)
    silent = askers.unanswered_customers(request)
    if not silent.exists():
        raise NobodyWaits(_("%(request)s: nobody waits to hear of it.") % {"request": request.key})
    return _record(request, StatusUpdate.Kind.STANDING, checked, to=silent, by=by, at=at)


def _check_nothing_better(request: CustomerRequest, waiting: StatusUpdate | None) -> None:
    outcomes = Outcome.objects.current().filter(commitment__request=request)
    outcomes = outcomes.select_related("announcement")
    last = outcomes.filter(commitment__is_pilot=False).order_by("-pk").first()
    if waiting is not None:
        raise OtherStatusUpdateWaits(
            _("%(request)s: another status update waits to be announced: %(kind)s.")
            % {"request": request.key, "kind": waiting.get_kind_display()},
            status_update=waiting.pk,
        )
    if last is not None and last.announced_at is None:
        raise OtherStatusUpdateWaits(
            _("%(request)s: an outcome waits to be announced: %(result)s.")
            % {"request": request.key, "result": last.get_result_display()},
            outcome=last.pk,
        )


def mark_outdated(request: CustomerRequest, *, by: User | None, at: datetime) -> None:
    """Something later took the place of its update: what was not announced is told with that."""
    StatusUpdate.objects.filter(request=request, is_current=True).update(is_current=False)


@transaction.atomic
def say_to_customers(
    *,
    status_update_id: int,
    words: Mapping[str, str],
    by: User | None,
    at: datetime,
    before: Mapping[str, str] | None = None,
) -> StatusUpdate:
    """Write what customers read, by language, until it is announced. Writing the same is nothing.

    The words take the place of those `before`, and are refused where others stand there by now;
    without `before` they take the place of any.
    Whoever asked for a second person must ask again: that one agreed to other words.
    """
    checked = text_input.by_language(words, "words", is_required=False)
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.get(status_updates=status_update_id)
    updates = StatusUpdate.objects.select_for_update(of=("self",), no_key=True)
    status_update = updates.select_related("announcement").get(pk=status_update_id)
    if checked == status_update.words:
        return status_update
    announcement = status_update.announcement
    if announcement.announced_at is not None:
        raise StatusUpdateAnnounced(_("Customers are being told already. Cancel that first."))
    if before is not None and status_update.words != text_input.by_language(
        before, "before", is_required=False
    ):
        raise VersionConflict(
            _("Somebody has changed these words meanwhile."), words=status_update.words
        )
    status_update.words = checked
    status_update.save(update_fields=["words"])
    announcement.asked_by, announcement.asked_at = None, None
    announcement.save(update_fields=["asked_by", "asked_at"])
    events.record("status_update.worded", subject=status_update, request=request, by=by, at=at)
    return status_update
