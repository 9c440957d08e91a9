from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import CustomerRequest, Evidence, Feedback, User
from backlog.operations import evidence, feedback_triage
from tests.backlog.operations import events
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import FeedbackFactory, ProductFactory, RequestFactory

pytestmark = pytest.mark.usefixtures("english_texts")

LATER = NOON + timedelta(minutes=1)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def words(db: None) -> Feedback:
    return FeedbackFactory.create(verbatim="It is slow.")


@pytest.fixture
def request_(db: None) -> CustomerRequest:
    return RequestFactory.create()


def put_away(words: Feedback, by: User, done_as: str = "spam", reason: str = "") -> int:
    event = feedback_triage.put_away(
        feedback_id=words.pk, done_as=done_as, reason=reason, by=by, at=NOON
    )
    return event.pk


def is_waiting(words: Feedback) -> bool:
    return Feedback.objects.waiting(LATER).filter(pk=words.pk).exists()


class TestPutAway:
    def test_takes_words_out_of_the_inbox_with_why(self, words: Feedback, mina: User) -> None:
        put_away(words, mina, "praise", reason="Kind.")

        assert not is_waiting(words)
        event = events.last()
        assert (event.kind, event.reason) == ("feedback.put_away", "Kind.")
        assert (event.subject_id, event.data) == (words.pk, {"done_as": "praise"})

    def test_never_touches_the_words(self, words: Feedback, mina: User) -> None:
        put_away(words, mina)
        assert Feedback.objects.get(pk=words.pk).verbatim == "It is slow."

    def test_needs_a_known_reason(self, words: Feedback, mina: User) -> None:
        with pytest.raises(errors.Invalid):
            put_away(words, mina, "boring")

    def test_says_who_was_quicker(self, words: Feedback, mina: User, ada: User) -> None:
        put_away(words, mina)
        with pytest.raises(errors.TriagedAlready, match=r"Mina put this away as “spam” just now"):
            put_away(words, ada)

    def test_is_over_once_the_words_speak_for_a_request(
        self, words: Feedback, request_: CustomerRequest, mina: User
    ) -> None:
        put_away(words, mina)
        evidence.link_evidence(request_id=request_.pk, feedback_id=words.pk, by=mina, at=NOON)
        assert Feedback.objects.get(pk=words.pk).done_as == ""


class TestSnooze:
    def test_hides_words_until_then(self, words: Feedback, mina: User) -> None:
        feedback_triage.snooze(feedback_id=words.pk, until=TOMORROW, by=mina, at=NOON)

        assert not is_waiting(words)
        assert Feedback.objects.waiting(TOMORROW).get() == words
        assert Feedback.objects.snoozed(NOON).get() == words

    @pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1)])
    def test_ends_ahead(self, words: Feedback, mina: User, until: object) -> None:
        with pytest.raises(errors.Invalid):
            feedback_triage.snooze(feedback_id=words.pk, until=until, by=mina, at=NOON)  # type: ignore[arg-type]


class TestGive:
    def test_leaves_the_decision_to_a_colleague(
        self, words: Feedback, mina: User, ada: User
    ) -> None:
        feedback_triage.give(feedback_id=words.pk, to=ada, by=mina, at=NOON)
        assert Feedback.objects.get(pk=words.pk).given_to == ada
        assert feedback_triage.give(feedback_id=words.pk, to=ada, by=mina, at=NOON) is None
        assert is_waiting(words)

    def test_is_for_who_may_decide(self, words: Feedback, mina: User, omar: User) -> None:
        with pytest.raises(errors.Invalid):
            feedback_triage.give(feedback_id=words.pk, to=omar, by=mina, at=NOON)

    def test_is_for_who_may_read_them(self, mina: User, ada: User) -> None:
        words = FeedbackFactory.create(product=ProductFactory.create(is_open=False))
        with pytest.raises(errors.Invalid):
            feedback_triage.give(feedback_id=words.pk, to=ada, by=mina, at=NOON)


class TestLink:
    def test_says_who_linked_before(
        self, words: Feedback, request_: CustomerRequest, mina: User, ada: User
    ) -> None:
        feedback_triage.link(feedback_id=words.pk, request_id=request_.pk, by=mina, at=NOON)
        said = f"Mina linked this to {request_.key} 1 minute ago"
        with pytest.raises(errors.TriagedAlready, match=said):
            feedback_triage.link(feedback_id=words.pk, request_id=request_.pk, by=ada, at=LATER)
        assert Evidence.objects.count() == 1

    def test_opens_no_request_for_words_that_are_taken(
        self, words: Feedback, request_: CustomerRequest, mina: User
    ) -> None:
        put_away(words, mina)
        with pytest.raises(errors.TriagedAlready):
            feedback_triage.open_request(
                feedback_ids=[words.pk],
                product_id=request_.product_id,
                title="Slow",
                problem="Slow.",
                by=mina,
                at=NOON,
            )
        assert CustomerRequest.objects.count() == 1


class TestUndo:
    def test_brings_back_what_was_put_away(self, words: Feedback, mina: User) -> None:
        feedback_triage.undo(event_id=put_away(words, mina), by=mina, at=LATER)
        assert is_waiting(words)
        assert events.last().kind == "feedback.returned"

    def test_takes_a_link_off(self, words: Feedback, request_: CustomerRequest, mina: User) -> None:
        feedback_triage.link(feedback_id=words.pk, request_id=request_.pk, by=mina, at=NOON)
        feedback_triage.undo(event_id=events.last().pk, by=mina, at=LATER)
        assert not Evidence.objects.live().exists()
        assert is_waiting(words)

    def test_gives_back_to_who_had_them(self, words: Feedback, mina: User, ada: User) -> None:
        feedback_triage.give(feedback_id=words.pk, to=ada, by=mina, at=NOON)
        given = feedback_triage.give(feedback_id=words.pk, to=mina, by=mina, at=NOON)
        assert given is not None
        feedback_triage.undo(event_id=given.pk, by=mina, at=LATER)
        assert Feedback.objects.get(pk=words.pk).given_to == ada

    def test_is_refused_once_something_else_was_done(
        self, words: Feedback, mina: User, ada: User
    ) -> None:
        first = put_away(words, mina)
        feedback_triage.bring_back(feedback_id=words.pk, by=ada, at=LATER)
        put_away(words, ada)
        with pytest.raises(errors.VersionConflict):
            feedback_triage.undo(event_id=first, by=mina, at=LATER)
        assert not is_waiting(words)

    def test_is_for_who_did_it(self, words: Feedback, mina: User, ada: User) -> None:
        with pytest.raises(errors.Invalid):
            feedback_triage.undo(event_id=put_away(words, mina), by=ada, at=LATER)


def test_an_act_costs_the_same_in_a_long_inbox(
    words: Feedback, mina: User, queries: SameQueries
) -> None:
    other = FeedbackFactory.create()
    with queries() as few:
        put_away(words, mina)
    FeedbackFactory.create_batch(20)
    with queries() as many:
        put_away(other, mina)
    assert len(few) == len(many)
