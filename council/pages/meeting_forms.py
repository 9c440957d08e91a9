"""What colleagues fill in on the page of a meeting; `arguments` are those of the operation."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from backlog.forms import edit_conflicts
from backlog.models import CustomerRequest, Event, User
from council.models import AgendaItem, Meeting
from council.rules import papers


class Item(edit_conflicts.Guarded, forms.Form):
    """An item edited in its place on the agenda; a topic also has its title there."""

    must_say_what_it_was_shown_with = True

    kind = forms.ChoiceField(choices=AgendaItem.Kind.choices, label=_("kind"))
    minutes = forms.IntegerField(min_value=1, max_value=1440, label=_("minutes"))
    title = forms.CharField(label=_("title"), **ends(AgendaItem, "title"))
    section = forms.CharField(required=False, label=_("section"), **ends(AgendaItem, "section"))
    presenter = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, label=_("presenter")
    )
    papers = forms.CharField(required=False, label=_("papers"), **ends(AgendaItem, "papers"))

    def __init__(self, item: AgendaItem, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        presenter = self.fields["presenter"]
        assert isinstance(presenter, forms.ModelChoiceField)
        presenter.queryset = people
        if item.request_id is not None:
            del self.fields["title"]
        self.initial = {name: getattr(item, name) for name in self.fields if hasattr(item, name)}
        self.initial["presenter"] = item.presenter_id

    def clean_papers(self) -> str:
        text: str = self.cleaned_data["papers"]
        if unusable := papers.unusable(text):
            raise forms.ValidationError(_("This line is no link: %(line)s") % {"line": unusable[0]})
        return text

    def arguments(self) -> dict[str, Any]:
        """With the version of what the form was compared with: none slips in before the lock."""
        return {**self.cleaned_data, "version": self.item.version}


class New(forms.Form):
    """A request by its key, or else a topic by its title."""

    request = forms.ModelChoiceField(
        queryset=CustomerRequest.objects.none(), to_field_name="key", required=False
    )
    title = forms.CharField(required=False, **ends(AgendaItem, "title"))

    def __init__(self, meeting: Meeting, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.fields["request"]
        assert isinstance(request, forms.ModelChoiceField)
        request.queryset = requests_of(meeting, user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned.get("request") or cleaned.get("title")):
            raise forms.ValidationError(_("Name a request or a topic."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        request = self.cleaned_data["request"]
        if request is not None:
            return {"request_id": request.pk}
        return {"title": self.cleaned_data["title"]}


class Decline(forms.Form):
    reason = forms.CharField(**ends(Event, "reason"), label=_("reason"))

    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


class Nothing(forms.Form):
    """A button alone."""

    def arguments(self) -> dict[str, Any]:
        return {}


def requests_of(meeting: Meeting, user: User) -> QuerySet[CustomerRequest]:
    """What the council could take up, as far as this person may see it."""
    rows = CustomerRequest.objects.visible_to(user)
    return rows.filter(product__in=meeting.council.products.all()).exclude(status="merged")
