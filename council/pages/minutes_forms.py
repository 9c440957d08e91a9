"""What colleagues fill in on the page of minutes; `arguments` are those of the operation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from backlog.forms import edit_conflicts
from backlog.models import Event, User
from council.models import AgendaItem, Meeting, Minutes, MinutesAmendment
from council.rules import minutes as rules

SHARED = {
    rules.DEPARTMENTS: _("which departments were there"),
    rules.TOPICS: _("topics on which nothing was decided"),
    rules.PROPOSALS: _("what was proposed, and how many voted how"),
    rules.RATIONALE: _("the rationale of each decision"),
    rules.EFFECT: _("the effect that is expected"),
    rules.NOTES: _("notes and remarks"),
    rules.ACTIONS: _("what was promised, without names"),
}


class Form(forms.Form):
    """Of the minutes of one meeting: what it can be about is of that meeting."""

    def __init__(self, meeting: Meeting, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        field = self.fields.get("item")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
        field = self.fields.get("amendment")
        if isinstance(field, forms.ModelChoiceField):
            seen = MinutesAmendment.objects.visible_to(user)
            field.queryset = seen.filter(minutes__meeting=meeting)

    def arguments(self) -> dict[str, Any]:
        return {"meeting_id": self.meeting.pk, **self.cleaned_data}


class Press(Form):
    """A button alone."""


class Note(edit_conflicts.Guarded, forms.Form):
    """What the minutes say on an item, written in its place."""

    must_say_what_it_was_shown_with = True

    note = forms.CharField(
        required=False,
        label=_("note"),
        widget=forms.Textarea,
        **ends(AgendaItem, "note"),
    )

    def __init__(self, item: AgendaItem, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"note": item.note}, auto_id=False, **kwargs)
        self.item = item

    def arguments(self) -> dict[str, Any]:
        return {
            "agenda_item_id": self.item.pk,
            "note": self.cleaned_data["note"],
            "version": self.item.version,
        }


class Remarks(edit_conflicts.Guarded, forms.Form):
    must_say_what_it_was_shown_with = True

    remarks = forms.CharField(
        required=False, label=_("remarks"), widget=forms.Textarea, **ends(Minutes, "remarks")
    )

    def __init__(self, meeting: Meeting, minutes: Minutes | None, *args: Any) -> None:
        initial = {"remarks": minutes.remarks if minutes else ""}
        super().__init__(*args, initial=initial, auto_id=False)
        self.meeting = meeting

    def arguments(self) -> dict[str, Any]:
        return {"meeting_id": self.meeting.pk, "remarks": self.cleaned_data["remarks"]}


class ProposeAmendment(Form):
    item = forms.ModelChoiceField(AgendaItem.objects.none(), required=False)
    text = forms.CharField(**ends(MinutesAmendment, "text"))

    def arguments(self) -> dict[str, Any]:
        item = self.cleaned_data["item"]
        return {
            "meeting_id": self.meeting.pk,
            "agenda_item_id": item and item.pk,
            "text": self.cleaned_data["text"],
        }


class AnswerAmendment(Form):
    amendment = forms.ModelChoiceField(MinutesAmendment.objects.none())
    answer = forms.ChoiceField(choices=[("accept", _("accept")), ("decline", _("decline"))])
    reason = forms.CharField(required=False, **ends(MinutesAmendment, "answer"))

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "amendment_id": given["amendment"].pk,
            "is_accepted": given["answer"] == "accept",
            "reason": given["reason"],
        }


class Publish(Form):
    shared = forms.MultipleChoiceField(choices=SHARED.items(), required=False)


class Correct(Form):
    reason = forms.CharField(**ends(Event, "reason"))
