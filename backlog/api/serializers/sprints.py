"""Sprints, commitments and outcomes."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import (
    ProductRef,
)
from backlog.models import (
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


class SprintPlan(fields.Input):
    product = related_rows.RelatedRow(Product, "prefix")
    name = fields.of(Sprint, "name")
    goal = fields.of(Sprint, "goal", allow_blank=True, default="")
    starts_on = fields.Day()
    ends_on = fields.Day()


class SprintEdit(fields.Input):
    name = fields.of(Sprint, "name", required=False)
    goal = fields.of(Sprint, "goal", allow_blank=True, required=False)
    starts_on = fields.Day(required=False)
    ends_on = fields.Day(required=False)


class SprintMove(fields.Input):
    """`take_out_moved` takes out what was moved by hand since it was taken in."""

    take_out_moved = fields.Flag(default=False)


class SprintRef(fields.Read[Sprint]):
    class Meta:
        model = Sprint
        fields = ["id", "name"]
