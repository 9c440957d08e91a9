"""Obligations, notices and replies: the closing of the loop."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors, tasks
from backlog.api.framework import base
from backlog.api.serializers import notices as serializers
from backlog.filters import filtersets
from backlog.models import Notice
from backlog.operations import bounces, notices
from backlog.queries import notices as notice_queries


class NoticeViewSet(base.Listed[Notice]):
    """One message to one recipient on one channel."""

    queryset = Notice.objects.none()
    serializer_class = serializers.NoticeRead
    filterset_class = filtersets.NoticeFilter
    orderings = ("id", "created_at")
    access = {
        **base.reading("backlog.view_notice"),
        "retry": base.ActionPolicy(base.BACKLOG, "backlog.retry_notice").unless(
            errors.IllegalTransition, errors.BeingSent
        ),
        "report": base.ActionPolicy(base.BACKLOG, "backlog.report_notice").unless(errors.BeingSent),
    }

    def get_queryset(self) -> QuerySet[Notice]:
        seen = Notice.objects.visible_to(self.user)
        return seen.select_related("customer", "user", "contact_point").prefetch_related("items")

    @extend_schema(request=None, responses=serializers.NoticeRead)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Put a message that was given up back in the queue."""
        notice = notices.retry_notice(
            notice_id=self.get_object().pk, by=self.user, at=timezone.now()
        )
        transaction.on_commit(tasks.nudge, robust=True)
        return self.answer(notice)

    @extend_schema(request=serializers.NoticeReport, responses=serializers.NoticeRead)
    @action(detail=False, methods=["post"])
    def report(self, request: Request) -> Response:
        """Say what became of a message that had left: it arrived, came back, or was a nuisance.

        The same report again changes nothing. `bounced` and `complained` stop all mail to the
        address; `returned` does not.
        """
        data = self.body(serializers.NoticeReport)
        notice = notice_queries.notice_of(data["message_id"])
        seen = self.get_queryset().filter(pk=notice.pk if notice else 0)
        if not seen.exists():
            raise errors.Invalid(_("No message of ours has this Message-ID."), field="message_id")
        happened_at = data.pop("at", None)
        bounces.record_report(**data, happened_at=happened_at, by=self.user, at=timezone.now())
        return self.answer(seen.get())
