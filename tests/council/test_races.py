"""What happens when several people do it at once. Each was seen to fail with its lock removed."""

import contextvars
import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from backlog.models import CustomerRequest, Event, Obligation, StatusUpdate, User
from council import errors
from council.models import ActionItem, AgendaItem, Council, Decision, SeatTerm
from council.operations import (
    action_items,
    agenda_items,
    agenda_proposals,
    decisions,
    standing_decisions,
)
from council.operations import seats as seat_operations
from council.queries import seals as seal_queries
from tests.factories import NOON, backlog, people
from tests.factories import council as make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 4


def at_once(*work: Callable[[], object]) -> list[Exception]:
    """Do all of it in threads that start together; what each of them raised."""
    start = threading.Barrier(len(work))
    raised: list[Exception] = []

    def run(task: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            task()
        except Exception as error:  # noqa: BLE001 -- the test looks at every one
            raised.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=[run, task]) for task in work
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.fixture
def council() -> Council:
    council = make.CouncilFactory.create()
    council.products.add(backlog.ProductFactory.create())
    return council


def request_before(council: Council) -> CustomerRequest:
    request: CustomerRequest = backlog.RequestFactory.create(
        product=council.products.get(), status="under_review"
    )
    return request


def decide(
    council: Council, request: CustomerRequest, agenda_item_id: int | None = None
) -> Callable[[], Decision]:
    return lambda: decisions.record_decision(
        council_id=council.pk,
        request_id=request.pk,
        agenda_item_id=agenda_item_id,
        verdict="approve",
        rationale="Many customers asked.",
        by=council.chair,
        at=NOON,
    )


class TestDecisionsAtOnce:
    def test_on_one_request_leave_one_in_effect(self, council: Council) -> None:
        request = request_before(council)
        other = make.CouncilFactory.create()
        other.products.add(request.product)

        assert at_once(*[decide(council, request), decide(other, request)] * 2) == []

        assert Decision.objects.filter(status="in_effect").count() == 1
        assert Decision.objects.filter(status="superseded").count() == 3
        for each in (council, other):
            assert seal_queries.find_break(each) is None
            assert each.seals.count() == 2

    def test_on_one_request_owe_each_customer_who_asked_once(self, council: Council) -> None:
        request = request_before(council)
        backlog.EvidenceFactory.create(request=request)
        other = make.CouncilFactory.create()
        other.products.add(request.product)

        assert at_once(*[decide(council, request), decide(other, request)] * 2) == []

        assert Decision.objects.count() == 4
        assert StatusUpdate.objects.get().obligations.count() == Obligation.objects.count() == 1

    def test_of_one_council_do_not_fork_its_chain(self, council: Council) -> None:
        requests = [request_before(council) for _ in range(WORKERS)]

        assert at_once(*(decide(council, request) for request in requests)) == []

        assert seal_queries.find_break(council) is None
        assert council.seals.count() == WORKERS

    def test_on_one_agenda_item_are_one_decision(self, council: Council) -> None:
        meeting = make.MeetingFactory.create(council=council, status="in_session", opened_at=NOON)
        item = make.AgendaItemFactory.create(meeting=meeting, request=request_before(council))
        assert item.request is not None

        assert at_once(*[decide(council, item.request, item.pk)] * WORKERS) == []

        assert Decision.objects.count() == 1
        assert Event.objects.filter(kind="decision.recorded").count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_nobody_waits_for_each_other_around_one_agenda(council: Council, attempt: int) -> None:
    """All that locks request, council and meeting does so in one order: there is no deadlock."""
    meeting = make.MeetingFactory.create(council=council, status="in_session", opened_at=NOON)
    item = make.AgendaItemFactory.create(meeting=meeting, request=request_before(council))
    topic = make.AgendaItemFactory.create(meeting=meeting, request=None, title="Holidays")
    other = request_before(council)
    assert item.request is not None

    def assign(agenda_item_id: int) -> ActionItem:
        return action_items.assign_action(
            council_id=council.pk,
            title="Ask the bank",
            owner=council.secretary,
            due_on=NOON.date(),
            agenda_item_id=agenda_item_id,
            by=council.chair,
            at=NOON,
        )

    def add() -> AgendaItem:
        return agenda_items.add_agenda_item(
            meeting_id=meeting.pk, request_id=other.pk, by=None, at=NOON
        )

    raised = at_once(
        decide(council, item.request, item.pk),
        decide(council, other),
        lambda: assign(item.pk),
        lambda: assign(topic.pk),
        add,
    )

    assert raised == []


