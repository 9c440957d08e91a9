"""Row actions: what may be done to rows beside editing words. Each asks, then calls an operation.

One is offered on the page of one row (named in `actions_detail`) and for several rows of a list
(named in `actions`). Nothing changes before it has been confirmed by POST.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from unfold.enums import ActionVariant

from backlog.admin.framework import nouns
from backlog.errors import Refusal, SentAlready
from backlog.forms import edit_conflicts, sent_once
from backlog.models import User

ANSWERED = "_answered"
BACK = "back"
"""The parameter that names the page to go on at after the action."""


class RowActionForm(edit_conflicts.Guarded, forms.Form):
    """What a row action asks; without fields, a question that is answered by going on.

    One that begins with what is there (`initial`) refuses where that is another by now.
    """

    columns: ClassVar[int] = 1
    """So many fields stand side by side where there is room."""

    def __init__(self, *args: Any, rows: list[Any], viewer: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.viewer = viewer
        nouns.capitalise_labels(self)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = nouns.visible(field.queryset, viewer)

    def version_now(self) -> int | None:
        return getattr(self.rows[0], "version", None) if len(self.rows) == 1 else None

    def note(self) -> StrOrPromise:
        """What will happen, in words for the person about to do it."""
        return ""

    def subject(self, row: Any) -> str:
        """How a row is named where the action is asked about."""
        return str(row)

    def subjects(self) -> list[str]:
        return [self.subject(row) for row in self.rows]


@dataclass(frozen=True, kw_only=True)
class RowAction:
    """`run` is called with each row, or once with the list of all rows if it `is_joint`."""

    title: StrOrPromise
    done: StrOrPromise
    permission: str
    form: type[RowActionForm]
    is_offered: Callable[[Any], bool]
    is_for: Callable[[Any, User], bool]
    is_joint: bool
    run: Callable[..., StrOrPromise | None]


def _always(row: Any) -> bool:
    return True


def _anybody(row: Any, user: User) -> bool:
    return True


def _is_open_to(user: User, action: RowAction, row: Any) -> bool:
    return action.is_offered(row) and action.is_for(row, user)


def row_action(
    title: StrOrPromise,
    *,
    permission: str,
    done: StrOrPromise = "",
    form: type[RowActionForm] = RowActionForm,
    icon: str = "",
    is_offered: Callable[[Any], bool] = _always,
    is_for: Callable[[Any, User], bool] = _anybody,
    is_joint: bool = False,
) -> Callable[[Callable[..., StrOrPromise | None]], Any]:
    """Make a method `(self, row, *, by, at, **answers)` an action of the page and of the list.

    The method calls the operation and returns words for the person who did it; or nothing, where
    `done` says it in a sentence. It is shown where it `is_offered`, to those whom it `is_for`.
    """

    def decorate(run: Callable[..., StrOrPromise | None]) -> Any:
        action = RowAction(
            title=title,
            done=done,
            permission=permission,
            form=form,
            is_offered=is_offered,
            is_for=is_for,
            is_joint=is_joint,
            run=run,
        )
        return _shown(_view(action), action, icon=icon)

    return decorate


def _view(action: RowAction) -> Callable[..., Any]:
    @wraps(action.run)
    def take(
        self: "RowActionAdmin[Any]",
        request: HttpRequest,
        queryset: QuerySet[Any] | None = None,
        object_id: str = "",
    ) -> HttpResponse | None:
        if not request.user.has_perm(action.permission):
            raise PermissionDenied
        taking = TakingRowAction(self, request, action)
        return taking.on_page(object_id) if queryset is None else taking.on_list(queryset)

    return take


def _shown(take: Callable[..., Any], action: RowAction, *, icon: str) -> Callable[..., Any]:
    """With what Django and Unfold read from an action to show it, and we to offer it."""
    shown: dict[str, Any] = {"short_description": action.title, "icon": icon, "attrs": {}}
    vars(take).update(shown, row_action=action, variant=ActionVariant.DEFAULT)
    return take


class RowActionAdmin(nouns.NounAdmin[nouns.Row]):
    """A noun whose state is moved by row actions; only those that may be taken are shown."""

    def place_of(self, row: nouns.Row) -> str:
        """Where a person goes on after an action: on the row's own page, if nowhere better."""
        return _address_of(self.opts, "change", row.pk)

    def row_action_link(
        self, row: nouns.Row, name: str, user: User, *, back: str = ""
    ) -> SafeString | str:
        """A link to this action where the person may take it now; then it goes on at `back`."""
        action: RowAction = getattr(self, name).row_action
        if not (user.has_perm(action.permission) and _is_open_to(user, action, row)):
            return ""
        address = _address_of(self.opts, name, row.pk)
        query = f"?{urlencode({BACK: back})}" if back else ""
        return format_html('<a class="text-link" href="{}{}">{}</a>', address, query, action.title)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        may = request.user.has_perm
        actions: dict[str, Any] = super().get_actions(request)
        return {name: it for name, it in actions.items() if may(it[0].row_action.permission)}

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        row = self.get_object(request, unquote(str(object_id)))
        actions = self._get_base_actions_detail() if row else ()  # type: ignore[attr-defined]
        may = request.user.has_perm
        return [
            it
            for it in actions
            if may(it.method.row_action.permission)
            and _is_open_to(nouns.user_of(request), it.method.row_action, row)
        ]


