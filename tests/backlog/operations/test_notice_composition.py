"""Writing messages: one for each customer, with all they may hear; announcements take turns."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from backlog.models import ContactPoint, Notice, Obligation, User
from backlog.operations import customers, notice_composition
from backlog.rules import moments
from tests import audience
from tests.backlog.operations.notices import asker, obligation_of, owed, written
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

EVENING = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)  # half past eight in Seoul
pytestmark = pytest.mark.django_db


def compose(at: datetime = NOON, limit: int = 500) -> int:
    return notice_composition.compose_notices(by=None, at=at, limit=limit)


class TestTurns:
    def test_a_new_announcement_joins_where_a_written_one_has_come_to(self) -> None:
        """Seen to fail when only what is not written yet is looked at."""
        first = audience.announce(asked_by=20)
        compose(timezone.now())
        waiting = Notice.objects.order_by("turn")
        Notice.objects.filter(pk__in=waiting[:15]).update(status="sent", sent_at=NOON)

        second = audience.announce(asked_by=12)

        assert first.obligations.earliest("turn").turn == 0
        assert second.obligations.earliest("turn").turn == 15

    def test_a_small_announcement_goes_first(self) -> None:
        audience.announce(asked_by=20)
        compose(timezone.now())
        Notice.objects.filter(turn__lt=15).update(status="sent", sent_at=NOON)

        assert audience.announce(asked_by=3).obligations.earliest("turn").turn == 0


class TestComposeNotices:
    def test_writes_to_the_customer_in_their_language(self) -> None:
        obligation = owed(asker(language="ko"))

        assert compose() == 1

        notice = Notice.objects.get()
        assert (notice.customer, notice.language) == (obligation.customer, "ko")
        assert (notice.status, notice.not_before) == (Notice.Status.QUEUED, NOON)
        assert (notice.contact_point, notice.domain) == (ContactPoint.objects.get(), "example.org")
        assert obligation_of(notice) == obligation

    def test_writes_one_message_about_all_they_asked_for(self) -> None:
        mira = asker()
        about = [owed(mira), owed(mira)]
        other = owed()

        assert compose() == 2

        told = {
            notice.customer: [item.obligation for item in notice.items.order_by("obligation_id")]
            for notice in Notice.objects.all()
        }
        assert told == {mira: about, other.customer: [other]}

    def test_writes_once(self) -> None:
        owed()
        compose()

        assert compose() == 0
        assert Notice.objects.count() == 1

    def test_leaves_alone_what_may_not_be_told(self) -> None:
        owed(released_at=None)
        owed(status="told", settled_at=NOON)

        assert compose() == 0
        assert not Notice.objects.exists()

    def test_takes_so_many_customers_at_a_time_and_announcements_take_turns(self) -> None:
        late = owed(turn=1)
        early = owed()

        assert compose(limit=1) == 1
        assert Notice.objects.get().customer == early.customer
        assert compose(limit=1) == 1
        assert Notice.objects.latest("pk").customer == late.customer

    def test_writes_to_the_person_a_customer_was_merged_into(self) -> None:
        mira = asker()
        double = make.CustomerFactory.create(merged_into=mira)
        owed(double)
        owed(mira)

        compose()

        notice = Notice.objects.get()
        assert (notice.customer, notice.items.count()) == (mira, 2)

    def test_goes_as_early_as_the_earliest_of_what_it_tells(self) -> None:
        mira = asker()
        owed(mira, turn=7)
        owed(mira, turn=3)

        compose()

        assert Notice.objects.get().turn == 3

    def test_a_large_announcement_does_not_hold_up_one_that_came_later(self) -> None:
        """Seen to fail with messages written in the order of release."""
        large = audience.announce(asked_by=200)
        compose(limit=50)
        middling = audience.announce(asked_by=20)
        few = audience.announce(asked_by=3)

        compose(limit=43)

        written = Obligation.objects.filter(items__isnull=False).values_list(
            "announcement__outcome", flat=True
        )
        assert Counter(written) == {large.pk: 70, middling.pk: 20, few.pk: 3}

    @pytest.mark.parametrize(
        ("rhythm", "not_before", "waits_for"),
        [
            ("at_once", EVENING, ""),
            ("daily", datetime(2026, 3, 3, 0, tzinfo=UTC), "digest"),
            ("weekly", datetime(2026, 3, 9, 0, tzinfo=UTC), "digest"),
        ],
    )
    def test_keeps_to_how_often_the_customer_wishes_to_hear(
        self, rhythm: str, not_before: datetime, waits_for: str
    ) -> None:
        owed(asker(rhythm=rhythm))

        compose(at=EVENING)

        notice = Notice.objects.get()
        assert (notice.not_before, notice.waits_for) == (not_before, waits_for)

    def test_waits_for_the_morning(self) -> None:
        owed(asker())

        notice_composition.compose_notices(by=None, at=EVENING, quiet=moments.QuietHours(20, 8))

        notice = Notice.objects.get()
        assert notice.not_before == datetime(2026, 3, 2, 23, tzinfo=UTC)
        assert notice.waits_for == "quiet_hours"

    def test_adds_to_a_message_that_waits(self) -> None:
        """Seen to fail, by two messages in one morning, without looking for the one that waits."""
        mira = asker(rhythm="weekly")
        first = owed(mira)
        compose()
        second = owed(mira)
        other = owed(asker(rhythm="weekly"))

        compose(at=NOON + timedelta(hours=1))

        told = {
            notice.customer: [item.obligation for item in notice.items.order_by("obligation_id")]
            for notice in Notice.objects.all()
        }
        assert told == {mira: [first, second], other.customer: [other]}

    def test_does_not_add_to_a_message_that_leaves(self) -> None:
        mira = asker()
        owed(mira)
        compose()
        owed(mira)

        compose(at=NOON + timedelta(hours=1))

        assert Notice.objects.count() == 2

    def test_a_change_of_mind_moves_what_waits(self, mina: User) -> None:
        mira = asker(rhythm="weekly")
        owed(mira)
        compose(at=EVENING)

        for rhythm, not_before, waits_for in [
            ("daily", datetime(2026, 3, 3, 0, tzinfo=UTC), "digest"),
            ("at_once", EVENING, ""),
        ]:
            customers.edit_customer(customer_id=mira.pk, rhythm=rhythm, by=mina, at=EVENING)
            notice = Notice.objects.get()
            assert (notice.not_before, notice.waits_for) == (not_before, waits_for)

    def test_a_change_of_mind_moves_all_that_waits(self, mina: User) -> None:
        """Two messages that the night held back. Seen to fail when one of them is forgotten."""
        mira = asker()
        for _ in range(2):
            notice = written(mira)
            notice.not_before, notice.waits_for = EVENING + timedelta(hours=12), "quiet_hours"
            notice.save()

        customers.edit_customer(customer_id=mira.pk, rhythm="weekly", by=mina, at=EVENING)

        assert {notice.waits_for for notice in Notice.objects.all()} == {"digest"}

    def test_costs_the_same_for_some_customers_and_for_many(self, queries: SameQueries) -> None:
        for _ in range(11):  # More than go by INSERT on PostgreSQL.
            owed()
        with queries() as few:
            compose()
        for _ in range(20):
            owed()
        with queries() as many:
            assert compose() == 20

        assert len(many) == len(few)
