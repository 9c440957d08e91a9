"""What colleagues do on the Request page: each POST is one operation, then back to the page."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_stubs_ext import StrPromise

from backlog import errors
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Department
from backlog.operations import assessments, commitments, evidence, requests
from backlog.pages.base import Request, refused
from council.operations import agenda_items
from council.pages import next_steps, request_forms, request_panels
from council.pages.request import find, show
from council.pages.request_parts import linkable, show_assessed, show_assessment, show_words


class Form(Protocol):
    """A form that knows the arguments of the operation it is for."""

    def is_valid(self) -> bool: ...
    def arguments(self) -> dict[str, Any]: ...


class Action(NamedTuple):
    """Who may do it, what they fill in, and the part of the page where it shows.

    What is not accepted is shown again by `page`; what was done in place is answered by `fragment`.
    """

    permission: str
    form: Callable[[CustomerRequest, Request], Form]
    operation: Callable[..., object]
    done: StrPromise
    part: str
    page: Callable[..., HttpResponse] = show
    fragment: Callable[[Request, CustomerRequest], HttpResponse] | None = None


ACTIONS: Final[Mapping[str, Action]] = {
    "assess": Action(
        "backlog.assess_request",
        lambda row, request: request_forms.Assess(
            request_panels.criteria(row),
            request.POST,
            initial=request_panels.assessing(row, request.user).initial,
        ),
        assessments.assess,
        _("Your assessment is on record."),
        "scores",
        show_assessment,
        show_assessed,
    ),
    "link": Action(
        "backlog.link_evidence",
        lambda row, request: request_forms.Link(linkable(row, request.user), request.POST),
        evidence.link_evidence,
        _("The words are linked as evidence."),
        "words",
        show_words,
    ),
    "unlink": Action(
        "backlog.link_evidence",
        lambda _row, request: request_forms.Unlink(request.POST),
        evidence.unlink_evidence,
        _("The words are taken off the request."),
        "words",
    ),
    "step": Action(
        "backlog.edit_request",
        lambda row, request: request_forms.Step(
            Department.objects.visible_to(request.user), row, request.POST
        ),
        requests.set_department_step,
        _("The department’s step is set."),
        "problem",
    ),
    "agenda": Action(
        "council.edit_agenda",
        lambda row, request: request_forms.OnAgenda(
            next_steps.meetings_for(row, request.user, at=timezone.now()), request.POST
        ),
        agenda_items.add_agenda_item,
        _("It is on the agenda."),
        "next",
    ),
    "commit": Action(
        "backlog.plan_sprint",
        lambda row, request: request_forms.Commit(
            next_steps.sprints_for(row, request.user), request.POST
        ),
        commitments.commit_request,
        _("The request is in the sprint."),
        "delivery",
    ),
}


@require_POST
def act(request: Request, key: str, name: str, evidence_id: int | None = None) -> HttpResponse:
    """Do what `ACTIONS` has by this name; about a piece of evidence where one is given."""
    action = ACTIONS[name]
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    row = find(request, key)
    subject = {"request_id": row.pk}
    if evidence_id is not None:
        subject = {"evidence_id": get_object_or_404(row.counted_evidence, pk=evidence_id).pk}
    form = action.form(row, request)
    if not form.is_valid():
        return action.page(request, row, status=422, **{name: form})
    is_done = _carry_out(request, action, subject | form.arguments())
    address = reverse("council:request", args=[row.key]) + f"#{action.part}"
    if request.htmx and action.fragment is not None:
        return action.fragment(request, row) if is_done else HttpResponseClientRedirect(address)
    return redirect(address)


def _carry_out(request: Request, action: Action, arguments: dict[str, Any]) -> bool:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            action.operation(**arguments, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return False
    if not (request.htmx and action.fragment):
        messages.success(request, str(action.done))
    return True
