"""What colleagues fill in about a ballot between meetings; `arguments` are the operation's."""

from typing import Any

from django import forms

from backlog.db.fields import ends
from backlog.models import CustomerRequest, Event
from council.models import AgendaItem, Ballot, Meeting, Stance
from council.pages.proposal_forms import ProposalForm
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


class Reworded(ProposalForm, _OfBallot):
    """The proposal in other words; what it decides at once may be left out."""

    def __init__(self, ballot: Ballot, *args: Any, **kwargs: Any) -> None:
        super().__init__(ballot, *args, **kwargs)
        item = ballot.agenda_item
        self.offer(AgendaItem.objects.filter(meeting=item.meeting_id, request__isnull=False))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "proposal": self.put()}


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


class ByDeadline(ProposalForm):
    """A proposal about a request, and until when it can be answered."""

    meeting = forms.ModelChoiceField(Meeting.objects.none())
    closes_at = forms.DateTimeField()

    def __init__(
        self, row: CustomerRequest, meetings: Any, items: Any, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        field = self.fields["meeting"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = meetings
        self.offer(items)

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "request_id": self.row.pk,
            "meeting_id": given["meeting"].pk,
            "closes_at": given["closes_at"],
            "proposal": self.put(),
        }
