"""What is done with a ballot between meetings: each POST is one operation, then its page."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_stubs_ext import StrPromise

from backlog import errors
from backlog.forms import sent_once
from backlog.pages.base import Request, refused
from council.models import Ballot
from council.operations import ballots, ballots_by_deadline, decisions, recusals, reminders, stances
from council.pages import ballot_forms, proposal_forms
from council.pages.ballot import find, show, show_proposal
from council.pages.request import find as find_request
from council.queries import ballots as ballot_queries
from council.queries import ballots_asked

HOLD: Final = "council.hold_meeting"
ATTEND: Final = "council.attend_meeting"


class Action(NamedTuple):
    """Who may do it, what they fill in, what it does, and what is said when it is done."""

    permission: str
    form: Callable[[Ballot, Any], Any]
    operation: Callable[..., object]
    done: StrPromise


ACTIONS: Final[Mapping[str, Action]] = {
    "answer": Action(
        "council.take_stance",
        ballot_forms.AnswerByDeadline,
        stances.take_stance,
        _("Your answer is on record. You can change it until the deadline."),
    ),
    "amend": Action(
        HOLD, ballot_forms.Reworded, ballots.amend_ballot, _("Everybody is asked anew.")
    ),
    "withdraw": Action(
        HOLD, ballot_forms.TakeBack, ballots.withdraw_ballot, _("The ballot is withdrawn.")
    ),
    "record": Action(
        "council.record_decision",
        ballot_forms.JustDo,
        decisions.record_by_ballot,
        _("The decision is on record and sealed."),
    ),
    "remind": Action(
        ATTEND,
        ballot_forms.JustDo,
        reminders.remind_of_ballot,
        _("Those who have not answered are reminded, once a day at most."),
    ),
    "step-aside": Action(
        ATTEND,
        ballot_forms.Aside,
        recusals.step_aside,
        _("You have stepped aside; your seat counts neither as there nor as entitled."),
    ),
    "come-back": Action(
        ATTEND, ballot_forms.Back, recusals.come_back, _("Your seat has its voice again.")
    ),
}


@require_POST
def act(request: Request, ballot_id: int, name: str) -> HttpResponse:
    """Do what `ACTIONS` has by this name. What is not accepted is shown again, as it was typed."""
    action = ACTIONS[name]
    if not request.user.has_perm(action.permission):
        raise PermissionDenied
    ballot, at = find(request, ballot_id), timezone.now()
    form = action.form(ballot, request.POST)
    if not form.is_valid():
        return show(request, ballot, status=422, faulty=form, **_typed(name, request))
    try:
        with sent_once.once(request, at=at):
            done = action.operation(**form.arguments(), by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, str(action.done))
        # What is put in other words is another ballot.
        ballot = done if isinstance(done, Ballot) else ballot
    return redirect("council:ballot", ballot.pk)


def _typed(name: str, request: Request) -> dict[str, Any]:
    """What the form that was not accepted begins with when it is shown again."""
    return proposal_forms.typed(request.POST) if name == "amend" else {"typed": request.POST}


@require_POST
def put_to_the_vote(request: Request, key: str) -> HttpResponse:
    """Open a ballot by a deadline; then its page."""
    if not request.user.has_perm(HOLD):
        raise PermissionDenied
    row, at = find_request(request, key), timezone.now()
    meetings = ballots_asked.agendas_for(row, request.user, at=at)
    items = ballot_queries.to_take_along(row, [each.pk for each in meetings])
    form = ballot_forms.ByDeadline(row, meetings, items, request.POST)
    if not form.is_valid():
        return show_proposal(request, row, status=422, form=form)
    try:
        with sent_once.once(request, at=at):
            ballot = ballots_by_deadline.vote_between_meetings(
                **form.arguments(), by=request.user, at=at
            )
    except errors.Refusal as refusal:
        refused(request, refusal)
        return show_proposal(request, row, status=409, form=form)
    messages.success(
        request, str(_("It is put to the vote. Those who have not answered are reminded."))
    )
    return redirect("council:ballot", ballot.pk)
