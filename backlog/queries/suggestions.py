"""What is proposed of words or of a row, what was dismissed, and how often each origin is right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from backlog.models import Customer, CustomerRequest, Feedback, Suggestion, User
from backlog.queries import customer_likeness, similar

Kind = Suggestion.Kind
State = Suggestion.State


def dismissed_requests(about: Feedback | CustomerRequest) -> set[int]:
    """The ids of requests that somebody said these words, or this request, do not mean."""
    rows = Suggestion.objects.dismissed()
    if isinstance(about, Feedback):
        of_words = rows.filter(kind=Kind.LINK, feedback=about)
        return {pk for pk in of_words.values_list("request", flat=True) if pk}
    both = rows.filter(Q(request=about) | Q(into_request=about), kind=Kind.MERGE_REQUESTS)
    return _others(both.values_list("request", "into_request"), about.pk)


def dismissed_customers(about: Customer) -> set[int]:
    """The ids of customers that somebody said are not the same person."""
    rows = Suggestion.objects.dismissed().filter(kind=Kind.MERGE_CUSTOMERS)
    both = rows.filter(Q(customer=about) | Q(into_customer=about))
    return _others(both.values_list("customer", "into_customer"), about.pk)


def _others(pairs: Iterable[tuple[Any, Any]], own: int) -> set[int]:
    return {pk for pair in pairs for pk in pair if pk is not None and pk != own}


def of_words(feedback: Feedback, viewer: User) -> list[Suggestion]:
    """Requests proposed for these words, the likeliest first."""
    seen = Suggestion.objects.visible_to(viewer).proposed().filter(kind=Kind.LINK)
    found = seen.filter(feedback=feedback, request__merged_into=None)
    rows = found.select_related("request__product", "proposed_by")
    return sorted(rows, key=lambda row: (-(row.score or 0), row.pk))


def for_words(feedback: Feedback, viewer: User) -> list[similar.Similar]:
    """What others proposed for these words, then what says the same, but for what was dismissed."""
    proposed = [_proposed(row, row.request) for row in of_words(feedback, viewer) if row.request]
    known = {each.request.pk for each in proposed}
    without = dismissed_requests(feedback) | known
    found = similar.requests_like(feedback.verbatim, viewer=viewer, without=without)
    return [*proposed, *found][: similar.SHOWN]


def for_request(request: CustomerRequest, viewer: User) -> list[similar.Similar]:
    """What may be the same as this request, in its product; as for words."""
    seen = Suggestion.objects.visible_to(viewer).proposed().filter(kind=Kind.MERGE_REQUESTS)
    rows = seen.filter(Q(request=request) | Q(into_request=request))
    rows = rows.select_related("request__product", "into_request__product", "proposed_by")
    others = [(row, row.into_request if row.request == request else row.request) for row in rows]
    proposed = [
        _proposed(row, other) for row, other in others if other and not other.merged_into_id
    ]
    known = {each.request.pk for each in proposed}
    text = f"{request.title}\n{request.problem}"
    without = dismissed_requests(request) | known
    found = similar.requests_like(text, viewer=viewer, but=request, without=without)
    return [*proposed, *found]


def for_customer(customer: Customer, viewer: User) -> list[customer_likeness.Likely]:
    """Who may be the same person as this one; as for words."""
    seen = Suggestion.objects.visible_to(viewer).proposed().filter(kind=Kind.MERGE_CUSTOMERS)
    rows = seen.filter(Q(customer=customer) | Q(into_customer=customer))
    rows = rows.select_related("customer__account", "into_customer__account", "proposed_by")
    rows = rows.prefetch_related("customer__contact_points", "into_customer__contact_points")
    others = [(it, it.into_customer if it.customer == customer else it.customer) for it in rows]
    proposed = [
        customer_likeness.Likely(other, row.reason, row.score or 0.0, row.by_whom)
        for row, other in others
        if other and other.merged_into_id is None and other.erased_at is None
    ]
    without = dismissed_customers(customer) | {each.customer.pk for each in proposed}
    found = customer_likeness.like(customer, viewer=viewer)
    return [*proposed, *(each for each in found if each.customer.pk not in without)]


def _proposed(row: Suggestion, request: CustomerRequest) -> similar.Similar:
    by_whom = row.by_whom
    return similar.Similar(request, row.score or 0.0, reason=row.reason, by_whom=by_whom)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What people made of what one origin proposed; `share` is in percent of what they decided."""

    origin: str
    name: str
    version: str
    proposed: int
    accepted: int
    edited: int
    dismissed: int
    expired: int

    @property
    def title(self) -> str:
        """Our own rules have names that people know; others call themselves."""
        known = {
            similar.NAME: _("Words that say the same"),
            customer_likeness.RULE: _("Customers with the same name or number"),
        }
        return str(known.get(self.name) or self.name or Suggestion.Origin(self.origin).label)

    @property
    def decided(self) -> int:
        return self.accepted + self.edited + self.dismissed

    @property
    def share(self) -> int | None:
        return round(100 * self.accepted / self.decided) if self.decided else None


def acceptance(
    viewer: User, *, since: datetime | None = None, until: datetime | None = None
) -> list[Acceptance]:
    """By origin, name and version, of what the viewer may see and was proposed in that time."""
    rows = Suggestion.objects.visible_to(viewer).order_by()
    if since is not None:
        rows = rows.filter(proposed_at__gte=since)
    if until is not None:
        rows = rows.filter(proposed_at__lt=until)
    counts = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    grouped: Any = rows.values("origin", "name", "version").annotate(**counts)
    return [Acceptance(**row) for row in grouped.order_by("origin", "name", "version")]
