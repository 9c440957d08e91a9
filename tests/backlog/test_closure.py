"""Loop-closure rate and time to hear back."""

from datetime import timedelta

from backlog import closure
from backlog.models import Obligation, User
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import EvidenceFactory, ObligationFactory

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

        found = closure.lately(user=mina, at=AT)

        assert found.rate is not None
        assert (found.rate.part, found.rate.n) == (2, 4)

    def test_measures_from_the_first_words_and_lets_the_waiting_count(self, mina: User) -> None:
        _owed("told", days=2)
        _owed("told", days=4)
        _owed("owed")

        waits = closure.lately(user=mina, at=AT).waits

        assert (waits.told, waits.waiting) == (2, 1)
        assert waits.median == timedelta(days=4)

    def test_leaves_out_what_was_not_announced(self, mina: User) -> None:
        ObligationFactory.create()

        assert closure.lately(user=mina, at=AT).rate is None

    def test_leaves_out_products_that_the_person_may_not_see(self, omar: User) -> None:
        _owed("told", event__request__product__is_open=False)

        assert closure.lately(user=omar, at=AT).rate is None

    def test_costs_one_query_however_many_were_told(self, mina: User, queries: SameQueries) -> None:
        for _each in range(5):
            _owed("told")
        mina.has_perm("backlog.view_product")

        with queries() as made:
            closure.lately(user=mina, at=AT)

        assert len(made) == 1
