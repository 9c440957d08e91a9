"""The loop ledger: beside each name when and how they were told, or exactly why not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from backlog.models import Obligation
from backlog.operations import obligations
from backlog.queries import loop_ledger
from tests.conftest import SameQueries
from tests.factories import NOON, people
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def line(obligation: Obligation) -> loop_ledger.Entry:
    [entry] = loop_ledger.entries([obligation])
    return entry


def carried(obligation: Obligation, **notice: object) -> None:
    make.NoticeItemFactory.create(
        obligation=obligation, **{f"notice__{name}": value for name, value in notice.items()}
    )


class TestWhoWasTold:
    def test_has_the_message_and_when_it_left(self) -> None:
        told = make.ObligationFactory.create(status="told", settled_at=NOON + timedelta(hours=1))
        point = make.ContactPointFactory.create(customer=told.customer, address="kim@example.org")
        carried(told, status="sent", sent_at=NOON, contact_point=point)

        entry = line(told)

        assert (entry.is_told, entry.why, entry.told_at) == (True, "", NOON)
        assert entry.notice is not None
        assert str(entry.notice.contact_point) == "kim@example.org"

    def test_has_their_last_answer(self) -> None:
        answered = make.ObligationFactory.create(status="disputed", settled_at=NOON)
        make.ReplyFactory.create(obligation=answered, verdict="yes")
        last = make.ReplyFactory.create(obligation=answered, verdict="no")

        assert line(answered).answer == last

    def test_has_been_reached_if_they_answered_whatever_the_server_said(self) -> None:
        answered = make.ObligationFactory.create(status="confirmed", settled_at=NOON)

        assert line(answered).told_at == NOON

    def test_was_told_by_the_message_that_counts(self) -> None:
        told = make.ObligationFactory.create(status="told", settled_at=NOON)
        carried(told, status="sent", sent_at=NOON)
        make.NoticeItemFactory.create(
            obligation=told,
            is_live=False,
            notice__status="cancelled",
            notice__customer=told.customer,
        )

        assert line(told).told_at == NOON


class TestWhoWasNot:
    @pytest.mark.parametrize(
        ("fields", "notice", "why"),
        [
            ({}, None, "not announced yet"),
            ({"released_at": NOON}, None, "their message is being written"),
            ({"released_at": NOON}, {"status": "queued"}, "their message is about to leave"),
            (
                {"released_at": NOON},
                {"status": "queued", "failure": "451 try later"},
                "their message is about to leave: 451 try later",
            ),
            (
                {"released_at": NOON},
                {"status": "dead", "failure": "timed out"},
                "their message was given up: timed out",
            ),
            (
                {"status": "suppressed", "reason": "unsubscribed", "settled_at": NOON},
                {"status": "cancelled"},
                "unsubscribed",
            ),
            (
                {"status": "bounced", "reason": "bounced", "settled_at": NOON},
                {"status": "dead", "failure": "550 no such user"},
                "address bounced: 550 no such user",
            ),
        ],
    )
    def test_is_told_apart_by_why(
        self, fields: dict[str, object], notice: dict[str, object] | None, why: str
    ) -> None:
        owed = make.ObligationFactory.create(**fields)
        if notice is not None:
            carried(owed, **notice)

        entry = line(owed)

        assert (entry.is_told, entry.told_at, entry.why) == (False, None, why)

    def test_names_who_waived_it_and_their_reason(self) -> None:
        owed = make.ObligationFactory.create()
        mina = people.UserFactory.create(name="Mina")
        obligations.waive_obligation(
            obligation_id=owed.pk, reason="Told by telephone.", by=mina, at=NOON
        )
        owed.refresh_from_db()

        assert line(owed).why == "waived by a colleague: Mina: Told by telephone."


def test_costs_three_queries_however_many_lines(queries: SameQueries) -> None:
    rows = make.ObligationFactory.create_batch(5, status="told", settled_at=NOON)
    for row in rows:
        carried(row, status="sent", sent_at=NOON)
        make.ReplyFactory.create(obligation=row, feedback=make.FeedbackFactory.create())

    with queries() as made:
        found = loop_ledger.entries(rows)

    assert [entry.obligation for entry in found] == rows
    assert len(made) == 3
