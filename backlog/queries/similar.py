"""Requests that say the same as somebody's words, the most alike first, and why.

The words are looked up in the index by which lists are searched (0026): of each at most as many
rows as let all of them together be a thousand, however many requests there are.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from backlog.models import CustomerRequest, Evidence, Feedback, RequestStatus, User
from backlog.models.requests import CustomerRequestQuerySet
from backlog.rules import similarity

MOST_CANDIDATES: Final = 1_000
SHOWN: Final = 5
ORIGIN: Final = "rule"
NAME: Final = "similar_words"
VERSION: Final = "words-1"
"""By which rule it was found; another one is another version."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A request that may be meant, how alike it is from 0 to 1, and the words they share."""

    request: CustomerRequest
    score: float
    shared: tuple[str, ...] = ()
    reason: str = ""
    by_whom: str = ""
    """Who else proposed it, and why; empty where this rule found it."""

    @property
    def percent(self) -> int:
        return round(100 * self.score)


def requests_like(
    text: str,
    *,
    viewer: User,
    but: CustomerRequest | None = None,
    without: Collection[int] = (),
    most: int = SHOWN,
) -> list[Similar]:
    """Those the viewer may see; three queries, and as quick whatever the backlog's length."""
    terms = similarity.lookups(text)
    if not terms:
        return []
    seen = CustomerRequest.objects.visible_to(viewer).exclude(status=RequestStatus.MERGED)
    if but is not None:
        seen = seen.exclude(pk=but.pk)
    if without:
        seen = seen.exclude(pk__in=without)
    matches = similarity.ranked(text, _candidates(terms, seen, viewer))[:most]
    found = seen.select_related("product").defer("search_text")
    rows = found.in_bulk([match.of for match in matches])
    return [
        Similar(rows[match.of], match.score, match.shared) for match in matches if match.of in rows
    ]


def _candidates(
    terms: list[str], seen: CustomerRequestQuerySet, viewer: User
) -> Iterator[similarity.Text]:
    """Requests in which any of the terms stands, and words that speak for any and have one."""
    requests = _having(terms, CustomerRequest.objects.all())
    for number, title, problem in seen.filter(_any(requests)).values_list("pk", "title", "problem")[
        :MOST_CANDIDATES
    ]:
        yield similarity.Text(number, title, problem)
    words = _having(terms, Feedback.objects.all())
    heard = Evidence.objects.visible_to(viewer).live().filter(_any(words, "feedback__"))
    said = heard.annotate(said=Left("feedback__verbatim", similarity.LONGEST))
    for number, text in said.values_list("counts_for", "said")[:MOST_CANDIDATES]:
        yield similarity.Text(number, "", text)


def _having(terms: list[str], rows: "QuerySet[Any]") -> "list[QuerySet[Any, Any]]":
    """Of each term some rows: as many as let all of them together be a thousand."""
    each = MOST_CANDIDATES // len(terms)
    return [rows.filter(search_text__indexed=term).values("pk")[:each] for term in terms]


def _any(looked_up: "list[QuerySet[Any, Any]]", path: str = "") -> Q:
    return reduce(or_, (Q(**{f"{path}pk__drawn_from": rows}) for rows in looked_up))
