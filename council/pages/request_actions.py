"""What colleagues do on the Request page: each POST is one operation, then back to the page."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Department
from backlog.operations import assessments, commitments, evidence, requests
from backlog.pages.base import Request, refused
from council.operations import agenda_items
from council.pages import next_steps, request_forms, request_panels
from council.pages.request import find, linkable, show


class Form(Protocol):
    """A form that knows the arguments of the operation it is for."""

    def is_valid(self) -> bool: ...
    def arguments(self) -> dict[str, Any]: ...


@require_POST
@permission_required("backlog.assess_request", raise_exception=True)
def assess(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    said = request_panels.assessing(row, request.user).initial
    form = request_forms.Assess(request_panels.criteria(row), request.POST, initial=said)
    if not form.is_valid():
        return show(request, row, status=422, assess=form)
    _carry_out(
        request,
        assessments.assess,
        form,
        done=_("Your assessment is on record."),
        request_id=row.pk,
    )
    return _back(row, "scores")


@require_POST
@permission_required("backlog.link_evidence", raise_exception=True)
def link(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    form = request_forms.Link(linkable(row, request.user), request.POST)
    if not form.is_valid():
        return show(request, row, status=422, link=form)
    _carry_out(
        request,
        evidence.link_evidence,
        form,
        done=_("The words are linked as evidence."),
        request_id=row.pk,
    )
    return _back(row, "words")


@require_POST
@permission_required("backlog.link_evidence", raise_exception=True)
def unlink(request: Request, key: str, evidence_id: int) -> HttpResponse:
    row = find(request, key)
    get_object_or_404(row.counted_evidence, pk=evidence_id)
    form = request_forms.Unlink(request.POST)
    if not form.is_valid():
        return show(request, row, status=422, unlink=form)
    _carry_out(
        request,
        evidence.unlink_evidence,
        form,
        done=_("The words are taken off the request."),
        evidence_id=evidence_id,
    )
    return _back(row, "words")


@require_POST
@permission_required("backlog.edit_request", raise_exception=True)
def set_step(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    form = request_forms.Step(Department.objects.visible_to(request.user), row, request.POST)
    if not form.is_valid():
        return show(request, row, status=422, step=form)
    _carry_out(
        request,
        requests.set_department_step,
        form,
        done=_("The department’s step is set."),
        request_id=row.pk,
    )
    return _back(row, "problem")


@require_POST
@permission_required("council.edit_agenda", raise_exception=True)
def put_on_agenda(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    form = request_forms.OnAgenda(
        next_steps.meetings_for(row, request.user, at=timezone.now()), request.POST
    )
    if not form.is_valid():
        return show(request, row, status=422, agenda=form)
    _carry_out(
        request,
        agenda_items.add_agenda_item,
        form,
        done=_("It is on the agenda."),
        request_id=row.pk,
    )
    return _back(row, "line")


@require_POST
@permission_required("backlog.plan_sprint", raise_exception=True)
def commit(request: Request, key: str) -> HttpResponse:
    row = find(request, key)
    form = request_forms.Commit(next_steps.sprints_for(row, request.user), request.POST)
    if not form.is_valid():
        return show(request, row, status=422, commit=form)
    _carry_out(
        request,
        commitments.commit_request,
        form,
        done=_("The request is in the sprint."),
        request_id=row.pk,
    )
    return _back(row, "delivery")


def _carry_out(
    request: Request, operation: Callable[..., object], form: Form, *, done: str, **subject: int
) -> None:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            operation(**subject, **form.arguments(), by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, done)


def _back(row: CustomerRequest, part: str) -> HttpResponse:
    return redirect(reverse("council:request", args=[row.key]) + f"#{part}")
