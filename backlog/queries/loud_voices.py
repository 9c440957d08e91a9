"""Loud voices: of each of some requests who speaks for it, and what that leaves out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from backlog.models import Evidence, Feedback, Reading
from backlog.rules.loud_voices import Guard, Voices, guards

NON_CUSTOMERS: Final = tuple(set(Feedback.Relation) - {Feedback.Relation.CUSTOMER})

_COUNTS: Final = ("pieces", "with_words", "with_ratings", "by_non_customers")


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to be careful about, in words; `is_serious` where one voice drowns the others."""

    code: Guard
    text: str

    @property
    def is_serious(self) -> bool:
        return self.code in (Guard.ONE_ACCOUNT, Guard.ONLY_NUMBERS)


@dataclass(frozen=True, slots=True)
class LoudVoices:
    """Who speaks for one request, and what to be careful about."""

    voices: Voices
    warnings: tuple[Warned, ...]


def of(request_ids: Collection[int]) -> dict[int, LoudVoices]:
    """By request, for each of these; two queries however many they are."""
    live = Evidence.objects.live().filter(counts_for__in=request_ids).without_repeats().order_by()
    has_rating = Exists(Reading.objects.filter(feedback=OuterRef("feedback")))
    counted = (
        live.alias(has_rating=has_rating)
        .values("counts_for")
        .annotate(
            pieces=Count("pk"),
            with_words=Count("pk", filter=Q(feedback__erased_at__isnull=True)),
            with_ratings=Count("pk", filter=Q(has_rating=True)),
            by_non_customers=Count("pk", filter=Q(feedback__relation__in=NON_CUSTOMERS)),
        )
    )
    of_account = live.filter(feedback__account__isnull=False).values(
        "counts_for", "feedback__account"
    )
    said = of_account.annotate(said=Count("pk"))
    first = Window(
        RowNumber(),
        partition_by=F("counts_for"),
        order_by=(F("said").desc(), F("feedback__account").asc()),
    )
    loudest = {
        request: (account, pieces)
        for request, account, pieces in said.annotate(nth=first)
        .filter(nth=1)
        .values_list("counts_for", "feedback__account", "said")
    }
    found: dict[int, Any] = {row["counts_for"]: dict(row) for row in counted}
    return {pk: _heard(found.get(pk), loudest.get(pk)) for pk in request_ids}


def _heard(counts: dict[str, int] | None, loudest: tuple[int, int] | None) -> LoudVoices:
    account, pieces = loudest or (None, 0)
    numbers = {name: counts[name] if counts else 0 for name in _COUNTS}
    voices = Voices(**numbers, loudest_account=account, loudest_pieces=pieces)
    warnings = tuple(Warned(code, _text(code, voices)) for code in guards(voices))
    return LoudVoices(voices, warnings)


def _text(code: Guard, voices: Voices) -> str:
    match code:
        case Guard.ONE_ACCOUNT:
            return _("One account is %(percent)s %% of this.") % {"percent": voices.percent}
        case Guard.ONLY_NUMBERS:
            return _("Only ratings are left for this; there are no words beside them.")
        case Guard.ONLY_WORDS:
            return _("Only words speak for this; there are no ratings beside them.")
        case Guard.NON_CUSTOMERS_UNHEARD:
            return _("Only customers speak for this; nobody who is none has been heard.")
