"""Many customers who asked for one thing and may be told what became of it."""

from django.utils import timezone

from backlog.models import Consent, ContactPoint, Customer, Evidence, Feedback, Outcome
from backlog.operations import obligations, obligations_in_bulk
from tests.factories import NOON
from tests.factories import backlog as make


def announce(*, asked_by: int) -> Outcome:
    """From now on so many customers may be told."""
    outcome = record(asked_by=asked_by)
    obligations.release(outcome, by=None, at=timezone.now())
    return outcome


def record(*, asked_by: int) -> Outcome:
    """So many customers asked, half of them in Korean, and are owed an answer."""
    outcome = make.OutcomeFactory.create()
    request = outcome.commitment.request
    people = Customer.objects.bulk_create(
        make.CustomerFactory.build(language=("ko", "en")[n % 2]) for n in range(asked_by)
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(customer=each, address=f"{each.token}@example.org") for each in people
    )
    Consent.objects.bulk_create(make.ConsentFactory.build(customer=each) for each in people)
    source = make.SourceFactory.create()
    said = Feedback.objects.bulk_create(
        make.FeedbackFactory.build(customer=each, source=source, is_linked=True) for each in people
    )
    Evidence.objects.bulk_create(
        make.EvidenceFactory.build(request=request, feedback=words, end=len(words.verbatim))
        for words in said
    )
    event = make.EventFactory.create(request=request)
    obligations_in_bulk.create_obligations(
        event=event, request=request, announcement=outcome.announcement, by=None, at=NOON
    )
    return outcome
