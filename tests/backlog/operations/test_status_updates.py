"""What customers hear of beside outcomes: who is owed it, in whose words, and from when on."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from backlog import errors
from backlog.models import (
    Announcement,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Obligation,
    Outcome,
    RequestStatus,
    StatusUpdate,
    User,
)
from backlog.operations import (
    announcements,
    notice_composition,
    obligations,
    outcomes,
    status_updates,
)
from tests.backlog.operations.status_updates import asked_for, spread
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
EVEN_LATER = NOON + timedelta(hours=2)
WORDS = {"en": "Not this year.", "ko": "올해는 어렵습니다."}
YES, NO, PLANNED, REOPENED, STANDING = StatusUpdate.Kind
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", StatusUpdate.Kind)
@pytest.mark.parametrize("status", sorted(set(RequestStatus) - {RequestStatus.MERGED}))
def test_waits_to_be_announced_while_it_is_true(kind: str, status: str) -> None:
    """The condition in the database and the one in Python are the same."""
    row = make.StatusUpdateFactory.create(kind=kind, request__status=status, recorded_at=NOON)

    assert StatusUpdate.objects.waiting().filter(pk=row.pk).exists() == row.is_true


def test_where_it_stood_waits_until_it_moves_on() -> None:
    row = make.StatusUpdateFactory.create(kind=STANDING, recorded_at=NOON)
    CustomerRequest.objects.update(status_changed_at=LATER)

    row.refresh_from_db()
    assert not row.is_true
    assert not StatusUpdate.objects.waiting().exists()


class TestSpread:
    def test_owes_it_to_everybody_who_asked_in_the_same_breath(self) -> None:
        request = asked_for(by=3)

        row = spread(request, words=WORDS)

        event = Event.objects.get(kind="status_update.recorded", subject_id=row.pk)
        assert (event.request, event.data) == (request, {"kind": "decided_no"})
        owed = Obligation.objects.filter(
            announcement__status_update=row, event=event, request=request
        )
        assert owed.count() == 3
        assert set(owed.values_list("status", "released_at")) == {("owed", None)}

    def test_owes_once_to_a_person_known_twice_and_nothing_to_the_colleague_who_filed_it(
        self, mina: User
    ) -> None:
        request = asked_for(by=0)
        mira = make.CustomerFactory.create()
        for customer in (mira, make.CustomerFactory.create(merged_into=mira)):
            make.EvidenceFactory.create(request=request, feedback__customer=customer)
        make.EvidenceFactory.create(
            request=request, feedback__customer=None, feedback__filed_by=mina
        )

        row = spread(request)

        assert row.obligations.get().customer == mira

    def test_is_silent_where_the_product_does_not_speak_of_it(self) -> None:
        request = asked_for("planned")

        assert status_updates.create_update(request=request, kind=PLANNED, by=None, at=NOON) is None
        assert not StatusUpdate.objects.exists()

    def test_speaks_anyway_where_somebody_has_words_for_customers(self) -> None:
        request = asked_for("planned")

        assert spread(request, PLANNED, words=WORDS).words == WORDS

    def test_is_no_status_update_where_nobody_asked(self) -> None:
        request = asked_for(by=0)

        assert (
            status_updates.create_update(request=request, kind=NO, words=WORDS, by=None, at=NOON)
            is None
        )
        assert not Event.objects.exists()

    def test_is_none_where_all_who_asked_were_forgotten(self) -> None:
        request = asked_for()
        Customer.objects.update(name="", search_text="", erased_at=NOON)

        assert status_updates.create_update(request=request, kind=NO, by=None, at=NOON) is None

    def test_takes_the_place_of_earlier_status_update(self) -> None:
        request = asked_for("approved")
        first = spread(request, NO, words=WORDS)

        second = spread(request, YES, at=LATER)

        first.refresh_from_db()
        assert (first.is_current, second.is_current) == (False, True)

    def test_refuses_words_in_no_language_we_know(self) -> None:
        with pytest.raises(errors.Invalid) as refused:
            spread(asked_for(), words={"fr": "Pas encore."})
        assert refused.value.field == "customer_words"


class TestSayToCustomers:
    def test_keeps_the_words_and_records_that_there_are_some(self, mina: User) -> None:
        row = spread(asked_for())

        status_updates.say_to_customers(status_update_id=row.pk, words=WORDS, by=mina, at=LATER)
        status_updates.say_to_customers(
            status_update_id=row.pk, words=WORDS, by=mina, at=EVEN_LATER
        )

        row.refresh_from_db()
        assert row.words == WORDS
        event = Event.objects.get(kind="status_update.worded")
        assert (event.actor, event.at, event.data) == (mina, LATER, {})

    def test_takes_back_the_wish_for_a_second_person_who_would_agree_to_other_words(
        self, mina: User
    ) -> None:
        row = spread(asked_for(), words=WORDS)
        announcements.ask_to_announce(subject=row, by=mina, at=NOON)

        row = status_updates.say_to_customers(
            status_update_id=row.pk, words={"en": "Never."}, by=mina, at=LATER
        )

        assert (row.asked_by, row.asked_at) == (None, None)

    def test_refuses_once_customers_are_being_told(self, mina: User) -> None:
        row = spread(asked_for(), words=WORDS)
        announcements.announce(subject=row, by=mina, at=LATER)

        with pytest.raises(errors.StatusUpdateAnnounced):
            status_updates.say_to_customers(
                status_update_id=row.pk, words={"en": "Never."}, by=mina, at=LATER
            )


class TestAnnounceStatusUpdate:
    def test_lets_the_customers_who_asked_be_told(self, mina: User) -> None:
        row = spread(asked_for(by=2), words=WORDS)

        announcements.announce(subject=row, by=mina, at=LATER)
        announcements.announce(subject=row, by=mina, at=EVEN_LATER)

        row.refresh_from_db()
        assert (row.announced_by, row.announced_at) == (mina, LATER)
        assert Obligation.objects.speakable().count() == 2
        assert Event.objects.get(kind="status_update.announced").data == {"customers": 2}

    def test_does_not_tell_a_no_without_a_word_for_customers(self, mina: User) -> None:
        row = spread(asked_for())

        with pytest.raises(errors.WordsMissing):
            announcements.announce(subject=row, by=mina, at=LATER)
        assert not Obligation.objects.speakable().exists()

    @pytest.mark.parametrize("way", ["created", "saved", "in bulk"])
    def test_tells_no_no_without_a_word_by_any_other_way(self, way: str) -> None:
        told_no = make.StatusUpdateFactory.create(kind="decided_no", words={})
        told = {"status_update": told_no, "recorded_at": NOON, "announced_at": NOON}
        told_no.announcement.announced_at = NOON
        if way != "saved":
            Announcement.objects.all().delete()
        ways: dict[str, Callable[[], object]] = {
            "created": partial(Announcement.objects.create, **told),
            "saved": partial(told_no.announcement.save, update_fields=["announced_at"]),
            "in bulk": lambda: Announcement.objects.bulk_create([Announcement(**told)]),
        }

        with pytest.raises(IntegrityError):
            ways[way]()

    def test_does_not_tell_what_is_not_true_any_more(self, mina: User) -> None:
        row = spread(asked_for(), words=WORDS)
        CustomerRequest.objects.update(status="approved")

        with pytest.raises(errors.StatusUpdateOutdated):
            announcements.announce(subject=row, by=mina, at=LATER)

    def test_does_not_tell_what_something_later_took_the_place_of(self, mina: User) -> None:
        request = asked_for()
        first = spread(request, words=WORDS)
        spread(request, words={"en": "Never."}, at=LATER)

        with pytest.raises(errors.StatusUpdateOutdated):
            announcements.announce(subject=first, by=mina, at=LATER)

    def test_is_not_agreed_to_where_it_is_not_true_any_more(self, mina: User, noor: User) -> None:
        request = asked_for()
        row = spread(request, words=WORDS)
        announcements.ask_to_announce(subject=row, by=mina, at=LATER)
        CustomerRequest.objects.update(status="under_review")

        with pytest.raises(errors.StatusUpdateOutdated):
            announcements.countersign(subject=row, by=noor, at=EVEN_LATER)
        assert not Obligation.objects.filter(released_at__isnull=False).exists()

    def test_needs_a_second_person_for_a_large_audience(self, mina: User, noor: User) -> None:
        row = spread(asked_for(by=3, product__countersign_from=3), words=WORDS)

        with pytest.raises(errors.CountersignNeeded):
            announcements.announce(subject=row, by=mina, at=LATER)
        announcements.ask_to_announce(subject=row, by=mina, at=LATER)
        with pytest.raises(errors.OwnAnnouncement):
            announcements.countersign(subject=row, by=mina, at=LATER)
        row = announcements.countersign(subject=row, by=noor, at=LATER)

        assert (row.announced_by, row.countersigned_by) == (mina, noor)
        assert Obligation.objects.speakable().count() == 3

    def test_can_be_cancelled_while_nobody_has_been_told(self, mina: User) -> None:
        row = spread(asked_for(by=2), words=WORDS)
        announcements.announce(subject=row, by=mina, at=LATER)

        row = announcements.cancel(subject=row, by=mina, at=EVEN_LATER)

        assert row.announced_at is None
        assert not Obligation.objects.speakable().exists()
        assert Obligation.objects.filter(status="owed").count() == 2


class TestEarlierStatusUpdate:
    """What was never announced is told with what took its place, as superseded."""

    def test_is_told_with_later_status_update_in_one_message(self, mina: User) -> None:
        request = asked_for("approved")
        spread(request, NO, words=WORDS)
        later = spread(request, YES, at=LATER)

        announcements.announce(subject=later, by=mina, at=EVEN_LATER)
        owed = list(Obligation.objects.speakable().order_by("pk"))
        notice_composition.compose_notices(by=None, at=EVEN_LATER)

        assert [row.status_update for row in owed] == [*StatusUpdate.objects.order_by("pk")]
        [notice] = owed[0].customer.notices.all()
        obligations.tell(obligations.lock_owed([notice.pk]), by=None, at=EVEN_LATER)
        assert [row.status for row in Obligation.objects.order_by("pk")] == ["superseded", "told"]

    def test_is_told_with_the_outcome(self, mina: User) -> None:
        request = asked_for("in_progress")
        row = spread(request, YES)
        outcome = record_outcome(request, mina)

        row.refresh_from_db()
        assert not row.is_current
        announcements.announce(subject=outcome, by=mina, at=EVEN_LATER)

        assert Obligation.objects.speakable().count() == 2
        announcements.cancel(subject=outcome, by=mina, at=EVEN_LATER)
        assert not Obligation.objects.speakable().exists()

    def test_stays_back_from_those_who_do_not_hear_the_later(self, mina: User) -> None:
        request = asked_for("approved", by=2)
        spread(request, NO, words=WORDS)
        unlinked = Evidence.objects.order_by("pk").first()
        assert unlinked is not None
        Evidence.objects.filter(pk=unlinked.pk).update(unlinked_at=NOON)
        later = spread(request, YES, at=LATER)

        announcements.announce(subject=later, by=mina, at=EVEN_LATER)

        released = Obligation.objects.speakable()
        assert released.count() == 2
        assert not released.filter(customer=unlinked.feedback.customer).exists()


def record_outcome(request: CustomerRequest, by: User) -> Outcome:
    sprint = make.SprintFactory.create(product=request.product, status="active", started_at=NOON)
    commitment = make.CommitmentFactory.create(sprint=sprint, request=request)
    return outcomes.record_outcome(
        commitment_id=commitment.pk,
        result="delivered",
        summary={"en": "Two taps."},
        by=by,
        at=LATER,
    )
