"""The agenda that a meeting could have: what is proposed, why, and what was left out."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Min, Sum
from django.utils.translation import gettext as _

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Meeting
from council.queries import agenda_candidates
from council.queries.agenda_candidates import Waiting
from council.queries.agenda_items import UNDECIDED
from council.rules import agenda, agenda_reasons
from council.rules.agenda_reasons import Reason

LOOKED_BACK: Final = 100
"""So many items, and so many meetings, tell how long things take and how often they waited."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One candidate; `key` names it in forms and in the API. `item` is what is carried over."""

    key: str
    request: CustomerRequest | None
    title: str
    kind: str
    minutes: int
    reasons: list[Reason]
    passed_over: int
    is_required: bool
    item: AgendaItem | None = None

    @property
    def priority(self) -> float | None:
        return self.request.priority if self.request else None


@dataclass(frozen=True, slots=True)
class Proposed:
    """`items` fit into the meeting; `others` do not, or not yet. `standing` minutes are on the
    agenda, `over` are too many for the meeting."""

    items: list[Proposal]
    others: list[Proposal]
    standing: int
    over: int


def propose(meeting: Meeting, *, user: User | None, at: datetime) -> Proposed:
    """What this person could put on the agenda of this meeting, next to what stands there."""
    candidates = {each.key: each for each in candidates_for(meeting, user=user, at=at)}
    standing = _standing(meeting)
    composed = agenda.compose(
        [_weighed(each) for each in candidates.values()],
        minutes=meeting.minutes,
        standing=standing,
    )
    taken = [candidates.pop(each.key) for each in composed.taken]
    others = sorted(candidates.values(), key=lambda it: (-_weighed(it).worth, it.key))
    return Proposed(taken, others, standing, composed.over)


def candidates_for(meeting: Meeting, *, user: User | None, at: datetime) -> list[Proposal]:
    minutes = agenda_reasons.learnt_minutes(_taken(meeting.council_id))
    ended = _ended(meeting.council_id)
    waiting = agenda_candidates.waiting_for(meeting, user=user, at=at)
    return [_proposal(each, minutes, ended) for each in waiting]


def _proposal(each: Waiting, minutes: dict[str, int], ended: Sequence[datetime]) -> Proposal:
    request, item = each.request, each.item
    reasons = agenda_reasons.in_order(each.reasons)
    passed_over = len(ended) - bisect_right(ended, each.since) if each.since else 0
    is_undecided = request is not None and request.status in UNDECIDED
    kind = item.kind if item else agenda_reasons.kind_of(reasons, is_undecided=is_undecided)
    takes = item.minutes if item else minutes[kind]
    return Proposal(
        key=request.key if request else agenda_reasons.Code.OVERDUE_ACTIONS,
        request=request,
        title=request.title if request else _("Overdue action items"),
        kind=kind,
        minutes=takes,
        reasons=reasons,
        passed_over=max(passed_over, item.times_deferred if item else 0),
        is_required=agenda_reasons.is_required(reasons),
        item=item,
    )


def _weighed(each: Proposal) -> agenda.Candidate:
    return agenda.Candidate(
        key=each.key,
        minutes=each.minutes,
        value=agenda_reasons.value(each.reasons, each.priority),
        passed_over=each.passed_over,
        is_required=each.is_required,
    )


def _standing(meeting: Meeting) -> int:
    """Minutes of what is on the agenda; what waits for the secretary's answer takes none yet."""
    gone = (*AgendaItem.GONE, AgendaItem.Status.PROPOSED)
    live = meeting.agenda_items.exclude(status__in=gone)
    return live.aggregate(n=Sum("minutes"))["n"] or 0


def _ended(council_id: int) -> list[datetime]:
    """When the last meetings ended, the earliest first: each passed over what waited by then."""
    ended = Meeting.objects.filter(council=council_id, ended_at__isnull=False)
    latest = ended.order_by("-starts_at", "-pk").values_list("ended_at", flat=True)
    return sorted(each for each in latest[:LOOKED_BACK] if each is not None)


def _taken(council_id: int) -> dict[str, list[float]]:
    """By kind, how long items took until their decision: from when they were called up.

    Where nobody called them up, from the decision before, or from the opening.
    """
    decided = (
        AgendaItem.objects.filter(meeting__council=council_id, meeting__ended_at__isnull=False)
        .annotate(decided_at=Min("decisions__decided_at"))
        .filter(decided_at__isnull=False)
        .order_by("-meeting__starts_at", "-meeting", "-decided_at", "-pk")
        .values_list(
            "meeting",
            "meeting__opened_at",
            "meeting__ended_at",
            "kind",
            "activated_at",
            "decided_at",
        )
    )
    taken: defaultdict[str, list[float]] = defaultdict(list)
    until: dict[int, datetime] = {}
    for meeting, opened_at, ended_at, kind, called_at, decided_at in list(decided[:LOOKED_BACK])[
        ::-1
    ]:
        began = called_at or until.get(meeting, opened_at)
        if began <= decided_at <= ended_at:
            taken[kind].append((decided_at - began).total_seconds() / 60)
            until[meeting] = decided_at
    return dict(taken)
