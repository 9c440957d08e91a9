"""Which domains no mail goes to now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from backlog.models import ContactPoint, MailDomain
from backlog.rules import pace

EMAIL: Final = ContactPoint.Channel.EMAIL


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a minute, of the channel and of each recipient domain; None is without limit."""

    channel: int | None = None
    domain: int | None = None

    def of(self, domain: str) -> int | None:
        return self.domain if domain else self.channel


def blocked(*, at: datetime, limits: Limits) -> set[str]:
    """Domains that nothing goes to now; the empty one is the channel itself."""
    is_shut = Q(rests_until__gt=at)
    if limits.channel:
        full = pace.full_from(at=at, per_minute=limits.channel)
        is_shut |= Q(domain="", free_at__gt=full)
    if limits.domain:
        full = pace.full_from(at=at, per_minute=limits.domain)
        is_shut |= ~Q(domain="") & Q(free_at__gt=full)
    return set(MailDomain.objects.filter(is_shut, channel=EMAIL).values_list("domain", flat=True))
