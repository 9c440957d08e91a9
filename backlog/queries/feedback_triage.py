"""What the inbox says beside its words: who was quicker, who may be given some, what was done."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.errors import TriagedAlready
from backlog.models import CustomerRequest, Event, Evidence, Feedback, User
from backlog.models.feedback import FeedbackQuerySet
from backlog.rules import roles

PUT_AWAY: Final = "feedback.put_away"
SNOOZED: Final = "feedback.snoozed"
GIVEN: Final = "feedback.given"
LINKED: Final = "evidence.linked"
OPENED: Final = "request.opened"
ACTS: Final = (PUT_AWAY, SNOOZED, GIVEN, LINKED)
"""Kinds of what is done in the inbox; each can be undone."""
MOST_COUNTED: Final = 1_000
_TRIAGES: Final = "backlog.link_evidence"
_HOUR: Final = 60
_DAY: Final = 24
_TAKEN_BACK: Final = ("feedback.returned", "evidence.unlinked")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come today; `waiting` counts up to MOST_COUNTED."""

    waiting: int
    linked: int
    opened: int
    put_away: int
    snoozed: int
    given: int
    taken_back: int = 0

    @property
    def triaged(self) -> int:
        """Each once: what was opened was linked to it as well."""
        done = self.linked + self.put_away + self.snoozed + self.given
        return max(0, done - self.taken_back)

    @property
    def share(self) -> int:
        """In percent of what there was to do today."""
        return 100 * self.triaged // ((self.triaged + self.waiting) or 1)


def progress(waiting: FeedbackQuerySet, user: User, *, since: datetime, at: datetime) -> Progress:
    """What the person did since then, and how much is left of `waiting`."""
    kinds = (*ACTS, OPENED, *_TAKEN_BACK)
    done = Event.objects.filter(actor=user, at__gte=since, at__lte=at, kind__in=kinds)
    found = done.order_by().values_list("kind").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(found)
    linked, opened, away, snoozed, given = (
        counts.get(kind, 0) for kind in (LINKED, OPENED, PUT_AWAY, SNOOZED, GIVEN)
    )
    return Progress(
        waiting=waiting.order_by()[:MOST_COUNTED].count(),
        linked=linked,
        opened=opened,
        put_away=away,
        snoozed=snoozed,
        given=given,
        taken_back=sum(counts.get(kind, 0) for kind in _TAKEN_BACK),
    )


def left_open(event_ids: Collection[int], user: User) -> list[CustomerRequest]:
    """Requests that the person opened by these acts and that nobody's words speak for now.

    They stay, for they are on record and others may have found them.
    """
    links = Event.objects.filter(pk__in=event_ids, kind=LINKED, actor=user).values("subject_id")
    by_these = Evidence.objects.filter(
        request=OuterRef("pk"), pk__in=links, linked_at=OuterRef("opened_at")
    )
    live = Evidence.objects.live().filter(counts_for=OuterRef("pk"))
    found = CustomerRequest.objects.visible_to(user).filter(Exists(by_these), ~Exists(live))
    return list(found.filter(opened_by=user).defer("search_text").order_by("pk"))


def triagers() -> QuerySet[User]:
    """Colleagues who could be given words; programs are nobody."""
    named = [
        role
        for role, permissions in roles.PERMISSIONS.items()
        if _TRIAGES in permissions and role != roles.INTEGRATION
    ]
    people = User.objects.filter(is_active=True, groups__name__in=named)
    return people.distinct().order_by("name", "pk")


def check_waiting(feedback: Feedback, *, by: User | None, at: datetime) -> None:
    """Raises TriagedAlready, saying who was quicker, unless the words still wait for a decision.

    The row must be locked.
    """
    if not feedback.is_linked and not feedback.done_as:
        return
    raise TriagedAlready(_quicker(feedback, by=by, at=at), feedback=feedback.pk)


def _quicker(feedback: Feedback, *, by: User | None, at: datetime) -> str:
    if feedback.done_as:
        last = _last(feedback)
        told = _who(last.actor if last else None, last.at if last else at, by=by, at=at)
        told["done_as"] = str(feedback.get_done_as_display())
        return _("%(who)s put this away as “%(done_as)s” %(when)s.") % told
    live = Evidence.objects.live().filter(feedback=feedback).order_by("-pk")
    link = live.select_related("linked_by", "counts_for").first()
    if link is None:
        return _("These words do not wait any more.")
    told = _who(link.linked_by, link.linked_at, by=by, at=at)
    is_seen = by is not None and Evidence.objects.visible_to(by).filter(pk=link.pk).exists()
    told["key"] = link.counts_for.key if is_seen else _("a request")
    return _("%(who)s linked this to %(key)s %(when)s.") % told


def _last(feedback: Feedback) -> Event | None:
    of_words = Event.objects.filter(subject_type="feedback", subject_id=feedback.pk, kind=PUT_AWAY)
    return of_words.select_related("actor").order_by("-pk").first()


def _who(actor: User | None, then: datetime, *, by: User | None, at: datetime) -> dict[str, str]:
    who = _("You") if actor is not None and actor == by else str(actor or _("Somebody"))
    return {"who": who, "when": _when(then, at)}


def _when(then: datetime, at: datetime) -> str:
    minutes = (at - then) // timedelta(minutes=1)
    if minutes < 1:
        return _("just now")
    if minutes < _HOUR:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // _HOUR
    if hours < _DAY:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return _("on %(day)s") % {"day": date_format(localtime(then), "SHORT_DATE_FORMAT")}
