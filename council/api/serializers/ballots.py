"""Proposals put to the vote."""

from rest_framework import serializers

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import Event
from backlog.rules import bounds
from council.api.serializers.meetings import MeetingRef
from council.api.serializers.predictions import ExpectedRead, several
from council.models import AgendaItem, Ballot, Decision, Seat, Stance

MOST_AT_ONCE = 50
"""So many items beside the one that is put to the vote."""


class AgendaItemRef(fields.Read[AgendaItem]):
    meeting = MeetingRef()
    request = RequestRef(allow_null=True)

    class Meta:
        model = AgendaItem
        fields = ["id", "meeting", "request"]


class StanceRef(fields.Read[Stance]):
    user = ColleagueRef()

    class Meta:
        model = Stance
        fields = ["seat", "user", "capacity", "answer", "reason", "is_named", "taken_at"]


class BallotRead(fields.Read[Ballot]):
    """`stances` are the caller's own alone while a blind ballot is open.

    `rule` is the house rule that it opened with, fractions as two numbers; `electorate` the seats
    that were entitled, and those that were there, when it was closed. The same answers decide on
    `further_items`, each about its own request.
    """

    agenda_item = AgendaItemRef()
    further_items = AgendaItemRef(many=True)
    opened_by = ColleagueRef()
    evidence_from = ColleagueRef(allow_null=True)
    stances = StanceRef(many=True)
    predictions = ExpectedRead(many=True)
    options = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Ballot
        fields = [
            "id",
            "agenda_item",
            "further_items",
            "proposal",
            "verdict",
            "options",
            "conditions",
            "reason_code",
            "expected_effect",
            "predictions",
            "review_on",
            "evidence_from",
            "evidence_due_on",
            "rule",
            "is_blind",
            "opened_by",
            "opened_at",
            "closes_at",
            "status",
            "result",
            "ended_at",
            "electorate",
            "amends",
            "stances",
        ]


class BallotAmend(fields.Input):
    """What is proposed, and why: the words become the rationale of the decision.

    `further_items` of the same agenda are decided at once, each about its own request. Who is asked
    for evidence (`evidence_from`, by `evidence_due_on`) then has an action item.
    """

    proposal = fields.of(Ballot, "proposal")
    verdict = serializers.ChoiceField(choices=Decision.Verdict.choices)
    expected_effect = fields.of(Ballot, "expected_effect", allow_blank=True, default="")
    options = fields.Several(
        child=fields.Text(max_length=bounds.OPTION), default=list, max_length=bounds.OPTIONS
    )
    conditions = fields.of(Ballot, "conditions", allow_blank=True, default="")
    reason_code = serializers.ChoiceField(
        choices=Decision.ReasonCode.choices, allow_blank=True, default=""
    )
    review_on = fields.Day(allow_null=True, default=None)
    evidence_from = related_rows.Colleague(allow_null=True, default=None)
    evidence_due_on = fields.Day(allow_null=True, default=None)
    predictions = several()
    further_items = fields.Several(
        child=related_rows.RelatedRow(AgendaItem), default=list, max_length=MOST_AT_ONCE
    )


class BallotOpen(BallotAmend):
    """Without `closes_at` it is closed in the meeting; with it, it needs none."""

    agenda_item = related_rows.RelatedRow(AgendaItem)
    closes_at = fields.Moment(allow_null=True, default=None)


class BallotStance(fields.Input):
    """For one's own seat, or by proxy for `seat`."""

    answer = serializers.ChoiceField(choices=Stance.Answer.choices)
    reason = fields.of(Stance, "reason", allow_blank=True, default="")
    is_named = fields.Flag(default=False)
    seat = related_rows.RelatedRow(Seat, allow_null=True, default=None)


class BallotWithdraw(fields.Input):
    reason = fields.of(Event, "reason")


class BallotRecord(fields.Input):
    """Customers read `customer_words` once it is announced; they never read the proposal."""

    customer_words = fields.TextByLanguage(allow_null=True, default=None)
    options = fields.Several(
        child=fields.Text(max_length=bounds.OPTION), default=list, max_length=bounds.OPTIONS
    )
