"""Customers' words on the Request page: the best ones first, then all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from backlog.models import CustomerRequest, Evidence, User

BEST, WORDS = 2, 20
"""So many stand on the Request page, and on one page of all of them."""
WEIGHED = 12
"""Among so many of the most important words the best are looked for."""
CONTEXT = 240
"""So many characters around an excerpt are shown before the rest is folded away."""


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
    """Some of what speaks for a request, and after which piece of evidence the next ones follow."""

    shown: list[Excerpt]
    next_after: int | None


def best(request: CustomerRequest, user: User, language: str) -> list[Excerpt]:
    """What to read first: the gravest, of several people, in the reader's language if it can be."""
    return [_excerpt(row) for row in _best(list(_of(request, user)[:WEIGHED]), language)]


def best_of(rows: Sequence[Evidence], language: str) -> list[Excerpt]:
    """The same of words that were read for several requests at once."""
    return [_excerpt(row) for row in _best(rows, language)]


def _best(rows: Sequence[Evidence], language: str) -> list[Evidence]:
    by_worth = sorted(
        rows,
        key=lambda it: (
            it.feedback.erased_at is not None,
            -it.importance,
            it.feedback.language != language,
        ),
    )
    seen = set[int | None]()
    others = list[Evidence]()
    first = list[Evidence]()
    for row in by_worth:
        is_another = row.feedback.customer_id is None or row.feedback.customer_id not in seen
        (first if is_another else others).append(row)
        seen.add(row.feedback.customer_id)
    return [*first, *others][:BEST]


def page(request: CustomerRequest, user: User, *, after: int | None = None) -> Words:
    """What speaks for the request, the most important first; from behind `after` on."""
    rows = _of(request, user)
    last = after and rows.filter(pk=after).first()
    if last:
        same = Q(importance=last.importance)
        same_day = same & Q(feedback__said_at=last.feedback.said_at)
        rows = rows.filter(
            Q(importance__lt=last.importance)
            | (same & Q(feedback__said_at__lt=last.feedback.said_at))
            | (same_day & Q(pk__lt=last.pk))
        )
    found = list(rows[: WORDS + 1])
    shown = [_excerpt(row) for row in found[:WORDS]]
    return Words(shown, shown[-1].evidence.pk if len(found) > WORDS else None)


def _of(request: CustomerRequest, user: User) -> QuerySet[Evidence]:
    return (
        Evidence.objects.visible_to(user)
        .live()
        .filter(counts_for=request)
        .without_repeats()
        .select_related("feedback__source", "feedback__customer", "feedback__account", "request")
        .prefetch_related("feedback__readings", "feedback__customer__contact_points")
        .defer("feedback__raw", "feedback__payload")
        .order_by("-importance", "-feedback__said_at", "-pk")
    )


def _excerpt(row: Evidence) -> Excerpt:
    before, after = row.feedback.verbatim[: row.start], row.feedback.verbatim[row.end :]
    is_cut = len(before) > CONTEXT or len(after) > CONTEXT
    return Excerpt(row, before[-CONTEXT:], after[:CONTEXT], is_cut)
