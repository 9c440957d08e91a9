"""Ballots between meetings: the page of those that one is asked, and of each of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.models import CustomerRequest, User
from backlog.pages.base import Request, page
from backlog.queries import history
from council.models import Ballot, Meeting, Stance
from council.pages import ballot_forms, proposal_forms, request_words
from council.pages.request import find as find_request
from council.queries import attendances, ballots, ballots_asked, preparations, recusals, room
from council.queries import decisions as decision_queries
from council.queries import seats as seat_queries
from council.rules import wordings
from council.rules.ballots import ANSWERS, Mode

USUAL = timedelta(days=3)
"""So long a ballot between meetings lasts, as its form begins."""


@require_safe
@permission_required("council.view_ballot", raise_exception=True)
def asked(request: Request) -> HttpResponse:
    """What waits for the person's answer, the first deadline first; then all others."""
    found = ballots_asked.ballots_of(request.user, at=timezone.now())
    return page(request, "council/ballots.html", title=_("Ballots"), found=found)


@require_safe
@permission_required("council.view_ballot", raise_exception=True)
def ballot_page(request: Request, ballot_id: int) -> HttpResponse:
    return show(request, find(request, ballot_id))


def find(request: Request, ballot_id: int) -> Ballot:
    about = ("agenda_item__meeting__council", "amends", "opened_by")
    rows = Ballot.objects.visible_to(request.user).select_related(*about)
    return get_object_or_404(rows, pk=ballot_id)


def show(request: Request, ballot: Ballot, status: int = 200, **bound: Any) -> HttpResponse:
    """The page; `bound` is what was typed and not accepted."""
    context = {**_about(ballot, request.user, timezone.now()), **bound}
    title = str(ballot.agenda_item)
    return page(request, "council/ballot.html", title=title, status=status, **context)


def _about(ballot: Ballot, user: User, at: datetime) -> dict[str, Any]:
    item = ballot.agenda_item
    asked_for = CustomerRequest.objects.visible_to(user).with_askers().select_related("product")
    row = get_object_or_404(asked_for, pk=item.request_id)
    is_open = ballot.status == Ballot.Status.OPEN and (
        ballot.closes_at is None or ballot.closes_at > at
    )
    is_by_deadline = ballot.closes_at is not None
    return {
        "ballot": ballot,
        "item": item,
        "row": row,
        "words": request_words.best(row, user, get_language() or ""),
        "may_see_customers": history.may_see_customers(user),
        "is_open": is_open,
        "is_by_deadline": is_by_deadline,
        "places": ballots_asked.places_of(ballot, user),
        "aside": ballots.aside_from(ballot),
        "changes": wordings.changes(ballot.amends.proposal, ballot.proposal)
        if ballot.amends
        else [],
        "later": room.later_version(ballot),
        "decision": room.decision_by(ballot, user),
        "further": (further := ballots.further_items_of(ballot)),
        **proposal_forms.shown(
            ballot,
            further=further,
            others=ballots.to_take_along(item.request, [item.meeting_id]) if is_open else (),
            people=seat_queries.people_of(item.meeting.council) if is_open else (),
        ),
        "can_hold": user.has_perm("council.hold_meeting") and is_by_deadline,
        "may_remind": is_open and is_by_deadline and _may_remind(ballot, user),
        "may_record": user.has_perm("council.record_decision")
        and ballot.status == Ballot.Status.CLOSED
        and decision_queries.refusal_to_record(ballot, user) is None,
        **_of_seat(ballot, user, is_open=is_open and is_by_deadline),
        **_counted(ballot, user),
    }


def _may_remind(ballot: Ballot, user: User) -> bool:
    return user.pk == ballot.opened_by_id or preparations.may_chair(
        ballot.agenda_item.meeting, user
    )


def _of_seat(ballot: Ballot, user: User, *, is_open: bool) -> dict[str, Any]:
    """The voting seat that the person answers for, and what it has said."""
    rule, labels = ballot.house_rule, dict(Stance.Answer.choices)
    term = seat_queries.term_of(ballot.agenda_item.meeting.council, user)
    seat = term.seat if term and term.seat.is_voting else None
    entitled = attendances.entitled_seats(ballot.agenda_item.meeting.council_id)
    if seat is None or not entitled.filter(pk=seat.pk).exists():
        return {"seat": None}
    own = recusals.standing_on(*ballots.item_ids_of(ballot)).filter(seat=seat).first()
    earlier = Stance.objects.filter(ballot=ballot.amends_id, seat=seat, user=user).first()
    return {
        "seat": seat,
        "stance": ballot.stances.filter(seat=seat).first(),
        "earlier": earlier,
        "own_recusal": own,
        "may_answer": is_open and own is None and user.has_perm("council.take_stance"),
        "may_step_aside": is_open and own is None and user.has_perm("council.attend_meeting"),
        "answers": [
            (each.value, labels[each.value], rule.asks_for_a_reason(each)) for each in rule.answers
        ],
        "is_consent": rule.mode == Mode.CONSENT,
    }


def _counted(ballot: Ballot, user: User) -> dict[str, Any]:
    """A blind one is counted for nobody before it is closed."""
    if ballot.is_blind and ballot.status != Ballot.Status.CLOSED:
        return {"counted": []}
    labels, tally = dict(Stance.Answer.choices), ballots.tally_of(ballot)
    answers = ANSWERS[ballot.house_rule.mode]
    return {"counted": [(it.value, labels[it.value], tally.counts[it]) for it in answers]}


@require_safe
@permission_required("council.hold_meeting", raise_exception=True)
def propose(request: Request, key: str) -> HttpResponse:
    return show_proposal(request, find_request(request, key))


def show_proposal(
    request: Request, row: CustomerRequest, status: int = 200, **bound: Any
) -> HttpResponse:
    """The form by which a proposal about the request is put to the vote by a deadline."""
    at = timezone.now()
    meetings = ballots_asked.agendas_for(row, request.user, at=at)
    items = ballots.to_take_along(row, [each.pk for each in meetings])
    form = bound.get("form")
    local = timezone.localtime(at + USUAL).replace(minute=0, second=0, microsecond=0)
    return page(
        request,
        "council/ballot_proposal.html",
        title=f"{row.key} {_('Decide between meetings')}",
        status=status,
        row=row,
        meetings=meetings,
        usual=local.strftime("%Y-%m-%dT%H:%M"),
        form=form or ballot_forms.ByDeadline(row, meetings, items),
        **proposal_forms.shown(others=items, people=_people(meetings))
        | (proposal_forms.typed(form.data) if form else {}),
    )


def _people(meetings: Iterable[Meeting]) -> list[User]:
    """Who sits in the councils that could be asked."""
    councils = {each.council.pk: each.council for each in meetings}
    found = {who.pk: who for each in councils.values() for who in seat_queries.people_of(each)}
    return list(found.values())
