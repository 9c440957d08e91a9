"""The page of a meeting: what it is, who sits, and its agenda, prepared here without a page load.

Where a browser runs scripts, what is done brings the agenda anew into its place; without them the
same addresses are pages.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from backlog.filters import narrowing, words
from backlog.models import CustomerRequest, User
from backlog.pages.base import Request, page
from council.models import AgendaItem, Decision, Meeting
from council.operations.agenda_items import ARRANGED
from council.pages import meeting_forms, series_forms
from council.queries import agenda_items as agenda_item_queries
from council.queries import agenda_proposals, agenda_reason_texts
from council.queries import invitations as invitation_queries
from council.queries import meetings as meeting_queries
from council.queries import seats as seat_queries
from council.rules import agenda_reasons
from council.rules import papers as paper_rules
from council.rules.agenda import PATIENCE
from council.rules.papers import Paper

FOUND: Final = 7
UNREACHED: Final = AgendaItem.NOT_REACHED


@dataclass(frozen=True, slots=True)
class Row:
    """An item in its place: when it begins, why it is there, and its form for who may edit it.

    Of a request that the reader may not see there is only the time that it takes.
    """

    item: AgendaItem
    starts_at: datetime
    is_seen: bool
    reasons: list[str]
    papers: list[Paper]
    carried_over: str
    escalates: bool
    decisions: list[Decision]
    opens_section: bool = False
    form: meeting_forms.Item | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Minutes of the agenda against the meeting's."""

    planned: int
    minutes: int

    @property
    def left(self) -> int:
        return max(self.minutes - self.planned, 0)

    @property
    def over(self) -> int:
        return max(self.planned - self.minutes, 0)


@dataclass(frozen=True, slots=True)
class Agenda:
    rows: list[Row]
    proposed: list[Row] = field(default_factory=list)
    declined: list[tuple[AgendaItem, str]] = field(default_factory=list)


@require_safe
@permission_required("council.view_meeting", raise_exception=True)
def meeting_page(request: Request, meeting_id: int) -> HttpResponse:
    return show(request, find(request, meeting_id))


def find(request: Request, meeting_id: int) -> Meeting:
    rows = Meeting.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("council__chair", "series"), pk=meeting_id)


