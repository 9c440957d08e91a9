"""Acts that count because of who does them: a second person agrees, a department speaks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from django.utils.translation import gettext as _

from backlog.errors import PersonRequired
from backlog.models import User

Operation = TypeVar("Operation", bound=Callable[..., Any])

MARK: Final = "is_done_in_person"


def in_person(operation: Operation) -> Operation:
    """Let only the person do this: signed in, or by a token that they made for themselves.

    It stands on the operation, so that every face of it asks, and `MARK` shows that it does.
    """

    @wraps(operation)
    def asked(*args: Any, by: User, **facts: Any) -> Any:
        if by.token is not None and by.token.made_by_id != by.pk:
            raise PersonRequired(
                _("Sign in for this, or call with a token that you made for yourself.")
            )
        return operation(*args, by=by, **facts)

    setattr(asked, MARK, True)
    return cast(Operation, asked)
