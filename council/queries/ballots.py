"""What a ballot comes to, and what of it goes into the chain."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from backlog.models import CustomerRequest
from council.models import AgendaItem, Ballot, Recusal, Seat, Stance
from council.models.stances import StanceQuerySet
from council.queries import attendances, recusals
from council.rules import ballots as rules
from council.rules import seals
from council.rules.ballots import Tally

TO_BE_DECIDED: Final = (
    AgendaItem.Status.SCHEDULED,
    AgendaItem.Status.ACTIVE,
    AgendaItem.Status.ACTIONED,
)
"""What can be decided at once with another item of its agenda."""


def electorate_of(ballot: Ballot) -> dict[str, list[int]]:
    """The seats that may answer now, those of them that are there, and the recusals of others.

    By a deadline nobody has to be there: who answers is. Who has stepped aside is neither.
    """
    meeting, item_ids = ballot.agenda_item.meeting, item_ids_of(ballot)
    entitled = recusals.without(attendances.entitled_seats(meeting.council_id), *item_ids)
    present: QuerySet[Seat] = Seat.objects.none()
    if ballot.closes_at is None:
        present = recusals.without(attendances.present_seats(meeting), *item_ids)
    return {
        "entitled": list(entitled.order_by("pk").values_list("pk", flat=True)),
        "present": list(present.order_by("pk").values_list("pk", flat=True)),
        "aside": list(recusals.standing_on(*item_ids).values_list("pk", flat=True)),
    }


def item_ids_of(ballot: Ballot) -> list[int]:
    """All items that it decides about, its own first."""
    further = ballot.further_items.order_by("pk").values_list("pk", flat=True)
    return [ballot.agenda_item_id, *further]


def further_items_of(ballot: Ballot) -> list[AgendaItem]:
    """What it decides about beside its own item, in the order of the agenda."""
    items = ballot.further_items.select_related("request__product", "meeting")
    return list(items.order_by("position", "pk"))


def to_take_along(
    request: CustomerRequest | None, meeting_ids: Collection[int]
) -> "QuerySet[AgendaItem]":
    """What could be decided at once with a request: others of its product on these agendas."""
    if request is None:
        return AgendaItem.objects.none()
    beside = AgendaItem.objects.filter(
        meeting__in=meeting_ids,
        request__product=request.product_id,
        status__in=TO_BE_DECIDED,
    )
    waits = Q(status=Ballot.Status.OPEN) | Q(
        result__in=[rules.Result.CARRIED, rules.Result.ADVISED]
    )
    voted_on = Ballot.objects.filter(waits, agenda_item__meeting__in=meeting_ids)
    is_voted_on = Q(ballots__in=voted_on) | Q(further_ballots__in=voted_on)
    taken = AgendaItem.objects.filter(is_voted_on, meeting__in=meeting_ids)
    free = beside.exclude(request=request).exclude(pk__in=taken.values("pk"))
    return free.select_related("request", "meeting").order_by("meeting", "position", "pk")


def tally_of(ballot: Ballot) -> Tally:
    """As it stands now, or stood when it was closed. A blind one is counted for nobody before."""
    seats = ballot.electorate or electorate_of(ballot)
    stances = dict(ballot.stances.values_list("seat", "answer"))
    return Tally.by_seats(stances, entitled=seats["entitled"], present=seats["present"])


def aside_from(ballot: Ballot) -> "QuerySet[Recusal]":
    """Who stepped aside: as it was when the ballot was closed, and until then as it is."""
    if "aside" not in ballot.electorate:
        return recusals.standing_on(*item_ids_of(ballot))
    frozen = Recusal.objects.filter(pk__in=ballot.electorate["aside"])
    return frozen.select_related("seat__department", "user").order_by("pk")


def result_of(ballot: Ballot) -> rules.Result:
    return rules.result(ballot.house_rule, tally_of(ballot))


def latest_on(item: AgendaItem) -> Ballot | None:
    """The ballot that says how the item stands; withdrawn ones say nothing."""
    ballots = Ballot.objects.on(item.pk).exclude(status=Ballot.Status.WITHDRAWN)
    return ballots.order_by("-pk").first()


def dissent_in(stances: StanceQuerySet) -> list[tuple[str, str]]:
    """What was said against it, with the names of those who want theirs there."""
    against = stances.filter(answer__in=rules.AGAINST).select_related("user").order_by("pk")
    return [(each.user.name if each.is_named else "", each.reason) for each in against]


def content_of(ballot: Ballot, through: Mapping[str, str] | None) -> dict[str, Any]:
    """What a seal says of a closed ballot: enough to count it again, and no words.

    `through` what it was closed stands on its event.
    """
    assert ballot.ended_at is not None
    return {
        "ballot": ballot.pk,
        "agenda_item": ballot.agenda_item_id,
        "further_items": item_ids_of(ballot)[1:],
        "amends": ballot.amends_id,
        "verdict": str(ballot.verdict),
        "reason_code": str(ballot.reason_code),
        "review_on": ballot.review_on.isoformat() if ballot.review_on else None,
        "evidence_from": ballot.evidence_from_id,
        "evidence_due_on": ballot.evidence_due_on.isoformat() if ballot.evidence_due_on else None,
        "rule": ballot.rule,
        "is_blind": ballot.is_blind,
        "opened_by": ballot.opened_by_id,
        "opened_at": _moment(ballot.opened_at),
        "closes_at": _moment(ballot.closes_at) if ballot.closes_at else None,
        "ended_at": _moment(ballot.ended_at),
        "through": through,
        "result": str(ballot.result),
        "electorate": ballot.electorate,
        "aside": [recusals.recusal_content(each) for each in aside_from(ballot)],
        "stances": [stance_content(each) for each in ballot.stances.order_by("seat")],
        "expected": [each.figures() for each in ballot.expected],
        "words": seals.digest_of(
            [
                *(ballot.salt, ballot.proposal, ballot.expected_effect),
                *(ballot.options, ballot.conditions),
                *(each.measure for each in ballot.expected),
            ]
        ),
    }


def stance_content(stance: Stance) -> dict[str, Any]:
    return {
        "seat": stance.seat_id,
        "user": stance.user_id,
        "capacity": str(stance.capacity),
        "answer": str(stance.answer),
        "is_named": stance.is_named,
        "taken_at": _moment(stance.taken_at),
        "reason": seals.digest_of([stance.salt, stance.reason]),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