def test_topics_put_on_one_agenda_at_once_stand_one_below_the_other(council: Council) -> None:
    meeting = make.MeetingFactory.create(council=council)

    raised = at_once(
        *[
            lambda: agenda_items.add_agenda_item(
                meeting_id=meeting.pk, title="Holidays", by=None, at=NOON
            )
        ]
        * WORKERS
    )

    assert raised == []
    positions = meeting.agenda_items.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(1, WORKERS + 1))


def test_a_person_appointed_twice_at_once_gets_one_seat(council: Council) -> None:
    seats = [make.SeatFactory.create(council=council) for _ in range(WORKERS)]
    noor: User = people.UserFactory.create()

    def appoint(seat_id: int) -> Callable[[], object]:
        return lambda: seat_operations.appoint(seat_id=seat_id, user=noor, by=None, at=NOON)

    raised = at_once(*(appoint(seat.pk) for seat in seats))

    assert SeatTerm.objects.filter(user=noor).count() == 1
    assert {type(error).__name__ for error in raised} == {"AlreadySeated"}


class TestAnAgenda:
    def test_is_proposed_once_by_many_who_press_the_button(self, council: Council) -> None:
        requests = [request_before(council) for _ in range(3)]
        meeting = make.MeetingFactory.create(council=council, minutes=90)

        def propose() -> list[AgendaItem]:
            return agenda_proposals.propose_agenda(meeting_id=meeting.pk, by=None, at=NOON)

        assert at_once(*[propose] * WORKERS) == []

        items = list(meeting.agenda_items.order_by("position"))
        assert {item.request for item in items} == set(requests)
        assert [item.position for item in items] == [1, 2, 3]

    def test_that_many_arrange_keeps_every_move(self, council: Council) -> None:
        meeting = make.MeetingFactory.create(council=council)
        items = [
            make.AgendaItemFactory.create(
                meeting=meeting, request=None, title=str(number), position=number
            )
            for number in range(1, WORKERS + 1)
        ]

        def to_the_top(item: AgendaItem) -> bool:
            return agenda_items.move_agenda_item(
                agenda_item_id=item.pk, after=None, by=None, at=NOON
            )

        assert at_once(*(partial(to_the_top, item) for item in items[1:])) == []

        arranged = list(meeting.agenda_items.order_by("position"))
        assert [item.position for item in arranged] == list(range(1, WORKERS + 1))
        assert arranged[-1] == items[0], "no move took another back"

    def test_answers_a_proposal_once(self, council: Council) -> None:
        item = make.AgendaItemFactory.create(
            meeting__council=council, request=None, title="Holidays", status="proposed"
        )

        def accept() -> AgendaItem:
            return agenda_items.accept_agenda_item(agenda_item_id=item.pk, by=None, at=NOON)

        assert at_once(*[accept] * WORKERS) == []

        assert Event.objects.filter(kind="agenda_item.accepted").count() == 1


class TestAmendmentsAtOnce:
    def test_of_one_decision_leave_one_that_stands_and_refuse_the_others(
        self, council: Council
    ) -> None:
        request = request_before(council)
        decision = decide(council, request)()

        def amend(number: int) -> Callable[[], Decision]:
            return lambda: standing_decisions.amend_decision(
                decision_id=decision.pk,
                what_changed=f"{number} more.",
                conditions=f"Wait {number} days.",
                by=council.chair,
                at=NOON,
            )

        refused = at_once(*(amend(number) for number in range(WORKERS)))

        assert {type(each) for each in refused} == {errors.DecisionOver}
        assert len(refused) == WORKERS - 1
        assert Decision.objects.get(status="amended").supersedes == decision
        assert seal_queries.find_break(council) is None
