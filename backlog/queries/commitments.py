"""What a sprint has taken in, and what was moved past it."""

from backlog.models import Commitment, RequestStatus, Sprint
from backlog.models.commitments import CommitmentQuerySet


def moved_by_hand(sprint: Sprint) -> CommitmentQuerySet:
    """Commitments without an outcome whose request neither waits for the sprint nor is in it."""
    waits = (RequestStatus.PLANNED, RequestStatus.IN_PROGRESS)
    live = Commitment.objects.live().filter(sprint=sprint, outcomes__isnull=True)
    return live.exclude(request__status__in=waits).select_related("request").order_by("pk")
