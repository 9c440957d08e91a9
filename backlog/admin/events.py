"""The ledger, to read: what was done, to what, when, by whom and why."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
)

from backlog.admin.framework.columns import readable
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.nouns import NounAdmin
from backlog.admin.framework.row_filters import RowFilter
from backlog.models import Event
from backlog.models.events import EventQuerySet
from backlog.queries import origins
from backlog.rules import events

_NOUNS = {model._meta.model_name: model for model in apps.get_models()}  # noqa: SLF001


class KindFilter(FieldTextFilter):
    """Whatever has this in the name of its kind; the names are known, so no row is looked into."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = (self.value() or "").strip().lower()
        kinds = [kind for kind in events.rules() if wanted in kind]
        return queryset.filter(kind__in=kinds) if wanted else queryset


@admin.register(Event)
class EventAdmin(NounAdmin[Event]):
    fields = (
        "at",
        "what",
        "actor",
        "through",
        "request",
        "subject",
        "reason",
        "data_in_words",
        "kind",
    )
    readonly_fields = ("what", "through", "subject", "data_in_words")
    data_in_words = readable(Event, "data")
    in_other_words = (
        *("subject_type", "subject_id"),
        *("way", "token", "process", "on_behalf_of", "correlation"),
    )
    list_display = ("at", "what", "request", "subject", "actor", "way", "reason")
    list_filter = (
        ("request", RowFilter),
        ("actor", RowFilter),
        ("kind", KindFilter),
        ("way", ChoicesDropdownFilter),
        ("at", DaysFilter),
    )
    list_select_related = ("actor", "request")
    ordering = ("-pk",)
    search_fields = ("kind", "request__key")

    def get_queryset(self, request: HttpRequest) -> EventQuerySet:
        rows = super().get_queryset(request)
        assert isinstance(rows, EventQuerySet)
        return rows.with_token_names()

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Event | None:
        """As far as the person may read it: the page is for reading, and saves nothing."""
        event = super().get_object(request, *args, **kwargs)
        if event is not None:
            may = request.user.has_perm
            self._name_subjects(request, [event])
            event.data = events.shown(event.kind, event.data, may)
            vars(event)["through"] = origins.phrase(event, may)
        return event

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        listed = super().get_changelist_instance(request)
        self._name_subjects(request, listed.result_list)
        return listed

    def _name_subjects(self, request: HttpRequest, shown: Iterable[Event]) -> None:
        """Find what the events are about, as far as the reader may see it, by a query a noun."""
        about: dict[str, list[Event]] = defaultdict(list)
        for event in shown:
            about[event.subject_type].append(event)
        for subject_type, of_noun in about.items():
            model = _NOUNS.get(subject_type)
            model_admin = admin.site._registry.get(model) if model else None  # noqa: SLF001 -- no public way to ask
            if model_admin is None or not model_admin.has_view_permission(request):
                continue
            rows = model_admin.get_queryset(request)
            related = model_admin.get_list_select_related(request)
            if isinstance(related, (list, tuple)):
                rows = rows.select_related(*related)
            found = rows.in_bulk([event.subject_id for event in of_noun])
            for event in of_noun:
                vars(event)["subject_row"] = found.get(event.subject_id)

    @admin.display(description=_("subject"))
    def subject(self, event: Event) -> SafeString | str:
        """What kind of a thing, and its name for those who may read it: ids are nobody's words."""
        model = _NOUNS.get(event.subject_type)
        noun = str(capfirst(model._meta.verbose_name)) if model else "–"  # noqa: SLF001
        row = vars(event).get("subject_row")
        if row is None:
            return noun
        opts = row._meta  # noqa: SLF001 -- Django's documented API
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        return format_html('{}: <a class="text-link" href="{}">{}</a>', noun, address, row)

    @admin.display(description=_("event"))
    def what(self, event: Event) -> str:
        return str(events.sentence_of(event.kind))

    @admin.display(description=_("way"))
    def through(self, event: Event) -> str:
        """As `get_object` found it for whoever reads the page."""
        return str(vars(event)["through"])
