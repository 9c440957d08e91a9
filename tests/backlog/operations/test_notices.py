"""Messages: each customer gets one, whoever takes it, whatever dies on the way."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from backlog.models import (
    ContactPoint,
    Customer,
    Event,
    Notice,
    NoticeItem,
    Obligation,
    User,
)
from backlog.operations import mail_domains, notices, obligations
from backlog.queries import notices as notice_queries
from backlog.rules import moments, retries
from tests.backlog.operations.notices import (
    asker,
    claim,
    kinds,
    obligation_of,
    owed,
    reload,
    sent,
    written,
)
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db
Status = Notice.Status


class TestClaimNotices:
    def test_hands_out_the_address_and_a_lease(self) -> None:
        notice = written()

        [one] = claim()

        notice = reload(notice)
        point = ContactPoint.objects.get()
        assert (one.notice, one.address, notice.contact_point) == (notice, point.address, point)
        assert (notice.status, notice.lease_token) == (Status.SENDING, one.token)
        assert (notice.lease_until, notice.attempts) == (NOON + notices.LEASE, 1)
        assert one.until == NOON + notices.LEASE

    def test_hands_out_each_message_once_while_the_lease_lasts(self) -> None:
        written()
        claim()

        assert claim(at=NOON + notices.LEASE - timedelta(seconds=1)) == []

    def test_leaves_what_another_worker_took_after_we_looked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = written()
        [taken] = claim()
        looked = iter([[mail_domains.Due(notice.pk, "")], []])
        monkeypatch.setattr(notices, "_due", lambda *_, **__: next(looked))

        assert claim() == []

        assert reload(notice).lease_token == taken.token

    def test_hands_it_out_again_when_the_lease_has_run_out(self) -> None:
        notice = written()
        [first] = claim()

        [second] = claim(at=NOON + notices.LEASE)

        assert second.notice == notice
        assert second.token != first.token
        assert reload(notice).attempts == 2

    def test_hands_out_so_many_at_a_time_the_longest_waiting_first(self) -> None:
        late, early = written(not_before=NOON), written(not_before=NOON - timedelta(hours=1))

        assert [one.notice for one in claim(limit=1)] == [early]
        assert [one.notice for one in claim(limit=1)] == [late]

    def test_lets_announcements_take_turns(self) -> None:
        """Seen to fail when messages leave in the order they were written in."""
        large = [written(turn=turn) for turn in range(3)]
        small = written(turn=0)

        assert [one.notice for one in claim(limit=2)] == [large[0], small]

    def test_knows_where_each_message_goes(self) -> None:
        notice = written()
        ContactPoint.objects.update(address="mira@Example.NET")

        [one] = claim()

        assert (one.domain, one.failures) == ("example.net", 0)
        assert reload(notice).domain == "example.net"

    def test_waits_until_a_message_is_due(self) -> None:
        notice = written(not_before=LATER)

        assert claim() == []
        assert [one.notice for one in claim(at=LATER)] == [notice]

    @pytest.mark.parametrize("status", ["held", "cancelled", "dead"])
    def test_leaves_what_is_not_to_be_sent(self, status: str) -> None:
        written(status=status)

        assert claim() == []

    def test_hands_out_alone_what_two_workers_died_over(self) -> None:
        deadly, other, third = written(), written(), written()
        claim()
        claim(at=NOON + notices.LEASE)

        at = NOON + 3 * notices.LEASE
        assert [[one.notice for one in claim(at=at)] for _ in range(3)] == [
            [deadly],
            [other],
            [third],
        ]

    def test_gives_up_what_every_worker_died_over(self) -> None:
        deadly = written(
            status="sending",
            attempts=retries.MAX_ATTEMPTS,
            lease_until=NOON,
            lease_token="of somebody dead",
        )

        assert claim() == []

        assert reload(deadly).status == Status.DEAD
        assert obligation_of(deadly).status == Obligation.Status.OWED
        assert kinds(Event.objects.filter(subject_type="notice")) == ["notice.given_up"]

    def test_does_not_write_to_somebody_who_has_answered_meanwhile(self) -> None:
        notice = written()
        Obligation.objects.update(status="confirmed", settled_at=NOON)

        assert claim() == []

        assert reload(notice).status == Status.CANCELLED
        assert obligation_of(notice).status == Obligation.Status.CONFIRMED

    def test_costs_the_same_for_one_message_and_for_many(self, queries: SameQueries) -> None:
        written()
        with queries() as few:
            claim()
        for _ in range(20):
            written()
        with queries() as many:
            assert len(claim()) == 20

        assert len(many) == len(few)


class TestAtNight:
    NIGHT = moments.QuietHours(20, 8)  # At NOON it is nine in the evening in Seoul.

    def claim(self, at: datetime = NOON) -> list[notices.Claim]:
        return notices.claim_notices(by=None, at=at, quiet=self.NIGHT)

    def test_nobody_is_disturbed(self) -> None:
        """Seen to fail without looking at the clock when a message is claimed."""
        notice = written()

        assert self.claim() == []

        notice = reload(notice)
        assert (notice.status, notice.attempts, notice.waits_for) == ("queued", 0, "quiet_hours")
        morning = NOON + timedelta(hours=11)
        assert notice.not_before == morning
        assert [one.notice for one in self.claim(at=morning)] == [notice]

    def test_it_is_day_elsewhere(self) -> None:
        written()
        berlin = written(asker(time_zone="Europe/Berlin"))

        assert [one.notice for one in self.claim()] == [berlin]

    def test_a_colleague_can_take_back_what_waits(self, mina: User) -> None:
        notice = written()
        self.claim()

        obligations.waive_obligation(
            obligation_id=obligation_of(notice).pk, reason="Told by telephone", by=mina, at=NOON
        )

        assert reload(notice).status == Status.CANCELLED

    def test_costs_the_same_for_one_message_and_for_many(self, queries: SameQueries) -> None:
        written()
        with queries() as few:
            self.claim()
        for _ in range(20):
            written()
        with queries() as many:
            self.claim()

        assert len(many) == len(few)


class TestWhoMayNotBeWrittenTo:
    def refused(self, customer: Customer) -> Obligation:
        """What is on record about somebody who is left out."""
        notice = written(customer)

        assert claim() == []

        assert reload(notice).status == Status.CANCELLED
        assert not NoticeItem.objects.filter(is_live=True).exists()
        return obligation_of(notice)

    def test_somebody_who_withdrew_their_consent(self) -> None:
        mira = asker()
        mira.consents.update(withdrawn_at=NOON)

        obligation = self.refused(mira)

        assert (obligation.status, obligation.reason) == ("suppressed", "no_consent")
        assert obligation.settled_at == NOON
        event = Event.objects.get(kind="obligation.suppressed")
        assert (event.request, event.subject_id) == (obligation.request, obligation.pk)
        assert event.data == {"notice": obligation.items.get().notice_id, "reason": "no_consent"}

    def test_somebody_who_agreed_to_other_things_only(self) -> None:
        mira = asker()
        mira.consents.update(purpose="research")

        assert self.refused(mira).reason == "no_consent"

    def test_somebody_without_an_address(self) -> None:
        mira = asker()
        mira.contact_points.all().delete()

        assert self.refused(mira).reason == "no_address"

    @pytest.mark.parametrize("state", ["unsubscribed", "bounced", "complained"])
    def test_somebody_whose_only_address_is_not_to_be_used(self, state: str) -> None:
        mira = asker()
        mira.contact_points.update(state=state)

        assert self.refused(mira).reason == state

    def test_somebody_who_complained_at_one_address_and_bounced_at_another(self) -> None:
        mira = asker()
        mira.contact_points.update(state="bounced")
        make.ContactPointFactory.create(customer=mira, state="complained")

        assert self.refused(mira).reason == "complained"

    def test_somebody_who_was_erased(self) -> None:
        mira = asker(name="", erased_at=NOON)

        assert self.refused(mira).reason == "erased"

    def test_does_not_hold_up_the_others(self) -> None:
        mira = asker()
        mira.consents.update(withdrawn_at=NOON)
        written(mira)
        other = written()

        assert [one.notice for one in claim()] == [other]

    def test_is_looked_for_until_somebody_is_found_who_may(self) -> None:
        silent = asker()
        silent.consents.all().delete()
        for _ in range(3):
            written(silent)
        last = written()

        assert [one.notice for one in claim(limit=1)] == [last]

    def test_costs_the_same_for_one_and_for_many(self, queries: SameQueries) -> None:
        def silent() -> None:
            mira = asker()
            mira.consents.all().delete()
            written(mira)

        silent()
        with queries() as few:
            assert claim() == []
        for _ in range(20):
            silent()
        with queries() as many:
            assert claim() == []

        assert len(many) == len(few)


class TestWhereACustomerIsWrittenTo:
    def test_at_the_address_they_proved_to_be_theirs(self) -> None:
        mira = asker()
        proved = make.ContactPointFactory.create(customer=mira, verified_at=NOON)
        written(mira)

        assert [one.address for one in claim()] == [proved.address]

    def test_at_the_one_that_still_works(self) -> None:
        mira = asker()
        mira.contact_points.update(state="bounced")
        works = make.ContactPointFactory.create(customer=mira)
        written(mira)

        assert [one.address for one in claim()] == [works.address]


class TestReturnClaims:
    def test_puts_back_what_was_not_tried_as_if_nothing_had_been(self) -> None:
        tried, untried = written(), written()
        first, _ = claim()
        sent(first)

        assert notices.return_claims(lease_token=first.token, by=None, at=NOON) == 1

        assert reload(tried).status == Status.SENT
        untried = reload(untried)
        assert (untried.status, untried.attempts) == (Status.QUEUED, 0)
        assert (untried.lease_until, untried.lease_token) == (None, "")

    def test_does_not_put_back_what_another_worker_has_taken(self) -> None:
        written()
        [lost] = claim()
        claim(at=NOON + notices.LEASE)

        assert notices.return_claims(lease_token=lost.token, by=None, at=NOON) == 0


class TestQueueAge:
    def test_is_how_long_the_oldest_has_waited(self) -> None:
        owed(released_at=NOON + timedelta(minutes=30))
        owed()
        written()

        assert notice_queries.queue_age(at=LATER) == timedelta(hours=1)

    def test_does_not_count_what_customers_want_to_hear_later(self) -> None:
        written(not_before=LATER + timedelta(hours=1), waits_for="digest")

        assert notice_queries.queue_age(at=LATER) is None

    def test_is_none_when_nobody_waits(self) -> None:
        owed(released_at=None)
        owed(status="told", settled_at=NOON)

        assert notice_queries.queue_age(at=LATER) is None

    @pytest.mark.parametrize("status", ["dead", "held"])
    def test_does_not_count_what_a_person_must_look_at(self, status: str) -> None:
        written(status=status)

        assert notice_queries.queue_age(at=LATER) is None


@pytest.mark.parametrize(
    "impossible",
    [
        {"status": "sending"},
        {"status": "sending", "lease_until": NOON},
        {"status": "queued", "lease_until": NOON, "lease_token": "a"},
        {"status": "sent"},
        {"status": "queued", "sent_at": NOON},
        {"status": "nonsense"},
        {"customer": None},
    ],
    ids=lambda row: " ".join(f"{name}={value}" for name, value in row.items()),
)
def test_the_database_refuses_impossible_notices(impossible: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.NoticeFactory.create(**impossible)
