"""How well the loop closes: who heard back, how long they waited for it, and what they answer.

Figures rest on the last customers who might be told, however many there ever were: a page that
shows them costs the same in ten years.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from backlog.models import Customer, Evidence, Feedback, Obligation, Product, Reply, User
from backlog.statistics import hearing_back, significance, surveys

SAMPLE: Final = 1_000

_STATUS: Final = Obligation.Status
_ANSWERED: Final = {
    _STATUS.CONFIRMED: Reply.Verdict.YES,
    _STATUS.PARTLY: Reply.Verdict.PARTLY,
    _STATUS.DISPUTED: Reply.Verdict.NO,
}
TOLD: Final = Obligation.HEARD


@dataclass(frozen=True, slots=True)
class Closure:
    """`rate` is None while nobody is owed anything; who cannot be told counts as not told.

    `answered` is the share of those told who answered; `answers` are shares of those who did, and
    `csat` of those who said how satisfied they are.
    """

    rate: significance.Share | None
    waits: hearing_back.Waits
    answered: significance.Share | None
    answers: Mapping[Reply.Verdict, significance.Share]
    csat: significance.Share | None


class Segment(NamedTuple):
    name: str
    closure: Closure


@dataclass(frozen=True, slots=True)
class Metrics:
    """All of the sample together, and by the segment of the account asked for, largest first.

    The segment of those without one is the empty string.
    """

    total: Closure
    segments: list[Segment]
    n: int

    @property
    def is_sample(self) -> bool:
        """Whether there may be more than was looked at."""
        return self.n == SAMPLE


class _Row(NamedTuple):
    status: str
    since: datetime
    settled_at: datetime | None
    segment: str
    satisfaction: int | None


def recent(*, user: User, at: datetime) -> Closure:
    """Over the products that the person may see."""
    products = Product.objects.visible_to(user)
    return metrics(Obligation.objects.filter(request__product__in=products), at=at).total


def metrics(obligations: "QuerySet[Obligation]", *, at: datetime) -> Metrics:
    """Over the last outcomes that customers might be told; they wait from their first words on.

    A loop closes with an outcome: that words arrived, or that something is decided, closes none.
    """
    sample = (
        obligations.filter(
            released_at__isnull=False,
            announcement__status_update__isnull=True,
            feedback__isnull=True,
        )
        .order_by("-pk")
        .values_list(
            "status",
            Coalesce(_first_words(), "owed_at"),
            "settled_at",
            Coalesce("account__segment", Value("")),
            _satisfaction(),
        )[:SAMPLE]
    )
    rows = [_Row(*each) for each in sample]
    by_segment: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_segment[row.segment].append(row)
    largest_first = sorted(by_segment.items(), key=lambda each: (-len(each[1]), each[0]))
    segments = [Segment(name, _closure(part, at)) for name, part in largest_first]
    return Metrics(_closure(rows, at), segments, len(rows))


def _first_words() -> Subquery:
    """When the customer first spoke of the request; found by the person, who said few things."""
    same_person = Q(pk=OuterRef(OuterRef("customer"))) | Q(
        merged_into=OuterRef(OuterRef("customer"))
    )
    speaks_of_it = Evidence.objects.live().filter(
        feedback=OuterRef("pk"), counts_for=OuterRef(OuterRef("request"))
    )
    return Subquery(
        Feedback.objects.filter(
            Exists(speaks_of_it), customer__in=Customer.objects.filter(same_person).values("pk")
        )
        .order_by("said_at")
        .values("said_at")[:1]
    )


def _satisfaction() -> Subquery:
    """As the customer's last answer says: it counts, and whoever skipped it has not answered."""
    replies = Reply.objects.filter(obligation=OuterRef("pk")).order_by("-pk")
    return Subquery(replies.values("satisfaction")[:1])


def _closure(rows: Iterable[_Row], at: datetime) -> Closure:
    rows = list(rows)
    told, waiting, left_out = [], [], 0
    answers = dict.fromkeys(Reply.Verdict, 0)
    for row in rows:
        if row.status in TOLD and row.settled_at is not None:
            # Words that were said by a clock ahead of ours are answered at once, not before.
            told.append(max(row.settled_at - row.since, timedelta()))
        elif row.status == _STATUS.OWED:
            waiting.append(max(at - row.since, timedelta()))
        else:
            left_out += 1
        if verdict := _ANSWERED.get(_STATUS(row.status)):
            answers[verdict] += 1
    answered = sum(answers.values())
    shares = {verdict: significance.share(n, answered) for verdict, n in answers.items()}
    return Closure(
        rate=hearing_back.closure_rate(told=len(told), asked=len(told) + len(waiting) + left_out),
        waits=hearing_back.time_to_hear_back(told=told, waiting=waiting),
        answered=significance.share(answered, len(told)),
        answers={verdict: share for verdict, share in shares.items() if share},
        csat=surveys.csat([row.satisfaction for row in rows if row.satisfaction is not None]),
    )
