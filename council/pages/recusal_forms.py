"""Stepping aside from an item in the room of its meeting, and coming back to it."""

from typing import Any

from django import forms

from backlog.db.fields import ends
from council.models import Recusal, Seat
from council.pages.room_forms import OnItem


class ComeBack(OnItem):
    """One's own seat; or, for who runs the meeting, another."""

    seat = forms.ModelChoiceField(Seat.objects.none(), required=False)

    def arguments(self) -> dict[str, Any]:
        seat = self.cleaned_data["seat"]
        return {**super().arguments(), "seat_id": seat and seat.pk}


class StepAside(ComeBack):
    reason = forms.CharField(**ends(Recusal, "reason"))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "reason": self.cleaned_data["reason"]}
