"""Sprints, commitments and outcomes."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import (
    ColleagueRef,
    DepartmentRef,
    ProductRef,
    RequestRef,
)
from backlog.models import (
    Commitment,
    CustomerRequest,
    Department,
    Effort,
    Event,
    Measurement,
    Outcome,
    Product,
    Sprint,
)


class SprintRead(fields.Read[Sprint]):
    product = ProductRef()

    class Meta:
        model = Sprint
        fields = [
            "id",
            "product",
            "name",
            "goal",
            "starts_on",
            "ends_on",
            "status",
            "started_at",
            "closed_at",
        ]


class SprintPlan(fields.Body):
    product = fields.Chosen(Product, "prefix")
    name = fields.of(Sprint, "name")
    goal = fields.of(Sprint, "goal", allow_blank=True, default="")
    starts_on = fields.Day()
    ends_on = fields.Day()


class SprintEdit(fields.Body):
    name = fields.of(Sprint, "name", required=False)
    goal = fields.of(Sprint, "goal", allow_blank=True, required=False)
    starts_on = fields.Day(required=False)
    ends_on = fields.Day(required=False)


class SprintMove(fields.Body):
    """`take_out_moved` takes out what was moved by hand since it was taken in."""

    take_out_moved = serializers.BooleanField(default=False)


class SprintRef(fields.Read[Sprint]):
    class Meta:
        model = Sprint
        fields = ["id", "name"]


class EffortRead(fields.Read[Effort]):
    department = DepartmentRef()

    class Meta:
        model = Effort
        fields = ["department", "days"]


class DaysSet(fields.Body):
    """Person-days of one department; 0 takes them back."""

    department = fields.Chosen(Department, "name")
    days = fields.of(Effort, "days", min_value=0)


class LoadRead(fields.Shape):
    """In person-days. `planned` and `left` are null where nobody said how much time there is."""

    department = DepartmentRef()
    planned = fields.Number(source="days.planned", max_digits=6, decimal_places=1, allow_null=True)
    used = fields.Number(source="days.used", max_digits=15, decimal_places=1)
    left = fields.Number(source="days.left", max_digits=15, decimal_places=1, allow_null=True)
    is_over = serializers.BooleanField(source="days.is_over")


class BurnUpDay(fields.Shape):
    """When the day ended; `scope` and `done` are null of days to come."""

    on = fields.Day()
    scope = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField(allow_null=True)
    pace = serializers.FloatField()


class CommitmentRead(fields.Read[Commitment]):
    sprint = SprintRef()
    efforts = EffortRead(many=True)
    request = RequestRef()
    committed_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Commitment
        fields = [
            "id",
            "sprint",
            "request",
            "hypothesis",
            "measure",
            "baseline",
            "target",
            "is_pilot",
            "efforts",
            "committed_by",
            "committed_at",
            "withdrawn_at",
            "version",
        ]


class CommitmentMake(fields.Body):
    sprint = fields.Chosen(Sprint)
    request = fields.Chosen(CustomerRequest, "key")
    hypothesis = fields.of(Commitment, "hypothesis", allow_blank=True, default="")
    measure = fields.of(Commitment, "measure", allow_blank=True, default="")
    baseline = fields.of(Commitment, "baseline", allow_null=True, default=None)
    target = fields.of(Commitment, "target", allow_null=True, default=None)
    is_pilot = fields.Flag(default=False)


class CommitmentEdit(fields.Body):
    hypothesis = fields.of(Commitment, "hypothesis", allow_blank=True, required=False)
    measure = fields.of(Commitment, "measure", allow_blank=True, required=False)
    baseline = fields.of(Commitment, "baseline", allow_null=True, required=False)
    target = fields.of(Commitment, "target", allow_null=True, required=False)
    is_pilot = fields.Flag(required=False)


class CommitmentWithdraw(fields.Body):
    reason = fields.of(Event, "reason")


class MeasurementRead(fields.Read[Measurement]):
    """`difference` is where it truly lies at 95 %: in points for shares, else as the averages are.

    It and `p_value` are null, and the verdict `untested`, for averages without their spreads.
    """

    verdict = serializers.ChoiceField(choices=Measurement.Verdict.choices)
    difference = fields.Value(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    measured_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Measurement
        fields = [
            "id",
            "design",
            "before_n",
            "before_conversions",
            "before_mean",
            "before_spread",
            "after_n",
            "after_conversions",
            "after_mean",
            "after_spread",
            "is_less_better",
            "verdict",
            "difference",
            "p_value",
            "measured_by",
            "measured_at",
        ]


class OutcomeMeasure(fields.Body):
    """Two samples: before and after it shipped, or (`ab`) the control and the variant.

    Either the conversions of both, or the averages of both; with their standard deviations, a
    change can be told from chance. Unless said here, better is the way to the target.
    """

    design = serializers.ChoiceField(
        choices=Measurement.Design.choices, default=Measurement.Design.BEFORE_AFTER
    )
    before_n = fields.of(Measurement, "before_n", min_value=1)
    before_conversions = fields.of(Measurement, "before_conversions", allow_null=True, default=None)
    before_mean = fields.of(Measurement, "before_mean", allow_null=True, default=None)
    before_spread = fields.of(
        Measurement, "before_spread", min_value=0, allow_null=True, default=None
    )
    after_n = fields.of(Measurement, "after_n", min_value=1)
    after_conversions = fields.of(Measurement, "after_conversions", allow_null=True, default=None)
    after_mean = fields.of(Measurement, "after_mean", allow_null=True, default=None)
    after_spread = fields.of(
        Measurement, "after_spread", min_value=0, allow_null=True, default=None
    )
    is_less_better = fields.Flag(allow_null=True, default=None)


class OutcomeRead(fields.Read[Outcome]):
    request = RequestRef(source="commitment.request")
    sprint = SprintRef(source="commitment.sprint")
    is_pilot = serializers.BooleanField(source="commitment.is_pilot")
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage()
    measurements = MeasurementRead(many=True, help_text="The latest counts, and comes first.")
    recorded_by = ColleagueRef(allow_null=True)
    asked_by = ColleagueRef(allow_null=True)
    countersigned_by = ColleagueRef(allow_null=True)
    announced_by = ColleagueRef(allow_null=True)

    class Meta:
        model = Outcome
        fields = [
            "id",
            "commitment",
            "request",
            "sprint",
            "result",
            "is_pilot",
            "summary",
            "missing",
            "shipped_at",
            "shipped_where",
            "measurements",
            "recorded_by",
            "recorded_at",
            "asked_by",
            "asked_at",
            "countersigned_by",
            "countersigned_at",
            "announced_by",
            "announced_at",
            "is_current",
            "replaces",
        ]


class OutcomeRecord(fields.Body):
    """`summary` and `missing` are what customers read."""

    commitment = fields.Chosen(Commitment)
    result = serializers.ChoiceField(choices=Outcome.Result.choices)
    summary = fields.TextByLanguage()
    missing = fields.TextByLanguage(required=False)
    shipped_at = fields.Happened(allow_null=True, default=None)
    shipped_where = fields.of(Outcome, "shipped_where", allow_blank=True, default="")
