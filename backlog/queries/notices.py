"""Messages: how long they wait, what was given up, and which one a mail server speaks of."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from backlog.delivery import links, rendering
from backlog.models import MailDomain, Notice, NoticeItem, Obligation
from backlog.models.notices import NoticeQuerySet

_UNSUBSCRIBE: Final = re.compile(r"/unsubscribe/([\w.:-]+)")


def notice_of(clue: str) -> Notice | None:
    """The notice that left with this Message-ID, or List-Unsubscribe; what is made up names none.

    Servers on the way may have left out the brackets, or written another host.
    """
    token = _UNSUBSCRIBE.search(clue)
    if token:
        return _notice_of_link(token[1])
    message_id = f"<{clue.strip().strip('<>')}"
    notice_id = rendering.notice_id_of(message_id)
    notice = Notice.objects.filter(pk=notice_id).first() if notice_id else None
    if notice is None:
        return None
    name, _at, _host = rendering.message_id(notice).partition("@")
    return notice if message_id.startswith(f"{name}@") else None


def _notice_of_link(token: str) -> Notice | None:
    try:
        return Notice.objects.get(pk=links.read_unsubscribe_token(token))
    except links.Refused:
        return None


def notice_among(clues: Iterable[str]) -> Notice | None:
    """What the first of these names that names a message of ours."""
    return next((notice for clue in clues if (notice := notice_of(clue))), None)


STUCK_AFTER: Final = timedelta(minutes=15)


def queue_age(*, at: datetime) -> timedelta | None:
    """How long the oldest thing that may be told has waited.

    What was given up is not waiting; what its customer wants to hear later does not wait for us.
    """
    given_up = Notice.objects.filter(status__in=[Notice.Status.DEAD, Notice.Status.HELD])
    kept = given_up | Notice.objects.postponed(at=at)
    stopped = NoticeItem.objects.filter(obligation=OuterRef("pk"), is_live=True, notice__in=kept)
    oldest = (
        Obligation.objects.filter(
            ~Exists(stopped), status=Obligation.Status.OWED, released_at__isnull=False
        )
        .order_by("released_at")
        .values_list("released_at", flat=True)
        .first()
    )
    return at - oldest if oldest else None


def is_stuck(*, at: datetime) -> bool:
    """Something could have left long ago, and meanwhile nothing has.

    What waits for a failing domain, for its customer's morning or for its next attempt could not.
    """
    long_ago = at - STUCK_AFTER
    failing = MailDomain.objects.failing().values("domain").order_by()
    is_late = (
        Obligation.objects.speakable().filter(released_at__lte=long_ago).exists()
        or Notice.objects.queued(at=long_ago).exclude(domain__in=failing).exists()
        or Notice.objects.abandoned(at=long_ago).exists()
    )
    return is_late and not Notice.objects.filter(sent_at__gt=long_ago).exists()


def given_up() -> NoticeQuerySet:
    """Messages that nobody tries again unless a colleague says so."""
    return Notice.objects.filter(status=Notice.Status.DEAD)
