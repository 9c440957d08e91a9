"""The company's own words around what customers are told."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from backlog.admin.framework.nouns import NounAdmin
from backlog.models import MessageTemplate


@admin.register(MessageTemplate)
class MessageTemplateAdmin(NounAdmin[MessageTemplate]):
    when_empty = _("Messages go out in the built-in words until somebody writes others.")
    fields = (
        "product",
        "occasion",
        "language",
        "writing",
        "subject",
        "headline",
        "opening",
        "closing",
        "edited_by",
        "edited_at",
    )
    readonly_fields = ("writing",)
    leading = {"writing": "backlog.edit_messages"}
    list_display = ("occasion", "language", "product", "edited_by", "edited_at")
    list_filter = (("occasion", ChoicesDropdownFilter), ("language", ChoicesDropdownFilter))
    list_select_related = ("product", "edited_by")
    ordering = ("-edited_at", "-pk")
    search_fields = ("search_text",)

    @admin.display(description=_("wording"))
    def writing(self, row: MessageTemplate) -> SafeString:
        address = reverse("backlog:message-template", args=[row.occasion, row.language])
        query = f"?product={row.product.prefix}" if row.product else ""
        words = _("Edit with a preview")
        return format_html('<a class="text-link" href="{}{}">{}</a>', address, query, words)
