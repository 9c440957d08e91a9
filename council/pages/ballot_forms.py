"""What colleagues fill in about a ballot between meetings; `arguments` are the operation's."""

from typing import Any

from django import forms

from backlog.db.fields import ends
from backlog.models import CustomerRequest, Event
from council.models import Ballot, Decision, Meeting, Stance
from council.operations.ballots import Proposal
from council.rules import ballots as rules


class _OfBallot(forms.Form):
    """About one ballot."""

    def __init__(self, ballot: Ballot, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot = ballot

    def arguments(self) -> dict[str, Any]:
        return {"ballot_id": self.ballot.pk}


class JustDo(_OfBallot):
    """A button alone."""


class AnswerByDeadline(_OfBallot):
    answer = forms.ChoiceField(choices=Stance.Answer.choices)
    reason = forms.CharField(required=False, **ends(Stance, "reason"))
    is_named = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        answer = given.get("answer")
        rule = self.ballot.house_rule
        is_missing = answer and rule.asks_for_a_reason(rules.Answer(answer))
        if is_missing and not given.get("reason", "").strip():
            self.add_error("reason", forms.Field.default_error_messages["required"])
        return given

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), **self.cleaned_data}


class Reworded(_OfBallot):
    """The proposal in other words."""

    proposal = forms.CharField(**ends(Ballot, "proposal"))
    verdict = forms.ChoiceField(choices=Decision.Verdict.choices)
    expected_effect = forms.CharField(required=False, **ends(Ballot, "expected_effect"))
    review_on = forms.DateField(required=False)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "proposal": Proposal(**self.cleaned_data)}


class TakeBack(_OfBallot):
    reason = forms.CharField(**ends(Event, "reason"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "reason": self.cleaned_data["reason"]}


class Aside(_OfBallot):
    reason = forms.CharField(**ends(Stance, "reason"))

    def arguments(self) -> dict[str, Any]:
        item = self.ballot.agenda_item_id
        return {"agenda_item_id": item, "reason": self.cleaned_data["reason"]}


class Back(_OfBallot):
    """A button alone."""

    def arguments(self) -> dict[str, Any]:
        return {"agenda_item_id": self.ballot.agenda_item_id}


class ByDeadline(forms.Form):
    """A proposal about a request, and until when it can be answered."""

    meeting = forms.ModelChoiceField(Meeting.objects.none())
    proposal = forms.CharField(**ends(Ballot, "proposal"))
    verdict = forms.ChoiceField(choices=Decision.Verdict.choices)
    expected_effect = forms.CharField(required=False, **ends(Ballot, "expected_effect"))
    review_on = forms.DateField(required=False)
    closes_at = forms.DateTimeField()

    def __init__(self, row: CustomerRequest, meetings: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = meetings

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        meeting, closes_at = given.pop("meeting"), given.pop("closes_at")
        return {
            "request_id": self.row.pk,
            "meeting_id": meeting.pk,
            "closes_at": closes_at,
            "proposal": Proposal(**given),
        }
