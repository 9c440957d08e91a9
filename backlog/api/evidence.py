"""What stands below a request in the address: its evidence, and one's own assessments of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base
from backlog.api.serializers import evidence as serializers
from backlog.models import CustomerRequest, Evidence
from backlog.operations import evidence
from backlog.rules import names

OF_REQUEST = extend_schema(
    parameters=[
        OpenApiParameter(
            "key", str, OpenApiParameter.PATH, description="A request's id or key (PAY-12)."
        )
    ]
)


class OfRequest(base.List[base.M]):
    """Rows of the request that the address names; without it, or unseen, all of this is a 404."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action not in base.NO_ACTION:
            _ = self.parent  # Before anything is said about the body.

    @cached_property
    def parent(self) -> CustomerRequest:
        wanted = names.lookup(self.kwargs["key"], natural="key")
        row = CustomerRequest.objects.visible_to(self.user).filter(**wanted).first()
        if row is None:
            raise exceptions.NotFound
        return row


@OF_REQUEST
class EvidenceViewSet(OfRequest[Evidence]):
    """The customers' words that speak for a request. A link is ended by a date, never deleted."""

    queryset = Evidence.objects.none()
    serializer_class = serializers.EvidenceRead
    default_ordering = "id"
    access = {
        "list": base.ActionPolicy(base.READ, "backlog.view_evidence"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.link_evidence").unless(
            errors.RequestMerged, errors.AlreadyLinked, errors.WordsOfClosedProduct
        ),
        "unlink": base.ActionPolicy(base.BACKLOG, "backlog.link_evidence"),
    }

    def get_queryset(self) -> QuerySet[Evidence]:
        seen = Evidence.objects.visible_to(self.user).filter(request=self.parent)
        return seen.select_related("feedback__customer", "counts_for", "linked_by").defer(
            "feedback__raw", "feedback__payload", "feedback__search_text"
        )

    @extend_schema(request=serializers.EvidenceLink, responses={201: serializers.EvidenceRead})
    def create(self, request: Request, **address: str) -> Response:
        """Let words, or a part of them, speak for this request."""
        data = self.body(serializers.EvidenceLink)
        linked = evidence.link_evidence(
            request_id=self.parent.pk,
            feedback_id=data.pop("feedback").pk,
            **data,
            by=self.user,
            at=timezone.now(),
        )
        return self.answer(linked, status=201)

    @extend_schema(request=serializers.EvidenceUnlink, responses=serializers.EvidenceRead)
    @action(detail=True, methods=["post"])
    def unlink(self, request: Request, **address: str) -> Response:
        """End the link; it stays on record. Unlinking twice changes nothing."""
        linked, data = self.get_object(), self.body(serializers.EvidenceUnlink)
        linked = evidence.unlink_evidence(
            evidence_id=linked.pk, **data, by=self.user, at=timezone.now()
        )
        return self.answer(linked)
