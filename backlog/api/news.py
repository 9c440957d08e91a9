"""News of requests: what is said to customers, who will be told, and telling them."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import filters, tasks
from backlog.api import base
from backlog.api.outcomes import ANNOUNCE, LOOK, previewed
from backlog.api.serializers import announcing as shapes
from backlog.api.serializers import messages as serializers
from backlog.models import News
from backlog.operations import announcing, news, obligations

STALE = (announcing.NewsOutdated, announcing.WordsMissing)


class NewsViewSet(base.Listed[News]):
    """Something that happened to a request beside its outcomes, that customers hear of."""

    queryset = News.objects.none()
    serializer_class = serializers.NewsRead
    filterset_class = filters.NewsFilter
    orderings = ("recorded_at", "id")
    default_ordering = "-recorded_at"
    access = {
        **base.reading("backlog.view_news"),
        "say": ANNOUNCE.unless(news.NewsAnnounced),
        "preview": LOOK,
        "announce": ANNOUNCE.unless(*STALE, announcing.CountersignNeeded),
        "ask_countersign": ANNOUNCE.unless(*STALE),
        "countersign": ANNOUNCE.unless(*STALE, announcing.NotAsked, announcing.OwnAnnouncement),
        "cancel_announcement": ANNOUNCE.unless(obligations.AlreadyTold, obligations.BeingSent),
    }

    def get_queryset(self) -> QuerySet[News]:
        return News.objects.visible_to(self.person).select_related(
            "request__product", "recorded_by", "asked_by", "countersigned_by", "announced_by"
        )

    @extend_schema(request=serializers.NewsWord, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"])
    def say(self, request: Request, pk: str) -> Response:
        """Write what customers read of it, until it is announced.

        A “no” cannot be announced without; elsewhere a plain sentence stands in for them.
        """
        row, said = self.get_object(), self.body(serializers.NewsWord)
        row = news.say_to_customers(news_id=row.pk, **said, by=self.person, at=timezone.now())
        return self.answer(self.get_queryset().get(pk=row.pk))

    @extend_schema(responses=shapes.PreviewRead, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def preview(self, request: Request, pk: str) -> Response:
        """Preview how many will be told and what they will read, before anything leaves."""
        return previewed(self.get_object(), self.get_serializer_context())

    @extend_schema(request=None, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, pk: str) -> Response:
        """Let the customers who asked be told. Announcing twice changes nothing."""
        return self._step(announcing.announce_news)

    @extend_schema(request=None, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"], url_path="ask-countersign")
    def ask_countersign(self, request: Request, pk: str) -> Response:
        """Ask a second person to agree; nobody is told before."""
        return self._step(announcing.ask_to_announce_news)

    @extend_schema(request=None, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"])
    def countersign(self, request: Request, pk: str) -> Response:
        """Agree to what somebody else asked to announce, which announces it."""
        return self._step(announcing.countersign_news)

    @extend_schema(request=None, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"], url_path="cancel-announcement")
    def cancel_announcement(self, request: Request, pk: str) -> Response:
        """Take it back while no message has left; refused afterwards."""
        return self._step(announcing.cancel_news)

    def _step(self, step: Callable[..., News]) -> Response:
        row = step(news_id=self.get_object().pk, by=self.person, at=timezone.now())
        transaction.on_commit(tasks.nudge, robust=True)
        return self.answer(row)
