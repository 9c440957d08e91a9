"""Requests, the words that speak for them, and their way over the board."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import (
    ColleagueRef,
    CustomerRef,
    DepartmentRef,
    ProductRef,
    RequestRef,
    ScoringModelRef,
)
from backlog.models import (
    CustomerRequest,
    Department,
    DepartmentStep,
    Event,
    Evidence,
    Feedback,
    Product,
    RequestStatus,
)


class RequestRead(fields.Read[CustomerRequest]):
    product = ProductRef()
    owner = ColleagueRef(allow_null=True)
    impact = fields.StoredValue()
    feasibility = fields.StoredValue()
    priority = fields.StoredValue()
    scored_with = ScoringModelRef(allow_null=True)

    class Meta:
        model = CustomerRequest
        fields = [
            "id",
            "key",
            "product",
            "title",
            "problem",
            "root_cause",
            "perfect_picture",
            "owner",
            "status",
            "status_changed_at",
            "review_on",
            "rank",
            "opened_at",
            "merged_into",
            "version",
            "impact",
            "feasibility",
            "priority",
            "contested",
            "drift",
            "scored_with",
            "scored_at",
            "is_score_stale",
        ]


class RequestOpen(fields.Body):
    """Each feedback named here becomes evidence with all its words."""

    product = fields.Chosen(Product, "prefix")
    title = fields.of(CustomerRequest, "title")
    problem = fields.of(CustomerRequest, "problem")
    root_cause = fields.of(CustomerRequest, "root_cause", allow_blank=True, default="")
    perfect_picture = fields.of(CustomerRequest, "perfect_picture", allow_blank=True, default="")
    owner = fields.Colleague(allow_null=True, default=None)
    feedback = serializers.ListField(child=fields.Chosen(Feedback), default=list, max_length=200)


class RequestEdit(fields.Body):
    title = fields.of(CustomerRequest, "title", required=False)
    problem = fields.of(CustomerRequest, "problem", required=False)
    root_cause = fields.of(CustomerRequest, "root_cause", allow_blank=True, required=False)
    perfect_picture = fields.of(
        CustomerRequest, "perfect_picture", allow_blank=True, required=False
    )
    owner = fields.Colleague(allow_null=True, required=False)
    review_on = fields.Day(allow_null=True, required=False)


class RequestMove(fields.Body):
    """Right after or right before a neighbour of the same board, or to the top of it."""

    default_error_messages = {"one_place": _("Say one of: after, before, to_top.")}

    after = fields.Chosen(CustomerRequest, "key", required=False)
    before = fields.Chosen(CustomerRequest, "key", required=False)
    to_top = fields.Flag(required=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        places = [name for name in ("after", "before", "to_top") if attrs.get(name)]
        if len(places) != 1:
            self.fail("one_place")
        return attrs


class RequestTransition(fields.Body):
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    reason = fields.of(Event, "reason")


class DepartmentStepRead(fields.Read[DepartmentStep]):
    department = DepartmentRef()

    class Meta:
        model = DepartmentStep
        fields = ["department", "step"]


class DepartmentStepSet(fields.Body):
    """An empty step takes back what was said."""

    department = fields.Chosen(Department, "name")
    step = fields.of(DepartmentStep, "step", allow_blank=True)


class EvidenceRead(fields.Read[Evidence]):
    excerpt = serializers.CharField()
    feedback_id = serializers.IntegerField()
    customer = CustomerRef(source="feedback.customer", allow_null=True)
    counts_for = RequestRef()
    linked_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Evidence
        fields = [
            "id",
            "feedback_id",
            "customer",
            "start",
            "end",
            "excerpt",
            "importance",
            "counts_for",
            "linked_by",
            "linked_at",
            "unlinked_at",
        ]


class EvidenceLink(fields.Body):
    """The characters from `start` up to `end` of the words; without `end`, to their end."""

    feedback = fields.Chosen(Feedback)
    start = fields.of(Evidence, "start", default=0)
    end = fields.of(Evidence, "end", min_value=1, allow_null=True, default=None)
    importance = serializers.ChoiceField(
        choices=Evidence.Importance.choices, default=Evidence.Importance.NICE
    )


class EvidenceUnlink(fields.Body):
    reason = fields.of(Event, "reason", allow_blank=True, default="")


class LineEntry(fields.Shape):
    """One thing that happened on a request's way, in order."""

    at = fields.Moment()
    kind = serializers.CharField()
    actor = ColleagueRef(allow_null=True)
    subject_type = serializers.CharField()
    subject_id = serializers.IntegerField()
    title = serializers.CharField()
    words = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    data = serializers.JSONField()  # type: ignore[assignment]


class TimelineEntry(LineEntry):
    """One thing on a customer's timeline, with the request it concerns."""

    request = RequestRef(allow_null=True)
