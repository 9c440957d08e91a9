"""A message tells each customer their own words, and what became of them."""

from datetime import timedelta

import pytest

from backlog.delivery import message_items
from backlog.models import CustomerRequest, Notice, Obligation
from backlog.rules import passages
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


def notice_about(obligation: Obligation, **more: object) -> Notice:
    notice = make.NoticeFactory.create(customer=obligation.customer, **more)
    make.NoticeItemFactory.create(notice=notice, obligation=obligation)
    return notice


def owed() -> Obligation:
    return make.ObligationFactory.create(
        outcome=make.OutcomeFactory.create(missing={"en": "Tablets."})
    )


def say(
    obligation: Obligation, words: str, *, days_ago: int = 0, **evidence: object
) -> CustomerRequest:
    feedback = make.FeedbackFactory.create(
        customer=obligation.customer, verbatim=words, said_at=NOON - timedelta(days=days_ago)
    )
    evidence = {"request": obligation.request, "end": len(words), **evidence}
    return make.EvidenceFactory.create(feedback=feedback, **evidence).request


def quotes(notice: Notice) -> list[str]:
    [item] = message_items.items_of_each([notice])[notice.pk]
    return [quote.words for quote in item.quotes]


def test_tells_the_outcome_in_the_language_of_the_message() -> None:
    obligation = owed()
    english = notice_about(obligation, language="en")

    [item] = message_items.items_of_each([english])[english.pk]

    assert (item.occasion, item.missing) == ("delivered", "Tablets.")
    assert item.summary == "Paying takes two taps now."

    english.language = "ko"
    [item] = message_items.items_of_each([english])[english.pk]
    assert item.summary == "이제 두 번만 누르면 결제됩니다."


def test_quotes_what_they_said_as_they_said_it() -> None:
    obligation = owed()
    say(obligation, "Nice app. Paying is slow! Bye.", start=10, end=25)

    assert quotes(notice_about(obligation)) == ["Nice app. Paying is slow! Bye."]


def test_quotes_the_same_words_once_though_two_parts_of_them_speak() -> None:
    obligation = owed()
    feedback = make.FeedbackFactory.create(customer=obligation.customer, verbatim="Slow, and dear.")
    for start, end in ((0, 4), (10, 14)):
        make.EvidenceFactory.create(
            request=obligation.request, feedback=feedback, start=start, end=end
        )

    assert quotes(notice_about(obligation)) == ["Slow, and dear."]


def test_quotes_what_mattered_most_first_and_no_more_than_three() -> None:
    obligation = owed()
    say(obligation, "Second", days_ago=2)
    say(obligation, "Third", days_ago=1)
    say(obligation, "Fourth")
    say(obligation, "First", importance=3)

    assert quotes(notice_about(obligation)) == ["First", "Second", "Third"]


def test_never_quotes_anybody_else() -> None:
    obligation = owed()
    make.EvidenceFactory.create(request=obligation.request)
    say(obligation, "About something else", request=make.RequestFactory.create())
    say(obligation, "Taken back", unlinked_at=NOON)

    assert quotes(notice_about(obligation)) == []


def test_quotes_what_a_customer_said_before_they_were_merged() -> None:
    obligation = owed()
    double = make.CustomerFactory.create(merged_into=obligation.customer)
    feedback = make.FeedbackFactory.create(customer=double, verbatim="As my other self")
    make.EvidenceFactory.create(request=obligation.request, feedback=feedback, end=16)

    assert quotes(notice_about(obligation)) == ["As my other self"]


def test_quotes_words_for_a_request_that_was_merged_into_this_one() -> None:
    obligation = owed()
    other = make.RequestFactory.create()
    say(obligation, "Said for the other", request=other, counts_for=obligation.request)

    assert quotes(notice_about(obligation)) == ["Said for the other"]


def test_cuts_a_long_passage_and_shows_it() -> None:
    obligation = owed()
    say(obligation, "slow " * 1000)

    [words] = quotes(notice_about(obligation))

    assert len(words) <= passages.LONGEST + 1
    assert words.endswith("…")


def test_tells_the_later_of_two_outcomes_of_one_request() -> None:
    earlier = owed()
    later = make.ObligationFactory.create(
        event=make.EventFactory.create(request=earlier.request),
        customer=earlier.customer,
        outcome=make.OutcomeFactory.create(result="rolled_back"),
    )
    notice = notice_about(earlier)
    make.NoticeItemFactory.create(notice=notice, obligation=later)

    [item] = message_items.items_of_each([notice])[notice.pk]

    assert item.occasion == "rolled_back"


def test_costs_the_same_for_one_message_and_for_many(queries: SameQueries) -> None:
    def some(count: int) -> list[Notice]:
        rows = [owed() for _ in range(count)]
        for row in rows:
            say(row, "Slow")
        return [notice_about(row) for row in rows]

    one, many = some(1), some(10)
    with queries() as few:
        message_items.items_of_each(one)
    with queries() as more:
        told = message_items.items_of_each(many)

    assert [len(each) for each in told.values()] == [1] * 10
    assert len(more) == len(few) == 3
