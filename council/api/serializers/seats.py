"""Councils, their seats, and who holds them."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, DepartmentRef
from backlog.models import Department
from council.api.serializers.councils import CouncilRef
from council.models import Council, Seat, SeatTerm


class SeatTermRead(fields.Read[SeatTerm]):
    user = ColleagueRef()

    class Meta:
        model = SeatTerm
        fields = ["id", "user", "is_alternate", "starts_on", "ends_on"]


class SeatRead(fields.Read[Seat]):
    council = CouncilRef()
    department = DepartmentRef(allow_null=True)
    terms = SeatTermRead(many=True)

    class Meta:
        model = Seat
        fields = ["id", "council", "department", "title", "is_voting", "terms"]


class SeatAdd(fields.Input):
    """A voting seat belongs to a department; an advising one may have a title instead."""

    council = related_rows.RelatedRow(Council)
    department = related_rows.RelatedRow(Department, "name", allow_null=True, default=None)
    title = fields.of(Seat, "title", allow_blank=True, default="")
    is_voting = fields.Flag(default=True)


class SeatAppoint(fields.Input):
    user = related_rows.Colleague()
    is_alternate = fields.Flag(default=False)
    starts_on = fields.Day(allow_null=True, default=None)


class SeatVacate(fields.Input):
    is_alternate = fields.Flag(default=False)
