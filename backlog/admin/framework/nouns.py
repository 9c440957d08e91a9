"""What every page of the admin shares: operations write, roles allow, and nothing is deleted."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import (
    DateTimeField,
    ForeignKey,
    ManyToManyField,
    Model,
    QuerySet,
    TextField,
)
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import capfirst
from django_stubs_ext import StrOrPromise
from unfold import widgets

from backlog.admin.framework import cells  # noqa: F401 -- before any list is shown
from backlog.admin.framework.day_filters import DaysFilter
from backlog.admin.framework.widgets import MomentWidget
from backlog.errors import Refusal, SentAlready
from backlog.filters import narrowing, words
from backlog.forms import edit_conflicts, sent_once
from backlog.models import Customer, User

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
    from django.contrib.admin.views.main import ChangeList
else:
    from unfold.admin import ModelAdmin, TabularInline
    from unfold.views import ChangeList

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)
Refused = Refusal | ValidationError


def user_of(request: HttpRequest) -> User:
    """The colleague at the keyboard; the admin lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class CappedPaginator(Paginator[Any]):
    """Counts to a thousand and no further: to count a million rows takes longer than to show fifty.

    Up to there lists have numbered pages and a total; beyond, “previous” and “next”. (Unfold's own
    InfinitePaginator never counts, and so cannot even say “3 councils”.)
    """

    CAP = 1_000
    UNCOUNTED = 9_999_999_999

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        known = narrowing.count(rows, self.CAP)
        return known.number if known.is_exact else self.UNCOUNTED

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        last = number * self.per_page
        return Page(narrowing.first(rows, last)[last - self.per_page :], number, self)

    @property
    def counted(self) -> str:
        """How many there are, as far as they are counted."""
        return f"{number_format(self.CAP, force_grouping=True)}+"

    @property
    def template_name(self) -> str:
        kind = "infinite" if self.count == self.UNCOUNTED else "default"
        return f"unfold/helpers/pagination_{kind}.html"


def show_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Put what an operation answered beside the field it is about, or above the form."""
    if isinstance(refused, Refusal):
        by_field = {str(refused.details.get("field", "")): [str(refused)]}
    elif hasattr(refused, "error_dict"):
        by_field = refused.message_dict
    else:
        by_field = {"": refused.messages}
    for name, reasons in by_field.items():
        field = name.removesuffix("_id")  # Operations take ids where forms take rows.
        form.add_error(field if field in form.fields else None, reasons)


class NounList(ChangeList):
    """Says how many rows there are once, below: the header would print UNCOUNTED as a number."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count
        if not self.multi_page:  # Django reads them without an end, then.
            self.result_list = self.paginator.page(1).object_list


def capitalise_labels(form: forms.BaseForm) -> None:
    """As Django does for the columns of a model."""
    for field in form.fields.values():
        field.label = capfirst(field.label or "")


