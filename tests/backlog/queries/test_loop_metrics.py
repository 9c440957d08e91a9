"""Loop-closure rate and time to hear back."""

from datetime import timedelta

import pytest

from backlog.models import Obligation, User
from backlog.queries import loop_metrics
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    ObligationFactory,
    ReplyFactory,
    StatusUpdateFactory,
)

AT = NOON + timedelta(days=30)


def _owed(status: str, *, days: int = 0, **fields: object) -> Obligation:
    """An announced answer to words said at NOON, settled so many days later."""
    settled_at = None if status == "owed" else NOON + timedelta(days=days)
    obligation = ObligationFactory.create(
        status=status, released_at=NOON, settled_at=settled_at, **fields
    )
    EvidenceFactory.create(
        request=obligation.request, feedback__customer=obligation.customer, feedback__said_at=NOON
    )
    return obligation


class TestLately:
    def test_counts_who_was_told_among_all_who_were_owed(self, mina: User) -> None:
        _owed("told", days=2)
        _owed("disputed", days=4)
        _owed("suppressed", reason="no_consent")
        _owed("owed")

        found = loop_metrics.recent(user=mina, at=AT)

        assert found.rate is not None
        assert (found.rate.part, found.rate.n) == (2, 4)

    def test_does_not_take_status_update_or_a_receipt_for_the_end_of_the_loop(
        self, mina: User
    ) -> None:
        _owed("told", days=1, status_update=StatusUpdateFactory.create())
        words = FeedbackFactory.create()
        receipt = {"event__request": None, "event__subject_id": 1, "request": None}
        ObligationFactory.create(feedback=words, released_at=NOON, **receipt)

        found = loop_metrics.recent(user=mina, at=AT)

        assert (found.rate, found.waits.told, found.waits.waiting) == (None, 0, 0)

    def test_measures_from_the_first_words_and_lets_the_waiting_count(self, mina: User) -> None:
        _owed("told", days=2)
        _owed("told", days=4)
        _owed("owed")

        waits = loop_metrics.recent(user=mina, at=AT).waits

        assert (waits.told, waits.waiting) == (2, 1)
        assert waits.median == timedelta(days=4)

    def test_nobody_hears_back_before_they_spoke(self, mina: User) -> None:
        _owed("told", days=-1)

        assert loop_metrics.recent(user=mina, at=AT).waits.median == timedelta()
        assert loop_metrics.recent(user=mina, at=NOON).waits.median == timedelta()

    def test_leaves_out_what_was_not_announced(self, mina: User) -> None:
        ObligationFactory.create()

        assert loop_metrics.recent(user=mina, at=AT).rate is None

    def test_leaves_out_products_that_the_person_may_not_see(self, omar: User) -> None:
        _owed("told", event__request__product__is_open=False)

        assert loop_metrics.recent(user=omar, at=AT).rate is None

    def test_begins_with_the_first_words_under_any_of_a_persons_records(self, mina: User) -> None:
        told = _owed("told", days=2)
        EvidenceFactory.create(
            request=told.request,
            feedback__customer=CustomerFactory.create(merged_into=told.customer),
            feedback__said_at=NOON - timedelta(days=3),
        )
        EvidenceFactory.create(
            feedback__customer=told.customer, feedback__said_at=NOON - timedelta(days=9)
        )

        assert loop_metrics.recent(user=mina, at=AT).waits.median == timedelta(days=5)

    def test_says_what_those_told_answer(self, mina: User) -> None:
        for status in ("told", "told", "confirmed", "confirmed", "disputed"):
            _owed(status, days=1)
        _owed("owed")

        found = loop_metrics.recent(user=mina, at=AT)

        assert found.answered is not None
        assert (found.answered.part, found.answered.n) == (3, 5)
        assert {verdict: share.part for verdict, share in found.answers.items()} == {
            "yes": 2,
            "partly": 0,
            "no": 1,
        }

    def test_says_how_satisfied_those_are_who_said_it_in_their_last_answer(
        self, mina: User
    ) -> None:
        for *earlier, last in ([5], [2, 4], [3], [5, None], [None]):
            owed = _owed("confirmed", days=1)
            for satisfaction in (*earlier, last):
                ReplyFactory.create(obligation=owed, satisfaction=satisfaction)

        csat = loop_metrics.recent(user=mina, at=AT).csat

        assert csat is not None
        assert (csat.part, csat.n) == (2, 3)
        assert csat.percent.low < 200 / 3 < csat.percent.high
        assert csat.is_too_few

    def test_has_no_satisfaction_where_nobody_said_it(self, mina: User) -> None:
        ReplyFactory.create(obligation=_owed("confirmed", days=1))

        assert loop_metrics.recent(user=mina, at=AT).csat is None

    def test_costs_one_query_however_many_were_told(self, mina: User, queries: SameQueries) -> None:
        for _each in range(5):
            _owed("told")
        mina.has_perm("backlog.view_product")

        with queries() as made:
            loop_metrics.recent(user=mina, at=AT)

        assert len(made) == 1


class TestFigures:
    def test_are_told_apart_by_segment_the_largest_first(self, db: None) -> None:
        fashion = AccountFactory.create(segment="Fashion")
        _owed("told", days=1, customer__account=fashion)
        _owed("owed", customer__account=fashion)
        _owed("told", days=1)

        found = loop_metrics.metrics(Obligation.objects.all(), at=AT)

        shares = [
            (name, part.rate and (part.rate.part, part.rate.n)) for name, part in found.segments
        ]
        assert shares == [("Fashion", (1, 2)), ("", (1, 1))]
        assert (found.n, found.is_sample) == (3, False)

    def test_rest_on_the_last_ones_and_say_so(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(loop_metrics, "SAMPLE", 2)
        _owed("told", days=1), _owed("owed"), _owed("owed")

        found = loop_metrics.metrics(Obligation.objects.all(), at=AT)

        assert found.is_sample
        assert found.total.rate is not None
        assert (found.total.rate.part, found.total.rate.n) == (0, 2)
