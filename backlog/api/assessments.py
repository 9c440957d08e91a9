"""What stands below a request in the address: its evidence, and one's own assessments of it."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backlog import errors
from backlog.api.evidence import OF_REQUEST, OfRequest
from backlog.api.framework import base
from backlog.api.serializers import assessments as scoring_serializers
from backlog.api.serializers import requests as request_serializers
from backlog.models import Assessment
from backlog.operations import assessments


@OF_REQUEST
class AssessmentViewSet(OfRequest[Assessment]):
    """One's own values only: assessments are given blind."""

    queryset = Assessment.objects.none()
    serializer_class = scoring_serializers.AssessmentRead
    default_ordering = "id"
    access = {
        "list": base.ActionPolicy(base.READ, "backlog.view_assessment"),
        "create": base.ActionPolicy(base.BACKLOG, "backlog.assess_request").unless(
            errors.NoDepartment, errors.NotAssessable, errors.VersionConflict
        ),
    }

    def get_queryset(self) -> QuerySet[Assessment]:
        seen = Assessment.objects.visible_to(self.user).filter(request=self.parent)
        return seen.filter(assessor=self.user).select_related("criterion", "department")

    @extend_schema(
        request=scoring_serializers.Assess,
        responses={200: request_serializers.RequestRead},
    )
    def create(self, request: Request, **address: str) -> Response:
        """Give or change values by criterion key, for one's department; scores follow at once.

        A value of one's own that is there already is replaced by who names it as `before`.
        """
        answers = self.body(scoring_serializers.Assess)["answers"]
        try:
            assessed = assessments.assess(
                request_id=self.parent.pk,
                answers={
                    key: assessments.Answer(**data, is_guarded=True)
                    for key, data in answers.items()
                },
                by=self.user,
                at=timezone.now(),
            )
        except errors.Invalid as fault:
            fault.field = f"answers.{fault.field}"
            raise
        serializer = request_serializers.RequestRead(
            assessed, context=self.get_serializer_context()
        )
        return Response(serializer.data)
