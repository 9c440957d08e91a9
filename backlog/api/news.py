"""News of requests: what is said to customers, who will be told, and telling them."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import filters
from backlog.api import announcing as announced
from backlog.api import base
from backlog.api.serializers import messages as serializers
from backlog.models import News
from backlog.operations import announcing, news


class NewsViewSet(announced.Announced[News]):
    """Something that happened to a request beside its outcomes, that customers hear of."""

    queryset = News.objects.none()
    serializer_class = serializers.NewsRead
    filterset_class = filters.NewsFilter
    orderings = ("recorded_at", "id")
    default_ordering = "-recorded_at"
    subject = "news_id"
    steps = {
        "announce": announcing.announce_news,
        "ask_countersign": announcing.ask_to_announce_news,
        "countersign": announcing.countersign_news,
        "cancel_announcement": announcing.cancel_news,
    }
    access = {
        **base.reading("backlog.view_news"),
        "create": announced.ANNOUNCE.unless(news.NobodyWaits, news.OtherNewsWaits),
        "say": announced.ANNOUNCE.unless(news.NewsAnnounced),
        **announced.access(announcing.NewsOutdated, announcing.WordsMissing),
    }

    def get_queryset(self) -> QuerySet[News]:
        return News.objects.visible_to(self.person).select_related(
            "request__product", "recorded_by", "asked_by", "countersigned_by", "announced_by"
        )

    @extend_schema(request=serializers.NewsStanding, responses={201: serializers.NewsRead})
    def create(self, request: Request) -> Response:
        """Say where a request stands to those who asked and have heard nothing since.

        They are told once it is announced; who has heard is left in peace.
        """
        said = self.body(serializers.NewsStanding)
        row = news.tell_where_it_stands(
            request_id=said["request"].pk, words=said["words"], by=self.person, at=timezone.now()
        )
        return self.answer(self.get_queryset().get(pk=row.pk), status=201)

    @extend_schema(request=serializers.NewsWord, responses=serializers.NewsRead)
    @action(detail=True, methods=["post"])
    def say(self, request: Request, pk: str) -> Response:
        """Write what customers read of it, until it is announced.

        A “no” cannot be announced without; elsewhere a plain sentence stands in for them.
        """
        row, said = self.get_object(), self.body(serializers.NewsWord)
        row = news.say_to_customers(news_id=row.pk, **said, by=self.person, at=timezone.now())
        return self.answer(self.get_queryset().get(pk=row.pk))
