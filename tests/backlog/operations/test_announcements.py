from collections.abc import Callable
from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import ContactPoint, Notice, Obligation, Outcome, User
from backlog.operations import announcements, notice_composition, notices
from backlog.queries import announcements as announcement_queries
from tests import audience
from tests.backlog.operations import events
from tests.factories import NOON, people
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
EVEN_LATER = NOON + timedelta(hours=2)


def large(outcome: Outcome) -> Outcome:
    """From two customers on, a second colleague must agree."""
    product = outcome.commitment.request.product
    product.countersign_from = 2
    product.save()
    return outcome


def ask(outcome: Outcome, by: User) -> Outcome:
    return announcements.ask_to_announce(subject=outcome, by=by, at=NOON)


def countersign(outcome: Outcome, by: User) -> Outcome:
    return announcements.countersign(subject=outcome, by=by, at=LATER)


def announce(outcome: Outcome) -> Outcome:
    return announcements.announce(subject=outcome, by=None, at=LATER)


def cancel(outcome: Outcome, by: User | None = None) -> Outcome:
    announcements.cancel(subject=outcome, by=by, at=EVEN_LATER)
    outcome.refresh_from_db()
    return outcome


def compose() -> None:
    while notice_composition.compose_notices(by=None, at=EVEN_LATER):
        pass


def claim() -> notices.Claim:
    [claimed] = notices.claim_notices(by=None, at=EVEN_LATER, limit=1)
    return claimed


def sent(claimed: notices.Claim) -> None:
    notices.record_sent(
        notice_ids=[claimed.notice.pk], lease_token=claimed.token, by=None, at=EVEN_LATER
    )


@pytest.fixture
def outcome(db: None) -> Outcome:
    return audience.record(asked_by=2)


@pytest.fixture
def ada(db: None) -> User:
    return people.UserFactory.create()


class TestAnnounceOutcome:
    def test_needs_a_second_person_for_a_large_audience(self, outcome: Outcome) -> None:
        with pytest.raises(errors.CountersignNeeded) as refused:
            announce(large(outcome))

        assert refused.value.details == {"countersign_from": 2}
        assert not Obligation.objects.filter(released_at__isnull=False).exists()

    def test_counts_a_person_of_two_records_once(self, outcome: Outcome) -> None:
        first, second = [row.customer for row in outcome.obligations.order_by("pk")]
        second.merged_into = first
        second.save()

        assert not announcement_queries.needs_countersign(large(outcome))
        assert announce(outcome).announced_at == LATER

    def test_counts_who_never_heard_of_what_it_replaces(self, outcome: Outcome) -> None:
        later = make.OutcomeFactory.create(
            commitment=outcome.commitment, result="rolled_back", replaces=outcome, is_current=False
        )

        assert announcement_queries.needs_countersign(large(later))


class TestAskToAnnounce:
    def test_tells_nobody(self, outcome: Outcome, mina: User) -> None:
        outcome = ask(large(outcome), mina)

        outcome.refresh_from_db()
        assert (outcome.asked_by, outcome.asked_at) == (mina, NOON)
        assert outcome.announced_at is None
        assert not Obligation.objects.filter(released_at__isnull=False).exists()
        assert events.last().kind == "outcome.countersign_asked"

    def test_changes_nothing_the_second_time(self, outcome: Outcome, mina: User, ada: User) -> None:
        ask(outcome, mina)
        recorded = events.kinds()

        assert ask(outcome, ada).asked_by == mina
        assert events.kinds() == recorded

    def test_refuses_what_a_later_outcome_replaced(self, outcome: Outcome, mina: User) -> None:
        Outcome.objects.update(is_current=False)
        with pytest.raises(errors.OutcomeReplaced):
            ask(outcome, mina)


class TestCountersignOutcome:
    def test_announces_in_the_name_of_who_asked(
        self, outcome: Outcome, mina: User, ada: User
    ) -> None:
        ask(large(outcome), mina)

        countersign(outcome, ada)

        outcome.refresh_from_db()
        assert (outcome.announced_by, outcome.announced_at) == (mina, LATER)
        assert (outcome.countersigned_by, outcome.countersigned_at) == (ada, LATER)
        assert outcome.obligations.filter(released_at=LATER).count() == 2
        assert events.kinds()[-2:] == ["outcome.countersigned", "outcome.announced"]
        assert events.last().data == {"customers": 2}

    def test_changes_nothing_the_second_time(self, outcome: Outcome, mina: User, ada: User) -> None:
        ask(outcome, mina)
        countersign(outcome, ada)
        recorded = events.kinds()

        assert countersign(outcome, mina).countersigned_by == ada
        assert events.kinds() == recorded

    def test_refuses_who_asked(self, outcome: Outcome, mina: User) -> None:
        ask(outcome, mina)
        with pytest.raises(errors.OwnAnnouncement):
            countersign(outcome, mina)
        assert not Obligation.objects.filter(released_at__isnull=False).exists()

    def test_refuses_what_a_later_outcome_has_replaced_since(
        self, outcome: Outcome, mina: User, ada: User
    ) -> None:
        ask(outcome, mina)
        Outcome.objects.update(is_current=False)

        with pytest.raises(errors.OutcomeReplaced):
            countersign(outcome, ada)
        assert not Obligation.objects.filter(released_at__isnull=False).exists()

    def test_refuses_what_nobody_asked_for(self, outcome: Outcome, ada: User) -> None:
        with pytest.raises(errors.NotAsked):
            countersign(outcome, ada)


