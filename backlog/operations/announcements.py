"""Letting customers be told of an outcome or status update: at once, or once a second agrees.

Until the first message has left, an announcement can be cancelled. Lock order: request, outcome or
status update, obligation, notice.
"""

from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backlog import errors
from backlog.auth.personal_acts import in_person
from backlog.errors import (
    CountersignNeeded,
    NotAsked,
    OutcomeReplaced,
    OwnAnnouncement,
    StatusUpdateOutdated,
    WordsInOtherLanguage,
    WordsMissing,
)
from backlog.models import Customer, CustomerRequest, Language, Outcome, StatusUpdate, User
from backlog.operations import events, obligations
from backlog.queries import audience, reachability
from backlog.queries.audience import Announceable

T = TypeVar("T", Outcome, StatusUpdate)


_AGREED: Final = (
    "asked_by",
    "asked_at",
    "countersigned_by",
    "countersigned_at",
    "announced_by",
    "announced_at",
)


def needs_countersign(subject: Announceable) -> bool:
    """Whether so many customers wait to be told that two people must agree to it."""
    return audience.audience(subject) >= subject.request.product.countersign_from


@transaction.atomic
def announce_outcome(
    *, outcome_id: int, by: User | None, at: datetime, in_other_language: bool = False
) -> Outcome:
    """Let the customers who asked be told from now on. Announcing twice changes nothing.

    Refused where so many are told that a second person must agree: ask for one. Refused where some
    would be told in a language that is not theirs, unless that is meant: `in_other_language`.
    """
    return _announce(_lock_outcome(outcome_id), in_other_language=in_other_language, by=by, at=at)


@transaction.atomic
def announce_status_update(
    *, status_update_id: int, by: User | None, at: datetime, in_other_language: bool = False
) -> StatusUpdate:
    """As for an outcome; a “no” is told only with words for customers."""
    return _announce(
        _lock_status_update(status_update_id), in_other_language=in_other_language, by=by, at=at
    )


@in_person
@transaction.atomic
def ask_to_announce(
    *, outcome_id: int, by: User, at: datetime, in_other_language: bool = False
) -> Outcome:
    """Ask a second person to agree; nobody is told before. Asking twice changes nothing.

    A small audience needs no second person, and may have one.
    """
    return _ask(_lock_outcome(outcome_id), in_other_language=in_other_language, by=by, at=at)


@in_person
@transaction.atomic
def ask_to_announce_status_update(
    *, status_update_id: int, by: User, at: datetime, in_other_language: bool = False
) -> StatusUpdate:
    """As for an outcome."""
    return _ask(
        _lock_status_update(status_update_id), in_other_language=in_other_language, by=by, at=at
    )


@in_person
@transaction.atomic
def countersign_outcome(
    *, outcome_id: int, by: User, at: datetime, in_other_language: bool = False
) -> Outcome:
    """Agree to what another person asked to announce, which announces it in that one's name.

    Countersigning what was announced changes nothing.
    """
    return _countersign(
        _lock_outcome(outcome_id), in_other_language=in_other_language, by=by, at=at
    )


@in_person
@transaction.atomic
def countersign_status_update(
    *, status_update_id: int, by: User, at: datetime, in_other_language: bool = False
) -> StatusUpdate:
    """As for an outcome."""
    return _countersign(
        _lock_status_update(status_update_id), in_other_language=in_other_language, by=by, at=at
    )


@transaction.atomic
def cancel_announcement(*, outcome_id: int, by: User | None, at: datetime) -> Outcome:
    """Take back an announcement, or the wish for one, while nobody has been told.

    What waited to leave is cancelled, and everybody is owed as before. Cancelling what was not
    announced changes nothing.
    """
    return _cancel(_lock_outcome(outcome_id), by=by, at=at)


@transaction.atomic
def cancel_status_update(*, status_update_id: int, by: User | None, at: datetime) -> StatusUpdate:
    """As for an outcome."""
    return _cancel(_lock_status_update(status_update_id), by=by, at=at)


def _lock_outcome(outcome_id: int) -> Outcome:
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.select_related("product").get(commitments__outcomes=outcome_id)
    outcomes = Outcome.objects.select_for_update(of=("self",), no_key=True)
    outcome = outcomes.select_related("commitment").get(pk=outcome_id)
    outcome.commitment.request = request
    return outcome


def _lock_status_update(status_update_id: int) -> StatusUpdate:
    requests = CustomerRequest.objects.select_for_update(of=("self",), no_key=True)
    request = requests.select_related("product").get(status_updates=status_update_id)
    row = StatusUpdate.objects.select_for_update(no_key=True).get(pk=status_update_id)
    row.request = request
    return row


