"""How many examples property tests try: with E2E=1 many, else as many as nobody waits for."""

import os
from typing import Final

from hypothesis import settings

IS_PATIENT: Final = bool(os.environ.get("E2E"))
WITH_DATABASE: Final = 100 if IS_PATIENT else 10
"""Where each example makes rows."""


def load() -> None:
    """What all property tests keep to: none is about how fast this machine is today."""
    settings.register_profile("hearback", deadline=None, max_examples=1000 if IS_PATIENT else 50)
    settings.load_profile("hearback")
