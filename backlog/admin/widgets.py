"""Fields of forms that unfold's own leave wanting."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget


class MomentWidget(UnfoldAdminSplitDateTimeWidget):
    """A day and a time of day, each with a name of its own for those who hear the page."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name
