"""What customers said, coming in and going out."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from backlog.api.framework import fields, related_rows
from backlog.api.framework.problem_serializers import Problem
from backlog.api.serializers.customers import CustomerFacts
from backlog.api.serializers.references import (
    AccountRef,
    ColleagueRef,
    CustomerRef,
    ProductRef,
    SourceRef,
)
from backlog.models import Customer, Event, Feedback, Language, Product, Reading, Source
from backlog.operations import feedback_in_bulk


class ReadingRead(fields.Read[Reading]):
    class Meta:
        model = Reading
        fields = ["kind", "value"]


class FeedbackRead(fields.Read[Feedback]):
    source = SourceRef()  # type: ignore[assignment]
    product = ProductRef(allow_null=True)
    customer = CustomerRef(allow_null=True)
    account = AccountRef(allow_null=True)
    filed_by = ColleagueRef(allow_null=True)
    given_to = ColleagueRef(allow_null=True)
    readings = ReadingRead(many=True)
    # Said here, since of a column that no form edits DRF does not say that it may be empty.
    done_as = serializers.ChoiceField(choices=Feedback.Done.choices, allow_blank=True)

    class Meta:
        model = Feedback
        fields = [
            "id",
            "source",
            "external_id",
            "product",
            "customer",
            "account",
            "filed_by",
            "verbatim",
            "language",
            "relation",
            "journey_stage",
            "readings",
            "said_at",
            "received_at",
            "is_linked",
            "done_as",
            "snoozed_until",
            "given_to",
        ]


class FeedbackTriage(fields.Input):
    """What is done with words in the inbox: `put_away` says `done_as`, `snooze` says `until`,
    `give` says `to` (null: to nobody); `return` brings them back.
    """

    default_error_messages = {"lacking": _("This act needs it.")}

    act = serializers.ChoiceField(choices=["put_away", "snooze", "give", "return"])
    done_as = serializers.ChoiceField(choices=Feedback.Done.choices, required=False)
    reason = fields.of(Event, "reason", allow_blank=True, default="")
    until = fields.Moment(required=False)
    to = related_rows.Colleague(allow_null=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Just what the act takes."""
        needed = {"put_away": "done_as", "snooze": "until", "give": "to"}.get(attrs["act"])
        if needed is not None and needed not in attrs:
            message = str(self.error_messages["lacking"])
            raise serializers.ValidationError({needed: [ErrorDetail(message, "required")]})
        kept = {needed} | ({"reason"} if attrs["act"] == "put_away" else set())
        return {"act": attrs["act"]} | {name: attrs[name] for name in kept if name in attrs}


class Sayer(CustomerFacts):
    """Who said it: someone known by id, by the source's number or by address, or else someone new.

    Who is known learns the number or address given beside. What is another customer's stays with
    them, and a note says so. What else is said of them is taken for a new person only.
    """

    default_error_messages = {"nobody": _("Say who it is: id, external_id or email.")}

    id = related_rows.RelatedRow(Customer, required=False)
    external_id = fields.SourceNumber(required=False)
    email = fields.Email(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.keys() & {"id", "external_id", "email"}:
            self.fail("nobody")
        return attrs


class ReadingTake(fields.Input):
    kind = serializers.ChoiceField(choices=Reading.Kind.choices)
    value = fields.of(Reading, "value", min_value=Decimal(0), max_value=Decimal(10))


class FeedbackReceive(fields.Input):
    """A customer's words, or `readings`, or both. With `external_id`, the same message is stored
    only once.

    What comes again under its number with other words is known as well, and a note says so; or it
    is stored beside the first where the source says `keep_both`.
    """

    source = related_rows.RelatedRow(Source, "key", related=("product",))  # type: ignore[assignment]
    verbatim = fields.of(Feedback, "verbatim", trim_whitespace=False, allow_blank=True, default="")
    external_id = fields.of(Feedback, "external_id", allow_blank=True, default="")
    customer = Sayer(required=False)
    product = related_rows.RelatedRow(Product, "prefix", allow_null=True, default=None)
    language = serializers.ChoiceField(choices=Language.choices, allow_blank=True, default="")
    relation = serializers.ChoiceField(
        choices=Feedback.Relation.choices, default=Feedback.Relation.CUSTOMER
    )
    journey_stage = serializers.ChoiceField(
        choices=Feedback.JourneyStage.choices, allow_blank=True, default=""
    )
    said_at = fields.Happened(allow_null=True, default=None)
    readings = fields.Several(child=ReadingTake(), default=list, max_length=len(Reading.Kind))
    payload = fields.of(Feedback, "payload", default=dict)
    filed_by = related_rows.Colleague(allow_null=True, default=None)

    def validate_readings(self, readings: list[dict[str, Any]]) -> dict[str, Decimal]:
        """By kind; a kind given twice is a slip, not an average."""
        by_kind = {each["kind"]: each["value"] for each in readings}
        if len(by_kind) < len(readings):
            raise serializers.ValidationError(_("One value of a kind."), code="repeated")
        return by_kind


@extend_schema_field(FeedbackReceive)
class Unchecked(serializers.JSONField):
    """What `FeedbackReceive` describes, taken as it is."""

    def to_internal_value(self, data: Any) -> Any:
        """It was JSON a moment ago: to try whether it can be written as such would take long."""
        return data


class FeedbackReceiveMany(fields.Input):
    """Each row is like the body of a single one; it is checked when its turn comes."""

    rows = fields.Several(child=Unchecked(), min_length=1, max_length=1_000)


class Note(fields.Output):
    """What must be said of something that came in, in a code and in words."""

    code = serializers.ChoiceField(choices=list(feedback_in_bulk.NOTES))
    message = serializers.CharField()

    @classmethod
    def told(cls, codes: Iterable[str]) -> list[dict[str, str]]:
        return [{"code": code, "message": str(feedback_in_bulk.NOTES[code])} for code in codes]


class FeedbackReceived(FeedbackRead):
    """The feedback, with what must be said of it; shown once, to whoever handed it in."""

    notes = Note(many=True)

    class Meta(FeedbackRead.Meta):
        fields = [*FeedbackRead.Meta.fields, "notes"]


class BulkResult(fields.Output):
    """What became of one row: its place in what was sent, its status, and its id or its problem."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["created", "known", "refused"])
    id = serializers.IntegerField(allow_null=True)
    problem = Problem(allow_null=True)
    notes = Note(many=True)


class BulkAnswer(fields.Output):
    created = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = BulkResult(many=True)
