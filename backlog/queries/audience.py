"""Who hears of what is announced."""

from django.db.models import Count, Q, QuerySet

from backlog.models import Announcement, Obligation, Outcome, StatusUpdate

Announceable = Outcome | StatusUpdate


def audience(subject: Announceable) -> int:
    """How many customers its announcement lets be told; merged ones are one."""
    people = unreleased(subject).aggregate(n=Count(Obligation.PERSON, distinct=True))
    return int(people["n"])


def told_with(subject: Announceable) -> "QuerySet[Obligation]":
    """All that its announcement tells: what it is about, and what it takes the place of."""
    is_status_update = isinstance(subject, StatusUpdate)
    announcements = (
        Announcement.objects.filter(status_update=subject.pk)
        if is_status_update
        else Announcement.objects.filter(outcome__in=_chain(subject.pk))
    )
    own = Q(announcement__in=announcements)
    replaced = _replaced_status_update(subject)
    if replaced:
        # An old update is stale without the newer: it goes only to those who hear that, too.
        people = Obligation.objects.filter(own).values_list(Obligation.PERSON)
        also = Obligation.objects.annotate(person=Obligation.PERSON).filter(
            announcement__status_update__in=replaced, person__in=people
        )
        own |= Q(pk__in=also.values("pk"))
    return Obligation.objects.filter(own)


def _chain(outcome_id: int) -> list[int]:
    """The ids of an outcome and of those it replaces."""
    row = Outcome.objects.select_related("replaces").get(pk=outcome_id)
    ids = [row.pk]
    while row.replaces is not None:
        row = row.replaces
        ids.append(row.pk)
    return ids


def _replaced_status_update(subject: Announceable) -> list[int]:
    """The ids of earlier updates of the same request that nobody announced.

    What was merged into it has none of its own to come: its last one is told with this, too.
    """
    same = Q(request=subject.request.pk, is_current=False)
    earlier = StatusUpdate.objects.filter(
        same | Q(request__merged_into=subject.request.pk),
        recorded_at__lte=subject.recorded_at,
        announcement__announced_at__isnull=True,
    )
    if isinstance(subject, StatusUpdate):
        earlier = earlier.exclude(pk=subject.pk)
    return list(earlier.values_list("pk", flat=True))


def unreleased(subject: Announceable) -> "QuerySet[Obligation]":
    return told_with(subject).filter(status=Obligation.Status.OWED, released_at__isnull=True)
