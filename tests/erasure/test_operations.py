"""Erasing: who may be, with what reason, how often; and that nobody comes back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from backlog import errors
from backlog.errors import ErasedOnRequest
from backlog.models import (
    ContactPoint,
    Customer,
    ErasedIdentifier,
    Event,
    Feedback,
    Identity,
    ImportRun,
    MailDomain,
    Notice,
    Source,
    User,
)
from backlog.operations import (
    consents,
    contact_points,
    customers,
    customers_in_bulk,
    erased_identifiers,
    erasure,
    feedback,
    feedback_in_bulk,
    notices,
    privacy_requests,
)
from backlog.queries import erased_identifiers as erased_identifier_queries
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
ADDRESS = "mira@quellenhof.example"


@pytest.fixture
def source() -> Source:
    return make.SourceFactory.create(key="desk")


@pytest.fixture
def mira(source: Source) -> Customer:
    said, _is_new = feedback.receive_feedback(
        source=source, incoming=of("mq-1", email=ADDRESS, message="T-1"), by=None, at=NOON
    )
    assert said.customer is not None
    return said.customer


def of(external_id: str = "", *, email: str = "", message: str = "") -> feedback.FeedbackData:
    return feedback.FeedbackData(
        verbatim="The terminal froze twice.",
        identifier=customers_in_bulk.CustomerIdentifier(external_id, email),
        external_id=message,
    )


def erase(customer: Customer, ada: User, reason: str = "Asked by phone.") -> Customer:
    return erasure.erase_customer(customer_id=customer.pk, reason=reason, by=ada, at=LATER)


class TestEraseCustomer:
    def test_needs_a_reason(self, mira: Customer, ada: User) -> None:
        with pytest.raises(errors.ReasonRequired):
            erase(mira, ada, "  ")

    @pytest.mark.parametrize("named", [ADDRESS, ADDRESS.upper(), "Mira Quellenhof"])
    def test_takes_no_reason_that_names_them(self, mira: Customer, ada: User, named: str) -> None:
        Customer.objects.update(name="Mira Quellenhof")

        with pytest.raises(errors.Invalid) as refused:
            erase(mira, ada, f"{named} asked.")

        assert refused.value.code == "names_the_person"
        assert ContactPoint.objects.exists()

    @pytest.mark.parametrize("name", ["민수", "Al"])
    def test_takes_no_reason_with_a_name_too_short_to_be_looked_for_elsewhere(
        self, mira: Customer, ada: User, name: str
    ) -> None:
        Customer.objects.update(name=name)

        with pytest.raises(errors.Invalid) as refused:
            erase(mira, ada, f"{name} asked.")

        assert refused.value.code == "names_the_person"
        erase(mira, ada, "Also asked for all of it.")

    def test_a_second_time_changes_nothing(self, mira: Customer, ada: User) -> None:
        erase(mira, ada)
        erasure.erase_customer(
            customer_id=mira.pk, reason="Again.", by=ada, at=LATER + timedelta(days=1)
        )

        mira.refresh_from_db()
        assert mira.erased_at == LATER
        assert Event.objects.filter(kind="customer.erased").count() == 1

    def test_waits_for_a_message_that_is_leaving(self, mira: Customer, ada: User) -> None:
        soon = LATER + timedelta(minutes=1)
        make.NoticeFactory.create(
            customer=mira, status="sending", lease_until=soon, lease_token="t"
        )

        with pytest.raises(errors.BeingSent):
            erase(mira, ada)

        assert ContactPoint.objects.exists()

    def test_takes_a_message_from_a_worker_that_died(self, mira: Customer, ada: User) -> None:
        make.NoticeFactory.create(
            customer=mira, status="sending", lease_until=NOON, lease_token="t"
        )

        erase(mira, ada)

        assert Notice.objects.get().status == "cancelled"
        assert notices.claim_notices(by=None, at=LATER) == []

    def test_leaves_other_people_alone(self, mira: Customer, ada: User, source: Source) -> None:
        other, _is_new = feedback.receive_feedback(
            source=source, incoming=of("other-7", email="omar@example.org"), by=None, at=NOON
        )

        erase(mira, ada)

        other.refresh_from_db()
        assert other.verbatim == "The terminal froze twice."
        assert ContactPoint.objects.get().address == "omar@example.org"
        assert Identity.objects.get().external_id == "other-7"

    def test_forgets_a_mail_domain_only_where_nobody_else_has_it(
        self, mira: Customer, ada: User
    ) -> None:
        make.ContactPointFactory.create(address="omar@shared.example")
        make.ContactPointFactory.create(customer=mira, address="mira@shared.example")
        for domain in ("quellenhof.example", "shared.example"):
            MailDomain.objects.create(channel="email", domain=domain)

        erase(mira, ada)

        assert MailDomain.objects.get().domain == "shared.example"

    def test_ends_a_consent_that_a_clock_ahead_of_ours_wrote(
        self, mira: Customer, ada: User
    ) -> None:
        ahead = LATER + timedelta(seconds=5)
        consent = make.ConsentFactory.create(customer=mira, basis="opt_in", given_at=ahead)

        erase(mira, ada)

        consent.refresh_from_db()
        assert consent.withdrawn_at == ahead

    def test_makes_a_stale_form_of_a_mended_request_fail(self, mira: Customer, ada: User) -> None:
        request = make.RequestFactory.create(problem=f"{ADDRESS} waits for this.")

        erase(mira, ada)

        request.refresh_from_db()
        assert (request.problem, request.version) == ("[erased] waits for this.", 2)


class TestNobodyComesBack:
    @pytest.fixture(autouse=True)
    def gone(self, mira: Customer, ada: User) -> None:
        erase(mira, ada)

    WAYS: pytest.MarkDecorator = pytest.mark.parametrize(
        "incoming",
        [
            of("mq-1"),
            of(email=ADDRESS),
            of(email=f" {ADDRESS.upper()}"),
            of("new-7", email=ADDRESS),
            of("mq-1", email="new@example.org"),
            of(ADDRESS),
            of(message="T-1"),
        ],
        ids=["number", "address", "folded", "new number", "new address", "as number", "message"],
    )

    @WAYS
    def test_by_a_single_piece_of_feedback(
        self, source: Source, incoming: feedback.FeedbackData
    ) -> None:
        with pytest.raises(ErasedOnRequest):
            feedback.receive_feedback(source=source, incoming=incoming, by=None, at=LATER)

        self.assert_nobody_is_there()

    @WAYS
    def test_in_bulk_where_the_others_go_on(
        self, source: Source, incoming: feedback.FeedbackData
    ) -> None:
        others = [(source, of("other-7")), (source, incoming), (source, of(message="T-8"))]

        first, refused, last = feedback.receive_many(messages=others, by=None, at=LATER)

        assert isinstance(refused, ErasedOnRequest)
        assert isinstance(first, feedback_in_bulk.Stored)
        assert isinstance(last, feedback_in_bulk.Stored)
        assert (first.is_new, last.is_new) == (True, True)
        assert Feedback.objects.filter(erased_at=None).count() == 2

    def test_under_their_own_id(self, source: Source, mira: Customer) -> None:
        incoming = feedback.FeedbackData(verbatim="Me again.", customer=mira)

        with pytest.raises(ErasedOnRequest):
            feedback.receive_feedback(source=source, incoming=incoming, by=None, at=LATER)
        [refused] = feedback.receive_many(messages=[(source, incoming)], by=None, at=LATER)

        assert isinstance(refused, ErasedOnRequest)

    def test_by_a_file(
        self, tmp_path: Path, source: Source, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file, report = tmp_path / "a.csv", tmp_path / "report.csv"
        file.write_text(
            f"id,who,words\nT-1,,The terminal froze twice.\nT-9,{ADDRESS},It froze again.\n"
            "T-10,mq-1,And again.\nT-11,other,All is well.\n"
        )
        columns = ["--text", "words", "--author", "who", "--external-id", "id"]

        call_command(
            "import_feedback", str(file), "--source", "desk", *columns, "--report", str(report)
        )

        run = ImportRun.objects.get()
        assert (run.rows_read, run.rows_stored, run.rows_refused) == (4, 1, 3)
        assert report.read_text().count("erased_on_request") == 3
        assert not any(trace in report.read_text() for trace in (ADDRESS, "froze", "mq-1"))
        assert Feedback.objects.get(erased_at=None).verbatim == "All is well."

    def test_by_hand(self, source: Source) -> None:
        with pytest.raises(ErasedOnRequest):
            customers.add_customer(email=ADDRESS, by=None, at=LATER)
        with pytest.raises(ErasedOnRequest):
            customers.add_customer(source=source, external_id="mq-1", by=None, at=LATER)

        self.assert_nobody_is_there()

    def test_by_an_address_of_somebody_else(self) -> None:
        other = make.CustomerFactory.create()

        with pytest.raises(ErasedOnRequest):
            contact_points.add_contact_point(customer_id=other.pk, email=ADDRESS, by=None, at=LATER)

        assert not ContactPoint.objects.exists()

    @pytest.mark.parametrize(
        "write",
        [
            lambda pk: customers.edit_customer(customer_id=pk, name="Mira", by=None, at=LATER),
            lambda pk: contact_points.add_contact_point(
                customer_id=pk, email="new@example.org", by=None, at=LATER
            ),
            lambda pk: consents.give_consent(
                customer_id=pk, purpose="loop", basis="opt_in", by=None, at=LATER
            ),
        ],
        ids=["name", "address", "consent"],
    )
    def test_by_an_edit_of_the_token_that_is_left(self, mira: Customer, write: Any) -> None:
        with pytest.raises(ErasedOnRequest):
            write(mira.pk)

    def test_after_the_secret_key_was_replaced(self, source: Source) -> None:
        with (
            override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["only for tests"]),
            pytest.raises(ErasedOnRequest),
        ):
            feedback.receive_feedback(source=source, incoming=of(email=ADDRESS), by=None, at=LATER)

    def test_but_may_be_welcomed_back(self, source: Source, ada: User) -> None:
        assert erased_identifiers.welcome_back(email=ADDRESS, by=ada, at=LATER)
        assert not erased_identifiers.welcome_back(email=ADDRESS, by=ada, at=LATER)

        feedback.receive_feedback(source=source, incoming=of(email=ADDRESS), by=None, at=LATER)

        assert ContactPoint.objects.get().address == ADDRESS

    def test_is_known_by_hashes_that_name_nobody(self) -> None:
        kept = set(ErasedIdentifier.objects.values_list("digest", flat=True))

        assert len(kept) == 2
        with override_settings(SECRET_KEY="another"):
            assert (
                erased_identifier_queries.among([erased_identifier_queries.address(ADDRESS)])
                == set()
            )

    def assert_nobody_is_there(self) -> None:
        assert Customer.objects.filter(erased_at=None).count() == 0
        assert not ContactPoint.objects.exists()
        assert not Identity.objects.exists()
        assert not Feedback.objects.filter(erased_at=None).exists()


class TestWishes:
    def test_cannot_have_been_made_in_the_future(self, mira: Customer) -> None:
        with pytest.raises(errors.Invalid) as refused:
            privacy_requests.ask(
                customer_id=mira.pk, kind="export", by=None, at=NOON, asked_at=LATER
            )

        assert refused.value.field == "asked_at"

    def test_are_never_closed_before_they_were_made(self, mira: Customer, ada: User) -> None:
        """Two machines, and the clock of one is ahead."""
        wish = privacy_requests.ask(customer_id=mira.pk, kind="export", by=None, at=LATER)

        closed = privacy_requests.close(request_id=wish.pk, status="done", by=ada, at=NOON)

        assert closed.closed_at == LATER
