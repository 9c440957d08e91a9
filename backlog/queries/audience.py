"""Who hears of what is announced."""

from django.db.models import Count, Q, QuerySet

from backlog.models import Announcement, Obligation, Outcome, StatusUpdate

Announceable = Outcome | StatusUpdate


def audience(subject: Announceable) -> int:
    """How many customers its announcement lets be told; merged ones are one."""
    people = unreleased(subject).aggregate(n=Count(Obligation.PERSON, distinct=True))
    return int(people["n"])


def own_audience(subject: Announceable) -> int:
    """The same of it alone, where others are announced as one with it."""
    own = Obligation.objects.filter(announcement=subject.announcement, released_at__isnull=True)
    owed = own.filter(status=Obligation.Status.OWED)
    return int(owed.aggregate(n=Count(Obligation.PERSON, distinct=True))["n"])


def told_with(subject: Announceable) -> "QuerySet[Obligation]":
    """All that its announcement tells: what it is about, and what it takes the place of."""
    told: list[Announceable] = [subject]
    if isinstance(subject, StatusUpdate):
        told += together(subject)
        announcements = Announcement.objects.filter(status_update__in=[it.pk for it in told])
    else:
        announcements = Announcement.objects.filter(outcome__in=_chain(subject.pk))
    own = Q(announcement__in=announcements)
    replaced = [pk for each in told for pk in _replaced_status_update(each)]
    if replaced:
        # An old update is stale without the newer: it goes only to those who hear that, too.
        people = Obligation.objects.filter(own).values_list(Obligation.PERSON)
        also = Obligation.objects.annotate(person=Obligation.PERSON).filter(
            announcement__status_update__in=replaced, person__in=people
        )
        own |= Q(pk__in=also.values("pk"))
    return Obligation.objects.filter(own)


def together(status_update: StatusUpdate) -> list[StatusUpdate]:
    """The others that were recorded as one with it and stand as it does: announced as one.

    What was announced by itself, moved on or was outdated meanwhile goes its own way.
    """
    first = status_update.recorded_with_id or status_update.pk
    group = StatusUpdate.objects.filter(Q(pk=first) | Q(recorded_with=first))
    group = group.exclude(pk=status_update.pk)
    own = status_update.announcement
    if own.announced_at is not None:
        alike = group.filter(announcement__announced_at=own.announced_at)
    elif own.asked_at is not None:
        alike = group.waiting().filter(announcement__asked_at=own.asked_at)
    else:
        alike = group.waiting().filter(announcement__asked_at__isnull=True)
    return list(alike.select_related("announcement", "request__product").order_by("pk"))


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