def _announce(subject: T, *, in_other_language: bool, by: User | None, at: datetime) -> T:
    if subject.announced_at is not None:
        return subject
    _check(subject, in_other_language=in_other_language)
    if needs_countersign(subject):
        count = subject.request.product.countersign_from
        raise CountersignNeeded(
            ngettext(
                "From %(count)d customer on, a second colleague must agree.",
                "From %(count)d customers on, a second colleague must agree.",
                count,
            )
            % {"count": count},
            countersign_from=count,
        )
    return _let_be_told(subject, by=by, at=at)


def _ask(subject: T, *, in_other_language: bool, by: User, at: datetime) -> T:
    if subject.announced_at is not None or subject.asked_at is not None:
        return subject
    _check(subject, in_other_language=in_other_language)
    _save(subject, asked_by=by, asked_at=at)
    _record(subject, "countersign_asked", by=by, at=at)
    return subject


def _countersign(subject: T, *, in_other_language: bool, by: User, at: datetime) -> T:
    if subject.announced_at is not None:
        return subject
    _check(subject, in_other_language=in_other_language)
    if subject.asked_at is None:
        raise NotAsked(_("Nobody has asked for a second colleague yet."))
    if subject.asked_by == by:
        raise OwnAnnouncement(_("You asked for it yourself: somebody else must agree."))
    _save(subject, countersigned_by=by, countersigned_at=at)
    _record(subject, "countersigned", by=by, at=at)
    return _let_be_told(subject, by=subject.asked_by, at=at)


def _cancel(subject: T, *, by: User | None, at: datetime) -> T:
    if subject.announced_at is None and subject.asked_at is None:
        return subject
    if subject.announced_at is not None:
        obligations.hold_back(subject, released_at=subject.announced_at)
    _save(subject, **dict.fromkeys(_AGREED))
    _record(subject, "announcement_cancelled", by=by, at=at)
    return subject


def fault(subject: Announceable) -> errors.Refusal | None:
    """Why it cannot be announced as it is, whoever agrees; None where it can."""
    if isinstance(subject, Outcome):
        if subject.is_current:
            return None
        return OutcomeReplaced(_("A later outcome has taken the place of this one."))
    request = subject.request
    if not subject.is_current or not subject.is_true:
        return StatusUpdateOutdated(
            _("%(key)s has moved on since then: %(status)s.")
            % {"key": request.key, "status": request.get_status_display()},
            status=request.status,
        )
    if subject.kind == StatusUpdate.Kind.DECIDED_NO and not subject.words:
        return WordsMissing(_("Write first what we say to customers."))
    return None


def unspoken(subject: Announceable) -> dict[str, int]:
    """For each language in which nobody has written what it says: how many would be told in it.

    They would read it in the other language. Words that come built in are in every language.
    """
    said = (
        [subject.words] if isinstance(subject, StatusUpdate) else [subject.summary, subject.missing]
    )
    written = [words for words in said if words]
    if not written:
        return {}
    spoken = [each for each in Language.values if all(words.get(each) for words in written)]
    people = reachability.with_reachability(
        Customer.objects.filter(pk__in=obligations.listeners(subject))
    )
    others = (
        people.filter(why=reachability.Reason.NONE)
        .exclude(language__in=spoken)
        .order_by("language")
    )
    return dict(others.values_list("language").annotate(n=Count("pk")))


def _check(subject: Announceable, *, in_other_language: bool) -> None:
    found = fault(subject)
    if found is not None:
        raise found
    languages = {} if in_other_language else unspoken(subject)
    if languages:
        raise WordsInOtherLanguage(
            _("Nobody has written it in the language of some who would be told: %(languages)s.")
            % {"languages": ", ".join(str(Language(each).label) for each in languages)},
            languages=languages,
        )


def _let_be_told(subject: T, *, by: User | None, at: datetime) -> T:
    _save(subject, announced_by=by, announced_at=at)
    told = obligations.release(subject, at=at)
    _record(subject, "announced", by=by, at=at, data={"customers": told})
    return subject


def _record(
    subject: Announceable,
    what: str,
    *,
    by: User | None,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    noun = "outcome" if isinstance(subject, Outcome) else "status_update"
    kind = f"{noun}.{what}"
    events.record(kind, subject=subject, request=subject.request, by=by, at=at, data=data)


def _save(subject: Announceable, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(subject, name, value)
    subject.save(update_fields=list(facts))
