"""Requests, the words that speak for them, and their way over the board."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import (
    ColleagueRef,
    ProductRef,
    RequestRef,
    ScoringModelRef,
)
from backlog.models import (
    CustomerRequest,
    Event,
    Feedback,
    Product,
    RequestStatus,
)
from backlog.queries.loud_voices import LoudVoices
from backlog.rules.loud_voices import Guard


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


class SimilarRequest(fields.Output):
    """A request that may be meant: how alike it is, from 0 to 1, and the words that say so.

    None of them where only others who ask for it spoke alike.
    """

    request = RequestRef()
    score = serializers.FloatField()
    shared = serializers.ListField(child=serializers.CharField())


class RequestWarning(fields.Output):
    """What to be careful about; of `one_account`, the text says how much of it that one is."""

    code = serializers.ChoiceField(choices=[(str(code), str(code)) for code in Guard])
    text = serializers.CharField()


class RequestVoices(fields.Output):
    """In pieces of evidence; `loudest_account` is null for callers who may not see accounts."""

    pieces = serializers.IntegerField(source="voices.pieces")
    with_words = serializers.IntegerField(source="voices.with_words")
    with_ratings = serializers.IntegerField(source="voices.with_ratings")
    by_non_customers = serializers.IntegerField(source="voices.by_non_customers")
    loudest_account = serializers.SerializerMethodField()
    loudest_percent = serializers.IntegerField(source="voices.percent")
    warnings = RequestWarning(many=True)

    def get_loudest_account(self, heard: LoudVoices) -> int | None:
        may_see = self.context["viewer"].has_perm("backlog.view_account")
        return heard.voices.loudest_account if may_see else None


class RequestOpen(fields.Input):
    """Each feedback named here becomes evidence with all its words."""

    product = related_rows.RelatedRow(Product, "prefix")
    title = fields.of(CustomerRequest, "title")
    problem = fields.of(CustomerRequest, "problem")
    root_cause = fields.of(CustomerRequest, "root_cause", allow_blank=True, default="")
    perfect_picture = fields.of(CustomerRequest, "perfect_picture", allow_blank=True, default="")
    owner = related_rows.Colleague(allow_null=True, default=None)
    feedback = fields.Several(child=related_rows.RelatedRow(Feedback), default=list, max_length=200)


class RequestEdit(fields.Input):
    title = fields.of(CustomerRequest, "title", required=False)
    problem = fields.of(CustomerRequest, "problem", required=False)
    root_cause = fields.of(CustomerRequest, "root_cause", allow_blank=True, required=False)
    perfect_picture = fields.of(
        CustomerRequest, "perfect_picture", allow_blank=True, required=False
    )
    owner = related_rows.Colleague(allow_null=True, required=False)
    review_on = fields.Day(allow_null=True, required=False)


class RequestMove(fields.Input):
    """Right after or right before a neighbour of the same board, or to the top of it."""

    default_error_messages = {"one_place": _("Say one of: after, before, to_top.")}

    after = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    before = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    to_top = fields.Flag(required=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        places = [name for name in ("after", "before", "to_top") if attrs.get(name)]
        if len(places) != 1:
            self.fail("one_place")
        return attrs


class RequestTransition(fields.Input):
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    reason = fields.of(Event, "reason")


class RequestMerge(fields.Input):
    """Into which request, and why."""

    into = related_rows.RelatedRow(CustomerRequest, "key")
    reason = fields.of(Event, "reason")


class RequestUnmerge(fields.Input):
    reason = fields.of(Event, "reason")
