"""Whether something can be announced as it stands, and what it takes."""

from django.db.models import Count
from django.utils.translation import gettext as _

from backlog import errors
from backlog.errors import OutcomeReplaced, StatusUpdateOutdated, WordsMissing
from backlog.models import Customer, Language, Obligation, Outcome, StatusUpdate
from backlog.queries import audience, reachability
from backlog.queries.audience import Announceable


def needs_countersign(subject: Announceable) -> bool:
    """Whether so many customers wait to be told that two people must agree to it."""
    return audience.audience(subject) >= subject.request.product.countersign_from


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
    if subject.lacks_words:
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
    listeners = audience.unreleased(subject).values_list(Obligation.PERSON)
    people = reachability.with_reachability(Customer.objects.filter(pk__in=listeners))
    others = (
        people.filter(why=reachability.Reason.NONE)
        .exclude(language__in=spoken)
        .order_by("language")
    )
    return dict(others.values_list("language").annotate(n=Count("pk")))
