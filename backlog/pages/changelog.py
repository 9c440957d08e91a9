"""The public changelog: what became of customers' requests, for everybody, with no person in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backlog.models import Event, Outcome, Product
from backlog.models.outcomes import OutcomeQuerySet
from backlog.pages import paging
from backlog.pages.base import for_everybody
from backlog.rules import bounds, formats, texts

ROWS: Final = 30


class Feed(Atom1Feed):
    """Drops on the way out what XML forbids: one such character would take the feed from all."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**formats.xml(facts))

    def add_item(self, **facts: Any) -> None:  # type: ignore[override] # named, as all facts are
        super().add_item(**formats.xml(facts))

    def latest_post_date(self) -> datetime:
        """Of an empty feed the earliest there is: Django would say that it has changed just now."""
        return super().latest_post_date() if self.items else bounds.EARLIEST_MOMENT


@for_everybody
@require_safe
def changelog(request: HttpRequest) -> HttpResponse:
    """By month, the newest first; `?product=` narrows it, `?language=` chooses its language."""
    language = _language(request)
    products, chosen = _products(request)
    rows = list(_after(_outcomes(chosen), paging.number(request.GET, "before"))[: ROWS + 1])
    has_more, rows = len(rows) > ROWS, rows[:ROWS]
    context = {
        "site_name": settings.SITE_NAME,
        "products": [(each, _url("changelog", each, language)) for each in products],
        "everything_url": _url("changelog", None, language),
        "chosen": chosen,
        "outcomes": rows,
        "older": paging.address(request.GET, before=rows[-1].pk) if has_more else "",
        "feed_url": _url("changelog-feed", chosen, language),
        "languages": [
            (info["code"], info["name_local"], _url("changelog", chosen, info["code"]))
            for info in (translation.get_language_info(code) for code, _name in settings.LANGUAGES)
        ],
    }
    with translation.override(language):
        return render(request, "portal/changelog.html", context)


@for_everybody
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest of the same as an Atom feed."""
    language = _language(request)
    _all, chosen = _products(request)
    page_url = _url("changelog", chosen, language)
    with translation.override(language):
        atom = Feed(
            title=_("%(site)s: what customers asked for and got") % {"site": settings.SITE_NAME},
            link=page_url,
            description="",
            language=language,
            feed_url=_url("changelog-feed", chosen, language),
            author_name=settings.SITE_NAME,
        )
        outcomes = list(_outcomes(chosen)[:ROWS])
        for outcome in outcomes:
            atom.add_item(**_entry(outcome, page_url, language))
    response = HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
    response["Last-Modified"] = http_date(_modified(outcomes).timestamp())
    return response


def _modified(outcomes: Sequence[Outcome]) -> datetime:
    """When anything was last done that can change the feed: perhaps too late, never too early.

    What was taken out of it counts too, so it is asked of the ledger.
    """
    shown = Q(request__in={outcome.commitment.request_id for outcome in outcomes})
    about = shown | Q(subject_type__in=["outcome", "product"])
    return Event.objects.filter(about).aggregate(last=Max("at"))["last"] or bounds.EARLIEST_MOMENT


def _entry(outcome: Outcome, page_url: str, language: str) -> dict[str, Any]:
    request, result = outcome.commitment.request, outcome.get_result_display()
    summary = texts.pick(outcome.summary, language)
    return {
        "title": f"{request.title} ({result})",
        "link": f"{page_url}#outcome-{outcome.pk}",
        "unique_id": f"{settings.SITE_URL}{reverse('backlog:changelog')}#outcome-{outcome.pk}",
        "description": linebreaks(summary, autoescape=True),
        "categories": [request.product.name],
        "pubdate": outcome.announced_at,
        "updateddate": outcome.announced_at,
    }


def _products(request: HttpRequest) -> tuple[list[Product], Product | None]:
    """The products with a public changelog, and the one that the address names."""
    products = list(Product.objects.with_public_changelog().order_by("name", "pk"))
    prefix = request.GET.get("product")
    chosen = next((each for each in products if each.prefix == prefix), None)
    if not products or (prefix and chosen is None):
        raise Http404
    return products, chosen


def _outcomes(product: Product | None) -> OutcomeQuerySet:
    outcomes = Outcome.objects.public().select_related(
        "commitment__request__product", "announcement"
    )
    if product is not None:
        outcomes = outcomes.filter(commitment__request__product=product)
    return outcomes.order_by("-announcement__announced_at", "-announcement__outcome")


def _after(outcomes: OutcomeQuerySet, last_id: int | None) -> OutcomeQuerySet:
    """What was announced before the outcome of this number."""
    last = outcomes.filter(pk=last_id).first() if last_id is not None else None
    if last is None:
        return outcomes
    at = last.announced_at
    earlier = Q(announcement__announced_at__lt=at) | Q(
        announcement__announced_at=at, announcement__outcome__lt=last.pk
    )
    return outcomes.filter(earlier, announcement__announced_at__lte=at)


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else translation.get_language() or "ko"


def _url(name: str, product: Product | None, language: str) -> str:
    query = {"language": language, **({"product": product.prefix} if product else {})}
    return f"{settings.SITE_URL}{reverse(f'backlog:{name}')}?{urlencode(query)}"
