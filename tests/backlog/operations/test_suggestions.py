"""What is proposed waits for a person; what they make of it stays on record."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import translation

from backlog import errors
from backlog.models import Event, Evidence, Suggestion, User
from backlog.operations import (
    accepted_suggestions,
    customer_merges,
    feedback_triage,
    merges,
    suggestions,
)
from backlog.operations.suggestions import Pair, Source
from backlog.queries import suggestions as queries
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories.backlog import (
    CustomerFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

pytestmark = pytest.mark.django_db

AGENT = Source("agent", "triage", "3", "Both are about refunds.", 0.7)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def pair() -> Pair:
    words, request = FeedbackFactory.create(verbatim="It is slow."), RequestFactory.create()
    return Pair("link", words.pk, request.pk)


def two_requests() -> Pair:
    product = ProductFactory.create()
    one, other = (RequestFactory.create(product=product) for _number in range(2))
    return Pair("merge_requests", one.pk, other.pk)


def propose(pair: Pair, source: Source = AGENT) -> Suggestion:
    return suggestions.propose(pair=pair, source=source, by=None, at=NOON)


def accept(row: Suggestion, by: User, **more: object) -> Suggestion:
    return accepted_suggestions.accept_suggestion(
        suggestion_id=row.pk,
        by=by,
        at=LATER,
        **more,  # type: ignore[arg-type]
    )


def state(row: Suggestion) -> str:
    return Suggestion.objects.get(pk=row.pk).state


class TestPropose:
    def test_changes_nothing_by_itself(self, pair: Pair) -> None:
        row = propose(pair)
        assert (row.state, row.score, row.by_whom) == ("proposed", 0.7, "triage 3")
        assert not Evidence.objects.exists()
        assert Event.objects.filter(kind="suggestion.proposed", subject_id=row.pk).count() == 1

    def test_once_of_a_pair_whoever_proposes_it(self, pair: Pair) -> None:
        assert propose(pair) == propose(pair, Source("model", "bge", "1"))
        assert Suggestion.objects.count() == 1

    def test_once_of_two_whichever_stays(self) -> None:
        pair = two_requests()
        assert propose(pair) == propose(Pair(pair.kind, pair.other, pair.one))

    def test_what_was_dismissed_does_not_come_back(self, pair: Pair, mina: User) -> None:
        row = propose(pair)
        suggestions.dismiss(suggestion_id=row.pk, by=mina, at=LATER)
        with pytest.raises(errors.SuggestionDismissed) as refused:
            propose(pair)
        assert refused.value.details["suggestion"] == row.pk

    def test_of_one_with_itself_is_refused(self) -> None:
        request = RequestFactory.create()
        with translation.override("en"), pytest.raises(errors.Invalid, match="differ"):
            propose(Pair("merge_requests", request.pk, request.pk))

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    def test_at_once_is_once(self) -> None:
        words, request = FeedbackFactory.create(), RequestFactory.create()
        pair = Pair("link", words.pk, request.pk)
        raised = at_once([partial(propose, pair)] * 3)
        assert [type(error) for error in raised] == []
        assert Suggestion.objects.count() == 1


class TestAccept:
    def test_links_the_words(self, pair: Pair, mina: User) -> None:
        row = accept(propose(pair), mina)
        assert (row.state, row.decided_by, row.decided_at) == ("accepted", mina, LATER)
        assert Evidence.objects.live().get().counts_for_id == pair.other

    def test_merges_with_a_reason_or_the_other_way_round(self, mina: User) -> None:
        pair = two_requests()
        row = propose(pair)
        with pytest.raises(errors.ReasonRequired):
            accept(row, mina)
        assert state(row) == "proposed"

        row = accept(row, mina, reason="The same.", is_reversed=True)

        assert row.state == "edited"
        assert row.into_request is not None
        assert row.into_request.merged_into == row.request

    def test_merges_customers(self, mina: User) -> None:
        one, other = CustomerFactory.create(), CustomerFactory.create()
        row = accept(propose(Pair("merge_customers", one.pk, other.pk)), mina, reason="The same.")
        one.refresh_from_db()
        assert (row.state, one.merged_into) == ("accepted", other)

    def test_is_refused_where_somebody_was_quicker(self, pair: Pair, mina: User) -> None:
        row = propose(pair)
        feedback_triage.put_away(feedback_id=pair.one, done_as="spam", by=mina, at=NOON)
        with pytest.raises(errors.TriagedAlready):
            accept(row, mina)
        assert state(row) == "proposed"

    def test_twice_is_refused(self, pair: Pair, mina: User) -> None:
        row = accept(propose(pair), mina)
        with pytest.raises(errors.IllegalTransition):
            accept(row, mina)


class TestDismiss:
    def test_twice_is_once(self, pair: Pair, mina: User) -> None:
        row = propose(pair)
        for _time in range(2):
            suggestions.dismiss(suggestion_id=row.pk, by=mina, at=LATER)
        assert Event.objects.filter(kind="suggestion.decided").count() == 1

    def test_of_what_was_found_while_looking_writes_it_down(self, pair: Pair, mina: User) -> None:
        rule = Source("rule", "similar_words", "words-1", score=0.3)
        for _time in range(2):
            suggestions.dismiss_for_words(
                feedback_id=pair.one, request_id=pair.other, source=rule, by=mina, at=LATER
            )
        row = Suggestion.objects.get()
        assert (row.state, row.origin, row.decided_by) == ("dismissed", "rule", mina)
        assert queries.dismissed_requests(row.feedback) == {pair.other}  # type: ignore[arg-type]


class TestWhatPeopleDoThemselves:
    def test_linking_accepts_what_proposed_it_and_not_another(self, pair: Pair, mina: User) -> None:
        this, other = propose(pair), propose(Pair("link", pair.one, RequestFactory.create().pk))
        feedback_triage.link(feedback_id=pair.one, request_id=pair.other, by=mina, at=LATER)
        assert (state(this), state(other)) == ("accepted", "edited")

    def test_linking_what_was_found_writes_it_down(self, pair: Pair, mina: User) -> None:
        rule = Source("rule", "similar_words", "words-1", score=0.3)
        feedback_triage.link(
            feedback_id=pair.one, request_id=pair.other, source=rule, by=mina, at=LATER
        )
        assert Suggestion.objects.get().state == "accepted"

    def test_merging_accepts_what_proposed_it(self, mina: User) -> None:
        pair = two_requests()
        row = propose(pair)
        merges.merge_request(
            request_id=pair.other, into_id=pair.one, reason="The same.", by=mina, at=LATER
        )
        assert state(row) == "edited"

        one, other = CustomerFactory.create(), CustomerFactory.create()
        row = propose(Pair("merge_customers", one.pk, other.pk))
        customer_merges.merge_customer(
            customer_id=one.pk, into_id=other.pk, reason="The same.", by=mina, at=LATER
        )
        assert state(row) == "accepted"


class TestExpire:
    def test_what_was_decided_otherwise(self, pair: Pair, mina: User) -> None:
        moot, waits = propose(pair), propose(two_requests())
        feedback_triage.put_away(feedback_id=pair.one, done_as="spam", by=mina, at=NOON)
        assert suggestions.expire_moot(by=None, at=LATER) == 1
        assert (state(moot), state(waits)) == ("expired", "proposed")
        assert suggestions.expire_moot(by=None, at=LATER) == 0


def test_the_share_accepted_is_by_origin(mina: User) -> None:
    rows = [propose(two_requests()) for _number in range(4)]
    accept(rows[0], mina, reason="The same.")
    accept(rows[1], mina, reason="The same.", is_reversed=True)
    suggestions.dismiss(suggestion_id=rows[2].pk, by=mina, at=LATER)

    [found] = queries.acceptance(mina)

    assert (found.origin, found.name, found.version) == ("agent", "triage", "3")
    assert (found.proposed, found.accepted, found.edited, found.dismissed) == (1, 1, 1, 1)
    assert found.share == 33
