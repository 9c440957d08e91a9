"""Answering an invitation: on the meeting's page, or by the signed link of its mail."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import User
from backlog.pages.base import Request, for_customers, refused
from council.delivery import invitation_links
from council.models import Invitation
from council.operations import invitations
from council.pages.meeting import find
from council.queries import invitations as invitation_queries


class AnswerInvitation(forms.Form):
    answer = forms.ChoiceField(choices=invitation_queries.CHOICES)


class InviteGuest(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True), to_field_name="email", label=_("colleague")
    )


@for_customers
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Asks the person whose link it is. Only a POST writes: mail scanners follow links."""
    row = _named(token)
    if row is None:
        return render(
            request, "portal/closed.html", {"site_name": settings.SITE_NAME}, status=404
        )  # fmt: skip
    with translation.override(row.user.language), timezone.override(row.user.clock):
        form = AnswerInvitation(request.POST if request.method == "POST" else None)
        if form.is_valid() and _take(row, form):
            return redirect(f"{request.path}?thanks")
        context: dict[str, Any] = {
            "site_name": settings.SITE_NAME,
            "row": row,
            "meeting": row.meeting,
            "form": form,
            "choices": invitation_queries.choices(row),
            "thanks": "thanks" in request.GET,
            "is_open": row.method == Invitation.Method.REQUEST
            and row.meeting.status in (*row.meeting.TO_COME, *row.meeting.UNDER_WAY),
        }
        status = 422 if form.errors else 200
        return render(request, "portal/invitation.html", context, status=status)


def _named(token: str) -> Invitation | None:
    try:
        pk, meeting, user = invitation_links.read(token)
    except invitation_links.Refused:
        return None
    rows = Invitation.objects.select_related("user", "meeting__council", "seat")
    return rows.filter(pk=pk, meeting=meeting, user=user, user__is_active=True).first()


def _take(row: Invitation, form: AnswerInvitation) -> bool:
    """Whether the answer is on record now; if not, the form says why."""
    try:
        invitations.answer_invitation(
            meeting_id=row.meeting_id,
            user=row.user,
            answer=form.cleaned_data["answer"],
            by=row.user,
            at=timezone.now(),
        )
    except errors.Refusal as refusal:
        form.add_error("answer", str(refusal))
        return False
    return True


@require_POST
@permission_required("council.view_meeting", raise_exception=True)
def answer(request: Request, meeting_id: int) -> HttpResponse:
    """Who is signed in answers for themselves."""
    meeting = find(request, meeting_id)
    form, at = AnswerInvitation(request.POST), timezone.now()
    if not form.is_valid():
        messages.warning(request, str(_("Choose one of the answers.")))
        return redirect("council:meeting", meeting.pk)
    try:
        with sent_once.once(request, at=at):
            invitations.answer_invitation(
                meeting_id=meeting.pk,
                user=request.user,
                by=request.user,
                at=at,
                **form.cleaned_data,
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, str(_("Your answer is noted.")))
    return redirect("council:meeting", meeting.pk)


@require_POST
@permission_required("council.schedule_meeting", raise_exception=True)
def invite(request: Request, meeting_id: int) -> HttpResponse:
    """Ask a colleague who has no seat there."""
    meeting = find(request, meeting_id)
    form, at = InviteGuest(request.POST), timezone.now()
    if not form.is_valid():
        messages.warning(request, str(_("Name a colleague by their e-mail address.")))
        return redirect("council:meeting", meeting.pk)
    try:
        with sent_once.once(request, at=at):
            invitations.invite_guest(
                meeting_id=meeting.pk, by=request.user, at=at, **form.cleaned_data
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, str(_("They are asked to come.")))
    return redirect("council:meeting", meeting.pk)
