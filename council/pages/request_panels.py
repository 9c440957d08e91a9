"""What the Request page shows of one request, gathered with a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Max, Min, Prefetch, QuerySet, When
from django_stubs_ext import StrOrPromise

from backlog.models import (
    Assessment,
    Commitment,
    Criterion,
    Customer,
    CustomerRequest,
    Department,
    Evidence,
    Measurement,
    Obligation,
    Reply,
    User,
)
from backlog.models.assessments import awaiting
from backlog.models.requests import ASSESSED_NO_MORE
from backlog.queries import askers, loop_metrics, loud_voices, score_explanations
from backlog.queries import memberships as membership_queries
from backlog.scoring import explanation
from backlog.statistics.interval import Interval

ACCOUNTS, PEOPLE, TOLD, ANSWERS = 6, 12, 5, 3
"""So many rows a panel begins with; the parts of the page (`request_parts`) have all."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: how many, for which accounts, and what to be careful about."""

    pieces: int
    customers: int
    accounts: list[dict[str, Any]]
    warnings: tuple[loud_voices.Warned, ...]
    first_at: datetime | None


def asking(request: CustomerRequest) -> Asking:
    live = Evidence.objects.live().filter(counts_for=request).without_repeats()
    total = live.aggregate(
        pieces=Count("pk", distinct=True),
        customers=Count(Evidence.CUSTOMER, distinct=True),
        first=Min("feedback__said_at"),
    )
    accounts = (
        live.annotate(account=Evidence.ACCOUNT)
        .filter(account__isnull=False)
        .values("account")
        .annotate(
            name=Max("feedback__account__name"),
            segment=Max("feedback__account__segment"),
            revenue=Max("feedback__account__annual_revenue"),
            currency=Max("feedback__account__currency"),
            pieces=Count("pk"),
        )
        .order_by("-pieces", "account")[:ACCOUNTS]
    )
    shares = [
        {**account, "percent": 100 * account["pieces"] / total["pieces"]} for account in accounts
    ]
    warnings = loud_voices.of([request.pk])[request.pk].warnings
    return Asking(total["pieces"], total["customers"], shares, warnings, total["first"])


def people(request: CustomerRequest, user: User) -> list[Customer]:
    """Some of who asked, for those who may see customers; the latest first."""
    if not user.has_perm("backlog.view_customer"):
        return []
    found = askers.askers(request).prefetch_related("contact_points")
    return list(found.order_by("-created_at", "-pk")[:PEOPLE])


def criteria(request: CustomerRequest) -> list[Criterion]:
    """What the request is assessed by, in the order of its product's model."""
    model = request.product.scoring_model
    return list(model.criteria.order_by("position", "pk")) if model else []


@dataclass(frozen=True, slots=True)
class Voice:
    """A department's row in the table of scores: a value a criterion, None where it is silent."""

    department: Department
    cells: list[Interval | None]


@dataclass(frozen=True, slots=True)
class Scores:
    """Why the scores are what they are.

    While `is_blind`, the person has yet to assess and is not shown what departments said. `revised`
    are values that somebody changed once they could read the others'.
    """

    why: explanation.Explanation
    parts: list[tuple[Criterion, explanation.Part]]
    voices: list[Voice]
    wanted: list[tuple[Department, float]]
    revised: list[Assessment]
    is_blind: bool


def scores(
    request: CustomerRequest, criteria: list[Criterion], user: User, *, is_blind: bool
) -> Scores | None:
    why = score_explanations.explain(request)
    if why is None:
        return None
    by_key = {criterion.key: criterion for criterion in criteria}
    seated = {pk for part in why.parts for pk in part.voices}
    departments = Department.objects.filter(pk__in=seated).order_by("name")
    by_pk = {department.pk: department for department in departments}
    return Scores(
        why=why,
        parts=[(by_key[part.criterion.key], part) for part in why.parts],
        voices=[Voice(each, _cells(each, why)) for each in departments],
        wanted=[(by_pk[each.department], each.narrows_by) for each in why.wanted],
        revised=list(_revised(request, user)),
        is_blind=is_blind,
    )


def _revised(request: CustomerRequest, user: User) -> "QuerySet[Assessment]":
    shown = Assessment.objects.visible_to(user).filter(
        request=request,
        criterion__model=request.product.scoring_model_id,
        revised_at__isnull=False,
    )
    return shown.select_related("criterion", "department").order_by("department__name", "pk")


