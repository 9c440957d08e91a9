"""What stands below a request in the address: its evidence, and one's own assessments of it."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api import base
from backlog.api.serializers import requests as request_serializers
from backlog.api.serializers import scoring as scoring_serializers
from backlog.models import Assessment, CustomerRequest, Evidence
from backlog.operations import evidence, scoring
from backlog.rules import names

OF_REQUEST = extend_schema(
    parameters=[
        OpenApiParameter(
            "key", str, OpenApiParameter.PATH, description="A request's id or key (PAY-12)."
        )
    ]
)


class OfRequest(mixins.ListModelMixin, base.Resource[base.M]):
    """Rows of the request that the address names; without it, or unseen, all of this is a 404."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action not in base.NO_ACTION:
            _ = self.parent  # Before anything is said about the body.

    @cached_property
    def parent(self) -> CustomerRequest:
        wanted = names.lookup(self.kwargs["key"], natural="key")
        row = CustomerRequest.objects.visible_to(self.person).filter(**wanted).first()
        if row is None:
            raise exceptions.NotFound
        return row


@OF_REQUEST
class EvidenceViewSet(OfRequest[Evidence]):
    """The customers' words that speak for a request. A link is ended by a date, never deleted."""

    queryset = Evidence.objects.none()
    serializer_class = request_serializers.EvidenceRead
    default_ordering = "id"
    access = {
        "list": base.Needs(base.READ, "backlog.view_evidence"),
        "create": base.Needs(base.BACKLOG, "backlog.link_evidence").unless(
            evidence.RequestMerged, evidence.AlreadyLinked, evidence.WordsOfClosedProduct
        ),
        "unlink": base.Needs(base.BACKLOG, "backlog.link_evidence"),
    }

    def get_queryset(self) -> QuerySet[Evidence]:
        seen = Evidence.objects.visible_to(self.person).filter(request=self.parent)
        return seen.select_related("feedback__customer", "counts_for", "linked_by").defer(
            "feedback__raw", "feedback__payload", "feedback__search_text"
        )

    @extend_schema(
        request=request_serializers.EvidenceLink, responses={201: request_serializers.EvidenceRead}
    )
    def create(self, request: Request, **address: str) -> Response:
        """Let words, or a part of them, speak for this request."""
        said = self.body(request_serializers.EvidenceLink)
        linked = evidence.link_evidence(
            request_id=self.parent.pk,
            feedback_id=said.pop("feedback").pk,
            **said,
            by=self.person,
            at=timezone.now(),
        )
        return self.answer(linked, status=201)

    @extend_schema(
        request=request_serializers.EvidenceUnlink, responses=request_serializers.EvidenceRead
    )
    @action(detail=True, methods=["post"])
    def unlink(self, request: Request, **address: str) -> Response:
        """End the link; it stays on record. Unlinking twice changes nothing."""
        linked, said = self.get_object(), self.body(request_serializers.EvidenceUnlink)
        linked = evidence.unlink_evidence(
            evidence_id=linked.pk, **said, by=self.person, at=timezone.now()
        )
        return self.answer(linked)


@OF_REQUEST
class AssessmentViewSet(OfRequest[Assessment]):
    """One's own values only: assessments are given blind."""

    queryset = Assessment.objects.none()
    serializer_class = scoring_serializers.AssessmentRead
    default_ordering = "id"
    access = {
        "list": base.Needs(base.READ, "backlog.view_assessment"),
        "create": base.Needs(base.BACKLOG, "backlog.assess_request").unless(
            scoring.NoDepartment, scoring.NotAssessable
        ),
    }

    def get_queryset(self) -> QuerySet[Assessment]:
        seen = Assessment.objects.visible_to(self.person).filter(request=self.parent)
        return seen.filter(assessor=self.person).select_related("criterion", "department")

    @extend_schema(
        request=scoring_serializers.Assess,
        responses={200: request_serializers.RequestRead},
    )
    def create(self, request: Request, **address: str) -> Response:
        """Give or change values by criterion key, for one's department; scores follow at once."""
        answers = self.body(scoring_serializers.Assess)["answers"]
        try:
            assessed = scoring.assess(
                request_id=self.parent.pk,
                answers={key: scoring.Answer(**said) for key, said in answers.items()},
                by=self.person,
                at=timezone.now(),
            )
        except errors.Invalid as fault:
            fault.field = f"answers.{fault.field}"
            raise
        shape = request_serializers.RequestRead(assessed, context=self.get_serializer_context())
        return Response(shape.data)
