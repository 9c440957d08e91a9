"""What the panels of the Request page begin with: all of it, in place or on a page of its own."""

from datetime import timedelta

import pytest
from django.test import Client

from backlog.models import CustomerRequest, Department
from backlog.operations import scoring_models
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories.backlog import (
    EventFactory,
    EvidenceFactory,
    FeedbackFactory,
    ObligationFactory,
    ReplyFactory,
    RequestFactory,
)

URL = "/requests/PAY-1/"
IN_PLACE = {"HX-Request": "true"}
PARTS = ("words", "assessment", "told", "answers", "history")


@pytest.fixture
def row(db: None) -> CustomerRequest:
    row = RequestFactory.create(number=1, product__prefix="PAY", status="under_review")
    row.product.scoring_model = scoring_models.default_model(by=None, at=NOON)
    row.product.save()
    return row


def _say(row: CustomerRequest, words: str, *, importance: int = 1, day: int = 0) -> None:
    feedback = FeedbackFactory.create(verbatim=words, said_at=NOON + timedelta(day), language="en")
    EvidenceFactory.create(
        request=row, feedback=feedback, importance=importance, start=0, end=len(words)
    )


def _many(row: CustomerRequest, count: int) -> None:
    for day in range(count):
        _say(row, f"Words {day}", day=day)
        told = ObligationFactory.create(event__request=row)
        ReplyFactory.create(obligation=told, feedback=FeedbackFactory.create())
        EventFactory.create(request=row, kind="request.edited", at=NOON + timedelta(day))


@pytest.mark.parametrize("part", PARTS)
class TestEveryPart:
    def test_is_a_page_where_no_script_runs(
        self, mina_pages: Client, row: CustomerRequest, part: str
    ) -> None:
        page = mina_pages.get(f"{URL}{part}/").content.decode()

        assert "<h1" in page
        assert f'href="{URL}"' in page

    def test_comes_into_its_panel_without_the_page_around_it(
        self, mina_pages: Client, row: CustomerRequest, part: str
    ) -> None:
        answer = mina_pages.get(f"{URL}{part}/", headers=IN_PLACE)

        assert "<html" not in answer.content.decode()
        assert "HX-Request" in answer.headers["Vary"]

    def test_costs_the_same_for_few_rows_and_for_many(
        self, mina_pages: Client, row: CustomerRequest, queries: SameQueries, part: str
    ) -> None:
        _many(row, 2)
        mina_pages.get(f"{URL}{part}/")
        with queries() as few:
            mina_pages.get(f"{URL}{part}/")

        _many(row, 9)
        with queries() as many:
            mina_pages.get(f"{URL}{part}/")

        assert len(many) == len(few)


class TestWords:
    def test_begin_on_the_page_with_the_gravest_in_the_readers_language(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        _say(row, "Nice", importance=1)
        _say(row, "Critical", importance=3)
        _say(row, "Important", importance=2)
        foreign = FeedbackFactory.create(verbatim="급해요", language="ko", said_at=NOON)
        EvidenceFactory.create(request=row, feedback=foreign, importance=2, start=0, end=3)

        words = mina_pages.get(URL).context["words"]

        assert [each.evidence.excerpt for each in words] == ["Critical", "Important"]

    def test_begin_with_several_people(self, mina_pages: Client, row: CustomerRequest) -> None:
        _say(row, "Mine", importance=3, day=1)
        _say(row, "Mine again", importance=3)
        first, second = row.counted_evidence.select_related("feedback").order_by("pk")
        second.feedback.customer = first.feedback.customer
        second.feedback.save()
        _say(row, "Another's")

        words = mina_pages.get(URL).context["words"]

        assert [each.evidence.excerpt for each in words] == ["Mine", "Another's"]

    def test_are_read_page_by_page_each_once(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        for day in range(45):
            _say(row, f"Words {day}", importance=day % 3, day=day // 4)

        seen, address = [], f"{URL}words/"
        while address:
            words = mina_pages.get(address).context["words"]
            seen += [each.evidence.pk for each in words.shown]
            address = words.next_after and f"{URL}words/?after={words.next_after}"

        assert len(seen) == 45
        assert set(seen) == set(row.counted_evidence.values_list("pk", flat=True))

    def test_are_taken_off_only_by_who_may(
        self, omar_pages: Client, mina_pages: Client, row: CustomerRequest
    ) -> None:
        _say(row, "Words")

        assert "/unlink/" not in omar_pages.get(f"{URL}words/").content.decode()
        assert "/unlink/" in mina_pages.get(f"{URL}words/").content.decode()


class TestHistory:
    def test_is_read_page_by_page_each_entry_once(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        for place in range(70):
            at = NOON + timedelta(hours=place // 9)
            EventFactory.create(request=row, kind="request.edited", at=at)
            _say(row, f"Words {place}")

        seen, older = [], "?"
        while older:
            context = mina_pages.get(f"{URL}history/{older}").context
            seen += [
                (entry.kind, entry.number) for _label, run in context["phases"] for entry in run
            ]
            older = context["older"]

        assert len(seen) == len(set(seen)) == 140

    def test_is_folded_by_stage_the_latest_first(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        for hours, kind in enumerate(("request.opened", "request.edited", "request.moved")):
            EventFactory.create(request=row, kind=kind, at=NOON + timedelta(hours=hours))
        EventFactory.create(
            request=row,
            kind="request.status_changed",
            data={"from": "new", "to": "under_review", "cause": "assessment"},
            at=NOON + timedelta(hours=4),
        )

        phases = mina_pages.get(f"{URL}history/").context["phases"]

        assert [(str(label), [entry.kind for entry in run]) for label, run in phases] == [
            ("Scored", ["request.status_changed", "request.moved"]),
            ("Request", ["request.edited", "request.opened"]),
        ]

    @pytest.mark.parametrize("odd", ["?at=x&number=1", "?at=2026-01-01&number=1", "?at=&number=x"])
    def test_begins_at_the_latest_where_an_address_says_nonsense(
        self, mina_pages: Client, row: CustomerRequest, odd: str
    ) -> None:
        assert mina_pages.get(f"{URL}history/{odd}").context["is_first"]


class TestAssessment:
    def test_keeps_the_words_beside_the_form(
        self, noor_pages: Client, sales: Department, row: CustomerRequest
    ) -> None:
        _say(row, "Paying takes too long.")

        page = noor_pages.get(f"{URL}assessment/").content.decode()

        assert "Paying takes too long." in page
        assert 'name="reach-value"' in page

    def test_that_was_not_accepted_is_shown_beside_the_words_again(
        self, noor_pages: Client, sales: Department, row: CustomerRequest
    ) -> None:
        _say(row, "Paying takes too long.")

        page = noor_pages.post(f"{URL}assess/", {"reach-value": "9", "reach-note": "Hm"})

        assert page.status_code == 422
        assert "Paying takes too long." in page.content.decode()
        assert 'value="Hm"' in page.content.decode()

    def test_has_nothing_to_fill_in_for_who_is_in_no_department(
        self, noor_pages: Client, row: CustomerRequest
    ) -> None:
        page = noor_pages.get(f"{URL}assessment/").content.decode()

        assert "Assessments speak for one." in page
        assert 'name="reach-value"' not in page


class TestTold:
    def test_names_customers_only_to_who_may_see_them(
        self, omar_pages: Client, mina_pages: Client, row: CustomerRequest
    ) -> None:
        owed = ObligationFactory.create(event__request=row)

        assert omar_pages.get(f"{URL}told/").status_code == 403
        assert str(owed.customer) in mina_pages.get(f"{URL}told/").content.decode()
