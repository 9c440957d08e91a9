"""What the rules of the backlog may answer instead of doing what was asked."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class Refusal(Exception):  # noqa: N818 -- a domain word, not a crash
    """The request is well formed, but the rules of the domain say no.

    Callers show the message to a person and use `code` to branch; `details` are extra facts that
    a client may act on (ids and codes). Anything else that is raised is a bug and must reach the
    error tracker.
    """

    code = "refused"

    def __init__(self, message: StrOrPromise, **details: Any) -> None:
        super().__init__(message)
        self.details = details


class IllegalTransition(Refusal):
    """The status the request has does not lead to the one asked for."""

    code = "illegal_transition"


class ReasonRequired(Refusal):
    """An override of the council or of the score is on record only with a reason."""

    code = "reason_required"


class NeighbourGone(Refusal):
    """The neighbour named is no longer on this board; `details` hold the order around."""

    code = "neighbour_gone"


class VersionConflict(Refusal):
    """Somebody edited the row since it was read; `details` hold the version it has now."""

    code = "version_conflict"


class Invalid(Refusal):
    """A value that no later state could make acceptable; `field` names it."""

    code = "invalid"

    def __init__(self, message: StrOrPromise, *, field: str, code: str = "invalid") -> None:
        super().__init__(message, field=field)
        self.field = field
        self.code = code


class UnstorableText(Invalid):
    """NUL characters and lone surrogates cannot be stored by PostgreSQL."""

    def __init__(self, *, field: str) -> None:
        super().__init__(
            _("The text has a character that cannot be stored (a NUL or half a surrogate pair)."),
            field=field,
            code="unstorable_text",
        )
