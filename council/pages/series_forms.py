"""What colleagues fill in for a series of meetings, and where one of them is moved to."""

from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from backlog.errors import Invalid
from backlog.forms import edit_conflicts
from backlog.models import Event
from council.models import Meeting, Series
from council.rules import public_holidays, recurrence

_WIDE: Final = {"class": "hb-input hb-input-wide"}
REPEATS: Final = {
    "weekly": _("every week on that day of the week"),
    "fortnightly": _("every other week on that day of the week"),
    "nth": _("every month on that day of the week, as the second Friday"),
    "last": _("every month on the last such day of the week"),
    "day": _("every month on that day of the month"),
    "month_end": _("every month on its last day"),
    "quarterly": _("every three months on the last such day of the week"),
    "own": _("by a rule of your own"),
}


class SeriesForm(edit_conflicts.Guarded, forms.ModelForm[Series]):
    """How often is chosen beside the first day; whoever knows RFC 5545 writes the rule."""

    repeats = forms.ChoiceField(
        choices=list(REPEATS.items()), label=_("how often"), widget=forms.Select(_WIDE)
    )

    class Meta:
        model = Series
        fields = (
            *("title", "starts_on", "starts_at", "time_zone", "repeats", "rule", "minutes"),
            *("place", "country", "on_holiday", "sections"),
        )
        widgets = {
            "title": forms.TextInput(_WIDE),
            "starts_on": forms.DateInput({**_WIDE, "type": "date"}, format="%Y-%m-%d"),
            "starts_at": forms.TimeInput({**_WIDE, "type": "time"}),
            "time_zone": forms.TextInput({**_WIDE, "list": "zones"}),
            "rule": forms.TextInput({**_WIDE, "autocomplete": "off", "spellcheck": "false"}),
            "minutes": forms.NumberInput({**_WIDE, "min": 5, "max": 1440, "step": 5}),
            "place": forms.TextInput(_WIDE),
            "on_holiday": forms.Select(_WIDE),
            "sections": forms.Textarea({**_WIDE, "rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = ("", _("none"))
        self.fields["country"] = forms.ChoiceField(
            choices=[none, *public_holidays.COUNTRIES.items()],
            required=False,
            label=_("public holidays of"),
            widget=forms.Select(_WIDE),
        )
        self.fields["rule"].required = False
        self.fields["starts_at"].widget.attrs.pop("maxlength", None)
        self.initial["repeats"] = "own" if self.instance.pk else "last"

    def version_now(self) -> int | None:
        return self.instance.version if self.instance.pk else None

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        found = self.cleaned_data
        chosen, day = found.get("repeats"), found.get("starts_on")
        if chosen is None or day is None:
            return found
        try:
            text = found.get("rule", "") if chosen == "own" else recurrence.offered(chosen, day)
            rule = recurrence.read(text)
            recurrence.check(rule)
        except Invalid as wrong:
            self.add_error("rule", str(wrong))
            return found
        found["rule"] = str(rule)
        return found

    def _post_clean(self) -> None:
        """The operation checks and writes; a form that is shown again keeps what was typed."""

    def clean_starts_at(self) -> str:
        """A browser may send seconds."""
        text = str(self.cleaned_data["starts_at"])[:5]
        try:
            time.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(_("Write the time as 10:00.")) from None
        return text

    def arguments(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "repeats"}


class Move(forms.Form):
    """To when a meeting is moved, by the clock of who moves it."""

    starts_at = forms.DateTimeField(
        label=_("new time"),
        widget=forms.DateTimeInput(
            {"class": "hb-input", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
    )

    def arguments(self) -> dict[str, Any]:
        moment: datetime = self.cleaned_data["starts_at"]
        return {"starts_at": moment}


class Skip(forms.Form):
    reason = forms.CharField(**ends(Event, "reason"), label=_("reason"))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


def moved_to(meeting: Meeting) -> Move:
    """Filled in with when it is now."""
    return Move(initial={"starts_at": meeting.starts_at}, auto_id=f"move-{meeting.pk}-%s")
