"""Letting customers be told of an outcome or of a status update: at once, or once another agrees.

Until the first message has left, an announcement can be cancelled. Lock order: request, outcome or
status update, obligation, notice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog.auth.personal_acts import in_person
from backlog.errors import CountersignNeeded, NotAsked, OwnAnnouncement, WordsInOtherLanguage
from backlog.models import CustomerRequest, Language, Outcome, StatusUpdate, User
from backlog.operations import events, obligations
from backlog.queries import announcements, audience
from backlog.queries.audience import Announceable

T = TypeVar("T", Outcome, StatusUpdate)


@dataclass(frozen=True, slots=True)
class _Events:
    """The kinds of event that the steps leave on the ledger."""

    countersign_asked: str
    countersigned: str
    announced: str
    cancelled: str


_EVENTS: Final[Mapping[type[Announceable], _Events]] = {
    Outcome: _Events(
        countersign_asked="outcome.countersign_asked",
        countersigned="outcome.countersigned",
        announced="outcome.announced",
        cancelled="outcome.announcement_cancelled",
    ),
    StatusUpdate: _Events(
        countersign_asked="status_update.countersign_asked",
        countersigned="status_update.countersigned",
        announced="status_update.announced",
        cancelled="status_update.announcement_cancelled",
    ),
}
_AGREED: Final = (
    "asked_by",
    "asked_at",
    "countersigned_by",
    "countersigned_at",
    "announced_by",
    "announced_at",
)


@transaction.atomic
def announce(*, subject: T, by: User | None, at: datetime, in_other_language: bool = False) -> T:
    """Let the customers who asked be told from now on. Announcing twice changes nothing.

    Refused where so many are told that a second person must agree: ask for one. Refused where some
    would be told in a language that is not theirs, unless that is meant: `in_other_language`. A
    “no” is told only with words for customers.

    Like the other steps it reads the row anew under a lock, and returns that. Status updates that
    were recorded as one are announced as one, by each step: who asked for several hears once.
    """
    rows = _lock(subject)
    row = rows[0]
    if row.announced_at is not None:
        return row
    _check(rows, in_other_language=in_other_language)
    if announcements.needs_countersign(row):
        count = row.request.product.countersign_from
        raise CountersignNeeded(
            ngettext(
                "From %(count)d customer on, a second colleague must agree.",
                "From %(count)d customers on, a second colleague must agree.",
                count,
            )
            % {"count": count},
            countersign_from=count,
        )
    return _let_be_told(rows, by=by, at=at)


@in_person
@transaction.atomic
def ask_to_announce(*, subject: T, by: User, at: datetime, in_other_language: bool = False) -> T:
    """Ask a second person to agree; nobody is told before. Asking twice changes nothing.

    A small audience needs no second person, and may have one.
    """
    rows = _lock(subject)
    row = rows[0]
    if row.announced_at is not None or row.asked_at is not None:
        return row
    _check(rows, in_other_language=in_other_language)
    for each in rows:
        _save(each, asked_by=by, asked_at=at)
        _record(_EVENTS[type(each)].countersign_asked, each, by=by, at=at)
    return row


@in_person
@transaction.atomic
def countersign(*, subject: T, by: User, at: datetime, in_other_language: bool = False) -> T:
    """Agree to what another person asked to announce, which announces it in that one's name.

    Countersigning what was announced changes nothing.
    """
    rows = _lock(subject)
    row = rows[0]
    if row.announced_at is not None:
        return row
    _check(rows, in_other_language=in_other_language)
    if row.asked_at is None:
        raise NotAsked(_("Nobody has asked for a second colleague yet."))
    if row.asked_by == by:
        raise OwnAnnouncement(_("You asked for it yourself: somebody else must agree."))
    for each in rows:
        _save(each, countersigned_by=by, countersigned_at=at)
        _record(_EVENTS[type(each)].countersigned, each, by=by, at=at)
    return _let_be_told(rows, by=row.asked_by, at=at)


@transaction.atomic
def cancel(*, subject: T, by: User | None, at: datetime) -> T:
    """Take back an announcement, or the wish for one, while nobody has been told.

    What waited to leave is cancelled, and everybody is owed as before. Cancelling what was not
    announced changes nothing.
    """
    rows = _lock(subject)
    row = rows[0]
    if row.announced_at is None and row.asked_at is None:
        return row
    if row.announced_at is not None:
        # All that was announced as one is held back as one.
        obligations.hold_back(row, released_at=row.announced_at, by=by, at=at)
    for each in rows:
        _save(each, **dict.fromkeys(_AGREED))
        _record(_EVENTS[type(each)].cancelled, each, by=by, at=at)
    return row


def _lock(subject: T) -> list[T]:
    """Their requests and it, read anew, with what was recorded as one with it and stands alike.

    Whoever holds these holds their announcements.
    """
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    requests = requests.select_related("product")
    if isinstance(subject, StatusUpdate):
        return _lock_updates(subject)
    request = requests.get(commitments__outcomes=subject.pk)
    outcomes = Outcome.objects.select_for_update(of=("self",), no_key=True)
    outcome = outcomes.select_related("commitment", "announcement").get(pk=subject.pk)
    outcome.commitment.request = request
    return [outcome]


def _lock_updates(subject: StatusUpdate) -> list[StatusUpdate]:
    first = subject.recorded_with_id or subject.pk
    group = StatusUpdate.objects.filter(Q(pk=first) | Q(recorded_with=first))
    requests = CustomerRequest.objects.filter(pk__in=group.values("request"))
    joined = requests.select_related("product").order_by("pk")
    locked = joined.select_for_update(of=("self",), no_key=True).in_bulk()
    updates = group.select_for_update(of=("self",), no_key=True)
    rows = updates.select_related("announcement").order_by("pk").in_bulk()
    for each in rows.values():
        each.request = locked[each.request_id]
    row = rows[subject.pk]
    return [row, *(rows[each.pk] for each in audience.together(row))]


def _check(rows: Sequence[Announceable], *, in_other_language: bool) -> None:
    for row in rows:
        found = announcements.fault(row)
        if found is not None:
            raise found
        _check_language(row, in_other_language=in_other_language)


def _check_language(subject: Announceable, *, in_other_language: bool) -> None:
    languages = {} if in_other_language else announcements.unspoken(subject)
    if languages:
        raise WordsInOtherLanguage(
            _("Nobody has written it in the language of some who would be told: %(languages)s.")
            % {"languages": ", ".join(str(Language(each).label) for each in languages)},
            languages=languages,
        )


def _let_be_told(rows: Sequence[T], *, by: User | None, at: datetime) -> T:
    # Counted before they are released; of the first it is said how many hear of all of them.
    customers = [audience.own_audience(each) for each in rows]
    for each in rows:
        _save(each, announced_by=by, announced_at=at)
    customers[0] = obligations.release(rows[0], by=by, at=at)
    for each, told in zip(rows, customers, strict=True):
        _record(_EVENTS[type(each)].announced, each, by=by, at=at, data={"customers": told})
    return rows[0]


def _record(
    kind: str,
    subject: Announceable,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    events.record(kind, subject=subject, request=subject.request, by=by, at=at, data=data)


def _save(subject: Announceable, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(subject.announcement, name, value)
    subject.announcement.save(update_fields=list(facts))
