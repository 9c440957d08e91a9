"""What is filled in to change a decision that stands; `arguments` are those of the operation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from backlog.db.fields import ends
from backlog.errors import Refusal
from backlog.models import Event, User
from council.models import Decision
from council.queries import decisions as decision_queries
from council.queries import seats as seat_queries


def _words(name: str, label: StrPromise, *, rows: int = 3, required: bool = False) -> Any:
    widget = forms.Textarea({"rows": rows, "class": "hb-input hb-input-wide"})
    return forms.CharField(label=label, required=required, widget=widget, **ends(Decision, name))


def _choice(choices: list[tuple[str, Any]], label: StrPromise, *, required: bool = True) -> Any:
    widget = forms.Select({"class": "hb-input"})
    return forms.ChoiceField(label=label, required=required, choices=choices, widget=widget)


def _day() -> Any:
    widget = forms.DateInput({"type": "date", "class": "hb-input"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Review on"), required=False, widget=widget)


class _OfDecision(forms.Form):
    """About one decision."""

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": False})
        self.decision = decision

    def arguments(self) -> dict[str, Any]:
        # Browsers send CRLF, and a line that was left as it was is no change.
        given = {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        return {"decision_id": self.decision.pk, **given}


class _Replaced(_OfDecision):
    """Shown as it holds now."""

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        holds = {name: getattr(decision, name) for name in self.base_fields}
        super().__init__(decision, *args, initial={**holds, "what_changed": ""}, **kwargs)


WHY_NOT: Final = [("", "–"), *Decision.ReasonCode.choices]


class AmendForm(_Replaced):
    what_changed = _words("what_changed", _("What changes, and why"), rows=2, required=True)
    rationale = _words("rationale", _("Rationale"), required=True)
    conditions = _words("conditions", _("Conditions"), rows=2)
    reason_code = _choice(WHY_NOT, _("Why not"), required=False)
    review_on = _day()

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(decision, *args, **kwargs)
        if decision.verdict != Decision.Verdict.DECLINE:
            del self.fields["reason_code"]


class CorrectForm(_Replaced):
    what_changed = _words("what_changed", _("What was written down wrongly"), rows=2, required=True)
    verdict = _choice(Decision.Verdict.choices, _("Verdict"))
    rationale = _words("rationale", _("Rationale"), required=True)
    conditions = _words("conditions", _("Conditions"), rows=2)
    reason_code = _choice(WHY_NOT, _("Why not"), required=False)
    review_on = _day()


class SupersedeForm(_OfDecision):
    verdict = _choice(Decision.Verdict.choices, _("Verdict"))
    rationale = _words("rationale", _("Rationale"), required=True)
    conditions = _words("conditions", _("Conditions"), rows=2)
    reason_code = _choice(WHY_NOT, _("Why not"), required=False)
    dissent = _words("dissent", _("Dissent"), rows=2)
    expected_effect = _words("expected_effect", _("Expected effect"), rows=2)
    review_on = _day()
    evidence_from = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("Evidence from"),
        required=False,
        widget=forms.Select({"class": "hb-input"}),
    )
    evidence_due_on = forms.DateField(
        label=_("Evidence by"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "hb-input"}, format="%Y-%m-%d"),
    )

    def __init__(self, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(decision, *args, **kwargs)
        field = self.fields["evidence_from"]
        assert isinstance(field, forms.ModelChoiceField)
        people = seat_queries.people_of(decision.council)
        field.queryset = User.objects.filter(pk__in=[each.pk for each in people])


class RetireForm(_OfDecision):
    reason = forms.CharField(
        label=_("Why it does not stand any more"),
        widget=forms.Textarea({"rows": 2, "class": "hb-input hb-input-wide"}),
        **ends(Event, "reason"),
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to change what stands: who may, and how it is told what that does."""

    title: StrPromise
    about: StrPromise
    button: StrPromise
    permission: str
    form: type[_OfDecision]
    refusal: Callable[[Decision, User], Refusal | None]


@dataclass(frozen=True, slots=True)
class Act:
    """The same on one decision, with its form."""

    name: str
    kind: Kind
    form: _OfDecision

    @property
    def address(self) -> str:
        return reverse(f"council:{self.name}-decision", args=[self.form.decision.pk])


KINDS: Final[Mapping[str, Kind]] = {
    "amend": Kind(
        _("Amend it"),
        _("The verdict stays. What holds from now on is another decision that says what changed."),
        _("Record the amendment"),
        "council.record_decision",
        AmendForm,
        decision_queries.refusal_to_amend,
    ),
    "supersede": Kind(
        _("Decide otherwise"),
        _("Another verdict takes its place, the request moves, and customers are to hear of it."),
        _("Record the decision"),
        "council.record_decision",
        SupersedeForm,
        decision_queries.refusal_to_supersede,
    ),
    "retire": Kind(
        _("Retire it"),
        _("It does not stand any more, and nothing takes its place. The request stays."),
        _("Retire it"),
        "council.record_decision",
        RetireForm,
        decision_queries.refusal_to_retire,
    ),
    "correct": Kind(
        _("Correct the record"),
        _("For what was written down wrongly. It is on record as your correction."),
        _("Record the correction"),
        "council.correct_decision",
        CorrectForm,
        lambda decision, _user: decision_queries.refusal_to_correct(decision),
    ),
}


def acts_of(decision: Decision, user: User, sent: _OfDecision | None = None) -> list[Act]:
    """What this person may do with it now; with the form that was sent, where there is one."""
    return [
        Act(name, kind, sent if isinstance(sent, kind.form) else kind.form(decision))
        for name, kind in KINDS.items()
        if user.has_perm(kind.permission) and kind.refusal(decision, user) is None
    ]
