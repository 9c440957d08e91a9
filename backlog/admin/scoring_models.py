"""Scoring models and one's own assessments."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.framework.nouns import NounAdmin, NounForm, ReadOnlyInline
from backlog.models import Criterion, ScoringModel, User
from backlog.operations import scoring_models
from backlog.rules import texts
from backlog.scoring import presets


class PresetForm(NounForm[ScoringModel]):
    preset = forms.ChoiceField(label=_("model"), widget=widgets.UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {
            key: texts.pick(cast("dict[str, str]", preset.name), get_language())
            for key, preset in presets.PRESETS.items()
        }
        self.fields["preset"].choices = list(named.items())  # type: ignore[attr-defined]


class CriterionInline(ReadOnlyInline[Criterion, ScoringModel]):
    model = Criterion
    fields = ("name", "axis", "weight", "direction", "scale_low", "scale_high", "written")
    readonly_fields = ("name", "written")
    ordering = ("position", "pk")
    show_change_link = False

    @admin.display(description=_("name"))
    def name(self, row: Criterion) -> str:
        return row.name

    @admin.display(description=_("anchors"))
    def written(self, row: Criterion) -> str:
        numbered = enumerate(row.anchor_texts, start=1)
        return "\n".join(f"{number}: {anchor}" for number, anchor in numbered) or row.unit_name


@admin.register(ScoringModel)
class ScoringModelAdmin(NounAdmin[ScoringModel]):
    to_add = "backlog.manage_scoring"

    form = PresetForm
    add_fieldsets = ((None, {"fields": ("preset",)}),)
    fields = ("name", "key", "version", "formula", "is_default")
    readonly_fields = ("name",)
    inlines = (CriterionInline,)
    list_display = ("__str__", "key", "formula", "is_default")
    list_filter = (("is_default", BooleanRadioFilter),)
    list_select_related = False
    ordering = ("key", "-version")
    search_fields = ("search_text",)

    @admin.display(description=_("name"))
    def name(self, model: ScoringModel) -> str:
        return model.name

    def add_row(self, *, by: User, at: datetime, **data: Any) -> ScoringModel:
        return scoring_models.install_preset(key=data["preset"], by=by, at=at)
