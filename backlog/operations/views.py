"""What colleagues keep of their lists. It is theirs alone, so the ledger need not tell of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import User, View
from backlog.rules import text_input

MOST: Final = 30
"""As many views of one list as still fit above it."""


@transaction.atomic
def save_view(
    *, listing: str, name: str, wanted: Mapping[str, Sequence[str]], by: User, at: datetime
) -> View:
    """Keep what a list is narrowed to; under a name that there is already, instead of that."""
    kept, name = View.objects.filter(user=by, listing=listing), name.strip()
    # Locked, so that two tabs at once are one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    known = kept.filter(name=name).first()
    view = known or View(user=by, listing=listing, name=name)
    view.wanted = {key: [*values] for key, values in wanted.items()}
    text_input.check(view)
    view.full_clean(validate_unique=False, validate_constraints=False)
    if known is None and kept.count() >= MOST:
        raise errors.Invalid(
            _("A list has at most %(most)d views of yours. Delete one first.") % {"most": MOST},
            field="name",
        )
    view.save()
    return view


def delete_view(*, view_id: int, by: User, at: datetime) -> None:
    """Forget one of one's own views; what is gone already stays gone."""
    View.objects.filter(user=by, pk=view_id).delete()