def _cells(department: Department, why: explanation.Explanation) -> list[Interval | None]:
    return [
        None if department.pk in part.missing else part.voices[department.pk] for part in why.parts
    ]


@dataclass(frozen=True, slots=True)
class Assessing:
    """The person's own part in scoring a request; without a department they have none."""

    department: Department | None
    own: list[Assessment]
    is_blind: bool

    @property
    def is_possible(self) -> bool:
        return self.department is not None

    @property
    def initial(self) -> dict[str, Any]:
        """What they said before, for the form to begin from."""
        initial: dict[str, Any] = {}
        for row in self.own:
            key = row.criterion.key
            initial[f"{key}-value"] = f"{row.value.normalize():f}"
            initial[f"{key}-confidence"] = row.confidence
            initial[f"{key}-note"] = row.note
        return initial


def assessing(request: CustomerRequest, user: User) -> Assessing:
    has_model = request.product.scoring_model_id is not None
    is_open = has_model and request.status not in ASSESSED_NO_MORE
    if not is_open or not user.has_perm("backlog.assess_request"):
        return Assessing(None, [], is_blind=False)
    own = Assessment.objects.filter(
        request=request, assessor=user, criterion__model=request.product.scoring_model_id
    ).select_related("criterion")
    is_blind = awaiting(user).filter(pk=request.pk).exists()
    return Assessing(membership_queries.department_of(user), list(own), is_blind)


def commitments(request: CustomerRequest) -> list[Commitment]:
    """Each sprint it was taken into, the latest first, with all that became of it."""
    return list(
        request.commitments.select_related("sprint", "committed_by")
        .prefetch_related(
            "outcomes__announcement__announced_by",
            Prefetch("outcomes__measurements", Measurement.objects.latest_first()),
        )
        .order_by("-committed_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Told:
    """How many were told or not, by status; `rows` name them, for those who may see."""

    counts: list[tuple[str, StrOrPromise, int]]
    rows: list[Obligation]
    last_at: datetime | None

    @property
    def all(self) -> int:
        return sum(n for _status, _label, n in self.counts)

    @property
    def heard(self) -> int:
        return sum(n for status, _label, n in self.counts if status in loop_metrics.TOLD)

    @property
    def owed(self) -> int:
        return sum(n for status, _label, n in self.counts if status == Obligation.Status.OWED)


def told(request: CustomerRequest, user: User) -> Told:
    """Who was not told and why, then who was told and when."""
    counts = list(
        Obligation.objects.filter(request=request)
        .order_by()
        .values("status")
        .annotate(n=Count("pk"), last=Max("settled_at"))
    )
    labels = dict(Obligation.Status.choices)
    heard = [each["last"] for each in counts if each["status"] in loop_metrics.TOLD]
    rows = obligations(request, user).order_by(
        Case(When(status__in=loop_metrics.TOLD, then=1), default=0), "-pk"
    )
    return Told(
        [(each["status"], labels[each["status"]], each["n"]) for each in counts],
        list(rows[:TOLD]) if counts else [],
        max(heard, default=None),
    )


def obligations(request: CustomerRequest, user: User) -> QuerySet[Obligation]:
    rows = Obligation.objects.visible_to(user).filter(request=request)
    return rows.prefetch_related("customer__contact_points").select_related(
        *("customer", "account", "waived_by"),
        *("announcement__outcome", "announcement__status_update"),
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answered what, and the gravest of the answers."""

    counts: list[tuple[str, StrOrPromise, int]]
    rows: list[Reply]
    last_at: datetime | None

    @property
    def all(self) -> int:
        return sum(n for _verdict, _label, n in self.counts)


def answers(request: CustomerRequest, user: User) -> Answers:
    replies = Reply.objects.visible_to(user).filter(obligation__request=request)
    counts = {
        each["verdict"]: each
        for each in replies.order_by()
        .values("verdict")
        .annotate(n=Count("pk"), last=Max("answered_at"))
    }
    return Answers(
        [
            (verdict, label, counts[verdict]["n"])
            for verdict, label in Reply.Verdict.choices[::-1]
            if verdict in counts
        ],
        list(replies.for_listing().gravest_first()[:ANSWERS]),
        max((each["last"] for each in counts.values()), default=None),
    )
