"""Who speaks for each of some requests, in two queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from backlog.models import CustomerRequest, Evidence, Feedback
from backlog.operations import erasure, merges
from backlog.queries import loud_voices
from backlog.rules.loud_voices import Guard
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    EvidenceFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

pytestmark = pytest.mark.django_db


def say(request: CustomerRequest, **facts: object) -> Evidence:
    words = FeedbackFactory.create(**facts)
    return EvidenceFactory.create(request=request, counts_for=request, feedback=words)


def codes(request: CustomerRequest) -> list[Guard]:
    return [each.code for each in loud_voices.of([request.pk])[request.pk].warnings]


def test_names_the_account_that_says_most() -> None:
    request = RequestFactory.create()
    loud, other = AccountFactory.create(), AccountFactory.create()
    for account in (loud, loud, loud, other, None):
        say(request, account=account, relation="customer" if account else "non_customer")

    found = loud_voices.of([request.pk])[request.pk]

    assert (found.voices.loudest_account, found.voices.percent) == (loud.pk, 60)
    with translation.override("en"):
        first = loud_voices.of([request.pk])[request.pk].warnings[0]
    assert first.text == "One account is 60 % of this."
    assert first.is_serious


def test_ratings_beside_the_words_are_enough() -> None:
    request = RequestFactory.create()
    first = say(request)
    assert codes(request) == [Guard.ONLY_WORDS]
    first.feedback.readings.create(kind="nps", value=3)
    assert codes(request) == []


def test_of_words_that_were_erased_only_the_ratings_are_left() -> None:
    request = RequestFactory.create()
    first = say(request)
    erasure.erase_words(Feedback.objects.filter(pk=first.feedback_id), by=None, at=NOON)
    assert codes(request) == [Guard.ONLY_NUMBERS]


def test_who_is_no_customer_counts() -> None:
    request = RequestFactory.create()
    for _number in range(5):
        say(request)
    assert Guard.NON_CUSTOMERS_UNHEARD in codes(request)
    say(request, relation="non_customer", customer=None, account=None)
    assert Guard.NON_CUSTOMERS_UNHEARD not in codes(request)


def test_what_was_unlinked_or_merged_in_twice_does_not_count_again() -> None:
    product = ProductFactory.create()
    one, other = (RequestFactory.create(product=product) for _number in range(2))
    words = FeedbackFactory.create()
    for request in (one, other):
        EvidenceFactory.create(request=request, counts_for=request, feedback=words)
    gone = say(other)
    Evidence.objects.filter(pk=gone.pk).update(unlinked_at=NOON + timedelta(days=1))
    merges.merge_request(request_id=one.pk, into_id=other.pk, reason="The same.", by=None, at=NOON)
    assert loud_voices.of([other.pk])[other.pk].voices.pieces == 1


def test_fifty_take_two_queries() -> None:
    requests = [RequestFactory.create() for _number in range(3)]
    for request in requests[:2]:
        for _piece in range(3):
            say(request, account=AccountFactory.create())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = loud_voices.of([each.pk for each in requests])
    assert len(queries) == 2
    assert [found[each.pk].voices.pieces for each in requests] == [3, 3, 0]
    assert found[requests[2].pk].warnings == ()
