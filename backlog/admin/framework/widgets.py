"""Fields of forms that unfold's own leave wanting."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

from backlog.rules import addresses


class MomentWidget(UnfoldAdminSplitDateTimeWidget):
    """A day and a time of day, each with a name of its own for those who hear the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name


class AddressField(forms.CharField):
    """An e-mail address as anybody writes one; kept as all of them are.

    A browser's own check would refuse what we understand, so the field is one for text.
    """

    default_error_messages = {"invalid": _("This is no e-mail address.")}

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "email", "autocomplete": "off"})
        super().__init__(widget=widget, max_length=addresses.LONGEST_INPUT, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        address = addresses.normal(typed)
        if typed and address is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address or ""
