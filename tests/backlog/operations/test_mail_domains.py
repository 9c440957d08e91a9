"""Mail domains: limits that all workers keep together, and rest for domains that do not answer."""

from datetime import datetime, timedelta

import pytest

from backlog.models import MailDomain
from backlog.operations import mail_domains
from backlog.queries import mail_domains as mail_domain_queries
from tests.conftest import SameQueries
from tests.factories import NOON

LATER = NOON + timedelta(minutes=2)
NONE = mail_domain_queries.Limits()
pytestmark = pytest.mark.django_db


def due(*domains: str) -> list[mail_domains.Due]:
    return [mail_domains.Due(number, domain) for number, domain in enumerate(domains)]


def admit(
    *domains: str, at: datetime = NOON, limits: mail_domain_queries.Limits = NONE
) -> list[int]:
    return mail_domains.admit(due(*domains), by=None, at=at, limits=limits).notice_ids


def rest(domain: str = "a.example", *, failures: int = 0, at: datetime = NOON) -> bool:
    return mail_domains.back_off(
        domain=domain, failures=failures, failure="timed out", by=None, at=at
    )


class TestAdmit:
    def test_lets_all_through_where_nothing_is_limited(self) -> None:
        assert admit("a.example", "a.example", "") == [0, 1, 2]
        assert not MailDomain.objects.exists()

    def test_keeps_to_the_limit_of_each_domain(self) -> None:
        limits = mail_domain_queries.Limits(domain=12)  # Two in ten seconds.

        assert admit(*["a.example"] * 5, "b.example", limits=limits) == [0, 1, 5]
        assert mail_domain_queries.blocked(at=NOON, limits=limits) == {"a.example"}
        assert admit(*["a.example"] * 5, limits=limits) == []
        assert admit(*["a.example"] * 5, at=NOON + timedelta(seconds=5), limits=limits) == [0]

    def test_keeps_to_the_limit_of_the_channel(self) -> None:
        limits = mail_domain_queries.Limits(channel=12)

        assert admit("a.example", "b.example", "c.example", limits=limits) == [0, 1]
        assert mail_domain_queries.blocked(at=NOON, limits=limits) == {""}
        assert mail_domain_queries.blocked(at=LATER, limits=limits) == set()

    def test_counts_who_has_no_address_once(self) -> None:
        """Seen to fail, by half, when the channel is asked once more as their domain."""
        assert len(admit(*[""] * 20, limits=mail_domain_queries.Limits(channel=60))) == 10

    def test_lets_one_try_after_a_rest(self) -> None:
        """Seen to fail, by all of them trying, without counting failures as room for one."""
        rest()

        assert admit("a.example", "a.example", "b.example", at=LATER) == [0, 2]
        assert mail_domain_queries.blocked(at=LATER, limits=NONE) == {"a.example"}
        assert admit("a.example", at=LATER) == []
        assert admit("a.example", at=LATER + mail_domains.TRIAL) == [0]

    def test_says_how_often_a_domain_failed(self) -> None:
        rest()

        assert mail_domains.admit(due("a.example"), by=None, at=LATER, limits=NONE).failures == {
            "a.example": 1
        }

    def test_costs_the_same_for_one_domain_and_for_many(self, queries: SameQueries) -> None:
        limits = mail_domain_queries.Limits(channel=1000, domain=1000)
        with queries() as few:
            admit("0.example", limits=limits)
        with queries() as many:
            admit(*[f"{n}.example" for n in range(1, 30)], limits=limits)

        assert len(many) == len(few)


class TestRest:
    def test_leaves_a_domain_alone_twice_as_long_each_time(self) -> None:
        at, waits = NOON, list[timedelta]()
        for failures in range(8):
            assert rest(failures=failures, at=at)
            until = MailDomain.objects.get().rests_until
            assert until is not None
            waits.append(until - at)
            at = until

        assert waits == [timedelta(minutes=m) for m in (2, 4, 8, 16, 32, 60, 60, 60)]

    def test_counts_the_same_failure_of_several_workers_once(self) -> None:
        assert rest()

        assert not rest()
        assert MailDomain.objects.get().failures == 1

    def test_keeps_nothing_that_the_database_cannot_keep(self) -> None:
        mail_domains.back_off(
            domain="a.example", failures=0, failure="4\x00" + "x" * 400, by=None, at=NOON
        )

        assert len(MailDomain.objects.get().failure) == 300


def test_a_domain_that_works_again_is_as_good_as_any_other() -> None:
    rest()

    mail_domains.reset(domain="a.example", by=None, at=NOON)

    assert mail_domain_queries.blocked(at=NOON, limits=NONE) == set()
    assert admit("a.example", "a.example") == [0, 1]
