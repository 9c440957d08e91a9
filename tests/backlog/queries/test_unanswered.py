"""Who asked and has not heard since."""

from datetime import timedelta

import pytest

from backlog.models import Customer, CustomerRequest
from backlog.queries import unanswered
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
AT = NOON + timedelta(days=400)
A_DAY = timedelta(days=1)


def asked(
    request: CustomerRequest, customer: Customer | None = None, *, days: int = 0, **evidence: object
) -> Customer:
    """Words said so many days after NOON."""
    customer = customer or make.CustomerFactory.create()
    make.EvidenceFactory.create(
        request=request,
        feedback__customer=customer,
        feedback__said_at=NOON + days * A_DAY,
        **evidence,
    )
    return customer


def told(request: CustomerRequest, customer: Customer, *, days: int, status: str = "told") -> None:
    make.ObligationFactory.create(
        event__request=request,
        customer=customer,
        status=status,
        settled_at=NOON + days * A_DAY,
        reason="no_consent" if status == "suppressed" else "",
    )


def silent(request: CustomerRequest) -> list[int]:
    return [each.customer_id for each in unanswered.waiting_for(request, limit=50)]


class TestWaitingFor:
    def test_is_who_was_never_told(self) -> None:
        request = make.RequestFactory.create()
        waits, heard = asked(request), asked(request)
        told(request, heard, days=1)

        assert silent(request) == [waits.pk]

    @pytest.mark.parametrize("status", ["confirmed", "partly", "disputed"])
    def test_is_not_who_has_answered(self, status: str) -> None:
        request = make.RequestFactory.create()
        told(request, asked(request), days=1, status=status)

        assert silent(request) == []

    def test_is_who_was_left_out(self) -> None:
        request = make.RequestFactory.create()
        left_out = asked(request)
        told(request, left_out, days=1, status="suppressed")

        assert silent(request) == [left_out.pk]

    def test_begins_anew_with_new_words(self) -> None:
        request = make.RequestFactory.create()
        customer = asked(request)
        told(request, customer, days=1)
        asked(request, customer, days=2)

        [found] = unanswered.waiting_for(request, limit=50)

        assert (found.customer_id, found.since) == (customer.pk, NOON + 2 * A_DAY)

    def test_is_not_ended_by_what_was_told_of_something_else(self) -> None:
        request, other = make.RequestFactory.create_batch(2)
        customer = asked(request)
        told(other, customer, days=1)

        assert silent(request) == [customer.pk]

    def test_counts_a_person_once_under_the_record_that_survives(self) -> None:
        request = make.RequestFactory.create()
        survivor = asked(request, days=1)
        asked(request, make.CustomerFactory.create(merged_into=survivor))

        assert silent(request) == [survivor.pk]

    def test_knows_that_a_person_was_told_under_their_earlier_record(self) -> None:
        request = make.RequestFactory.create()
        survivor = make.CustomerFactory.create()
        earlier = asked(request, make.CustomerFactory.create(merged_into=survivor))
        told(request, earlier, days=1)

        assert silent(request) == []

    def test_leaves_out_the_erased_the_unknown_and_words_taken_off_again(self) -> None:
        request = make.RequestFactory.create()
        asked(request, make.CustomerFactory.create(name="", erased_at=NOON))
        make.EvidenceFactory.create(request=request, feedback__customer=None)
        asked(request, unlinked_at=NOON)

        assert silent(request) == []

    def test_goes_on_after_a_customer_and_loses_nobody_who_spoke_at_once(self) -> None:
        request = make.RequestFactory.create()
        people = [asked(request, days=day) for day in (0, 0, 1, 1, 2)]
        expected = [person.pk for person in people]

        found: list[int] = []
        while part := unanswered.waiting_for(request, beyond=found[-1] if found else None, limit=2):
            found += [each.customer_id for each in part]

        assert found == expected

    def test_is_in_the_order_of_their_numbers_where_all_spoke_at_once(self) -> None:
        request = make.RequestFactory.create()
        people = make.CustomerFactory.create_batch(20)
        for person in reversed(people):
            asked(request, person)

        assert silent(request) == [person.pk for person in people]


class TestCounts:
    def test_say_how_many_wait_and_how_long(self) -> None:
        request = make.RequestFactory.create()
        for days in (0, 100, 350, 390):
            asked(request, asked(request, days=days), days=days)

        [count] = unanswered.counts([request], at=AT).values()

        assert (count["customers"], count["since"]) == (4, NOON)
        assert [count[f"longer_than_{days}"] for days in (30, 90, 365)] == [3, 2, 1]

    def test_cost_one_query_for_any_number_of_requests(self, queries: SameQueries) -> None:
        requests = make.RequestFactory.create_batch(4)
        for request in requests:
            asked(request)

        with queries() as made:
            assert len(unanswered.counts(requests, at=AT)) == 4

        assert len(made) == 1


class TestSilentRequests:
    def test_are_those_somebody_waits_for_so_long(self) -> None:
        old, new, heard = make.RequestFactory.create_batch(3)
        asked(old), asked(new, days=395)
        told(heard, asked(heard), days=1)
        requests = CustomerRequest.objects.order_by("pk")

        assert list(unanswered.unanswered_requests(requests, at=AT, days=0)) == [old, new]
        assert list(unanswered.unanswered_requests(requests, at=AT, days=30)) == [old]


def test_that_words_arrived_does_not_end_the_silence_and_status_update_does() -> None:
    request = make.RequestFactory.create()
    mira = asked(request)
    make.ObligationFactory.create(
        event__request=None,
        event__subject_id=1,
        request=None,
        feedback=make.FeedbackFactory.create(customer=mira),
        customer=mira,
        status="told",
        settled_at=NOON + A_DAY,
    )
    assert silent(request) == [mira.pk]

    make.ObligationFactory.create(
        event__request=request,
        status_update=make.StatusUpdateFactory.create(request=request),
        customer=mira,
        status="told",
        settled_at=NOON + A_DAY,
    )
    assert silent(request) == []
