"""How often somebody may try something: counted in the cache, in windows of a fixed length.

The cache may be emptied or out of reach at any time. Then nobody is held up, and the log says so.
"""

import hashlib
import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """Where somebody stands in the present window, which ends in `wait` seconds."""

    times: int
    used: int
    wait: int

    @property
    def remaining(self) -> int:
        return max(0, self.times - self.used)

    @property
    def is_over(self) -> bool:
        return self.used > self.times


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times within so many seconds, for each who tries."""

    name: str
    times: int
    seconds: int

    def take(self, who: str, *, at: datetime) -> Count:
        """Count one more try, and tell whether it is one too many."""
        window, passed = divmod(int(at.timestamp()), self.seconds)
        key = self._key(who, window)
        try:
            cache.add(key, 0, timeout=self.seconds)
            used = cache.incr(key)
        except ValueError:  # Forgotten in between.
            used = 1
        except (RedisError, OSError):
            logger.warning("Tries are not counted: the cache does not answer")
            used = 1
        return Count(self.times, used, self.seconds - passed)

    def forget(self, who: str, *, at: datetime) -> None:
        """As if they had not tried in this window."""
        try:
            cache.delete(self._key(who, int(at.timestamp()) // self.seconds))
        except (RedisError, OSError):
            logger.warning("Tries are not forgotten: the cache does not answer")

    def _key(self, who: str, window: int) -> str:
        """What was typed stays out of the cache, and any of it makes a key."""
        return f"limit:{self.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def address_of(request: HttpRequest) -> str:
    """Who calls, as far as the network tells: what the last trusted proxy saw.

    Of an IPv6 address the network, as whoever has one address there has them all.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        named = request.headers.get("X-Forwarded-For", "").split(",")
        found = named[-settings.PROXIES :][0].strip() or found
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network(f"{address}/64", strict=False))
    return str(address)
