"""What colleagues fill in in the room of a meeting; `arguments` are those of the operation."""

from typing import Any

from django import forms

from backlog.db.fields import ends
from backlog.models import Event, User
from council.models import AgendaItem, Ballot, Meeting, Seat, SeatTerm, Stance
from council.pages.proposal_forms import ProposalForm


class RoomForm(forms.Form):
    """Of one meeting: what it can be about is of that meeting, and seen by the person."""

    def __init__(self, meeting: Meeting, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        items = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
        ballots = Ballot.objects.visible_to(user).filter(agenda_item__meeting=meeting)
        seats = Seat.objects.filter(council=meeting.council_id)
        seated = SeatTerm.objects.current().filter(seat__council=meeting.council_id)
        rows: dict[str, Any] = {
            "item": items,
            "further_items": items.filter(request__isnull=False),
            "ballot": ballots,
            "seat": seats,
            "user": User.objects.filter(pk__in=seated.values("user")),
        }
        for name, queryset in rows.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = queryset

    def arguments(self) -> dict[str, Any]:
        return {"meeting_id": self.meeting.pk}


class Come(RoomForm):
    """Oneself, or somebody who sits there."""

    user = forms.ModelChoiceField(User.objects.none(), required=False)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "user": self.cleaned_data["user"]}


class GiveProxy(RoomForm):
    seat = forms.ModelChoiceField(Seat.objects.none())
    user = forms.ModelChoiceField(User.objects.none())

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**super().arguments(), "seat_id": given["seat"].pk, "user": given["user"]}


class OnItem(RoomForm):
    item = forms.ModelChoiceField(AgendaItem.objects.none())

    def arguments(self) -> dict[str, Any]:
        return {"agenda_item_id": self.cleaned_data["item"].pk}


class _Proposing(ProposalForm, RoomForm):
    """What can be decided at once is of the same agenda, as far as the person may see it."""


class Put(_Proposing):
    item = forms.ModelChoiceField(AgendaItem.objects.none())

    def arguments(self) -> dict[str, Any]:
        return {"agenda_item_id": self.cleaned_data["item"].pk, "proposal": self.put()}


class OnBallot(RoomForm):
    ballot = forms.ModelChoiceField(Ballot.objects.none())

    def arguments(self) -> dict[str, Any]:
        return {"ballot_id": self.cleaned_data["ballot"].pk}


class Amend(_Proposing, OnBallot):
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "proposal": self.put()}


class Answer(OnBallot):
    answer = forms.ChoiceField(choices=Stance.Answer.choices)
    reason = forms.CharField(required=False, **ends(Stance, "reason"))
    is_named = forms.BooleanField(required=False)
    seat = forms.ModelChoiceField(Seat.objects.none())

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        said = {name: given[name] for name in ("answer", "reason", "is_named")}
        return {**super().arguments(), **said, "seat_id": given["seat"].pk}


class Withdraw(OnBallot):
    reason = forms.CharField(**ends(Event, "reason"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "reason": self.cleaned_data["reason"]}
