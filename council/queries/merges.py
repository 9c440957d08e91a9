"""What the council has to do with merging requests."""

from django.utils.translation import gettext as _

from backlog.models import CustomerRequest
from backlog.queries import merges
from council import errors
from council.models import Ballot


def open_ballot(request: CustomerRequest) -> errors.BallotOpen | None:
    """A vote about a request that is counted elsewhere would decide for nobody."""
    ballot = Ballot.objects.open().about(request.pk).first()
    if ballot is None:
        return None
    return errors.BallotOpen(
        _("%(key)s is being voted on. Wait for the result, or withdraw the ballot.")
        % {"key": request.key},
        ballot=ballot.pk,
    )


def register_obstacles() -> None:
    merges.register(open_ballot)
