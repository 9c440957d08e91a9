"""What became of a message: it left, it failed, or somebody has it tried again."""

from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import ContactPoint, Event, Notice, Obligation, User
from backlog.operations import notices, replies
from backlog.rules import retries
from tests.backlog.operations.notices import (
    claim,
    failed,
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


class TestRecordSent:
    def together(self, mails: list[Notice]) -> set[int]:
        token = claim()[0].token
        return notices.record_sent(
            notice_ids=[notice.pk for notice in mails], lease_token=token, by=None, at=LATER
        )

    def test_has_proof_that_the_customer_was_told(self) -> None:
        notice = written()
        [one] = claim()

        assert sent(one, at=LATER)

        notice = reload(notice)
        assert (notice.status, notice.sent_at) == (Status.SENT, LATER)
        assert (notice.lease_until, notice.lease_token) == (None, "")
        obligation = obligation_of(notice)
        assert (obligation.status, obligation.settled_at) == ("told", LATER)
        event = Event.objects.get(kind="customer.told")
        assert (event.request, event.at, event.actor) == (obligation.request, LATER, None)
        assert (event.subject_type, event.subject_id) == ("obligation", obligation.pk)
        assert event.data == {"notice": notice.pk}

    def test_settles_all_that_was_told_in_the_message(self) -> None:
        notice = written()
        make.NoticeItemFactory.create(notice=notice, obligation=owed(notice.customer))
        [one] = claim()

        sent(one)

        assert set(Obligation.objects.values_list("status", flat=True)) == {"told"}
        assert Event.objects.filter(kind="customer.told").count() == 2

    def test_tells_the_later_status_update_of_two_about_one_request(self) -> None:
        notice = written()
        earlier = obligation_of(notice)
        event = make.EventFactory.create(request=earlier.request)
        later = owed(notice.customer, event=event)
        make.NoticeItemFactory.create(notice=notice, obligation=later)
        [one] = claim()

        sent(one)

        earlier.refresh_from_db()
        later.refresh_from_db()
        assert (later.status, earlier.status) == ("told", "superseded")
        assert earlier.superseded_by == later
        assert kinds(Event.objects.order_by("pk"))[-2:] == [
            "customer.told",
            "obligation.superseded",
        ]

    def test_records_several_at_once_each_with_its_own_message(self) -> None:
        mails = [written() for _ in range(4)]
        told = self.together(mails)

        assert told == {notice.pk for notice in mails}
        events = Event.objects.filter(kind="customer.told")
        assert {(event.subject_id, event.data["notice"]) for event in events} == {
            (obligation_of(notice).pk, notice.pk) for notice in mails
        }

    def test_costs_the_same_for_one_and_for_many(self, queries: SameQueries) -> None:
        alone = [written()]
        with queries() as few:
            self.together(alone)
        four = [written() for _ in range(4)]
        with queries() as many:
            self.together(four)
        assert len(few) == len(many)

    def test_records_the_others_when_one_was_taken_by_another_worker(self) -> None:
        first, lost = written(), written()
        token = claim()[0].token
        Notice.objects.filter(pk=lost.pk).update(lease_token="another")

        told = notices.record_sent(
            notice_ids=[first.pk, lost.pk], lease_token=token, by=None, at=LATER
        )

        assert told == {first.pk}
        assert (reload(first).status, reload(lost).status) == (Status.SENT, Status.SENDING)
        assert obligation_of(lost).status == Obligation.Status.OWED

    def test_changes_nothing_the_second_time(self) -> None:
        written()
        [one] = claim()
        sent(one)

        assert not sent(one, at=LATER)
        assert Notice.objects.get().sent_at == NOON
        assert Event.objects.filter(kind="customer.told").count() == 1

    def test_leaves_it_to_the_worker_who_has_the_lease_now(self) -> None:
        notice = written()
        [lost] = claim()
        [other] = claim(at=NOON + notices.LEASE)

        assert not sent(lost)

        assert reload(notice).status == Status.SENDING
        assert obligation_of(notice).status == Obligation.Status.OWED
        assert sent(other)

    def test_does_not_undo_an_answer_that_was_quicker(self) -> None:
        notice = written()
        [one] = claim()
        Obligation.objects.update(status="disputed", settled_at=NOON)

        assert sent(one, at=LATER)

        assert obligation_of(notice).status == Obligation.Status.DISPUTED


class TestRecordFailure:
    def test_tries_again_later(self) -> None:
        notice = written()
        [one] = claim()

        assert failed(one, failure="451 Try again later")

        notice = reload(notice)
        assert (notice.status, notice.failure) == (Status.QUEUED, "451 Try again later")
        assert notice.not_before == NOON + retries.wait_after(1, row=notice.pk)
        assert (notice.lease_until, notice.lease_token) == (None, "")
        assert obligation_of(notice).status == Obligation.Status.OWED

    def test_gives_up_after_ten_attempts_and_forgets_nobody(self) -> None:
        notice = written()
        at = NOON
        for _ in range(retries.MAX_ATTEMPTS):
            [one] = claim(at=at)
            failed(one, at=at)
            at = reload(notice).not_before

        assert reload(notice).status == Status.DEAD
        assert claim(at=at + timedelta(days=30)) == []
        assert obligation_of(notice).status == Obligation.Status.OWED
        assert kinds(Event.objects.filter(subject_type="notice")) == ["notice.given_up"]

    def test_never_writes_again_where_there_is_no_mailbox(self) -> None:
        notice = written()
        [one] = claim()

        failed(one, failure="550 No such user", is_permanent=True)

        obligation = obligation_of(notice)
        assert ContactPoint.objects.get().state == ContactPoint.State.BOUNCED
        assert (obligation.status, obligation.reason) == ("bounced", "bounced")
        assert reload(notice).status == Status.DEAD
        event = Event.objects.get(kind="obligation.bounced")
        assert event.request == obligation.request

    def test_tries_the_other_address_of_somebody_who_has_one(self) -> None:
        notice = written()
        [one] = claim()
        other = make.ContactPointFactory.create(customer=notice.customer)

        failed(one, is_permanent=True)

        [again] = claim()
        assert again.address == other.address
        assert obligation_of(notice).status == Obligation.Status.OWED

    def test_keeps_no_more_of_the_servers_words_than_fit(self) -> None:
        written()
        [one] = claim()

        failed(one, failure="\x00" + "x" * 1000)

        assert Notice.objects.get().failure == "x" * 300

    def test_leaves_it_to_the_worker_who_has_the_lease_now(self) -> None:
        notice = written()
        [lost] = claim()
        claim(at=NOON + notices.LEASE)

        assert not failed(lost, is_permanent=True)

        assert reload(notice).status == Status.SENDING
        assert ContactPoint.objects.get().state == ContactPoint.State.USABLE


class TestRetryNotice:
    def retry(self, notice: Notice, by: User) -> Notice:
        return notices.retry_notice(notice_id=notice.pk, by=by, at=LATER)

    def test_gives_a_message_that_was_given_up_all_its_attempts_again(self, mina: User) -> None:
        notice = written(status="dead", attempts=10, failure="451 no")

        retried = self.retry(notice, mina)

        assert (retried.status, retried.attempts, retried.not_before) == (Status.QUEUED, 0, LATER)
        event = Event.objects.get(kind="notice.retried")
        assert (event.actor, event.subject_id) == (mina, notice.pk)
        assert [one.notice for one in claim(at=LATER)] == [notice]

    def test_does_not_wait_any_longer(self, mina: User) -> None:
        notice = written(not_before=LATER + timedelta(days=1))

        self.retry(notice, mina)

        assert len(claim(at=LATER)) == 1

    def test_does_not_say_any_longer_what_it_waited_for(self, mina: User) -> None:
        """The ledger would show it as kept for a digest. Seen to fail without that line."""
        notice = make.NoticeFactory.create(waits_for="digest", not_before=LATER)

        assert self.retry(notice, mina).waits_for == ""
        notice.refresh_from_db()
        assert notice.waits_for == ""

    def test_owes_again_to_somebody_whose_address_was_mended(self, mina: User) -> None:
        notice = written()
        [one] = claim()
        failed(one, is_permanent=True)
        mended = make.ContactPointFactory.create(customer=notice.customer)

        self.retry(notice, mina)

        assert obligation_of(notice).status == Obligation.Status.OWED
        assert [again.address for again in claim(at=LATER)] == [mended.address]

    def test_leaves_what_was_answered_meanwhile(self, mina: User) -> None:
        """Somebody forwarded the link, say; their answer stands."""
        notice = written(status="dead")
        replies.take_answer(obligation_id=obligation_of(notice).pk, verdict="no", by=None, at=NOON)

        self.retry(notice, mina)

        assert obligation_of(notice).status == Obligation.Status.DISPUTED
        assert claim(at=LATER) == []

    def test_says_so_if_the_address_was_not_mended(self, mina: User) -> None:
        notice = written()
        [one] = claim()
        failed(one, is_permanent=True)

        self.retry(notice, mina)

        assert claim(at=LATER) == []
        assert obligation_of(notice).reason == "bounced"

    @pytest.mark.parametrize("status", ["sent", "delivered", "complained", "cancelled"])
    def test_refuses_what_has_left_or_was_cancelled(self, mina: User, status: str) -> None:
        notice = written(status=status, sent_at=None if status == "cancelled" else NOON)

        with pytest.raises(errors.IllegalTransition):
            self.retry(notice, mina)

    def test_refuses_what_is_leaving(self, mina: User) -> None:
        notice = written()
        claim()

        with pytest.raises(errors.BeingSent):
            self.retry(notice, mina)
