"""Products: each owns one backlog."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold import widgets
from unfold.contrib.filters.admin import BooleanRadioFilter

from backlog.admin.framework.nouns import ReadOnlyInline
from backlog.admin.framework.row_actions import RowActionAdmin, RowActionForm, picker, row_action
from backlog.models import Product, ProductGrant, ScoringModel, User
from backlog.operations import products


class ModelForm(RowActionForm):
    scoring_model = forms.ModelChoiceField(
        ScoringModel.objects.all(),
        label=_("scoring model"),
        widget=picker(Product, "scoring_model"),
    )

    def note(self) -> StrOrPromise:
        return _("All scores of the product are computed anew. Earlier decisions keep theirs.")


class GrantForm(RowActionForm):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("colleague"),
        widget=picker(ProductGrant, "user"),
    )

    def note(self) -> StrOrPromise:
        return _("Who is not granted a product sees nothing of it, unless it is open to everybody.")


class RevokeForm(GrantForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        [product] = self.rows
        granted = User.objects.filter(product_grants__product=product).order_by("name", "pk")
        self.fields["user"] = forms.ModelChoiceField(
            granted, label=_("Colleague"), widget=widgets.UnfoldAdminSelectWidget
        )


class GrantInline(ReadOnlyInline[ProductGrant, Product]):
    """Who sees the product while it is closed."""

    model = ProductGrant
    fields = ("user",)
    ordering = ("user__name", "pk")
    joined = ("user", "product")
    show_change_link = False


@admin.register(Product)
class ProductAdmin(RowActionAdmin[Product]):
    to_add = "backlog.manage_products"
    to_edit = "backlog.manage_products"

    add_fieldsets = (
        (None, {"fields": ("prefix", "name", "description", "is_open", "scoring_model")}),
    )
    fields = (
        "prefix",
        "name",
        "description",
        "is_open",
        "has_public_changelog",
        "scoring_model",
        "verify_after",
        "reopen_percent",
        "countersign_from",
        "reason_from_drift",
        "tells_yes",
        "tells_no",
        "tells_plans",
        "tells_reopening",
    )
    autocomplete_fields = ("scoring_model",)
    inlines = (GrantInline,)
    actions_detail = ("use_model", "grant", "revoke")
    list_display = ("name", "prefix", "is_open", "scoring_model")
    list_filter = (("is_open", BooleanRadioFilter),)
    list_select_related = ("scoring_model",)
    ordering = ("name", "pk")
    search_fields = ("search_text",)

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> Any:
        return ("prefix", "scoring_model") if obj else ()

    def view_on_site(self, product: Product) -> str | None:
        """Its changelog, where everybody may read it."""
        if not (product.is_open and product.has_public_changelog):
            return None
        return f"{reverse('backlog:changelog')}?product={product.prefix}"

    def add_row(self, *, by: User, at: datetime, **data: Any) -> Product:
        return products.add_product(by=by, at=at, **data)

    def edit_row(self, row: Product, *, by: User, at: datetime, **changes: Any) -> None:
        products.edit_product(product_id=row.pk, by=by, at=at, **changes)

    @row_action(
        _("Score with another model"),
        permission="backlog.manage_scoring",
        form=ModelForm,
        icon="function",
        done=_("The product is scored with the other model. Its scores are being computed anew."),
    )
    def use_model(
        self, product: Product, *, by: User, at: datetime, scoring_model: ScoringModel
    ) -> None:
        products.use_model(product_id=product.pk, scoring_model=scoring_model, by=by, at=at)

    @row_action(
        _("Grant it"),
        permission="backlog.manage_products",
        form=GrantForm,
        icon="person_add",
        done=_("Your colleague sees the product now."),
    )
    def grant(self, product: Product, *, by: User, at: datetime, user: User) -> None:
        products.grant_product(product_id=product.pk, user=user, by=by, at=at)

    @row_action(
        _("Take a grant back"),
        permission="backlog.manage_products",
        form=RevokeForm,
        icon="person_remove",
        done=_("Your colleague’s access to the product is taken back."),
    )
    def revoke(self, product: Product, *, by: User, at: datetime, user: User) -> None:
        products.revoke_grant(product_id=product.pk, user=user, by=by, at=at)
