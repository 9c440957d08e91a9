"""The minutes of a meeting: read, looked through, approved, published and corrected."""

from typing import Any, Final

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors as backlog_errors
from backlog.api.framework import base
from backlog.models import User
from council import errors
from council.api.serializers import minutes as serializers
from council.models import Meeting, Minutes, MinutesAmendment
from council.operations import amendments, minutes
from council.queries import minutes as minutes_queries
from council.queries import minutes_editions
from council.rules import minutes as rules

HOLD: Final = base.ActionPolicy(base.COUNCIL, "council.hold_meeting")
ATTEND: Final = base.ActionPolicy(base.COUNCIL, "council.attend_meeting")
NOT_IN_REVIEW: Final = (errors.MinutesFinal, errors.MinutesNotInReview)
ACCESS: Final = {
    "minutes": base.ActionPolicy(base.READ, "council.view_meeting"),
    "set_remarks": HOLD.unless(
        backlog_errors.VersionConflict,
        errors.MeetingNotOver,
        errors.MinutesFinal,
        errors.MinutesInReview,
    ),
    "propose_minutes": HOLD.unless(errors.MeetingNotOver, errors.MinutesFinal),
    "amend_minutes": ATTEND.unless(*NOT_IN_REVIEW, errors.WasNotThere),
    "answer_amendment": HOLD.unless(
        *NOT_IN_REVIEW, errors.AmendmentAnswered, backlog_errors.ReasonRequired
    ),
    "approve_minutes": ATTEND.unless(*NOT_IN_REVIEW, errors.WasNotThere, errors.AmendmentsOpen),
    "publish_minutes": HOLD.unless(errors.MinutesNotInReview, errors.MinutesNotApproved),
    "correct_minutes": HOLD.unless(errors.MinutesNotInReview, errors.MinutesNotApproved),
}


class MinutesActions(base.Listed[Meeting]):
    """What a meeting's resource has of its minutes."""

    def parameters(self) -> set[str]:
        return {"edition"} if self.action == "minutes" else super().parameters()

    @extend_schema(
        parameters=[OpenApiParameter("edition", enum=minutes_editions.EDITIONS)],
        responses=serializers.MinutesRead,
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def minutes(self, request: Request, pk: str) -> Response:
        """Read the minutes: of a draft the record as it stands, else what is under review or
        approved. `edition=customers` is what customers read."""
        meeting = self.get_object()
        if meeting.ended_at is None:
            raise Http404
        return self._minutes(minutes_queries.latest(meeting) or Minutes(meeting=meeting))

    @extend_schema(request=serializers.RemarksSet, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/remarks")
    def set_remarks(self, request: Request, pk: str) -> Response:
        """Write the remarks on the meeting as a whole, before the minutes go to review."""
        meeting, data = self.get_object(), self.body(serializers.RemarksSet)
        return self._minutes(
            minutes.set_remarks(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        )

    @extend_schema(request=None, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/propose")
    def propose_minutes(self, request: Request, pk: str) -> Response:
        """Give the minutes to those who were there, to be amended and approved."""
        meeting = self.get_object()
        return self._minutes(
            minutes.propose_minutes(meeting_id=meeting.pk, by=self.user, at=timezone.now())
        )

    @extend_schema(request=serializers.AmendmentPropose, responses={201: serializers.MinutesRead})
    @action(detail=True, methods=["post"], url_path="minutes/amendments")
    def amend_minutes(self, request: Request, pk: str) -> Response:
        """Propose, as somebody who was there, what a note or the remarks should say instead."""
        meeting, data = self.get_object(), self.body(serializers.AmendmentPropose)
        item = data.pop("agenda_item")
        amendment = amendments.propose_amendment(
            meeting_id=meeting.pk,
            agenda_item_id=item and item.pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self._minutes(amendment.minutes, status=201)

    @extend_schema(request=serializers.AmendmentAnswer, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/answer")
    def answer_amendment(self, request: Request, pk: str) -> Response:
        """Accept an amendment, which changes the minutes under review, or decline it."""
        meeting, data = self.get_object(), self.body(serializers.AmendmentAnswer)
        wanted = data.pop("amendment")
        if wanted.minutes.meeting_id != meeting.pk:
            raise Http404
        amendment = amendments.answer_amendment(
            amendment_id=wanted.pk, **data, by=self.user, at=timezone.now()
        )
        return self._minutes(amendment.minutes)

    @extend_schema(request=None, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/approve")
    def approve_minutes(self, request: Request, pk: str) -> Response:
        """Say, as somebody who was there, that the minutes are right as they read now."""
        meeting = self.get_object()
        return self._minutes(
            minutes.approve_minutes(meeting_id=meeting.pk, by=self.user, at=timezone.now())
        )

    @extend_schema(request=serializers.MinutesPublish, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/publish")
    def publish_minutes(self, request: Request, pk: str) -> Response:
        """Publish approved minutes: from now on there is an edition for customers."""
        meeting, data = self.get_object(), self.body(serializers.MinutesPublish)
        return self._minutes(
            minutes.publish_minutes(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        )

    @extend_schema(request=serializers.MinutesCorrect, responses=serializers.MinutesRead)
    @action(detail=True, methods=["post"], url_path="minutes/correct")
    def correct_minutes(self, request: Request, pk: str) -> Response:
        """Begin another version of approved minutes, which says what was wrong."""
        meeting, data = self.get_object(), self.body(serializers.MinutesCorrect)
        return self._minutes(
            minutes.correct_minutes(meeting_id=meeting.pk, **data, by=self.user, at=timezone.now())
        )

    def _minutes(self, row: Minutes, status: int = 200) -> Response:
        """The minutes as this person may read them."""
        name = self.request.query_params.get("edition", minutes_editions.INTERNAL)
        if name not in minutes_editions.EDITIONS:
            raise Http404
        if row.pk:
            row = Minutes.objects.get(pk=row.pk)
        edition = minutes_editions.edition_of(row, self.user, name)
        read: dict[str, Any] = {
            "minutes": row,
            "edition": edition,
            "content": edition.content,
            "people": User.objects.filter(pk__in=rules.people_in(edition.content)),
            "approved_by": minutes_queries.approved_by(row) if row.pk else [],
            "amendments": MinutesAmendment.objects.visible_to(self.user)
            .filter(minutes=row.pk)
            .select_related("proposed_by", "answered_by")
            .order_by("pk"),
        }
        shape, context = serializers.MinutesRead, self.get_serializer_context()
        return Response(shape(read, context=context).data, status=status)
