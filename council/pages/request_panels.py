"""What the Request page shows of one request, gathered with a fixed number of queries."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Max, Prefetch, QuerySet, When

from backlog.models import (
    Assessment,
    Commitment,
    Criterion,
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
from backlog.queries import loop_metrics, score_explanations
from backlog.queries import memberships as membership_queries
from backlog.scoring import explanation
from backlog.statistics.interval import Interval

WORDS, ACCOUNTS, TOLD, ANSWERS = 30, 6, 10, 20
WORDS_OPEN = 6
"""So many pieces of evidence are open to read; the others are folded away below them."""
CONTEXT = 240
"""So many characters around an excerpt are shown before the rest is folded away."""
LOUD_FROM = 50
"""The share in percent from which one account's voice is said to drown the others."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of evidence within the words it was taken from."""

    evidence: Evidence
    before: str
    after: str
    is_cut: bool

    @property
    def is_whole(self) -> bool:
        return not self.before and not self.after


@dataclass(frozen=True, slots=True)
class Words:
    shown: list[Excerpt]
    folded: list[Excerpt]
    has_more: bool


def words(request: CustomerRequest, user: User) -> Words:
    """What speaks for the request, the most important first."""
    rows = (
        Evidence.objects.visible_to(user)
        .live()
        .filter(counts_for=request)
        .select_related("feedback__source", "feedback__customer", "feedback__account", "request")
        .prefetch_related("feedback__readings", "feedback__customer__contact_points")
        .defer("feedback__raw", "feedback__payload")
        .order_by("-importance", "-feedback__said_at", "-pk")[: WORDS + 1]
    )
    found = [_excerpt(row) for row in rows]
    return Words(found[:WORDS_OPEN], found[WORDS_OPEN:WORDS], has_more=len(found) > WORDS)


def _excerpt(row: Evidence) -> Excerpt:
    before, after = row.feedback.verbatim[: row.start], row.feedback.verbatim[row.end :]
    is_cut = len(before) > CONTEXT or len(after) > CONTEXT
    return Excerpt(row, before[-CONTEXT:], after[:CONTEXT], is_cut)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: how many, for which accounts, and whether one voice drowns the others."""

    pieces: int
    customers: int
    accounts: list[dict[str, Any]]
    has_figures: bool

    @property
    def loudest(self) -> dict[str, Any] | None:
        """Of two pieces of evidence each would be half; from three on it says something."""
        first = self.accounts[0] if self.accounts and self.pieces >= 3 else None
        return first if first and first["percent"] >= LOUD_FROM else None


def asking(request: CustomerRequest) -> Asking:
    live = Evidence.objects.live().filter(counts_for=request)
    total = live.aggregate(
        pieces=Count("pk", distinct=True),
        customers=Count(Evidence.CUSTOMER, distinct=True),
        readings=Count("feedback__readings"),
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
    return Asking(total["pieces"], total["customers"], shares, bool(total["readings"]))


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


def told(request: CustomerRequest, user: User) -> dict[str, Any]:
    """Who was not told and why, then who was told and when; names only for those who may see."""
    counts = (
        Obligation.objects.filter(request=request)
        .order_by()
        .values("status")
        .annotate(n=Count("pk"))
    )
    labels = dict(Obligation.Status.choices)
    rows = Obligation.objects.visible_to(user).filter(request=request)
    rows = rows.prefetch_related("customer__contact_points")
    return {
        "counts": [(each["status"], labels[each["status"]], each["n"]) for each in counts],
        "rows": rows.select_related(
            *("customer", "account", "waived_by"),
            *("announcement__outcome", "announcement__status_update"),
        ).order_by(Case(When(status__in=loop_metrics.TOLD, then=1), default=0), "-pk")[:TOLD],
        "may_see": user.has_perm("backlog.view_obligation"),
    }


def answers(request: CustomerRequest, user: User) -> list[Reply]:
    replies = Reply.objects.visible_to(user).filter(obligation__request=request)
    return list(replies.for_listing().gravest_first()[:ANSWERS])
