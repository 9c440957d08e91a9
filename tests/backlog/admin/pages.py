"""Addresses of the admin's pages, and what they answer, for tests."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import helpers
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from backlog.forms import edit_conflicts, sent_once
from backlog.models import (
    Event,
    User,
)


def address(model: type[Model], page: str, *args: object) -> str:
    """Of `changelist`, `add`, `change`, `delete`, `history`, or of a step by its name."""
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def looking(user: User, query: str = "") -> HttpRequest:
    """A request for views that are called without rendering what they answer: most of the time."""
    request = RequestFactory().get(f"/{query}")
    request.user = user
    return request


def is_open(view: Callable[[HttpRequest], object], user: User) -> bool:
    """Whether a view lets a person in."""
    try:
        view(looking(user))
    except PermissionDenied:
        return False
    return True


def submit(client: Client, page: str, **typed: Any) -> Any:
    """Post the form of a page with what was typed, and with all it carries by itself."""
    context = client.get(page).context
    sent: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        form = inline.formset.management_form
        sent.update({form.add_prefix(name): form.initial.get(name, 0) for name in form.fields})
    form = context["adminform"].form
    sent[edit_conflicts.NAME] = form[edit_conflicts.NAME].value()
    sent[sent_once.FIELD] = sent_once.shown_after(context["request"])
    return client.post(page, {**sent, **typed})


def carried(client: Client, page: str) -> dict[str, Any]:
    """What the form of a step carries by itself."""
    context = client.get(page).context
    hidden = {field.name: field.value() for field in context["form"].hidden_fields()}
    return {**hidden, sent_once.FIELD: sent_once.shown_after(context["request"]), "_answered": "1"}


def messages(response: Any) -> list[str]:
    """What the person is told on the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response: Any) -> dict[str, list[str]]:
    """What is wrong, by field, as the page shows it; `__all__` for the whole form."""
    context = response.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    return {name: [str(it) for it in found] for name, found in form.errors.items()}


def kinds() -> list[str]:
    """The kinds of all events on record, in order."""
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


def take(client: Client, model: type[Model], step: str, *rows: Model, **answers: Any) -> Any:
    """Choose a step for rows of a list and answer what it asks."""
    chosen = {"action": step, helpers.ACTION_CHECKBOX_NAME: [row.pk for row in rows]}
    return client.post(address(model, "changelist"), {**chosen, **answers, "_answered": "1"})
