"""“Did this solve it?”: answers are kept, become feedback, and move the request."""

from datetime import datetime, timedelta

import pytest

from backlog import errors
from backlog.models import Event, Feedback, Obligation, Outcome, Reply, RequestStatus
from backlog.operations import replies
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def outcome() -> Outcome:
    """A delivered request of a product where two must confirm."""
    return make.OutcomeFactory.create(
        commitment__request__status=RequestStatus.DELIVERED,
        commitment__sprint__product__verify_after=2,
    )


def told(outcome: Outcome, **more: object) -> Obligation:
    request = outcome.commitment.request
    return make.ObligationFactory.create(
        **{
            "event": make.EventFactory.create(request=request),
            "outcome": outcome,
            "status": "told",
            "settled_at": NOON,
            **more,
        }
    )


def answer(
    obligation: Obligation,
    verdict: str = "yes",
    words: str = "",
    at: datetime = LATER,
    satisfaction: int | None = None,
) -> Reply:
    return replies.take_answer(
        obligation_id=obligation.pk,
        verdict=verdict,
        words=words,
        satisfaction=satisfaction,
        by=None,
        at=at,
    )


def status_of(outcome: Outcome) -> str:
    outcome.commitment.request.refresh_from_db()
    return outcome.commitment.request.status


class TestTakeAnswer:
    @pytest.mark.parametrize(
        ("verdict", "status"), [("yes", "confirmed"), ("partly", "partly"), ("no", "disputed")]
    )
    def test_keeps_it_with_what_was_told(self, outcome: Outcome, verdict: str, status: str) -> None:
        obligation = told(outcome)

        reply = answer(obligation, verdict)

        obligation.refresh_from_db()
        assert (reply.obligation, reply.verdict, reply.answered_at) == (obligation, verdict, LATER)
        assert (obligation.status, obligation.settled_at) == (status, NOON)
        event = Event.objects.get(kind="reply.received")
        assert (event.request, event.subject_id) == (outcome.commitment.request, reply.pk)
        assert event.data == {"obligation": obligation.pk, "verdict": verdict}

    def test_keeps_how_satisfied_they_are_and_skipping_it_says_nothing_new(
        self, outcome: Outcome
    ) -> None:
        obligation = told(outcome)

        first = answer(obligation, satisfaction=4)
        assert answer(obligation) == first
        better = answer(obligation, satisfaction=5)

        assert (first.satisfaction, better.satisfaction) == (4, 5)
        assert obligation.replies.count() == 2

    @pytest.mark.parametrize("satisfaction", [0, 6])
    def test_refuses_a_satisfaction_off_the_scale(
        self, outcome: Outcome, satisfaction: int
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            answer(told(outcome), satisfaction=satisfaction)

        assert refused.value.field == "satisfaction"
        assert not Reply.objects.exists()

    def test_makes_new_feedback_of_their_words(self, outcome: Outcome) -> None:
        obligation = told(outcome)

        reply = answer(obligation, "partly", "  Better, but not on my tablet.  ")

        assert reply.feedback is not None
        assert reply.feedback.verbatim == "Better, but not on my tablet."
        assert reply.feedback.customer == obligation.customer
        assert reply.feedback.product == outcome.commitment.request.product
        assert reply.feedback.source.kind == "reply"
        assert reply.feedback.filed_by is None
        assert "tablet" not in str(list(Event.objects.values()))

    def test_without_words_makes_no_feedback(self, outcome: Outcome) -> None:
        assert answer(told(outcome), words=" \n").feedback is None
        assert not Feedback.objects.exists()

    def test_the_same_again_changes_nothing(self, outcome: Outcome) -> None:
        obligation = told(outcome)
        first = answer(obligation, "no", "Still slow")

        assert answer(obligation, "no", "Still slow ") == first
        assert answer(obligation, "no") == first

        assert Reply.objects.count() == Feedback.objects.count() == 1
        assert Event.objects.filter(kind="reply.received").count() == 1

    def test_another_answer_counts_from_then_on_and_the_first_is_kept(
        self, outcome: Outcome
    ) -> None:
        obligation = told(outcome)
        answer(obligation, "no", "Still slow")
        answer(obligation, "yes", "Now it works")
        answer(obligation, "no", "Still slow")

        obligation.refresh_from_db()
        assert obligation.status == "disputed"
        assert Reply.objects.count() == Feedback.objects.count() == 3

    def test_words_added_to_the_same_answer_are_kept(self, outcome: Outcome) -> None:
        obligation = told(outcome)
        answer(obligation, "yes")

        answer(obligation, "yes", "Thank you!")

        assert Feedback.objects.get().verbatim == "Thank you!"

    @pytest.mark.parametrize("status", ["owed", "bounced"])
    def test_believes_somebody_who_was_reached_whatever_our_records_say(
        self, outcome: Outcome, status: str
    ) -> None:
        settled_at = None if status == "owed" else NOON
        obligation = told(outcome, status=status, settled_at=settled_at)

        answer(obligation)

        obligation.refresh_from_db()
        assert (obligation.status, obligation.settled_at) == ("confirmed", settled_at or LATER)

    def test_refuses_an_answer_about_what_a_later_message_replaced(self, outcome: Outcome) -> None:
        obligation = told(outcome, status="superseded", superseded_by=told(outcome))

        with pytest.raises(errors.NotAnswerable):
            answer(obligation)

    def test_refuses_an_answer_about_a_status_update(self) -> None:
        """It solves nothing, and asks nobody whether it did."""
        obligation = make.ObligationFactory.create(
            status_update=make.StatusUpdateFactory.create(), status="told", settled_at=NOON
        )

        with pytest.raises(errors.NotAnswerable):
            answer(obligation)

    def test_refuses_words_of_somebody_who_was_erased(self, outcome: Outcome) -> None:
        erased = make.CustomerFactory.create(name="", erased_at=NOON)

        with pytest.raises(errors.NotAnswerable):
            answer(told(outcome, customer=erased), words="Hello")

        assert not Feedback.objects.exists()

    def test_refuses_an_answer_that_does_not_exist(self, outcome: Outcome) -> None:
        with pytest.raises(errors.Invalid) as caught:
            answer(told(outcome), "perhaps")

        assert caught.value.field == "verdict"

    def test_refuses_words_that_cannot_be_stored_and_keeps_nothing(self, outcome: Outcome) -> None:
        obligation = told(outcome)

        with pytest.raises(errors.UnstorableText):
            answer(obligation, words="a\x00b")

        obligation.refresh_from_db()
        assert (obligation.status, Reply.objects.count()) == ("told", 0)

    def test_makes_words_those_of_the_person_a_customer_was_merged_into(
        self, outcome: Outcome
    ) -> None:
        mira = make.CustomerFactory.create()
        double = make.CustomerFactory.create(merged_into=mira)

        reply = answer(told(outcome, customer=double), words="It works")

        assert reply.feedback is not None
        assert reply.feedback.customer == mira


class TestWhatFollows:
    def test_enough_yes_verify_the_request(self, outcome: Outcome) -> None:
        answer(told(outcome))
        assert status_of(outcome) == RequestStatus.DELIVERED

        answer(told(outcome))

        assert status_of(outcome) == RequestStatus.VERIFIED
        event = Event.objects.get(kind="request.status_changed")
        assert event.data == {"from": "delivered", "to": "verified", "cause": "confirmation"}

    def test_one_no_opens_it_again(self, outcome: Outcome) -> None:
        answer(told(outcome))

        answer(told(outcome), "no")

        assert status_of(outcome) == RequestStatus.UNDER_REVIEW
        assert Event.objects.get(kind="request.status_changed").data["cause"] == "dispute"

    def test_opens_again_what_was_verified(self, outcome: Outcome) -> None:
        answer(told(outcome))
        answer(told(outcome))

        answer(told(outcome), "no")

        assert status_of(outcome) == RequestStatus.UNDER_REVIEW

    def test_among_many_answers_it_takes_the_products_share(self, outcome: Outcome) -> None:
        for _ in range(19):
            told(outcome, status="confirmed")

        answer(told(outcome), "no")
        assert status_of(outcome) == RequestStatus.DELIVERED

        answer(told(outcome), "no")
        answer(told(outcome), "no")
        assert status_of(outcome) == RequestStatus.UNDER_REVIEW

    def test_partly_does_neither(self, outcome: Outcome) -> None:
        for _ in range(3):
            answer(told(outcome), "partly")

        assert status_of(outcome) == RequestStatus.DELIVERED

    def test_a_change_of_mind_verifies(self, outcome: Outcome) -> None:
        told(outcome, status="confirmed")
        doubtful = told(outcome, status="disputed")

        answer(doubtful, "yes")

        assert status_of(outcome) == RequestStatus.VERIFIED

    def test_answers_do_not_move_a_request_that_is_in_work_again(self, outcome: Outcome) -> None:
        request = outcome.commitment.request
        request.status = RequestStatus.APPROVED
        request.save()

        answer(told(outcome), "no")

        assert status_of(outcome) == RequestStatus.APPROVED

    def test_answers_about_an_earlier_outcome_do_not_judge_the_later(
        self, outcome: Outcome
    ) -> None:
        request = outcome.commitment.request
        make.OutcomeFactory.create(
            commitment__request=request, commitment__sprint__product=request.product
        )

        answer(told(outcome), "no")

        assert status_of(outcome) == RequestStatus.DELIVERED

    def test_answers_about_something_else_than_an_outcome_move_nothing(
        self, outcome: Outcome
    ) -> None:
        request = outcome.commitment.request
        event = make.EventFactory.create(request=request, kind="request.status_changed")
        answer(make.ObligationFactory.create(event=event), "no")

        assert status_of(outcome) == RequestStatus.DELIVERED
