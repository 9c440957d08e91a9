"""Who is owed an answer, when they may be told, and who may say that they need not be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from backlog import errors
from backlog.models import Customer, Event, Notice, NoticeItem, Obligation, Outcome, User
from backlog.operations import obligations, obligations_in_bulk
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def owed_to(event: Event) -> list[Customer]:
    return [row.customer for row in Obligation.objects.filter(event=event).order_by("pk")]


class TestOwe:
    @pytest.fixture
    def outcome(self) -> Outcome:
        return make.OutcomeFactory.create()

    @pytest.fixture
    def event(self, outcome: Outcome) -> Event:
        return make.EventFactory.create(request=outcome.commitment.request)

    def owe(self, event: Event, outcome: Outcome) -> int:
        assert event.request is not None
        return obligations_in_bulk.create_obligations(
            event=event, request=event.request, announcement=outcome.announcement, by=None, at=NOON
        )

    def test_writes_one_for_each_customer_who_asked(self, event: Event, outcome: Outcome) -> None:
        asked = [make.EvidenceFactory.create(request=event.request) for _ in range(3)]

        assert self.owe(event, outcome) == 3

        assert {c.pk for c in owed_to(event)} == {e.feedback.customer_id for e in asked}
        row = Obligation.objects.filter(event=event)[0]
        assert (row.status, row.reason, row.owed_at) == (Obligation.Status.OWED, "", NOON)
        assert (row.request, row.outcome) == (event.request, outcome)
        assert (row.released_at, row.settled_at) == (None, None)

    def test_owes_once_to_a_customer_who_asked_twice(self, event: Event, outcome: Outcome) -> None:
        mira = make.CustomerFactory.create()
        for _ in range(2):
            make.EvidenceFactory.create(request=event.request, feedback__customer=mira)

        self.owe(event, outcome)

        assert owed_to(event) == [mira]

    def test_follows_merged_customers_to_the_one_they_are(
        self, event: Event, outcome: Outcome
    ) -> None:
        mira = make.CustomerFactory.create()
        double = make.CustomerFactory.create(merged_into=mira)
        for customer in (mira, double):
            make.EvidenceFactory.create(request=event.request, feedback__customer=customer)

        self.owe(event, outcome)

        assert owed_to(event) == [mira]

    def test_counts_the_words_of_requests_merged_into_this_one(
        self, event: Event, outcome: Outcome
    ) -> None:
        merged = make.EvidenceFactory.create(counts_for=event.request)

        self.owe(event, outcome)

        assert owed_to(event) == [merged.feedback.customer]

    def test_owes_nothing_to_those_who_did_not_ask(self, event: Event, outcome: Outcome) -> None:
        make.EvidenceFactory.create()  # of another request
        make.EvidenceFactory.create(request=event.request, unlinked_at=NOON)
        make.EvidenceFactory.create(request=event.request, feedback__customer=None)
        gone = make.CustomerFactory.create(name="", erased_at=NOON)
        make.EvidenceFactory.create(request=event.request, feedback__customer=gone)

        assert self.owe(event, outcome) == 0
        assert owed_to(event) == []

    def test_does_not_take_the_colleague_who_filed_it_for_the_customer(
        self, event: Event, outcome: Outcome, mina: User
    ) -> None:
        make.EvidenceFactory.create(
            request=event.request, feedback__filed_by=mina, feedback__customer=None
        )

        assert self.owe(event, outcome) == 0

    def test_changes_nothing_the_second_time(self, event: Event, outcome: Outcome) -> None:
        make.EvidenceFactory.create(request=event.request)
        self.owe(event, outcome)

        assert self.owe(event, outcome) == 0
        assert len(owed_to(event)) == 1

    def test_speaks_of_events_without_an_outcome(self, event: Event) -> None:
        make.EvidenceFactory.create(request=event.request)
        assert event.request is not None

        obligations_in_bulk.create_obligations(event=event, request=event.request, by=None, at=NOON)

        assert Obligation.objects.get(event=event).outcome is None

    def test_costs_the_same_for_one_and_for_many(
        self, event: Event, outcome: Outcome, queries: SameQueries
    ) -> None:
        make.EvidenceFactory.create(request=event.request)
        with queries() as few:
            self.owe(event, outcome)
        make.EvidenceFactory.create_batch(20, request=event.request)
        with queries() as many:
            assert self.owe(event, outcome) == 20

        assert len(many) == len(few)


class TestRelease:
    def test_lets_those_who_are_owed_be_told(self) -> None:
        outcome = make.OutcomeFactory.create()
        owed = make.ObligationFactory.create(outcome=outcome)
        told = make.ObligationFactory.create(outcome=outcome, status="told", settled_at=NOON)

        assert obligations.release(outcome, by=None, at=LATER) == 1

        owed.refresh_from_db()
        told.refresh_from_db()
        assert (owed.released_at, told.released_at) == (LATER, None)
        assert list(Obligation.objects.speakable()) == [owed]

    def test_keeps_the_time_of_the_first_release(self) -> None:
        outcome = make.OutcomeFactory.create()
        owed = make.ObligationFactory.create(outcome=outcome)
        obligations.release(outcome, by=None, at=NOON)

        assert obligations.release(outcome, by=None, at=LATER) == 0

        owed.refresh_from_db()
        assert owed.released_at == NOON

    @pytest.mark.parametrize(("customers", "begins"), [(10, 0), (11, 40)])
    def test_lets_a_few_go_before_what_is_being_told_and_many_join_it(
        self, customers: int, begins: int
    ) -> None:
        make.ObligationFactory.create(released_at=NOON, turn=40)
        outcome, event = make.OutcomeFactory.create(), make.EventFactory.create()
        make.ObligationFactory.create_batch(customers, outcome=outcome, event=event)

        obligations.release(outcome, by=None, at=LATER)

        turns = outcome.obligations.order_by("turn").values_list("turn", flat=True)
        assert list(turns) == list(range(begins, begins + customers))

    def test_takes_along_what_was_never_announced_of_outcomes_it_replaces(self) -> None:
        first = make.OutcomeFactory.create(is_current=False)
        back = make.OutcomeFactory.create(
            commitment=first.commitment, replaces=first, result="rolled_back"
        )
        forgotten = make.ObligationFactory.create(outcome=first)
        make.ObligationFactory.create(outcome=back, customer=forgotten.customer)

        assert obligations.release(back, by=None, at=LATER) == 1

        assert Obligation.objects.speakable().count() == 2


class TestWaiveObligation:
    def waive(self, obligation: Obligation, by: User, reason: str = "Told by phone") -> Obligation:
        return obligations.waive_obligation(
            obligation_id=obligation.pk, reason=reason, by=by, at=LATER
        )

    def test_says_who_answers_for_it_and_why(self, mina: User) -> None:
        owed = make.ObligationFactory.create()

        waived = self.waive(owed, mina)

        assert (waived.status, waived.reason) == ("waived", "by_hand")
        assert (waived.waived_by, waived.settled_at) == (mina, LATER)
        event = Event.objects.get(kind="obligation.waived")
        assert (event.actor, event.request, event.reason) == (mina, owed.request, "Told by phone")

    def test_changes_nothing_the_second_time(self, mina: User, ada: User) -> None:
        owed = make.ObligationFactory.create()
        self.waive(owed, mina)

        assert self.waive(owed, ada, "Again").waived_by == mina
        assert Event.objects.filter(kind="obligation.waived").count() == 1

    def test_wants_a_reason(self, mina: User) -> None:
        owed = make.ObligationFactory.create()

        with pytest.raises(errors.ReasonRequired):
            self.waive(owed, mina, "  ")

        owed.refresh_from_db()
        assert owed.status == Obligation.Status.OWED

    @pytest.mark.parametrize("status", ["told", "confirmed", "disputed", "bounced"])
    def test_refuses_what_is_settled(self, mina: User, status: str) -> None:
        settled = make.ObligationFactory.create(status=status, settled_at=NOON)

        with pytest.raises(errors.ObligationSettled):
            self.waive(settled, mina)

    def test_cancels_a_message_that_has_nothing_else_to_say(self, mina: User) -> None:
        item = make.NoticeItemFactory.create()

        self.waive(item.obligation, mina)

        item.refresh_from_db()
        item.notice.refresh_from_db()
        assert (item.is_live, item.notice.status) == (False, Notice.Status.CANCELLED)

    def test_leaves_the_rest_of_a_message(self, mina: User) -> None:
        item = make.NoticeItemFactory.create()
        other = make.NoticeItemFactory.create(notice=item.notice)

        self.waive(item.obligation, mina)

        item.notice.refresh_from_db()
        assert item.notice.status == Notice.Status.QUEUED
        assert list(NoticeItem.objects.filter(is_live=True)) == [other]

    def test_refuses_while_the_message_is_leaving(self, mina: User) -> None:
        item = make.NoticeItemFactory.create(
            notice__status="sending", notice__lease_until=LATER, notice__lease_token="a"
        )

        with pytest.raises(errors.BeingSent):
            self.waive(item.obligation, mina)

        item.obligation.refresh_from_db()
        assert item.obligation.status == Obligation.Status.OWED


@pytest.mark.parametrize(
    "impossible",
    [
        {"status": "told"},
        {"status": "owed", "settled_at": NOON},
        {"status": "suppressed", "settled_at": NOON},
        {"status": "waived", "settled_at": NOON},
        {"status": "superseded", "settled_at": NOON},
        {"status": "nonsense", "settled_at": NOON},
    ],
    ids=lambda row: " ".join(f"{name}={value}" for name, value in row.items()),
)
def test_the_database_refuses_impossible_obligations(impossible: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ObligationFactory.create(**impossible)


def test_the_database_refuses_two_live_messages_about_one_obligation() -> None:
    item = make.NoticeItemFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        make.NoticeItemFactory.create(obligation=item.obligation)
