"""Whose calendar reads under an address, and what stands in it."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from backlog.models import User
from council.models import ActionItem, CalendarFeed, Invitation, Meeting
from council.rules import calendar_feeds as rules

BACK: Final = timedelta(days=60)
MOST: Final = 300


def feed_of(user: User) -> CalendarFeed | None:
    """The address that works."""
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).first()


def reader(secret: str) -> User | None:
    """Who reads under this address, if it works and they are still here."""
    feeds = CalendarFeed.objects.filter(
        digest=rules.digest(secret), revoked_at__isnull=True, user__is_active=True
    )
    feed = feeds.select_related("user").first()
    return feed.user if feed else None


def meetings_of(user: User, *, at: datetime) -> QuerySet[Meeting]:
    """Those to which they are asked, and those that they were at, since two months ago."""
    asked = Invitation.objects.asked().filter(user=user).values("meeting")
    rows = Meeting.objects.visible_to(user).filter(
        Q(pk__in=asked) | Q(attendances__user=user), starts_at__gte=at - BACK
    )
    return rows.select_related("council").distinct().order_by("starts_at", "pk")[:MOST]


def actions_of(user: User) -> QuerySet[ActionItem]:
    """What they have promised and not done yet."""
    rows = ActionItem.objects.visible_to(user).unfinished().filter(owner=user)
    return rows.order_by("due_on", "pk")[:MOST]
