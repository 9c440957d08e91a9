"""How the council's doings read on a request's line."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from backlog.models import Event
from backlog.queries import history
from backlog.rules import events
from tests.conftest import SameQueries
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def happened(kind: str, subject: object, request: object, reason: str = "") -> Event:
    return backlog.EventFactory.create(
        kind=kind,
        request=request,
        subject_type=subject._meta.model_name,  # type: ignore[attr-defined]
        subject_id=subject.pk,  # type: ignore[attr-defined]
        reason=reason,
    )


class TestDecisions:
    def test_read_as_the_verdict_with_its_reasons(self) -> None:
        decision = make.DecisionFactory.create(
            council__name="Customer council",
            verdict="defer",
            rationale="The bank is not ready.",
            review_on=NOON.date(),
            expected_effect="Fewer calls",
            dissent="Sales would not wait",
            status="superseded",
        )
        happened("decision.recorded", decision, decision.request)

        (entry,) = history.history_of(decision.request)

        assert entry.title == "Customer council decided: defer"
        assert entry.words == "The bank is not ready."
        assert str(entry.detail).split(" · ") == [
            "superseded",
            "review on 2 March 2026",
            "expected effect: Fewer calls",
            "dissent: Sales would not wait",
        ]

    def test_say_no_more_than_there_is(self) -> None:
        decision = make.DecisionFactory.create()
        happened("decision.recorded", decision, decision.request)

        (entry,) = history.history_of(decision.request)

        assert entry.detail == ""

    def test_cost_the_same_for_one_and_for_many(self, queries: SameQueries) -> None:
        request = backlog.RequestFactory.create()

        def decided() -> None:
            decision = make.DecisionFactory.create(request=request, status="superseded")
            happened("decision.recorded", decision, request)

        decided()
        with queries() as few:
            history.history_of(request)
        for _ in range(5):
            decided()
        with queries() as many:
            assert len(history.history_of(request)) == 6

        assert len(few) == len(many)


class TestAgendaItems:
    @pytest.mark.parametrize(
        ("kind", "title"),
        [
            ("agenda_item.added", "Put on the agenda of “March”"),
            ("agenda_item.withdrawn", "Taken off the agenda of “March”"),
        ],
    )
    def test_name_the_meeting_and_its_time(self, kind: str, title: str) -> None:
        item = make.AgendaItemFactory.create(meeting__title="March")
        assert item.request is not None
        happened(kind, item, item.request, reason="No time")

        (entry,) = history.history_of(item.request)

        assert (entry.title, entry.words) == (title, "No time")
        assert entry.detail == "2 March 2026, 21:00"


class TestActionItems:
    @pytest.mark.parametrize(
        ("kind", "title", "words"),
        [
            ("action_item.assigned", "Noor is asked: Ask the bank", "Why"),
            ("action_item.claimed_done", "Noor says it is done: Ask the bank", "Signed"),
            ("action_item.verified", "Verified: Ask the bank", "Why"),
            ("action_item.reopened", "Not done after all: Ask the bank", "Why"),
            ("action_item.cancelled", "Not needed any more: Ask the bank", "Why"),
        ],
    )
    def test_name_who_owes_what_by_when(self, kind: str, title: str, words: str) -> None:
        action = make.ActionItemFactory.create(
            title="Ask the bank",
            owner__name="Noor",
            request=backlog.RequestFactory.create(),
            evidence="Signed",
            due_on=NOON.date(),
        )
        assert action.request is not None
        happened(kind, action, action.request, reason="Why")

        (entry,) = history.history_of(action.request)

        assert (entry.title, entry.words) == (title, words)
        assert entry.detail == "due on 2 March 2026"


def test_an_event_whose_subject_is_gone_is_still_on_the_line() -> None:
    event = backlog.EventFactory.create(kind="decision.recorded", subject_id=10**6)
    assert event.request is not None

    (entry,) = history.history_of(event.request)

    assert entry.title == events.sentence_of("decision.recorded")
