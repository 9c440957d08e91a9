from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Consent, ContactPoint, Customer, Identity, User
from backlog.operations import consents as consent_operations
from backlog.operations import contact_points, customers
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    AffiliationFactory,
    ConsentFactory,
    ContactPointFactory,
    CustomerFactory,
    ObligationFactory,
    SourceFactory,
)

LATER = NOON + timedelta(hours=1)


class TestAddCustomer:
    def test_is_a_person_with_address_and_number(self, mina: User) -> None:
        source, account = SourceFactory.create(), AccountFactory.create()

        customer = customers.add_customer(
            name="김서연",
            language="ko",
            account=account,
            email=" Seoyeon@Example.ORG ",
            source=source,
            external_id="C-7",
            by=mina,
            at=NOON,
        )

        customer = Customer.objects.get(pk=customer.pk)
        assert (customer.name, customer.account, customer.created_at) == ("김서연", account, NOON)
        assert customer.contact_points.get().address == "seoyeon@example.org"
        assert customer.identities.get().external_id == "C-7"
        assert events.kinds() == ["customer.added", "contact_point.added"]

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"email": "taken@example.org"}, errors.AddressTaken),
            ({"external_id": "C-1"}, errors.AddressTaken),
            ({"email": "not an address"}, errors.Invalid),
            ({"email": f"{'a' * 61}@{'b' * 60}.{'c' * 60}.{'d' * 63}.example"}, errors.Invalid),
            ({"email": "a\x00@example.org"}, errors.UnstorableText),
            ({"external_id": "\x00"}, errors.UnstorableText),
            ({"external_id": "kim@"}, errors.Invalid),
            ({"external_id": "7" * 256}, errors.Invalid),
            ({"name": "\ud800"}, errors.UnstorableText),
            ({"language": "fr"}, ValidationError),
            ({"time_zone": "Mars/Base"}, errors.Invalid),
        ],
    )
    def test_refuses_and_keeps_nothing(
        self, mina: User, facts: dict[str, Any], refusal: type[Exception]
    ) -> None:
        ContactPointFactory.create(address="taken@example.org")
        source = SourceFactory.create()
        Identity.objects.create(customer=CustomerFactory.create(), source=source, external_id="C-1")
        before = Customer.objects.count()

        with pytest.raises(refusal):
            customers.add_customer(source=source, by=mina, at=NOON, **facts)

        assert (Customer.objects.count(), events.kinds()) == (before, [])


class TestAddContactPoint:
    def test_changes_nothing_the_second_time(self, mina: User) -> None:
        customer = CustomerFactory.create()
        points = [
            contact_points.add_contact_point(customer_id=customer.pk, email=email, by=mina, at=NOON)
            for email in ("a@example.org", "A@example.org")
        ]
        assert points[0] == points[1] == ContactPoint.objects.get()
        assert events.kinds() == ["contact_point.added"]

    def test_refuses_the_address_of_somebody_else(self, mina: User) -> None:
        point = ContactPointFactory.create()
        with pytest.raises(errors.AddressTaken):
            contact_points.add_contact_point(
                customer_id=CustomerFactory.create().pk, email=point.address, by=mina, at=NOON
            )
        assert ContactPoint.objects.get() == point

    def test_owes_again_what_the_person_missed_under_another_of_their_records(
        self, mina: User
    ) -> None:
        survivor = CustomerFactory.create()
        record = CustomerFactory.create(merged_into=survivor)
        missed = ObligationFactory.create(
            customer=survivor,
            status="suppressed",
            reason="no_address",
            released_at=NOON,
            settled_at=NOON,
        )

        contact_points.add_contact_point(
            customer_id=record.pk, email="a@example.org", by=mina, at=LATER
        )

        missed.refresh_from_db()
        assert (missed.status, missed.settled_at) == ("owed", None)


class TestEditCustomer:
    def test_records_what_differs_once_and_never_a_name(self, mina: User) -> None:
        customer = CustomerFactory.create()
        for _twice in range(2):
            customers.edit_customer(customer_id=customer.pk, name="이도윤", by=mina, at=NOON)

        customer.refresh_from_db()
        assert customer.name == "이도윤"
        assert events.kinds() == ["customer.edited"]
        assert events.last().data == {"changed": ["name"]}

    def test_refuses_a_time_zone_that_no_clock_knows(self, mina: User) -> None:
        customer = CustomerFactory.create()
        with pytest.raises(errors.Invalid):
            customers.edit_customer(customer_id=customer.pk, time_zone="Mars", by=mina, at=NOON)
        customer.refresh_from_db()
        assert customer.time_zone == "Asia/Seoul"

    def test_with_another_account_moves_them_there_today(self, mina: User) -> None:
        bank, shop = AccountFactory.create_batch(2)
        customer = CustomerFactory.create(account=bank)

        edited = customers.edit_customer(
            customer_id=customer.pk, name="Kim", account=shop, by=mina, at=NOON
        )

        today = NOON.date()
        spans = customer.affiliations.order_by("pk").values_list("account", "starts_on", "ends_on")
        assert list(spans) == [(bank.pk, None, today), (shop.pk, today, None)]
        assert (edited.account, edited.name) == (shop, "Kim")
        assert events.kinds() == ["customer.edited", "affiliation.ended", "affiliation.started"]

    def test_with_the_account_that_they_have_changes_nothing(self, mina: User) -> None:
        bank = AccountFactory.create()
        customer = CustomerFactory.create(account=bank)
        AffiliationFactory.create(customer=customer, starts_on=NOON.date())

        edited = customers.edit_customer(customer_id=customer.pk, account=bank, by=mina, at=NOON)

        assert edited.version == customer.version
        assert customer.affiliations.current().count() == 2
        assert events.kinds() == []


