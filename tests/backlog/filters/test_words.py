"""Words are found whichever way they are looked for: by reading rows, or by the index."""

from typing import Any

import pytest
from django.db import connection

from backlog.db import grams
from backlog.filters import narrowing, words
from backlog.models import CustomerRequest, Feedback
from tests.factories import backlog as make

SAID = ("결제가 자꾸 실패해요", "환불 it's 100% back\\slash", "Pay-me_now, café 😀", "아")
ASKED = (
    "결제",
    "제",
    "가",
    "실패 결제",
    "환불",
    "it's",
    "100%",
    "k\\s",
    "y-me_n",
    "CAFE",
    "😀",
    "아",
    "p",
)


@pytest.fixture(params=["first rows", "index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which of the two finds the rest: a window of one row sends everything to the index."""
    if request.param == "index":
        monkeypatch.setattr(narrowing, "SMALL_WINDOW", 1)
        monkeypatch.setattr(narrowing, "WINDOW", 1)
    return str(request.param)


def found(rows: Any, wanted: str, *paths: str) -> list[str]:
    listing = words.matching(rows, wanted, *(paths or ("search_text",))).order_by("-pk")
    return [row.verbatim for row in narrowing.first(listing, 10)]


@pytest.mark.django_db
@pytest.mark.usefixtures("way")
class TestEitherWay:
    @pytest.mark.parametrize("wanted", ASKED)
    def test_finds_what_a_plain_comparison_finds(self, wanted: str) -> None:
        for said in SAID:
            make.FeedbackFactory.create(verbatim=said)
        make.FeedbackFactory.create_batch(3, verbatim="Something else")

        expected = list(
            words.matching(Feedback.objects.all(), wanted, "search_text")
            .order_by("-pk")
            .values_list("verbatim", flat=True)
        )

        assert expected
        assert found(Feedback.objects.all(), wanted) == expected

    def test_finds_nothing_that_only_has_the_parts(self) -> None:
        make.FeedbackFactory.create(verbatim="abcd bcde")

        assert found(Feedback.objects.all(), "abcde") == []

    def test_follows_a_change_and_forgets_what_was_deleted(self) -> None:
        said = make.FeedbackFactory.create(verbatim="Before")
        gone = make.FeedbackFactory.create(verbatim="Before")
        make.FeedbackFactory.create_batch(2, verbatim="Other")
        gone.delete()
        said.verbatim = "After"
        said.save(update_fields=["verbatim"])

        assert found(Feedback.objects.all(), "before") == []
        assert found(Feedback.objects.all(), "after") == ["After"]

    def test_finds_words_at_the_end_of_a_text_too_long_to_be_indexed(self) -> None:
        long = make.FeedbackFactory.create(verbatim="x " * grams.LONGEST + "needle")
        make.FeedbackFactory.create_batch(2, verbatim="Other")

        assert found(Feedback.objects.all(), "needle") == [long.verbatim]

    def test_finds_by_what_belongs_to_another_once(self) -> None:
        ines = make.CustomerFactory.create(name="Inés")
        said = make.FeedbackFactory.create(customer=ines, verbatim="Mine")
        make.FeedbackFactory.create_batch(2, verbatim="Other")
        paths = ("search_text", "customer__search_text")

        assert found(Feedback.objects.all(), "ines", *paths) == [said.verbatim]
        assert found(Feedback.objects.all(), "ines mine", *paths) == [said.verbatim]

    def test_finds_a_request_by_its_whole_key(self) -> None:
        row = make.RequestFactory.create()
        make.RequestFactory.create_batch(2)
        asked = words.matching(CustomerRequest.objects.all(), row.key.lower(), "search_text", "key")

        assert narrowing.first(asked.order_by("-pk"), 5) == [row]

    def test_counts_what_it_finds_so_far(self) -> None:
        make.FeedbackFactory.create_batch(3, verbatim="Same")
        make.FeedbackFactory.create(verbatim="Other")
        rows = words.matching(Feedback.objects.order_by("-pk"), "same", "search_text")

        assert narrowing.count(rows) == narrowing.Count(3, is_exact=True)
        assert narrowing.count(rows, 2) == narrowing.Count(2, is_exact=False)


@pytest.mark.django_db
def test_a_rare_word_is_not_looked_for_row_by_row() -> None:
    """On a long list, the planner would read it all: here it is told which index to ask."""
    rows = words.matching(Feedback.objects.all(), "zebrafish", "search_text")
    (said,), others = narrowing._apart(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # There are too few rows for an index.

    plan = others.filter(said.looked_up()).explain()

    index = grams.name("backlog_feedback")
    assert (index if connection.vendor == "postgresql" else "VIRTUAL TABLE") in plan
