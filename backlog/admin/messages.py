"""News that customers hear of, and the company's own words around what they are told."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter

from backlog.admin.base import NounAdmin
from backlog.admin.columns import badge, list_link, readable
from backlog.models import MessageTemplate, News, Obligation

NEWS = {
    "decided_yes": "success",
    "decided_no": "danger",
    "planned": "info",
    "reopened": "warning",
    "standing": "info",
}


@admin.register(News)
class NewsAdmin(NounAdmin[News]):
    when_empty = _("When the council decides about a request that customers asked for.")
    fields = (
        "request",
        "telling",
        "kind",
        "words_in_words",
        "recorded_by",
        "recorded_at",
        "announced_by",
        "announced_at",
        "told",
        "is_current",
    )
    readonly_fields = ("telling", "words_in_words", "told", "is_current")
    leading = dict.fromkeys(("telling", "told"), "backlog.view_obligation")
    words_in_words = readable(News, "words")
    list_display = ("request", badge(News, "kind", NEWS), "recorded_at", "announced_at")
    list_filter = (("kind", ChoicesDropdownFilter), ("is_current", BooleanRadioFilter))
    list_select_related = ("request",)
    ordering = ("-recorded_at", "-pk")
    search_fields = ("request__key", "request__search_text")

    @admin.display(description=_("telling the customers"))
    def telling(self, row: News) -> SafeString:
        address = reverse("backlog:news-announce", args=[row.pk])
        words = _("Preview and announce") if row.announced_at is None else _("See the announcement")
        return format_html('<a class="text-link" href="{}">{}</a>', address, words)

    @admin.display(description=_("customers"))
    def told(self, row: News) -> SafeString:
        return list_link(Obligation, _("Show who must hear"), news__id__exact=row.pk)


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