def show(
    request: Request,
    meeting: Meeting,
    status: int = 200,
    *,
    bound: tuple[int, meeting_forms.Item] | None = None,
    **forms: Any,
) -> HttpResponse:
    """The page, or for HTMX its agenda; what was not accepted is shown with what is wrong.

    `bound` is the form of the item with this number.
    """
    user, at = request.user, timezone.now()
    can_edit = user.has_perm("council.edit_agenda") and meeting.status in ARRANGED
    context: dict[str, Any] = {
        "meeting": meeting,
        "can_edit": can_edit,
        "can_propose": user.has_perm("council.propose_item") and meeting.status in ARRANGED,
        "agenda": (shown := agenda(meeting, user, can_edit=can_edit, bound=bound)),
        "sums": Sums(sum(row.item.minutes for row in shown.rows), meeting.minutes),
        "kinds": AgendaItem.Kind.choices,
        "people": seat_queries.people_of(meeting.council) if can_edit else (),
        **{f"{name}_form": form for name, form in forms.items()},
    }
    if request.htmx.target == "found":
        context |= _found(request, meeting)
        return _fragment(request, "_agenda_found", context, status)
    if request.htmx:
        return _fragment(request, "_agenda", context, status)
    context |= {
        **_found(request, meeting),
        **_invited(meeting, user, at),
        "seats": seat_queries.seats_of(meeting.council),
        "next_meeting": meeting_queries.next_meeting(meeting, at=at),
    }
    response = page(request, "council/meeting.html", title=meeting.title, status=status, **context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _invited(meeting: Meeting, user: User, at: datetime) -> dict[str, Any]:
    """Who is asked and comes, what the reader answered, and what that makes of the quorum."""
    own = invitation_queries.own(meeting, user)
    return {
        "own": own,
        "own_choices": invitation_queries.choices(own) if own else (),
        "invited": invitation_queries.of_meeting(meeting),
        "forecast": invitation_queries.forecast(meeting),
        "is_to_come": meeting.status in ARRANGED,
        "can_come_back": meeting.status == Meeting.Status.CANCELLED and meeting.starts_at > at,
        "move": series_forms.moved_to(meeting),
    }


def _fragment(
    request: Request, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    response = render(request, f"council/{name}.html", context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def agenda(
    meeting: Meeting,
    user: User,
    *,
    can_edit: bool = False,
    bound: tuple[int, meeting_forms.Item] | None = None,
) -> Agenda:
    """All that has a place, in order, with when each begins; beside it what members propose."""
    about = meeting.agenda_items.select_related("request__product", "presenter", "proposed_by")
    slim = Decision.objects.defer("frozen", "options", "rationale", "search_text")
    items = list(about.prefetch_related(Prefetch("decisions", slim)).order_by("position", "pk"))
    seen = AgendaItem.objects.visible_to(user).filter(meeting=meeting)
    visible = set(seen.values_list("pk", flat=True))
    people = seat_queries.people_of(meeting.council)
    forms = {
        item.pk: meeting_forms.Item(item, people, auto_id=False)
        for item in items
        if can_edit and item.pk in visible and item.status in UNREACHED
    } | dict([bound] if bound else [])
    # Until a meeting is over, what was put off has left it; afterwards that is its record.
    gone = AgendaItem.GONE if meeting.status in ARRANGED else AgendaItem.OFF_AGENDA
    live = [it for it in items if it.status not in gone]
    placed = [it for it in live if it.status != AgendaItem.Status.PROPOSED]
    waiting = [it for it in live if it.status == AgendaItem.Status.PROPOSED and it.pk in visible]
    declined = [it for it in items if it.status == AgendaItem.Status.DECLINED and it.pk in visible]
    return Agenda(
        _rows(placed, meeting.starts_at, visible, forms),
        _rows(waiting, meeting.starts_at, visible, {}),
        agenda_item_queries.why_declined(declined),
    )


def _rows(
    items: list[AgendaItem],
    starts_at: datetime,
    visible: set[int],
    forms: dict[int, meeting_forms.Item],
) -> list[Row]:
    rows, section = [], ""
    for item in items:
        rows.append(
            Row(
                item,
                starts_at,
                is_seen=item.pk in visible,
                reasons=[
                    agenda_reason_texts.sentence(reason)
                    for reason in agenda_reasons.read(item.reasons)
                    if reason.code != agenda_reasons.Code.CARRIED_OVER
                ],
                papers=paper_rules.read(item.papers),
                carried_over=agenda_reason_texts.carried_over(item.times_deferred),
                escalates=item.times_deferred >= PATIENCE and item.status in UNREACHED,
                decisions=sorted(item.decisions.all(), key=lambda it: it.pk),
                opens_section=item.section not in ("", section),
                form=forms.get(item.pk),
            )
        )
        section = item.section
        starts_at += timedelta(minutes=item.minutes)
    return rows


def _found(request: Request, meeting: Meeting) -> dict[str, Any]:
    """Requests that the person searches for, to put them on the agenda."""
    wanted = request.GET.get("q", "").strip()
    if not wanted:
        return {"wanted": "", "found": []}
    rows = meeting_forms.requests_of(meeting, request.user)
    found = narrowing.first(words.matching(rows, wanted, "search_text").order_by("-pk"), FOUND)
    exact = list(rows.filter(key=wanted.upper()))
    return {"wanted": wanted, "found": _once([*exact, *found])[:FOUND]}


def _once(rows: list[CustomerRequest]) -> list[CustomerRequest]:
    return list({row.pk: row for row in rows}.values())


@require_safe
@permission_required("council.edit_agenda", raise_exception=True)
def proposals(request: Request, meeting_id: int) -> HttpResponse:
    """What the meeting could take up, and why, to choose from; nothing is written."""
    meeting = find(request, meeting_id)
    proposed = agenda_proposals.propose(meeting, user=request.user, at=timezone.now())
    context: dict[str, Any] = {
        "meeting": meeting,
        "standing": proposed.standing,
        "over": proposed.over,
        "items": [(each, _sentences(each)) for each in proposed.items],
        "others": [(each, _sentences(each)) for each in proposed.others],
        "adds": sum(each.minutes for each in proposed.items),
    }
    if request.htmx:
        return _fragment(request, "_agenda_proposals", context)
    response = page(request, "council/meeting_proposals.html", title=meeting.title, **context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _sentences(proposal: agenda_proposals.Proposal) -> list[str]:
    return [agenda_reason_texts.sentence(reason) for reason in proposal.reasons]