class RowActionInline(nouns.ReadOnlyInline[nouns.Row, nouns.Parent]):
    """Rows with the actions that can be taken on each, so that nobody opens a row to act on it."""

    row_actions: tuple[str, ...] = ()
    tab = False  # What one acts on is in sight.

    def get_queryset(self, request: HttpRequest) -> QuerySet[nouns.Row]:
        self.viewer = nouns.user_of(request)  # Django makes an inline anew for every page.
        return super().get_queryset(request)

    @admin.display(description=_("Next step"))
    def next_steps(self, row: nouns.Row) -> SafeString | str:
        acting = admin_of(self.model)
        links = [acting.row_action_link(row, name, self.viewer) for name in self.row_actions]
        return format_html_join(" · ", "{}", ((link,) for link in links if link))


def admin_of(model: type[nouns.Row]) -> RowActionAdmin[nouns.Row]:
    found = admin.site.get_model_admin(model)
    assert isinstance(found, RowActionAdmin)
    return found


def _address_of(opts: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


@dataclass(frozen=True)
class TakingRowAction:
    """One user taking one action: asks, runs it, tells what came of it."""

    model_admin: RowActionAdmin[Any]
    request: HttpRequest
    row_action: RowAction

    def on_page(self, object_id: str) -> HttpResponse:
        row = self.model_admin.get_object(self.request, unquote(object_id))
        if row is None:
            raise Http404
        form = self._form([row], is_answered=self.request.method == "POST")
        if not form.is_valid():
            return self._ask(form, row)
        try:
            words = self._run([row] if self.row_action.is_joint else row, form)
        except SentAlready as refused:
            # The answer to the first may never have been seen: this one leads to the same place.
            self._warn(row, refused)
            return HttpResponseRedirect(self._address(row))
        except (Refusal, ValidationError) as refused:
            nouns.show_refusal(form, refused)
            return self._ask(form, row)
        self._tell([words])
        is_there = self.model_admin.get_object(self.request, unquote(object_id)) is not None
        return HttpResponseRedirect(self._address(row if is_there else None))

    def on_list(self, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset)
        form = self._form(rows, is_answered=ANSWERED in self.request.POST)
        if not form.is_valid():
            return self._ask(form)
        given = []
        for subject in [rows] if self.row_action.is_joint else rows:
            try:
                given.append(self._run(subject, form))
            except (Refusal, ValidationError) as refused:
                is_one = self.row_action.is_joint or len(rows) == 1
                if is_one and not isinstance(refused, SentAlready):
                    nouns.show_refusal(form, refused)
                    return self._ask(form)
                # The others go on.
                self._warn(subject, refused)
        self._tell(given)
        return None

    def _form(self, rows: list[Any], *, is_answered: bool) -> RowActionForm:
        answers = self.request.POST if is_answered else None
        return self.row_action.form(answers, rows=rows, viewer=nouns.user_of(self.request))

    def _run(self, subject: Any, form: RowActionForm) -> StrOrPromise | None:
        by, at = nouns.user_of(self.request), timezone.now()
        part = "" if self.row_action.is_joint else subject.pk
        with sent_once.once(self.request, at=at, part=part):
            return self.row_action.run(self.model_admin, subject, by=by, at=at, **form.cleaned_data)

    def _warn(self, row: Any, refused: nouns.Refused) -> None:
        reasons = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
        words = f"{row}: {' '.join(reasons)}"
        messages.warning(self.request, words)

    def _tell(self, given: list[StrOrPromise | None]) -> None:
        """Pass on what the operations said, or else how many went through."""
        answers = [answer for answer in given if answer is not None]
        unsaid = len(given) - len(answers)
        if unsaid:
            count = f" ({unsaid})" if unsaid > 1 else ""
            answers.append(f"{self.row_action.done}{count}")
        for words in answers:
            messages.success(self.request, words)

    def _address(self, row: Any) -> str:
        """Where the person came from, or else where the row is worked with, or the list."""
        back = self.request.GET.get(BACK, "")
        if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return back
        if row is None:
            return _address_of(self.model_admin.opts, "changelist")
        return self.model_admin.place_of(row)

    def _ask(self, form: RowActionForm, row: Any = None) -> HttpResponse:
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            "opts": self.model_admin.opts,
            "title": self.row_action.title,
            "original": row,
            "back_url": self._address(row),
            "form": form,
            "media": self.model_admin.media + form.media,
            "answered": ANSWERED,
            "action": self.request.POST.get("action", ""),
            "selected": self.request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(self.request, "admin/row_action.html", context)


def picker(model: type[Model], name: str) -> AutocompleteSelect:
    """A search-as-you-type choice among the rows that a column of a model points to."""
    field = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    return AutocompleteSelect(field, admin.site)