class TestGiveConsent:
    def test_is_on_record_with_its_proof(self, mina: User) -> None:
        customer = CustomerFactory.create()
        consents = [
            consent_operations.give_consent(
                customer_id=customer.pk,
                purpose="research",
                basis="opt_in",
                proof={"form": "2026-1"},
                by=mina,
                at=at,
            )
            for at in (NOON, LATER)
        ]

        assert consents[0] == consents[1] == Consent.objects.get()
        assert (consents[0].given_at, consents[0].proof) == (NOON, {"form": "2026-1"})
        assert events.kinds() == ["consent.given"]
        assert events.last().data == {"purpose": "research", "basis": "opt_in"}

    def test_of_who_asked_for_it_themselves_needs_no_second_proof(self, mina: User) -> None:
        known = ConsentFactory.create(proof={"feedback": 1})

        again = consent_operations.give_consent(
            customer_id=known.customer.pk,
            purpose="loop",
            basis="own_request",
            proof={"feedback": 2},
            by=mina,
            at=LATER,
        )

        assert again == known == Consent.objects.get()

    @pytest.mark.parametrize(
        ("first", "then"), [("own_request", "opt_in"), ("opt_in", "own_request")]
    )
    def test_stands_beside_another_basis_with_the_same_proof(
        self, first: str, then: str, mina: User
    ) -> None:
        customer = ConsentFactory.create(basis=first, proof={"call": 1}).customer
        for _twice in range(2):
            consent_operations.give_consent(
                customer_id=customer.pk,
                purpose="loop",
                basis=then,
                proof={"call": 1},
                by=mina,
                at=LATER,
            )

        live = Consent.objects.live().order_by("pk").values_list("basis", flat=True)
        assert list(live) == [first, then]

    def test_stands_beside_another_basis_with_its_own_proof(self, mina: User) -> None:
        customer = ConsentFactory.create(proof={"feedback": 1}).customer
        for proof in ({"form": "2026-1"}, {"form": "2026-1"}, {"call": "2026-03-02"}):
            consent_operations.give_consent(
                customer_id=customer.pk,
                purpose="loop",
                basis="opt_in",
                proof=proof,
                by=mina,
                at=LATER,
            )

        live = Consent.objects.live().order_by("pk").values_list("basis", "proof")
        assert list(live) == [
            ("own_request", {"feedback": 1}),
            ("opt_in", {"form": "2026-1"}),
            ("opt_in", {"call": "2026-03-02"}),
        ]
        consent_operations.withdraw_consent(
            customer_id=customer.pk, purpose="loop", by=mina, at=LATER
        )
        assert not Consent.objects.live().exists()

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"purpose": "sales"}, ValidationError),
            ({"basis": "hope"}, ValidationError),
            ({"proof": {"form": "\x00"}}, errors.UnstorableText),
        ],
    )
    def test_refuses_what_is_not_valid(
        self, mina: User, facts: dict[str, Any], refusal: type[Exception]
    ) -> None:
        wanted: dict[str, Any] = {"purpose": "loop", "basis": "opt_in"} | facts
        with pytest.raises(refusal):
            consent_operations.give_consent(
                customer_id=CustomerFactory.create().pk, by=mina, at=NOON, **wanted
            )
        assert not Consent.objects.exists()


class TestWithdrawConsent:
    def test_ends_it_and_keeps_it(self, mina: User) -> None:
        consent = ConsentFactory.create()
        for at in (NOON, LATER):
            consent_operations.withdraw_consent(
                customer_id=consent.customer.pk, purpose="loop", by=mina, at=at
            )
        consent.refresh_from_db()
        assert consent.withdrawn_at == NOON
        assert events.kinds() == ["consent.withdrawn"]

    def test_leaves_what_was_given_for_another_purpose(self, mina: User) -> None:
        loop = ConsentFactory.create()
        research = ConsentFactory.create(customer=loop.customer, purpose="research")

        consent_operations.withdraw_consent(
            customer_id=loop.customer.pk, purpose="loop", by=mina, at=LATER
        )

        assert list(Consent.objects.live()) == [research]

    def test_can_be_taken_back_by_its_giver(self, mina: User) -> None:
        consent = ConsentFactory.create(withdrawn_at=NOON)
        consent_operations.give_consent(
            customer_id=consent.customer.pk, purpose="loop", basis="opt_in", by=mina, at=LATER
        )
        assert Consent.objects.count() == 2
        assert Consent.objects.live().get().basis == "opt_in"


class TestUnsubscribe:
    def test_silences_the_address_once(self, db: None) -> None:
        point = ContactPointFactory.create()
        for at in (NOON, LATER):
            contact_points.unsubscribe(contact_point_id=point.pk, by=None, at=at)
        point.refresh_from_db()
        assert (point.state, point.state_changed_at) == ("unsubscribed", NOON)
        assert events.kinds() == ["contact_point.unsubscribed"]

    def test_keeps_the_first_reason(self, db: None) -> None:
        point = ContactPointFactory.create(state="bounced")
        contact_points.unsubscribe(contact_point_id=point.pk, by=None, at=NOON)
        point.refresh_from_db()
        assert (point.state, events.kinds()) == ("bounced", [])
