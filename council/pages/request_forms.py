"""What colleagues fill in on the Request page; `arguments` are those of the operation."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from backlog.forms import edit_conflicts
from backlog.forms.department_steps import GuardedStep
from backlog.models import (
    Assessment,
    Commitment,
    Criterion,
    CustomerRequest,
    Department,
    DepartmentStep,
    Event,
    Evidence,
    Feedback,
    Sprint,
)
from backlog.operations.assessments import Answer
from backlog.rules import passages
from council.models import Meeting


class Assess(edit_conflicts.Guarded, forms.Form):
    """One row a criterion: a value on its anchors or in its unit, how sure, and a note."""

    def __init__(self, criteria: Sequence[Criterion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[f"{criterion.key}-value"] = _value_field(criterion)
            self.fields[f"{criterion.key}-confidence"] = forms.ChoiceField(
                choices=Assessment.Confidence.choices,
                initial=Assessment.Confidence.MEDIUM,
                required=False,
            )
            self.fields[f"{criterion.key}-note"] = forms.CharField(
                required=False, **ends(Assessment, "note")
            )

    def rows(self) -> Iterator[tuple[Criterion, forms.BoundField, forms.BoundField, Any]]:
        for criterion in self.criteria:
            yield (
                criterion,
                self[f"{criterion.key}-value"],
                self[f"{criterion.key}-confidence"],
                self[f"{criterion.key}-note"],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self._answers():
            raise forms.ValidationError(_("Choose a value for at least one criterion."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {"answers": self._answers()}

    def _answers(self) -> dict[str, Answer]:
        """By criterion key, those that were given."""
        given = self.cleaned_data
        return {
            criterion.key: Answer(
                value=Decimal(given[f"{criterion.key}-value"]),
                confidence=given[f"{criterion.key}-confidence"] or Assessment.Confidence.MEDIUM,
                note=given[f"{criterion.key}-note"],
            )
            for criterion in self.criteria
            if given.get(f"{criterion.key}-value") not in (None, "")
        }


class Merge(forms.Form):
    """Why this request and another are the same."""

    into = forms.SlugField(**ends(CustomerRequest, "key"))
    reason = forms.CharField(**ends(Event, "reason"))


class Unmerge(forms.Form):
    reason = forms.CharField(**ends(Event, "reason"))


def _value_field(criterion: Criterion) -> forms.Field:
    """Five radio buttons with their anchors; without anchors a number within the scale."""
    anchors = criterion.anchor_texts
    if anchors:
        steps = [
            (f"{(criterion.scale_low + place * criterion.scale_step).normalize():f}", anchor)
            for place, anchor in enumerate(anchors)
        ]
        return forms.ChoiceField(choices=steps, required=False, widget=forms.RadioSelect)
    return forms.DecimalField(
        min_value=criterion.scale_low, max_value=criterion.scale_high, required=False
    )


class Link(forms.Form):
    """Customers' words to tie to a request; the part that speaks for it, or all of them."""

    feedback = forms.ModelChoiceField(queryset=Feedback.objects.none())
    excerpt = forms.CharField(required=False, **ends(Feedback, "verbatim"))
    importance = forms.TypedChoiceField(
        choices=Evidence.Importance.choices, coerce=int, initial=Evidence.Importance.NICE
    )

    def __init__(self, linkable: QuerySet[Feedback], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "feedback", linkable)

    def clean(self) -> dict[str, Any]:
        """Find where the excerpt begins and ends in the words."""
        cleaned = super().clean() or {}
        feedback, excerpt = cleaned.get("feedback"), cleaned.get("excerpt")
        if feedback is not None and excerpt:
            cleaned["place"] = passages.find_excerpt(feedback.verbatim, excerpt)
            if cleaned["place"] is None:
                self.add_error("excerpt", _("The customer did not say these words in this order."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        start, end = given.get("place", (0, None))
        return {
            "feedback_id": given["feedback"].pk,
            "start": start,
            "end": end,
            "importance": given["importance"],
        }


class Unlink(forms.Form):
    reason = forms.CharField(required=False, **ends(Event, "reason"))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class Step(GuardedStep, forms.Form):
    """What a department would do towards the solution; empty takes it back."""

    department = forms.ModelChoiceField(queryset=Department.objects.none())
    step = forms.CharField(required=False, **ends(DepartmentStep, "step"))

    def __init__(
        self,
        departments: QuerySet[Department],
        request: CustomerRequest,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        _choices(self, "department", departments)

    def request_of_steps(self) -> CustomerRequest:
        return self.request

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "department_id": given["department"].pk,
            "step": given["step"],
            "before": given["before"],
        }


class OnAgenda(forms.Form):
    meeting = forms.ModelChoiceField(queryset=Meeting.objects.none())
    minutes = forms.IntegerField(min_value=1, max_value=480, initial=10)

    def __init__(self, meetings: QuerySet[Meeting], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "meeting", meetings)

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"meeting_id": given["meeting"].pk, "minutes": given["minutes"]}


class Commit(forms.Form):
    sprint = forms.ModelChoiceField(queryset=Sprint.objects.none())
    hypothesis = forms.CharField(required=False, **ends(Commitment, "hypothesis"))
    measure = forms.CharField(required=False, **ends(Commitment, "measure"))
    baseline = forms.DecimalField(required=False, **ends(Commitment, "baseline"))
    target = forms.DecimalField(required=False, **ends(Commitment, "target"))
    is_pilot = forms.BooleanField(required=False)

    def __init__(self, sprints: QuerySet[Sprint], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "sprint", sprints)

    def arguments(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"sprint_id": given.pop("sprint").pk, **given}


def _choices(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
