"""Councils, their seats, and who holds them."""

from rest_framework import serializers

from backlog.api import fields
from backlog.api.serializers.references import ColleagueRef, DepartmentRef, ProductRef
from backlog.models import Department, Product
from council.models import Council, Seat, SeatTerm


class CouncilRef(fields.Read[Council]):
    class Meta:
        model = Council
        fields = ["id", "name"]


class CouncilRead(fields.Read[Council]):
    products = ProductRef(many=True)
    chair = ColleagueRef()
    secretary = ColleagueRef()

    class Meta:
        model = Council
        fields = ["id", "name", "products", "chair", "secretary"]


class CouncilFound(fields.Body):
    name = fields.of(Council, "name")
    products = serializers.ListField(child=fields.Chosen(Product, "prefix"), max_length=200)
    chair = fields.Colleague()
    secretary = fields.Colleague()


class CouncilEdit(fields.Body):
    name = fields.of(Council, "name", required=False)
    products = serializers.ListField(
        child=fields.Chosen(Product, "prefix"), max_length=200, required=False
    )
    chair = fields.Colleague(required=False)
    secretary = fields.Colleague(required=False)


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


class SeatAdd(fields.Body):
    """A voting seat belongs to a department; an advising one may have a title instead."""

    council = fields.Chosen(Council)
    department = fields.Chosen(Department, "name", allow_null=True, default=None)
    title = fields.of(Seat, "title", allow_blank=True, default="")
    is_voting = fields.Flag(default=True)


class SeatAppoint(fields.Body):
    user = fields.Colleague()
    is_alternate = fields.Flag(default=False)
    starts_on = fields.Day(allow_null=True, default=None)


class SeatVacate(fields.Body):
    is_alternate = fields.Flag(default=False)
