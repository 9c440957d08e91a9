"""What is sent to the minutes of a meeting that was held, and how it comes to be there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.models import AgendaItem, Council, Meeting
from council.operations import amendments, minutes
from council.pages.workshop_forms import WorkOut
from council.queries import workshops
from tests.access.world import Rows
from tests.factories import council

Body = dict[str, Any]
REASON: Final = {"reason": "Asked."}


def over(rows: Rows) -> Body:
    """The meeting is over, and administrators and secretaries were there."""
    then = timezone.now() - timedelta(hours=2)
    Meeting.objects.filter(pk=rows[Meeting].pk).update(
        status="minutes_draft", opened_at=then, ended_at=then + timedelta(hours=1)
    )
    for user in User.objects.filter(groups__name__in=("admin", "secretary")):
        council.AttendanceFactory.create(
            meeting=rows[Meeting], user=user, seat=None, capacity="officer", left_at=then
        )
    return {}


def in_review(rows: Rows) -> Body:
    over(rows)
    secretary = rows[Council].secretary
    minutes.propose_minutes(meeting_id=rows[Meeting].pk, by=secretary, at=timezone.now())
    return {}


def amended(rows: Rows) -> int:
    in_review(rows)
    amendment = amendments.propose_amendment(
        meeting_id=rows[Meeting].pk,
        text="We met.",
        by=rows[Council].secretary,
        at=timezone.now(),
    )
    return amendment.pk


def approved(rows: Rows) -> Body:
    in_review(rows)
    meeting = rows[Meeting]
    for there in meeting.attendances.filter(capacity="officer"):
        if not meeting.minutes_versions.filter(status="approved").exists():
            minutes.approve_minutes(meeting_id=meeting.pk, by=there.user, at=timezone.now())
    return {}


def workshop(rows: Rows) -> WorkOut:
    item = rows[AgendaItem]
    AgendaItem.objects.filter(pk=item.pk).update(kind="workshop")
    item = AgendaItem.objects.select_related("request", "meeting").get(pk=item.pk)
    return WorkOut(item, workshops.parts_of(item)[0])


def worked_out(rows: Rows) -> Body:
    form = workshop(rows)
    return {"part": form.written.part, "words": "One tap.", "shown_as": form["shown_as"].value()}


BODIES: Final[dict[str, Callable[[Rows], Body]]] = {
    "agenda-item-work-out": lambda rows: {"part": "root_cause", "words": "The bank asks twice."},
    "meeting-set-remarks": lambda rows: {"remarks": "Short.", **over(rows)},
    "meeting-propose-minutes": over,
    "meeting-amend-minutes": lambda rows: {"text": "We met.", **in_review(rows)},
    "meeting-answer-amendment": lambda rows: {"amendment": amended(rows), "is_accepted": True},
    "meeting-approve-minutes": in_review,
    "meeting-publish-minutes": approved,
    "meeting-correct-minutes": lambda rows: {**REASON, **approved(rows)},
}
FORMS: Final[dict[str, Callable[[Rows, Client], Body]]] = {
    "council:work-out": lambda rows, client: worked_out(rows),
    "council:write-note": lambda rows, client: {"note": "The bank waits.", **over(rows)},
    "council:write-remarks": lambda rows, client: {"remarks": "Short.", **over(rows)},
    "council:minutes-propose": lambda rows, client: over(rows),
    "council:minutes-amend": lambda rows, client: {"text": "We met.", **in_review(rows)},
    "council:minutes-answer": lambda rows, client: {
        "amendment": amended(rows),
        "answer": "accept",
    },
    "council:minutes-approve": lambda rows, client: in_review(rows),
    "council:minutes-publish": lambda rows, client: {"shared": ["notes"], **approved(rows)},
    "council:minutes-correct": lambda rows, client: {**REASON, **approved(rows)},
}
