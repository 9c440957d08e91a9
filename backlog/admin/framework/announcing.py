"""What the pages of outcomes and of status updates show of their announcements."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import display_for_value
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from backlog.admin.framework.columns import link


class AnnouncedColumns(BaseModelAdmin[Any]):
    """Columns for a noun that is announced; its announcement is to be joined."""

    @admin.display(description=_("announced by"))
    def announced_by(self, row: Any) -> SafeString | str:
        return link(row.announced_by) or self.get_empty_value_display()

    @admin.display(description=_("announced at"), ordering="announcement__announced_at")
    def announced_at(self, row: Any) -> str:
        if row.announced_at is None:
            return self.get_empty_value_display()
        return display_for_value(row.announced_at, "")
