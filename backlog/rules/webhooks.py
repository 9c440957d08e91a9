"""Webhooks as standardwebhooks.com writes them: identity, signature, and when to try again."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

PREFIX: Final = "whsec_"
# The ladder that Standard Webhooks publishes: at once, then after each of these.
LADDER: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
GIVE_UP_AFTER: Final = timedelta(days=5)
"""An endpoint that has only failed for so long is switched off."""


def wait_after(attempts: int, *, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up.

    As long as the receiver asked for, if that is longer; but not longer than the ladder ever is.
    """
    if attempts > len(LADDER):
        return None
    return max(LADDER[attempts - 1], min(asked or timedelta(), LADDER[-1]))


def secret_text(key: bytes) -> str:
    """The key as it is shown to people and pasted into receivers' libraries."""
    return PREFIX + base64.b64encode(key).decode()


def headers(*, webhook_id: str, body: bytes, keys: Sequence[bytes], at: datetime) -> dict[str, str]:
    """What goes with the body; signed with each key, while an old one is being replaced."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join([webhook_id.encode(), timestamp.encode(), body])
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(key, signed)}" for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
