"""One's own calendar: the private address, and the file that calendars read under it."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backlog import errors
from backlog.auth import rate_limits
from backlog.forms import sent_once
from backlog.pages.base import Request, page, refused, uncompressed
from council.delivery import calendars
from council.operations import calendar_feeds
from council.queries import calendar_feeds as feed_queries
from council.rules import calendar_feeds as rules

PER_ADDRESS: Final = rate_limits.Limit("calendar-address", times=120, seconds=10 * 60)
PER_FEED: Final = rate_limits.Limit("calendar-feed", times=60, seconds=10 * 60)


@require_safe
def calendar(request: Request) -> HttpResponse:
    return _show(request)


def _show(request: Request, **context: Any) -> HttpResponse:
    feed = feed_queries.feed_of(request.user)
    return page(
        request, "council/calendar.html", title=_("Your calendar"), feed=feed, **context
    )  # fmt: skip


@uncompressed
@require_POST
def make_feed(request: Request) -> HttpResponse:
    """The address is shown on this page, and nowhere again."""
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            secret = calendar_feeds.make_feed(user_id=request.user.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
        return redirect("council:calendar")
    address = settings.SITE_URL + reverse("council:calendar-feed", args=[secret])
    return _show(request, address=address)


@require_POST
def revoke_feed(request: Request) -> HttpResponse:
    at = timezone.now()
    try:
        with sent_once.once(request, at=at):
            calendar_feeds.revoke_feed(user_id=request.user.pk, by=request.user, at=at)
    except errors.Refusal as refusal:
        refused(request, refusal)
    else:
        messages.success(request, _("The address does not work any more."))
    return redirect("council:calendar")


@login_not_required
@uncompressed
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address reads it, and nothing else; the same file is not sent twice."""
    at = timezone.now()
    for limit, who in (
        (PER_ADDRESS, rate_limits.address_of(request)),
        (PER_FEED, rules.digest(token)),
    ):
        count = limit.take(who, at=at)
        if count.is_over:
            return HttpResponse(status=429, headers={"Retry-After": str(count.wait)})
    user = feed_queries.reader(token)
    if user is None:
        raise Http404
    with translation.override(user.language):
        text = calendars.feed(
            feed_queries.meetings_of(user, at=at),
            feed_queries.actions_of(user),
            name=settings.SITE_NAME,
        )
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = quote_etag(rules.digest(text))
    answer["Cache-Control"] = "private, max-age=300, no-transform"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer
