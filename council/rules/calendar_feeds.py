"""What is kept of the secret in the address of a calendar feed."""

import hashlib


def digest(secret: str) -> str:
    """It has 256 bits of its own, so a plain digest is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
