"""Obligations, notices and replies: the closing of the loop."""

from django.db.models import QuerySet

from backlog.api.framework import base
from backlog.api.serializers import replies as serializers
from backlog.filters import filtersets
from backlog.models import Reply


class ReplyViewSet(base.Listed[Reply]):
    """Customers' answers to “Did this solve it?”."""

    queryset = Reply.objects.none()
    serializer_class = serializers.ReplyRead
    filterset_class = filtersets.ReplyFilter
    orderings = ("answered_at", "id")
    default_ordering = "-answered_at"
    access = base.reading("backlog.view_reply")

    def get_queryset(self) -> QuerySet[Reply]:
        seen = Reply.objects.visible_to(self.user)
        return seen.select_related(
            "obligation__customer", "obligation__request", "obligation__announcement", "feedback"
        )