class NounForm(edit_conflicts.Guarded, forms.ModelForm[Row]):
    """Knows whether the operation behind it has just refused, and then says why.

    Of a row that is there already, it refuses what was opened before somebody else's save.
    """

    refused: ClassVar[Refused | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_say_what_it_was_shown_with = not self._is_adding()
        capitalise_labels(self)

    def _is_adding(self) -> bool:
        return self.instance._state.adding  # noqa: SLF001 -- documented

    def _values_now(self) -> Iterable[tuple[str, Any]]:
        """None of what is only being added: its fields begin with proposals, which differ."""
        return () if self._is_adding() else super()._values_now()

    def version_now(self) -> int | None:
        return getattr(self.instance, "version", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refused is not None:
            show_refusal(self, self.refused)
        return cleaned


class NounAdmin(ModelAdmin[Row]):
    """Lists and pages of one noun. Without `to_add` and `to_edit` it is for reading only."""

    to_add = ""  # The permission it takes; none means that nobody adds these here.
    to_edit = ""
    # Columns, fields and searches that tell who customers are, for those who may know that.
    personal: ClassVar[tuple[str, ...]] = ()
    # Fields that lead to where not everybody may go, with the permission it takes to get in.
    leading: ClassVar[Mapping[str, str]] = {}
    # Columns that the page of a row shows as part of something else.
    in_other_words: ClassVar[tuple[str, ...]] = ()
    when_empty: StrOrPromise = ""  # What to do when the list has nothing to show.

    form = NounForm[Any]
    change_form_before_template = "admin/_form_state.html"
    formfield_overrides: ClassVar[Any] = {
        DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": MomentWidget},
        TextField: {"widget": widgets.UnfoldAdminTextareaWidget({"rows": 4})},
    }
    paginator = CappedPaginator
    list_per_page = 50
    list_filter_submit = True
    # A step taken on thousands of rows at a click would be neither quick nor meant.
    list_disable_select_all = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # They count the whole table once for each choice.
    # Sorting by a column without an index reads the whole table: each noun names its own.
    sortable_by: ClassVar[tuple[str, ...]] = ()
    warn_unsaved_form = True

    def add_row(self, *args: Any, **data: Any) -> Model:
        """Call the operation that makes a row, with `by`, `at` and what was typed."""
        raise NotImplementedError

    def edit_row(self, row: Row, *args: Any, **changes: Any) -> None:
        """Call the operation that changes a row's words, with `by`, `at` and the changes."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.to_add) and request.user.has_perm(self.to_add)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return bool(self.to_edit) and request.user.has_perm(self.to_edit)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        """A customer without a name is called by their address, so it is read with them."""
        rows = visible(super().get_queryset(request), user_of(request))
        return rows.prefetch_related(*self._addresses())

    def _addresses(self) -> list[str]:
        if self.model is Customer:
            return ["contact_points"]
        joined = self.list_select_related
        paths = joined if isinstance(joined, list | tuple) else ()
        return [f"{it}__contact_points" for it in paths if it.split("__")[-1] == "customer"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NounList

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._shown_to(request, super().get_list_display(request))

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self._shown_to(request, super().get_search_fields(request))

    def get_fieldsets(self, request: HttpRequest, obj: Row | None = None) -> Any:
        return [
            (title, {**options, "fields": self._shown_to(request, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def _shown_to(self, request: HttpRequest, names: Iterable[Any]) -> list[Any]:
        may = request.user.has_perm
        hidden = {name for name, permission in self.leading.items() if not may(permission)}
        if self.personal and not may("backlog.view_customer"):
            hidden |= {*self.personal}
        return [name for name in names if name not in hidden]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page of a row shows: what it hides could be guessed letter by letter."""
        assert request is not None
        shown = self.fieldsets or [(None, {"fields": self.fields or ()})]
        names = {"id", "pk", *self._shown_to(request, flatten_fieldsets(shown))}
        names |= {*self.in_other_words}
        columns = {field.name for field in self.opts.get_fields()}  # Filters have other names too.
        is_hidden = lookup.partition("__")[0] in columns - names
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def get_ordering(self, request: HttpRequest) -> Any:
        """By the moments that the list is narrowed to, which is where the rows are found."""
        for each in self.list_filter:
            name, kind = each if isinstance(each, tuple) else ("", None)
            given = (request.GET.get(f"{name}_{end}") for end in ("from", "to"))
            if kind is DaysFilter and any(given):
                return (f"-{name}", "-pk")
        return super().get_ordering(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        """As everywhere else; a row that is found through several of another's comes once."""
        paths = list(self.get_search_fields(request))
        return words.matching(queryset, search_term, *paths) if paths else queryset, False

    def get_inlines(self, request: HttpRequest, obj: Row | None) -> Any:
        """Nothing belongs yet to what is only being added."""
        return super().get_inlines(request, obj) if obj else ()

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _offer_visible(
            super().formfield_for_foreignkey(db_field, request, **kwargs), request
        )

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _offer_visible(
            super().formfield_for_manytomany(db_field, request, **kwargs), request
        )

    def get_form(
        self, request: HttpRequest, obj: Row | None = None, *args: Any, **kwargs: Any
    ) -> type[forms.ModelForm[Row]]:
        form = super().get_form(request, obj, *args, **kwargs)
        assert issubclass(form, NounForm)
        form.refused = request.META.get("hearback.refused")
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SentAlready as refused:
            # The answer to the first may never have been seen: this one leads to the same place.
            messages.warning(request, str(refused))
            opts = self.opts
            return redirect(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        except (Refusal, ValidationError) as refused:
            # Nothing was written: show what was typed once more, now with the reason.
            request.META["hearback.refused"] = refused
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        """Not there, or not for this person: the same answer as everywhere."""
        raise Http404

    def changes(self, form: forms.ModelForm[Row]) -> dict[str, Any]:
        """What was edited, as the operation takes it, and the version that it was based on."""
        assert isinstance(form, NounForm)
        return {
            **{
                name: form.cleaned_data[name]
                for name in form.changed_data
                if name in form.cleaned_data
            },
            "version": form.version_shown,
        }

    def save_form(
        self,
        request: HttpRequest,
        form: forms.ModelForm[Row],
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> Row:
        """The first thing in the transaction of an add or an edit."""
        sent_once.claim(request, at=timezone.now())
        saved: Row = super().save_form(request, form, change)
        return saved

    def save_model(
        self,
        request: HttpRequest,
        obj: Row,
        form: forms.ModelForm[Row],
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        by, at = user_of(request), timezone.now()
        if change:
            self.edit_row(obj, by=by, at=at, **self.changes(form))
        else:
            obj.pk = self.add_row(by=by, at=at, **form.cleaned_data).pk
        obj.refresh_from_db()

    def save_related(self, *args: Any) -> None:
        """Nothing: the operation has written what hangs together."""

    def construct_change_message(self, *args: Any) -> Any:
        """Nothing, since it goes nowhere."""

    def log_addition(self, *args: Any) -> Any:
        """Nothing: the ledger has it. Django's log would copy names where erasure finds none."""

    def log_change(self, *args: Any) -> Any:
        """Nothing, as for `log_addition`."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the ledger says of this row."""
        about = {"subject_type": self.opts.model_name, "subject_id": object_id}
        return redirect(f"{reverse('admin:backlog_event_changelist')}?{urlencode(about)}")


class ReadOnlyInline(TabularInline[Row, Parent]):
    """Rows that belong to another, to look at; `joined` is loaded with them."""

    joined: tuple[str, ...] = ()

    extra = 0
    per_page = 20
    tab = True
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return visible(super().get_queryset(request), user_of(request)).select_related(*self.joined)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def visible(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """The rows a person may see, for nouns that tell; permission alone gates the others."""
    visible_to: Callable[[User], QuerySet[Row]] | None = getattr(rows, "visible_to", None)
    return rows if visible_to is None else visible_to(user)


def _offer_visible(field: Any, request: HttpRequest) -> Any:
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = visible(field.queryset, user_of(request))
    return field
