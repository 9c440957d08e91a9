"""What is done on the page of a decision: each POST is one operation, then to what holds now."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from council.models import Decision
from council.operations import standing_decisions
from council.pages.decision import find, show
from council.pages.decision_forms import KINDS, acts_of

ACTIONS: Final[Mapping[str, Callable[..., Decision]]] = {
    "amend": standing_decisions.amend_decision,
    "supersede": standing_decisions.supersede_decision,
    "retire": standing_decisions.retire_decision,
    "correct": standing_decisions.correct_decision,
}


@require_POST
def act(request: Request, decision_id: int, name: str) -> HttpResponse:
    """What is not accepted is shown again, as it was typed."""
    kind = KINDS[name]
    if not request.user.has_perm(kind.permission):
        raise PermissionDenied
    decision, at = find(request, decision_id), timezone.now()
    form = kind.form(decision, request.POST)
    if not form.is_valid():
        return _shown_again(request, decision, form)
    try:
        with sent_once.once(request, at=at):
            decision = ACTIONS[name](**form.arguments(), by=request.user, at=at)
    except errors.Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _shown_again(request, decision, form)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("On record."))
    return redirect("council:decision", decision.pk)


def _shown_again(request: Request, decision: Decision, form: Any) -> HttpResponse:
    return show(request, decision, status=422, acts=acts_of(decision, request.user, form))