class TestCancelAnnouncement:
    def test_owes_as_before_and_sends_nothing(self, outcome: Outcome, mina: User) -> None:
        announce(outcome)
        compose()

        cancel(outcome, by=mina)

        assert (outcome.announced_at, outcome.announced_by) == (None, None)
        assert outcome.obligations.filter(status="owed", released_at=None).count() == 2
        assert set(Notice.objects.values_list("status", flat=True)) == {"cancelled"}
        assert notices.claim_notices(by=None, at=EVEN_LATER) == []
        event = events.last()
        assert (event.kind, event.actor) == ("outcome.announcement_cancelled", mina)

    def test_takes_back_the_wish_for_a_second_person(self, outcome: Outcome, mina: User) -> None:
        ask(outcome, mina)

        cancel(outcome)

        assert (outcome.asked_by, outcome.asked_at) == (None, None)

    def test_changes_nothing_the_second_time(self, outcome: Outcome) -> None:
        announce(outcome)
        cancel(outcome)
        recorded = events.kinds()

        cancel(outcome)

        assert events.kinds() == recorded

    def test_lets_it_be_announced_again(self, outcome: Outcome) -> None:
        announce(outcome)
        compose()
        cancel(outcome)

        announcements.announce(subject=outcome, by=None, at=EVEN_LATER)
        compose()

        assert Notice.objects.filter(status="queued").count() == 2

    def test_leaves_what_else_the_same_message_tells(self, outcome: Outcome) -> None:
        [first, second] = outcome.obligations.order_by("pk")
        other = make.ObligationFactory.create(customer=first.customer, released_at=LATER)
        announce(outcome)
        compose()

        cancel(outcome)

        assert other.items.get(is_live=True).notice.status == "queued"
        assert not first.items.filter(is_live=True).exists()
        assert second.items.get().notice.status == "cancelled"

    @pytest.mark.parametrize("became", ["sent", "delivered", "complained"])
    def test_refuses_once_the_first_message_has_left(self, outcome: Outcome, became: str) -> None:
        announce(outcome)
        compose()
        sent(claim())
        Notice.objects.filter(status="sent").update(status=became)

        with pytest.raises(errors.AlreadyTold):
            cancel(outcome)

        assert outcome.obligations.filter(released_at=LATER).count() == 2
        assert Notice.objects.filter(status="queued").count() == 1

    def test_refuses_while_a_message_is_leaving(self, outcome: Outcome) -> None:
        announce(outcome)
        compose()
        claim()

        with pytest.raises(errors.BeingSent):
            cancel(outcome)

    def test_leaves_what_was_told_of_the_outcome_it_replaces(self, outcome: Outcome) -> None:
        announcements.announce(subject=outcome, by=None, at=NOON)
        compose()
        while claims := notices.claim_notices(by=None, at=EVEN_LATER):
            sent(claims[0])
            notices.return_claims(lease_token=claims[0].token, by=None, at=EVEN_LATER)
        Outcome.objects.update(is_current=False)
        later = make.OutcomeFactory.create(
            commitment=outcome.commitment, result="rolled_back", replaces=outcome
        )
        announce(later)

        cancel(later)

        assert later.announced_at is None
        assert outcome.obligations.filter(status="told", released_at=NOON).count() == 2


class TestOtherLanguage:
    @pytest.fixture(autouse=True)
    def _in_korean_only(self, outcome: Outcome) -> None:
        outcome.summary = {"ko": "이제 두 번이면 됩니다."}
        outcome.save()

    @pytest.mark.parametrize("step", [announcements.announce, announcements.ask_to_announce])
    def test_is_refused_unless_it_is_meant(
        self, outcome: Outcome, mina: User, step: Callable[..., Outcome]
    ) -> None:
        with pytest.raises(errors.WordsInOtherLanguage) as refused:
            step(subject=outcome, by=mina, at=NOON)
        assert refused.value.details == {"languages": {"en": 1}}

        step(subject=outcome, by=mina, at=NOON, in_other_language=True)

    def test_is_for_the_second_person_to_mean_as_well(
        self, outcome: Outcome, mina: User, ada: User
    ) -> None:
        announcements.ask_to_announce(subject=outcome, by=mina, at=NOON, in_other_language=True)

        with pytest.raises(errors.WordsInOtherLanguage):
            countersign(outcome, ada)

    def test_looks_at_what_is_missing_too(self, outcome: Outcome) -> None:
        outcome.summary, outcome.missing = {"ko": "예", "en": "Yes"}, {"ko": "아이패드"}

        assert announcement_queries.unspoken(outcome) == {"en": 1}

    def test_counts_nobody_who_is_left_out(self, outcome: Outcome) -> None:
        ContactPoint.objects.filter(customer__language="en").delete()

        assert announcement_queries.unspoken(outcome) == {}

    def test_is_none_of_the_built_in_words(self) -> None:
        assert announcement_queries.unspoken(make.StatusUpdateFactory.create(words={})) == {}
