"""Calendar feeds: a colleague makes the secret address for their calendar, and takes it back."""

import secrets
from datetime import datetime

from django.db import transaction

from backlog.models import User
from backlog.operations import events
from council.models import CalendarFeed
from council.rules import calendar_feeds


@transaction.atomic
def make_feed(*, user_id: int, by: User | None, at: datetime) -> str:
    """The secret of a new address, which is shown this once; the one before stops working."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    _revoke(user, at=at)
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(user=user, digest=calendar_feeds.digest(secret), made_at=at)
    events.record("calendar_feed.made", subject=user, by=by, at=at)
    return secret


@transaction.atomic
def revoke_feed(*, user_id: int, by: User | None, at: datetime) -> None:
    """The address stops working at once. Revoking it twice changes nothing."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if _revoke(user, at=at):
        events.record("calendar_feed.revoked", subject=user, by=by, at=at)


def _revoke(user: User, *, at: datetime) -> int:
    return user.calendar_feeds.filter(revoked_at__isnull=True).update(revoked_at=at)
