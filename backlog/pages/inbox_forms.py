"""What is done in the inbox, as the page sends it; `arguments` are those of the operation."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backlog.db.fields import ends
from backlog.models import CustomerRequest, Event, Feedback, Product, User
from backlog.operations import suggestions
from backlog.queries import feedback_triage
from backlog.rules import passages

MORNING: Final = time(9)
MOST_CHOSEN: Final = 200


class Triage(forms.Form):
    """The words it is about: what is chosen in the list, else what is open beside it."""

    def __init__(self, words: QuerySet[Feedback], user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.user = words, user

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class Excerpted(Triage):
    """Perhaps with the part of the words that matters; of several pieces always all."""

    excerpt = forms.CharField(required=False, **ends(Feedback, "verbatim"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        excerpt = cleaned.pop("excerpt", "")
        pieces = list(self.words[:2]) if excerpt else []
        if len(pieces) == 1:
            place = passages.find_excerpt(pieces[0].verbatim, excerpt)
            if place is None:
                self.add_error("excerpt", _("The customer did not say these words in this order."))
            else:
                cleaned["start"], cleaned["end"] = place
        return cleaned


class LinkWords(Excerpted):
    """To a request: one that was pressed, or whose key was typed."""

    request = forms.CharField(max_length=20, required=False)
    suggested = forms.CharField(max_length=40, required=False)
    """The key of what was found for these words, and how alike it is: PAY-3:0.42."""
    q = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        suggested, score = _suggested(cleaned.pop("suggested", ""))
        typed = cleaned.pop("request", "") or suggested or cleaned.get("q", "")
        cleaned.pop("q", None)
        cleaned["source"] = suggestions.Source.by_words(score) if score is not None else None
        key = typed.strip().upper()
        row = CustomerRequest.objects.visible_to(self.user).filter(key=key).first()
        if row is None:
            raise forms.ValidationError(
                _("Choose one of the requests that are found, or type its key.")
            )
        cleaned["request_id"] = row.pk
        return cleaned


def _suggested(given: str) -> tuple[str, float | None]:
    """The key, and the score if it is one."""
    key, _colon, score = given.partition(":")
    try:
        number = float(score)
    except ValueError:
        return key, None
    return key, number if 0 <= number <= 1 else None


class DismissRequest(Triage):
    """A request that was found for these words and is not meant."""

    dismissed = forms.CharField(max_length=40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key, score = _suggested(cleaned.pop("dismissed", ""))
        row = CustomerRequest.objects.visible_to(self.user).filter(key=key).first()
        if row is None:
            raise forms.ValidationError(
                _("Choose one of the requests that are found, or type its key.")
            )
        return {**cleaned, "request_id": row.pk, "source": suggestions.Source.by_words(score)}


class NewRequest(Excerpted):
    product = forms.CharField(max_length=8)
    title = forms.CharField(
        **ends(CustomerRequest, "title"), error_messages={"required": _("Give it a title.")}
    )
    problem = forms.CharField(required=False, **ends(CustomerRequest, "problem"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen = Product.objects.visible_to(self.user)
        product = seen.filter(prefix=cleaned.pop("product", "")).first()
        if product is None:
            self.add_error("product", _("Choose the product it is about."))
            return cleaned
        cleaned["product_id"] = product.pk
        cleaned["problem"] = cleaned.get("problem") or cleaned.get("title", "")
        return cleaned


class PutAway(Triage):
    done_as = forms.ChoiceField(choices=Feedback.Done)
    reason = forms.CharField(required=False, **ends(Event, "reason"))


class Snooze(Triage):
    """Until a morning: tomorrow's, next week's, in a month, or of a day."""

    until = forms.CharField(max_length=10, required=False)
    day = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named, day = cleaned.pop("until", ""), cleaned.pop("day", None)
        today = timezone.localdate()
        ahead = {
            "tomorrow": timedelta(days=1),
            "week": timedelta(days=7 - today.weekday()),
            "month": timedelta(days=30),
        }
        if named in ahead:
            day = today + ahead[named]
        if day is None:
            raise forms.ValidationError(_("Say until when."))
        cleaned["until"] = datetime.combine(day, MORNING, timezone.get_current_timezone())
        return cleaned


class Give(Triage):
    to = forms.CharField(max_length=254, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = cleaned.pop("to", "")
        cleaned["to"] = feedback_triage.triagers().filter(email=wanted).first() if wanted else None
        if wanted and cleaned["to"] is None:
            raise forms.ValidationError(_("Choose one of the colleagues who decide about words."))
        return cleaned
