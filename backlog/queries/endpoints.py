"""An endpoint's secrets: what proves to other tools that it is us who tell."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from backlog.models import Endpoint
from backlog.rules import webhooks


def secret_of(endpoint: Endpoint) -> str:
    """What the receiver checks our signature with; show it only to who manages endpoints."""
    return webhooks.secret_text(_key(endpoint.salt))


def keys_of(endpoint: Endpoint, *, at: datetime) -> list[bytes]:
    """What a message of this moment is signed with: the newest first."""
    until = endpoint.old_salt_until
    salts = [endpoint.salt, endpoint.old_salt] if until and at < until else [endpoint.salt]
    return [_key(salt) for salt in salts]


def _key(salt: str) -> bytes:
    # Derived, so that a copy of the database signs nothing.
    return salted_hmac("backlog.endpoint", salt, algorithm="sha256").digest()
