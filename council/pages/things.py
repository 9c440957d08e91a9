"""What waits for a person, gathered from everything that can: each thing with where it is done."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.models import CustomerRequest, Outcome, StatusUpdate, User
from council.models import ActionItem, AgendaItem, Meeting
from council.queries import agenda_reason_texts, preparations, waiting
from council.queries import reviews as review_queries
from council.rules.things import Kind, Thing


def of_meeting(
    meeting: Meeting | None, agenda: Sequence[AgendaItem], user: User
) -> Iterator[Thing]:
    """To be there while it lasts; before, to read what it will decide about, until one has."""
    if meeting is None:
        return
    if meeting.status in Meeting.UNDER_WAY:
        room = reverse("council:room", args=[meeting.pk])
        yield Thing(Kind.MEETING, meeting.title, room)
    elif agenda and (n := preparations.unread_by(meeting, [user])[user.pk]):
        items = ngettext("%(n)s item to read", "%(n)s items to read", n) % {"n": n}
        address = reverse("council:prepare", args=[meeting.pk])
        yield Thing(
            Kind.AGENDA, meeting.title, address, due=localdate(meeting.starts_at), detail=items
        )


def of_ballots(user: User, at: datetime) -> Iterator[Thing]:
    """Proposals that wait for the answer of one's seat, until a deadline."""
    for ballot in preparations.asked_of(user, at=at)[: waiting.SHOWN]:
        request, closes_at = ballot.agenda_item.request, ballot.closes_at
        if request is not None and closes_at is not None:
            until = date_format(localtime(closes_at), "SHORT_DATETIME_FORMAT")
            until = _("until %(when)s") % {"when": until}
            n = getattr(ballot, "further")  # noqa: B009 -- made by the query
            others = ngettext("and %(n)s more request", "and %(n)s more requests", n) % {"n": n}
            yield Thing(
                Kind.ANSWER,
                request.title,
                reverse("council:ballot", args=[ballot.pk]),
                key=request.key,
                due=localdate(closes_at),
                detail=f"{others} · {until}" if n else until,
            )


def of_items_put_off(user: User, at: datetime) -> Iterator[Thing]:
    """For the chair: what their council has not reached so often that they are to decide on it."""
    for item in waiting.items_put_off(user, at):
        yield Thing(
            Kind.PUT_OFF,
            item.request.title if item.request else item.title,
            reverse("council:meeting", args=[item.meeting_id]) + f"#item-{item.pk}",
            key=item.request.key if item.request else "",
            due=localdate(item.meeting.starts_at),
            detail=agenda_reason_texts.carried_over(item.times_deferred),
        )


def of_reviews(user: User, at: datetime) -> Iterator[Thing]:
    """Decisions whose day has come to say what came of them."""
    for each in review_queries.waiting_for(user, at=at):
        yield Thing(
            Kind.REVIEW,
            each.request.title,
            reverse("council:decision", args=[each.pk]) + "#review",
            key=each.request.key,
            due=each.next_review_on,
            detail=each.get_verdict_display(),
        )


def of_assessments(
    requests: Iterable[CustomerRequest], meeting: Meeting | None, agenda: Iterable[AgendaItem]
) -> Iterator[Thing]:
    """Before the meeting that is to decide about it."""
    awaited = {item.request_id for item in agenda}
    for row in requests:
        is_next = meeting is not None and row.pk in awaited
        yield Thing(
            Kind.ASSESS,
            row.title,
            reverse("council:request-assessment", args=[row.key]),
            key=row.key,
            due=localdate(meeting.starts_at) if meeting and is_next else None,
            detail=_("before %(meeting)s") % {"meeting": meeting.title}
            if meeting and is_next
            else "",
        )


def of_actions(actions: Iterable[ActionItem]) -> Iterator[Thing]:
    for each in actions:
        yield Thing(
            Kind.ACTION,
            each.title,
            reverse("council:action-item", args=[each.pk]),
            due=each.due_on,
            detail="" if each.status == ActionItem.Status.OPEN else each.get_status_display(),
        )


def of_minutes(user: User) -> Iterator[Thing]:
    """Minutes of a meeting where one was, until they count as approved by silence."""
    for each in waiting.minutes_to_approve(user):
        yield Thing(
            Kind.APPROVE,
            each.meeting.title,
            reverse("council:minutes", args=[each.meeting_id]),
            due=each.review_until and localdate(each.review_until),
        )


def of_claims(user: User) -> Iterator[Thing]:
    """What others say is done, in a council of one's own."""
    for each in waiting.actions_to_accept(user):
        said_by = each.partner or str(each.owner)
        yield Thing(
            Kind.ACCEPT,
            each.title,
            reverse("council:action-item", args=[each.pk]) + "#verify",
            detail=_("%(who)s says it is done") % {"who": said_by},
        )


def of_privacy(user: User, today: date) -> Iterator[Thing]:
    """Wishes about people's own data, as one thing: due as the first of them is."""
    wishes = waiting.privacy_requests(user, today)
    n, overdue = wishes["n"], wishes["overdue"]
    if not n:
        return
    title = ngettext("%(n)s wish about somebody's data", "%(n)s wishes about people's data", n)
    late = ngettext("%(n)s wish is overdue", "%(n)s wishes are overdue", overdue)
    yield Thing(
        Kind.PRIVACY,
        title % {"n": n},
        reverse("backlog:privacy"),
        due=wishes["first"],
        detail=late % {"n": overdue} if overdue else "",
    )


def of_announcements(subjects: Iterable[Outcome | StatusUpdate]) -> Iterator[Thing]:
    for each in subjects:
        is_outcome = isinstance(each, Outcome)
        yield Thing(
            Kind.ANNOUNCE,
            each.request.title,
            reverse(
                "backlog:announce" if is_outcome else "backlog:status-update-announce",
                args=[each.pk],
            ),
            key=each.request.key,
            detail=str(
                each.get_result_display() if isinstance(each, Outcome) else each.get_kind_display()
            ),
        )


def of_requests_to_plan(requests: Iterable[CustomerRequest]) -> Iterator[Thing]:
    """Where a browser goes to a field, it opens what is folded around it."""
    for each in requests:
        address = reverse("council:request", args=[each.key]) + "#hypothesis"
        yield Thing(Kind.PLAN, each.title, address, key=each.key)


def of_noes(user: User, at: datetime) -> Iterator[Thing]:
    """Requests that stand as solved, and customers who say they are not."""
    if not user.has_perm("backlog.edit_request"):
        return
    for each in waiting.noes(user, at):
        key = each["obligation__request__key"]
        said = ngettext("%(n)s customer said no", "%(n)s customers said no", each["n"])
        yield Thing(
            Kind.NO,
            each["obligation__request__title"],
            reverse("council:request", args=[key]) + "#answers",
            key=key,
            detail=said % {"n": each["n"]},
        )
