"""What became of what people said: beside each piece of their words, its requests and the answers.

Some queries for any number of pieces, as far as the viewer may see.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from backlog.models import CustomerRequest, Evidence, Feedback, Obligation, Reply, User
from backlog.queries import loop_ledger

_HEARD: Final = Obligation.HEARD


@dataclass(frozen=True, slots=True)
class Asked:
    """For what the words speak, and what their sayer was told and answered of it, oldest first.

    `is_silent` where nobody came back on these words, and no message is on its way.
    """

    evidence: Evidence
    entries: list[loop_ledger.Entry]
    is_silent: bool

    @property
    def request(self) -> CustomerRequest:
        return self.evidence.counts_for


@dataclass(frozen=True, slots=True)
class Said:
    """`receipts` say whether they were told that their words arrived.

    Words may be themselves an answer to what was told: then `answers` is the request it is about.
    """

    feedback: Feedback
    asked: list[Asked]
    answers: CustomerRequest | None
    receipts: list[loop_ledger.Entry]


def of(feedback: Sequence[Feedback], *, viewer: User) -> list[Said]:
    """In the same order; their customers and readings should be loaded with them."""
    speaks_for = _speaks_for(feedback, viewer)
    by_request, receipts = _entries(feedback, speaks_for, viewer)
    answers = _answers(feedback, viewer)
    return [
        Said(
            row,
            [
                _asked(row, evidence, by_request[_person(row), evidence.counts_for_id])
                for evidence in speaks_for[row.pk]
            ],
            answers.get(row.pk),
            receipts[row.pk],
        )
        for row in feedback
    ]


def _asked(row: Feedback, evidence: Evidence, entries: list[loop_ledger.Entry]) -> Asked:
    """What was told before these words was no answer to them."""
    since = [
        entry
        for entry in entries
        if entry.obligation.settled_at is None or entry.obligation.settled_at >= row.said_at
    ]
    is_silent = not any(
        entry.obligation.status in (*_HEARD, Obligation.Status.OWED) for entry in since
    )
    return Asked(evidence, since, is_silent and row.customer_id is not None)


def _speaks_for(feedback: Sequence[Feedback], viewer: User) -> Mapping[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    loaded = {row.pk: row for row in feedback}
    live = Evidence.objects.visible_to(viewer).live().filter(feedback__in=loaded)
    for evidence in live.select_related("counts_for__product").order_by("pk"):
        evidence.feedback = loaded[evidence.feedback_id]
        found[evidence.feedback_id].append(evidence)
    return found


def _answers(feedback: Sequence[Feedback], viewer: User) -> Mapping[int, CustomerRequest | None]:
    replies = Reply.objects.visible_to(viewer).filter(feedback__in=[row.pk for row in feedback])
    return {
        reply.feedback_id: reply.obligation.request
        for reply in replies.select_related("obligation__request")
        if reply.feedback_id is not None
    }


def _entries(
    feedback: Sequence[Feedback], speaks_for: Mapping[int, list[Evidence]], viewer: User
) -> tuple[
    Mapping[tuple[int | None, int], list[loop_ledger.Entry]],
    Mapping[int, list[loop_ledger.Entry]],
]:
    """By person and request, and by the words of which a receipt tells."""
    requests = {each.counts_for_id for pieces in speaks_for.values() for each in pieces}
    people = {_person(row) for row in feedback if row.customer_id is not None}
    owed = Obligation.objects.visible_to(viewer).filter(
        Q(request__in=requests) | Q(feedback__in=[row.pk for row in feedback]),
        Q(customer__in=people) | Q(customer__merged_into__in=people),
    )
    by_request: dict[tuple[int | None, int], list[loop_ledger.Entry]] = defaultdict(list)
    receipts: dict[int, list[loop_ledger.Entry]] = defaultdict(list)
    for entry in loop_ledger.entries(list(owed.for_ledger().order_by("pk"))):
        row = entry.obligation
        person = row.customer.merged_into_id or row.customer_id
        if row.request_id is not None:
            by_request[person, row.request_id].append(entry)
        elif row.feedback_id is not None:
            receipts[row.feedback_id].append(entry)
    return by_request, receipts


def _person(row: Feedback) -> int | None:
    """The survivor, where records were merged."""
    return (row.customer.merged_into_id or row.customer_id) if row.customer else None
