from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import CustomerRequest, Event, Evidence, Feedback, User
from backlog.operations import evidence
from tests.backlog.operations import events
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    EvidenceFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

LATER = NOON + timedelta(hours=1)
WORDS = "결제가 느려요. Otherwise fine."


@pytest.fixture
def request_(db: None) -> CustomerRequest:
    return RequestFactory.create()


@pytest.fixture
def words(db: None) -> Feedback:
    return FeedbackFactory.create(verbatim=WORDS)


class TestLinkEvidence:
    def test_lets_an_excerpt_speak_for_the_request(
        self, request_: CustomerRequest, words: Feedback, mina: User
    ) -> None:
        row = evidence.link_evidence(
            request_id=request_.pk,
            feedback_id=words.pk,
            start=0,
            end=8,
            importance=3,
            by=mina,
            at=NOON,
        )

        row = Evidence.objects.select_related("feedback").get(pk=row.pk)
        assert (row.excerpt, row.importance) == ("결제가 느려요.", 3)
        assert (row.request, row.counts_for) == (request_, request_)
        assert (row.linked_by, row.linked_at, row.unlinked_at) == (mina, NOON, None)
        event = events.last()
        assert (event.kind, event.request, event.subject_id) == (
            "evidence.linked",
            request_,
            row.pk,
        )
        assert event.data == {"feedback": words.pk, "start": 0, "end": 8, "importance": 3}

    def test_takes_all_of_the_words_without_an_end(
        self, request_: CustomerRequest, words: Feedback, mina: User
    ) -> None:
        row = evidence.link_evidence(request_id=request_.pk, feedback_id=words.pk, by=mina, at=NOON)
        assert row.excerpt == WORDS

    def test_refuses_words_of_a_closed_product_for_another(
        self, request_: CustomerRequest, mina: User
    ) -> None:
        words = FeedbackFactory.create(product=ProductFactory.create(is_open=False))

        with pytest.raises(errors.WordsOfClosedProduct):
            evidence.link_evidence(request_id=request_.pk, feedback_id=words.pk, by=mina, at=NOON)
        with pytest.raises(errors.WordsOfClosedProduct):
            evidence.link_whole(request=request_, feedback_ids=[words.pk], by=mina, at=NOON)

        its_own = RequestFactory.create(product=words.product)
        evidence.link_evidence(request_id=its_own.pk, feedback_id=words.pk, by=mina, at=NOON)
        assert Evidence.objects.get().request == its_own

    def test_takes_words_about_another_product_that_is_open(
        self, request_: CustomerRequest, mina: User
    ) -> None:
        words = FeedbackFactory.create(product=ProductFactory.create())

        row = evidence.link_evidence(request_id=request_.pk, feedback_id=words.pk, by=mina, at=NOON)

        assert row.feedback.product != request_.product

    def test_refuses_the_same_excerpt_twice(
        self, request_: CustomerRequest, words: Feedback, mina: User
    ) -> None:
        link: dict[str, Any] = {"request_id": request_.pk, "feedback_id": words.pk, "by": mina}
        first = evidence.link_evidence(**link, at=NOON)
        with pytest.raises(errors.AlreadyLinked):
            evidence.link_evidence(**link, at=NOON)

        evidence.link_evidence(**link, end=3, at=NOON)
        evidence.unlink_evidence(evidence_id=first.pk, by=mina, at=NOON)
        evidence.link_evidence(**link, at=LATER)
        assert Evidence.objects.live().count() == 2

    @pytest.mark.parametrize(
        ("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, len(WORDS) + 1), (len(WORDS), None)]
    )
    def test_refuses_an_excerpt_outside_the_words(
        self, request_: CustomerRequest, words: Feedback, start: int, end: int | None
    ) -> None:
        with pytest.raises(errors.Invalid, match=str(len(WORDS))) as refused:
            evidence.link_evidence(
                request_id=request_.pk,
                feedback_id=words.pk,
                start=start,
                end=end,
                by=None,
                at=NOON,
            )
        assert (refused.value.field, refused.value.code) == ("end", "outside_the_words")
        assert events.kinds() == []

    def test_refuses_an_importance_that_does_not_exist(
        self, request_: CustomerRequest, words: Feedback
    ) -> None:
        with pytest.raises(ValidationError):
            evidence.link_evidence(
                request_id=request_.pk, feedback_id=words.pk, importance=4, by=None, at=NOON
            )

    def test_refuses_a_merged_request_and_names_the_survivor(
        self, request_: CustomerRequest, words: Feedback
    ) -> None:
        merged = RequestFactory.create(status="merged", merged_into=request_, rank=None)
        with pytest.raises(errors.RequestMerged, match=merged.key) as refused:
            evidence.link_evidence(request_id=merged.pk, feedback_id=words.pk, by=None, at=NOON)
        assert refused.value.details == {"survivor": request_.pk}

    def test_costs_the_same_on_a_long_board_with_much_evidence(
        self, request_: CustomerRequest, queries: SameQueries
    ) -> None:
        few, many = FeedbackFactory.create_batch(2)
        with queries() as before:
            evidence.link_evidence(request_id=request_.pk, feedback_id=few.pk, by=None, at=NOON)
        RequestFactory.create_batch(20, product=request_.product)
        EvidenceFactory.create_batch(20, request=request_)
        with queries() as after:
            evidence.link_evidence(request_id=request_.pk, feedback_id=many.pk, by=None, at=NOON)
        assert len(after) == len(before) <= 10


class TestLinkWhole:
    def test_takes_each_piece_of_feedback_once_and_whole(
        self, request_: CustomerRequest, words: Feedback, mina: User
    ) -> None:
        other = FeedbackFactory.create()
        rows = evidence.link_whole(
            request=request_, feedback_ids=[other.pk, words.pk, other.pk], by=mina, at=NOON
        )

        assert [row.excerpt for row in rows] == [other.verbatim, WORDS]
        subjects = Event.objects.order_by("pk").values_list("kind", "subject_id", "request")
        assert list(subjects) == [("evidence.linked", row.pk, request_.pk) for row in rows]
        assert {event.actor for event in Event.objects.all()} == {mina}

    @pytest.mark.parametrize(
        ("missing", "refusal"),
        [(True, errors.Invalid), (False, errors.NoWords)],
        ids=["missing", "erased"],
    )
    def test_refuses_feedback_without_words(
        self,
        request_: CustomerRequest,
        words: Feedback,
        missing: bool,
        refusal: type[errors.Refusal],
    ) -> None:
        empty: Any = {"verbatim": "", "search_text": "", "salt": "", "erased_at": NOON}
        number = 0 if missing else FeedbackFactory.create(**empty).pk
        with pytest.raises(refusal):
            evidence.link_whole(request=request_, feedback_ids=[words.pk, number], by=None, at=NOON)
        assert not Evidence.objects.exists()


class TestUnlinkEvidence:
    def test_ends_the_link_and_keeps_it(self, mina: User) -> None:
        row = EvidenceFactory.create()
        for at in (NOON, LATER):
            evidence.unlink_evidence(evidence_id=row.pk, reason="Another problem.", by=mina, at=at)

        row.refresh_from_db()
        assert row.unlinked_at == NOON
        assert events.kinds() == ["evidence.unlinked"]
        assert (events.last().reason, events.last().request) == ("Another problem.", row.request)
