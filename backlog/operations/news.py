"""News of a request that customers hear of beside its outcomes, and what is said to them.

Which news speak is the product's setting. Those that do are owed from the moment they happen, and
told once a colleague announces them. Lock order: request, news.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import Customer, CustomerRequest, News, Outcome, User
from backlog.operations import ledger, owing, text

# The setting of the product that lets each speak.
_SETTING: Final = {
    News.Kind.DECIDED_YES: "tells_yes",
    News.Kind.DECIDED_NO: "tells_no",
    News.Kind.PLANNED: "tells_plans",
    News.Kind.REOPENED: "tells_reopening",
}


class NewsAnnounced(errors.Refusal):
    """Customers are being told in the words as they are."""

    code = "news_announced"


class NobodyWaits(errors.Refusal):
    """Everybody who asked has heard something since, or nobody has asked."""

    code = "nobody_waits"


class OtherNewsWaits(errors.Refusal):
    """Other news or an outcome is to be announced first; `details` hold its number."""

    code = "other_news_waits"


@transaction.atomic
def spread(
    *,
    request: CustomerRequest,
    kind: News.Kind,
    by: User | None,
    at: datetime,
    words: Mapping[str, str] | None = None,
) -> News | None:
    """Owe everybody who asked for the request this news of it; None where nobody is to hear.

    The request must be locked. Its product says which news speak; whoever gives `words` for
    customers wants them told whatever it says.
    """
    said = text.by_language(words or {}, "customer_words", is_required=False)
    is_told = bool(said) or getattr(request.product, _SETTING[kind])
    if not is_told or not owing.askers(request).exists():
        return None
    return _record(request, kind, said, to=None, by=by, at=at)


def _record(
    request: CustomerRequest,
    kind: News.Kind,
    said: dict[str, str],
    *,
    to: "QuerySet[Customer] | None",
    by: User | None,
    at: datetime,
) -> News:
    retire(request)
    news = News.objects.create(
        request=request, kind=kind, words=said, recorded_by=by, recorded_at=at
    )
    event = ledger.record(
        "news.recorded", subject=news, request=request, by=by, at=at, data={"kind": kind.value}
    )
    owing.owe(event=event, request=request, news=news, to=to, at=at)
    return news


@transaction.atomic
def tell_where_it_stands(
    *, request_id: int, words: Mapping[str, str], by: User | None, at: datetime
) -> News:
    """Owe those who asked and have heard nothing since a word of where their request stands.

    It is told once a colleague announces it, as other news; who has heard or is being told is left
    in peace. Said again before that, it only changes the words, unless the request has moved on
    since. Refused where nobody waits, and where other news or an outcome of the request waits to
    be announced: that says it better. A pilot need not be announced, and does not stand in the way.
    """
    said = text.by_language(words, "words", is_required=True)
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.select_related("product").get(pk=request_id)
    waiting = News.objects.waiting().filter(request=request).first()
    if waiting is not None and waiting.kind == News.Kind.STANDING:
        return say_to_customers(news_id=waiting.pk, words=said, by=by, at=at)
    _check_nothing_better(request, waiting)
    silent = owing.silent(request)
    if not silent.exists():
        raise NobodyWaits(_("%(request)s: nobody waits to hear of it.") % {"request": request.key})
    return _record(request, News.Kind.STANDING, said, to=silent, by=by, at=at)


def _check_nothing_better(request: CustomerRequest, waiting: News | None) -> None:
    outcomes = Outcome.objects.current().filter(commitment__request=request)
    last = outcomes.filter(commitment__is_pilot=False).order_by("-pk").first()
    if waiting is not None:
        raise OtherNewsWaits(
            _("%(request)s: other news waits to be announced: %(news)s.")
            % {"request": request.key, "news": waiting.get_kind_display()},
            news=waiting.pk,
        )
    if last is not None and last.announced_at is None:
        raise OtherNewsWaits(
            _("%(request)s: an outcome waits to be announced: %(result)s.")
            % {"request": request.key, "result": last.get_result_display()},
            outcome=last.pk,
        )


def retire(request: CustomerRequest) -> None:
    """Something later took the place of its news: what was not announced is told with that."""
    News.objects.filter(request=request, is_current=True).update(is_current=False)


@transaction.atomic
def say_to_customers(
    *, news_id: int, words: Mapping[str, str], by: User | None, at: datetime
) -> News:
    """Write what customers read, by language, until it is announced. Writing the same is nothing.

    Whoever asked for a second person must ask again: that one agreed to other words.
    """
    said = text.by_language(words, "words", is_required=False)
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.get(news=news_id)
    news = News.objects.select_for_update(no_key=True).get(pk=news_id)
    if said == news.words:
        return news
    if news.announced_at is not None:
        raise NewsAnnounced(_("Customers are being told already. Cancel that first."))
    news.words, news.asked_by, news.asked_at = said, None, None
    news.save(update_fields=["words", "asked_by", "asked_at"])
    ledger.record("news.worded", subject=news, request=request, by=by, at=at)
    return news
