"""Requests, the words that speak for them, and their way over the board."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework import fields, problems, related_rows
from backlog.api.framework.problem_serializers import Problem
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
from backlog.operations import ranks, request_edits
from backlog.queries import sorting
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


class RequestMoveSeveral(fields.Input):
    """Which, and where to: right after or before another one of the board, or to a place from 1."""

    default_error_messages = {"one_place": _("Say one of: after, before, place.")}

    requests = fields.Several(
        child=related_rows.RelatedRow(CustomerRequest, "key"), min_length=1, max_length=ranks.MOST
    )
    after = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    before = related_rows.RelatedRow(CustomerRequest, "key", required=False)
    place = fields.of(CustomerRequest, "number", min_value=1, required=False)
    board_version = fields.of(Product, "board_version", required=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len([name for name in ("after", "before", "place") if name in attrs]) != 1:
            self.fail("one_place")
        return attrs


class RequestsMoved(fields.Output):
    """In rank order, and the version that the board has by now. `moved` are not there already."""

    requests = RequestRef(many=True)
    moved = serializers.IntegerField()
    board_version = serializers.IntegerField()

    @classmethod
    def told(cls, made: Sequence[ranks.Move]) -> dict[str, Any]:
        product = Product.objects.get(requests=made[0].request.pk)
        return {
            "requests": RequestRef([each.request for each in made], many=True).data,
            "moved": len([each for each in made if each.event is not None]),
            "board_version": product.board_version,
        }


class RequestSort(fields.Input):
    """All of a product's board, or those requests of it that are named."""

    product = related_rows.RelatedRow(Product, "prefix")
    requests = fields.Several(
        child=related_rows.RelatedRow(CustomerRequest, "key"),
        min_length=1,
        max_length=ranks.MOST,
        required=False,
    )
    moves_pinned = fields.Flag(default=False)
    board_version = fields.of(Product, "board_version", required=False)
    preview = fields.Flag(default=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")


class RequestSorted(fields.Output):
    """A request, its place before and after, from 1, and whether its move asks for a reason."""

    request = serializers.IntegerField(source="request_id")
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    asks_why = serializers.BooleanField()


class RequestsSorted(fields.Output):
    """What moves, or was moved; `pinned` stay, as do the `unscored`."""

    is_done = serializers.BooleanField()
    board_version = serializers.IntegerField()
    moves = RequestSorted(many=True)
    pinned = serializers.ListField(child=serializers.IntegerField())
    unscored = serializers.IntegerField()

    @classmethod
    def told(cls, plan: sorting.Plan, *, is_done: bool) -> dict[str, Any]:
        plan.product.refresh_from_db(fields=["board_version"])
        return {
            "is_done": is_done,
            "board_version": plan.product.board_version,
            "moves": RequestSorted(plan.moves, many=True).data,
            "pinned": plan.pinned,
            "unscored": plan.unscored,
        }


class RequestVersion(fields.Input):
    """A request, and the version of it that the edit is based on."""

    request = related_rows.RelatedRow(CustomerRequest, "key")
    version = fields.of(CustomerRequest, "version", min_value=1, required=False)


class RequestEditSeveral(fields.Input):
    """What is named is set."""

    default_error_messages = {
        "nothing": _("Say one of: owner, status, review_on."),
        "repeated": _("Give this only once."),
    }

    requests = fields.Several(child=RequestVersion(), min_length=1, max_length=request_edits.MOST)
    owner = related_rows.Colleague(allow_null=True, required=False)
    status = serializers.ChoiceField(
        choices=[each for each in RequestStatus.choices if each[0] != "merged"], required=False
    )
    review_on = fields.Day(allow_null=True, required=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")

    def validate_requests(self, named: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({each["request"].pk for each in named}) < len(named):
            self.fail("repeated")
        return named

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() & {"owner", "status", "review_on"}:
            self.fail("nothing")
        return attrs


class RequestEdited(fields.Output):
    """What became of one; what is as it was asked for already is `unchanged`."""

    request = serializers.CharField()
    status = serializers.ChoiceField(choices=["edited", "unchanged", "refused"])
    problem = Problem(allow_null=True)


class RequestsEdited(fields.Output):
    edited = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RequestEdited(many=True)

    @classmethod
    def told(cls, results: Sequence[tuple[str, request_edits.Result]]) -> dict[str, Any]:
        rows = [_edited(key, result) for key, result in results]
        counts = Counter(row["status"] for row in rows)
        return {
            **{name: counts[name] for name in ("edited", "unchanged", "refused")},
            "results": rows,
        }


def _edited(key: str, result: request_edits.Result) -> dict[str, Any]:
    if result.refusal is None:
        status = "unchanged" if result.event is None else "edited"
        return {"request": key, "status": status, "problem": None}
    problem = problems.problem_of(result.refusal)
    assert problem is not None
    return {"request": key, "status": "refused", "problem": problem.as_dict()}


class RequestTransition(fields.Input):
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    reason = fields.of(Event, "reason")


class RequestMerge(fields.Input):
    """Into which request, and why."""

    into = related_rows.RelatedRow(CustomerRequest, "key")
    reason = fields.of(Event, "reason")


class RequestUnmerge(fields.Input):
    reason = fields.of(Event, "reason")
