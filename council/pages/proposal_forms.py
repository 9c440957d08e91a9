"""A proposal as it is typed, in the room and between meetings; what its fields are shown with."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from backlog.db.fields import ends
from backlog.models import User
from backlog.rules import bounds, names
from council.models import AgendaItem, Ballot, Decision
from council.operations.ballots import Proposal
from council.pages import prediction_forms
from council.pages.prediction_forms import FiguresForm


class ProposalForm(FiguresForm):
    """Mix it into a form, and give its `further_items` the rows that can be chosen."""

    proposal = forms.CharField(**ends(Ballot, "proposal"))
    verdict = forms.ChoiceField(choices=Decision.Verdict.choices)
    expected_effect = forms.CharField(required=False, **ends(Ballot, "expected_effect"))
    review_on = forms.DateField(required=False)
    options = forms.CharField(
        required=False, max_length=bounds.OPTIONS * (bounds.OPTION + len("\r\n"))
    )
    conditions = forms.CharField(required=False, **ends(Ballot, "conditions"))
    reason_code = forms.ChoiceField(
        required=False, choices=[("", ""), *Decision.ReasonCode.choices]
    )
    evidence_from = forms.ModelChoiceField(User.objects.none(), required=False)
    evidence_due_on = forms.DateField(required=False)
    further_items = forms.ModelMultipleChoiceField(AgendaItem.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence_from"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(is_active=True)

    def clean_options(self) -> list[str]:
        """One a line."""
        lines = self.cleaned_data["options"].splitlines()
        return [line.strip() for line in lines if line.strip()]

    def offer(self, rows: Any) -> None:
        """What can be decided at once."""
        field = self.fields["further_items"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows

    def put(self) -> Proposal:
        names = (
            *("proposal", "verdict", "expected_effect", "review_on"),
            *("options", "conditions", "reason_code"),
            *("evidence_from", "evidence_due_on"),
        )
        given = {name: self.cleaned_data[name] for name in names}
        further = [each.pk for each in self.cleaned_data["further_items"]]
        return Proposal(**given, predictions=self.expected(), further_items=further)


def shown(
    ballot: Ballot | None = None,
    *,
    further: Iterable[AgendaItem] = (),
    others: Iterable[AgendaItem] = (),
    people: Iterable[User] = (),
) -> dict[str, Any]:
    """What the fields begin with: the proposal as it stands, else empty.

    `further` items are decided at once by now, and `others` could be; `people` can be asked for
    evidence.
    """
    chosen = {each.pk: each for each in further}
    return {
        **_choices(chosen, {**chosen, **{each.pk: each for each in others}}.values()),
        "askable": people,
        "figure_rows": prediction_forms.rows_of(ballot.expected if ballot else ()),
        "draft": {
            "verdict": ballot.verdict,
            "proposal": ballot.proposal,
            "expected_effect": ballot.expected_effect,
            "options": "\n".join(ballot.options),
            "conditions": ballot.conditions,
            "reason_code": ballot.reason_code,
            "review_on": _iso(ballot.review_on),
            "evidence_from": ballot.evidence_from_id,
            "evidence_due_on": _iso(ballot.evidence_due_on),
        }
        if ballot
        else {},
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _choices(chosen: Collection[int], items: Iterable[AgendaItem]) -> dict[str, Any]:
    return {
        "verdicts": Decision.Verdict.choices,
        "reason_codes": Decision.ReasonCode.choices,
        "choices": sorted(items, key=lambda it: (it.meeting_id, it.position, it.pk)),
        "chosen": chosen,
    }


def typed(data: QueryDict) -> dict[str, Any]:
    """What they are shown with again, where they were not accepted."""
    return {
        "draft": data,
        "figure_rows": prediction_forms.rows_typed(data),
        "chosen": {names.number(each) for each in data.getlist("further_items")} - {None},
    }
