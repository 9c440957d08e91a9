"""What a decision makes of its request."""

from typing import Final

STATUS_AFTER: Final = {
    "approve": "approved",
    "pilot": "approved",
    "defer": "deferred",
    "decline": "declined",
    "ask_for_evidence": "under_review",
}
