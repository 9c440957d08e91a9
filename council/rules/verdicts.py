"""What a decision makes of its request."""

from typing import Final

STATUS_AFTER: Final = {
    "approve": "approved",
    "pilot": "approved",
    "defer": "deferred",
    "decline": "declined",
    "ask_for_evidence": "under_review",
}

STANDING: Final = ("in_effect", "review_due", "reaffirmed", "amended")
"""A request has one decision at most in one of these states; it is the one that counts."""

UPDATE_OF: Final = {
    "approve": "decided_yes",
    "pilot": "decided_yes",
    "defer": "decided_no",
    "decline": "decided_no",
}
"""What customers hear of a verdict. To be asked for evidence is no answer yet."""
