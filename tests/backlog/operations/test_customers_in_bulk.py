"""Who somebody is: alike whether words come singly, in bulk or from a file."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog import errors
from backlog.intake.rows import Said
from backlog.models import (
    Account,
    Consent,
    ContactPoint,
    Customer,
    Feedback,
    Identity,
    Obligation,
    Source,
    User,
)
from backlog.operations import (
    contact_points,
    customers_in_bulk,
    feedback,
    import_runs,
    notice_composition,
)
from backlog.operations.customers_in_bulk import CustomerIdentifier, NewCustomer
from backlog.operations.feedback import FeedbackData
from backlog.operations.feedback_in_bulk import Stored
from backlog.queries import reachability
from tests import examples
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


class Message(NamedTuple):
    source: Source
    identifier: CustomerIdentifier


Way = Callable[[Sequence[Message], int], list[tuple[str, ...]]]


def singly(messages: Sequence[Message], _size: int) -> list[tuple[str, ...]]:
    return in_bulk(messages, 1)


def in_bulk(messages: Sequence[Message], size: int) -> list[tuple[str, ...]]:
    notes = []
    for start in range(0, len(messages), size):
        several = [
            (
                it.source,
                FeedbackData(
                    verbatim=f"{start + n}",
                    identifier=it.identifier if any(it.identifier) else None,
                ),
            )
            for n, it in enumerate(messages[start : start + size])
        ]
        for stored in feedback.receive_many(messages=several, by=None, at=NOON):
            assert isinstance(stored, Stored)
            notes.append(stored.notes)
    return notes


def from_files(messages: Sequence[Message], size: int) -> list[tuple[str, ...]]:
    """As many files as it takes: each is of one source."""
    notes: list[tuple[str, ...]] = [()] * len(messages)
    start = 0
    while start < len(messages):
        end = start
        while end < len(messages) and messages[end].source == messages[start].source:
            end += 1
        run = import_runs.start_import(
            source=messages[start].source, file_name="a.csv", by=None, at=NOON
        )
        rows = [
            Said(
                n,
                f"{n}",
                it.identifier.external_id,
                "",
                "",
                "",
                None,
                None,
                {},
                it.identifier.email,
            )
            for n, it in enumerate(messages[start:end], start)
        ]
        manner = import_runs.Manner(language="ko", rating_kind="nps", batch_size=size)
        for told in import_runs.store_rows(
            run_id=run.pk, rows=rows, manner=manner, by=None, at=NOON
        ):
            notes[told.line] += (told.code,)
        start = end
    return notes


WAYS: dict[str, Way] = {"singly": singly, "in bulk": in_bulk, "from files": from_files}


def people() -> tuple[list[int | None], list[Any]]:
    """Of each message whose it is, counted by their first; and what everybody goes by."""
    first: dict[int | None, int | None] = {None: None}
    said_by = [
        first.setdefault(customer, len(first))
        for customer in Feedback.objects.order_by("pk").values_list("customer", flat=True)
    ]
    known = [
        (
            first[customer.pk],
            sorted(customer.contact_points.values_list("address", flat=True)),
            sorted(customer.identities.values_list("source__key", "external_id")),
            list(customer.consents.values_list("basis", flat=True)),
        )
        for customer in Customer.objects.order_by("pk")
    ]
    return said_by, sorted(known)


NUMBERS = st.sampled_from(["", "u1", "u2", "\ufeffu1 ", "a@example.com", "@kim@b.example"])
ADDRESSES = st.sampled_from(
    [
        "",
        "a@example.com",
        "b@example.com",
        "c@bücher.example",
        "A <A@Example.com>",
        "mailto:b@example.com",
    ]
)
NAMED = st.tuples(st.integers(0, 1), NUMBERS, ADDRESSES)


@settings(
    max_examples=examples.WITH_DATABASE,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(named=st.lists(NAMED, min_size=1, max_size=7), sizes=st.tuples(*[st.integers(1, 8)] * 2))
def test_makes_the_same_people_of_the_same_authors_whatever_the_way_and_the_size(
    named: list[tuple[int, str, str]], sizes: tuple[int, int]
) -> None:
    found = {}
    for name, way in WAYS.items():
        for size in sizes:
            with transaction.atomic():
                sources = [make.SourceFactory.create(key=f"s{n}") for n in range(2)]
                messages = [Message(sources[n], CustomerIdentifier(*who)) for n, *who in named]
                notes = way(messages, size)
                found[name, size] = (notes, *people())
                transaction.set_rollback(True)
    assert len({repr(each) for each in found.values()}) == 1, found


@pytest.fixture
def survey() -> Source:
    return make.SourceFactory.create(key="survey")


def said(source: Source, external_id: str = "", email: str = "", **more: Any) -> Stored:
    incoming = FeedbackData(
        verbatim="느려요", identifier=CustomerIdentifier(external_id, email), **more
    )
    (stored,) = feedback.receive_many(messages=[(source, incoming)], by=None, at=NOON)
    if not isinstance(stored, Stored):
        raise stored
    return stored


class TestRecognise:
    def test_learns_the_address_of_a_number(self, survey: Source) -> None:
        said(survey, "uA")
        said(survey, "uA", "a@example.com")

        assert Customer.objects.get().contact_points.get().address == "a@example.com"
        assert events.kinds().count("contact_point.added") == 1

    def test_learns_the_number_of_an_address(self, survey: Source) -> None:
        said(survey, email="b@example.com")
        said(survey, "uB", "b@example.com")
        said(survey, "uB")

        assert Customer.objects.get().feedback.count() == 3
        assert events.kinds().count("customer.edited") == 1

    def test_knows_a_person_at_several_sources_by_one_address(self, survey: Source) -> None:
        other = make.SourceFactory.create()
        said(survey, "u1", "a@example.com")
        said(other, "u1")
        said(other, "u2", "a@example.com")

        assert [it.identities.count() for it in Customer.objects.order_by("pk")] == [2, 1]

    def test_moves_no_address_and_merges_nobody_but_says_so(self, survey: Source) -> None:
        said(survey, "uA", "a@example.com")
        said(survey, email="b@example.com")

        stored = said(survey, "uA", "b@example.com")

        assert stored.notes == (customers_in_bulk.ADDRESS_TAKEN,)
        by_number = Identity.objects.get(external_id="uA").customer
        assert Feedback.objects.get(pk=stored.id).customer == by_number
        assert by_number.contact_points.get().address == "a@example.com"
        assert Customer.objects.count() == 2

    def test_teaches_a_customer_whom_the_caller_knows(self, survey: Source) -> None:
        known, other = make.CustomerFactory.create_batch(2)
        Identity.objects.create(customer=other, source=survey, external_id="u2")

        stored = said(survey, "u2", "a@example.com", customer=known)

        assert stored.notes == (customers_in_bulk.NUMBER_TAKEN,)
        assert known.contact_points.get().address == "a@example.com"
        assert Feedback.objects.get().customer == known

    def test_follows_merges_to_the_end(self, survey: Source) -> None:
        survivor = make.CustomerFactory.create()
        middle = make.CustomerFactory.create(merged_into=survivor)
        first = make.CustomerFactory.create(merged_into=middle)
        point = make.ContactPointFactory.create(customer=first)

        said(survey, "u1", point.address)

        assert Feedback.objects.get().customer == survivor
        assert Identity.objects.get().customer == survivor

    def test_takes_a_number_that_is_an_address_for_the_address(self, survey: Source) -> None:
        said(survey, "Kim@Example.com")
        said(survey, email="kim@example.com")
        said(survey, "kim@example.com", "other@example.com")

        customer = Customer.objects.get()
        found = customer.contact_points.order_by("pk").values_list("address", flat=True)
        assert list(found) == ["kim@example.com", "other@example.com"]
        assert not Identity.objects.exists()

    @pytest.mark.parametrize(
        "named", [{"external_id": "kim@"}, {"email": "kim@"}, {"external_id": "a@b@c", "email": ""}]
    )
    def test_refuses_what_is_meant_as_an_address_and_is_none(
        self, survey: Source, named: dict[str, str]
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            said(survey, **named)

        assert refused.value.code == "bad_address"
        assert not Customer.objects.exists()

    @pytest.mark.parametrize("name", ["@kim", "@kim@social.example", "＠kim＠social.example"])
    def test_takes_a_name_on_a_network_for_a_number(self, survey: Source, name: str) -> None:
        said(survey, name)

        assert Identity.objects.get().external_id == name
        assert not ContactPoint.objects.exists()

    def test_takes_facts_for_somebody_new_only(self, survey: Source) -> None:
        said(
            survey,
            "u1",
            new_customer=NewCustomer(name="민수", language="en", account_name="Hanbit"),
        )
        said(
            survey,
            "u1",
            "a@example.com",
            new_customer=NewCustomer(name="지우", account_name="Haneul"),
        )

        customer = Customer.objects.get()
        assert (customer.name, customer.language) == ("민수", "en")
        assert Account.objects.get() == customer.account

    @pytest.mark.parametrize(
        "new_customer",
        [NewCustomer(time_zone="Mars"), NewCustomer(name="\x00"), NewCustomer(rhythm="hourly")],
    )
    def test_refuses_facts_that_no_customer_can_have(
        self, survey: Source, new_customer: NewCustomer
    ) -> None:
        with pytest.raises(Exception) as refused:  # noqa: PT011 -- ours and Django's
            said(survey, "u1", new_customer=new_customer)

        assert isinstance(refused.value, feedback.Fault)

    def test_teaches_nobody_who_was_erased_meanwhile(self, survey: Source) -> None:
        gone = make.CustomerFactory.create(name="", erased_at=NOON)
        Identity.objects.create(customer=gone, source=survey, external_id="u1")
        identifier = CustomerIdentifier("u1", "a@example.com")
        author = customers_in_bulk.Author(survey.pk, identifier, NewCustomer())

        with transaction.atomic():
            customers_in_bulk.recognise([author], by=None, at=NOON)

        assert not gone.contact_points.exists()


class TestBeingTellableAgain:
    @pytest.fixture
    def missed(self, survey: Source) -> Obligation:
        """Announced to a customer without an address, who therefore was told nothing."""
        customer = make.CustomerFactory.create(name="")
        make.ConsentFactory.create(customer=customer)
        Identity.objects.create(customer=customer, source=survey, external_id="u1")
        return make.ObligationFactory.create(
            customer=customer,
            released_at=NOON,
            status="suppressed",
            reason="no_address",
            settled_at=NOON,
        )

    def test_begins_with_the_address_that_comes_with_new_words(
        self, survey: Source, missed: Obligation
    ) -> None:
        said(survey, "u1", "a@example.com")

        missed.refresh_from_db()
        assert (missed.status, missed.reason, missed.settled_at) == ("owed", "", None)
        assert notice_composition.compose_notices(by=None, at=NOON) == 1

    def test_begins_with_an_address_added_by_a_colleague(
        self, missed: Obligation, mina: User
    ) -> None:
        contact_points.add_contact_point(
            customer_id=missed.customer.pk, email="a@example.com", by=mina, at=NOON
        )

        missed.refresh_from_db()
        assert missed.status == "owed"

    def test_does_not_undo_what_the_customer_wished(
        self, survey: Source, missed: Obligation
    ) -> None:
        Obligation.objects.update(reason="unsubscribed")

        said(survey, "u1", "a@example.com")

        missed.refresh_from_db()
        assert missed.status == "suppressed"


class TestRestOnOwnRequests:
    def test_lets_us_answer_people_about_what_they_asked(self, survey: Source) -> None:
        for _twice in range(2):
            said(survey, "u1")

        consent = Consent.objects.get()
        assert (consent.purpose, consent.basis) == ("loop", "own_request")
        assert consent.proof == {"feedback": Feedback.objects.order_by("pk")[0].pk}

    def test_does_not_bring_back_what_was_withdrawn(self, survey: Source) -> None:
        customer = make.ConsentFactory.create(withdrawn_at=NOON).customer

        said(survey, customer=customer)

        assert not Consent.objects.live().exists()

    def test_stands_beside_what_they_agreed_to(self, survey: Source) -> None:
        customer = make.ConsentFactory.create(basis="opt_in", proof={"form": 1}).customer

        said(survey, customer=customer)

        live = Consent.objects.live().order_by("pk").values_list("basis", flat=True)
        assert list(live) == ["opt_in", "own_request"]


def test_a_customer_known_by_an_address_alone_is_called_by_it() -> None:
    customer = make.CustomerFactory.create(name="")
    assert str(customer) == f"#{customer.token}"
    make.ContactPointFactory.create(customer=customer, address="old@example.com", state="bounced")
    make.ContactPointFactory.create(customer=customer, address="new@example.com")

    assert str(Customer.objects.get()) == "new@example.com"
    assert reachability.reachability([customer])
