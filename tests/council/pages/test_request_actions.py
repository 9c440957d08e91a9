"""What colleagues do on the Request page."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import Assessment, CustomerRequest, Department, Evidence
from backlog.operations import scoring_models
from council.models import AgendaItem, Meeting
from tests.factories import NOON
from tests.factories.backlog import (
    EvidenceFactory,
    FeedbackFactory,
    OutcomeFactory,
    RequestFactory,
    SprintFactory,
)
from tests.factories.council import AgendaItemFactory, CouncilFactory, MeetingFactory

URL = "/requests/PAY-1/"


@pytest.fixture
def row(db: None) -> CustomerRequest:
    row = RequestFactory.create(number=1, product__prefix="PAY", status="approved")
    row.product.scoring_model = scoring_models.default_model(by=None, at=NOON)
    row.product.save()
    return row


def _levels(response: Any) -> list[str]:
    return [message.level_tag for message in response.context["messages"]]


class TestAssess:
    def test_gives_the_values_with_confidence_and_note(
        self, noor_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        answers = {"reach-value": "4", "reach-confidence": "high", "reach-note": "Ten stores"}

        page = noor_pages.post(f"{URL}assess/", answers, follow=True)

        given = Assessment.objects.get()
        assert (given.department, given.value) == (sales, Decimal(4))
        assert (given.confidence, given.note) == ("high", "Ten stores")
        assert page.redirect_chain == [(f"{URL}#scores", 302)]

    def test_leads_to_the_next_where_it_stands(
        self, noor_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        waits = RequestFactory.create(status="under_review")

        answer = noor_pages.post(
            f"{URL}assess/", {"reach-value": "4"}, headers={"HX-Request": "true"}
        )

        page = answer.content.decode()
        assert "Your assessment is on record." in page
        assert f"/requests/{waits.key}/assessment/" in page
        assert "<html" not in page

    def test_says_in_place_what_is_missing(
        self, noor_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        answer = noor_pages.post(f"{URL}assess/", {}, headers={"HX-Request": "true"})

        assert answer.status_code == 422
        assert "Choose a value for at least one criterion." in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_begins_from_what_was_said_before(
        self, noor_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        noor_pages.post(f"{URL}assess/", {"reach-value": "4"})

        page = noor_pages.get(f"{URL}assessment/").content.decode()

        assert 'name="reach-value" value="4" checked' in page

    def test_asks_again_when_nothing_was_said(
        self, noor_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        response = noor_pages.post(f"{URL}assess/", {"reach-note": "Hm"})

        assert response.status_code == 422
        assert "Choose a value for at least one criterion." in response.content.decode()
        assert not Assessment.objects.exists()

    @pytest.mark.parametrize("value", ["6", "x", "NaN"])
    def test_refuses_what_is_off_the_scale(
        self, noor_pages: Client, row: CustomerRequest, sales: Department, value: str
    ) -> None:
        assert noor_pages.post(f"{URL}assess/", {"reach-value": value}).status_code == 422
        assert not Assessment.objects.exists()

    def test_tells_who_is_in_no_department(self, noor_pages: Client, row: CustomerRequest) -> None:
        page = noor_pages.post(f"{URL}assess/", {"reach-value": "4"}, follow=True)

        assert _levels(page) == ["warning"]


class TestLink:
    def test_links_the_part_that_was_named(self, mina_pages: Client, row: CustomerRequest) -> None:
        feedback = FeedbackFactory.create(verbatim="Hello.\nPaying takes\ntoo long. Bye.")

        mina_pages.post(
            f"{URL}link/",
            {"feedback": feedback.pk, "excerpt": "Paying takes\r\ntoo long.", "importance": 3},
        )

        linked = Evidence.objects.get()
        assert (linked.excerpt, linked.importance) == ("Paying takes\ntoo long.", 3)

    def test_links_all_of_the_words_when_no_part_was_named(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        feedback = FeedbackFactory.create()

        mina_pages.post(f"{URL}link/", {"feedback": feedback.pk, "importance": 1})

        assert Evidence.objects.get().excerpt == feedback.verbatim

    def test_refuses_words_that_were_not_said(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        answers = {"feedback": FeedbackFactory.create().pk, "excerpt": "Never", "importance": 1}

        response = mina_pages.post(f"{URL}link/", answers)

        assert response.status_code == 422
        assert "did not say these words" in response.content.decode()
        assert "<li>excerpt" not in response.content.decode()

    def test_keeps_what_was_found_and_typed_when_refused(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        feedback = FeedbackFactory.create(verbatim="Paying takes long.")
        answers = {"feedback": feedback.pk, "excerpt": "Paying took", "importance": 1}

        response = mina_pages.post(f"{URL}link/", {**answers, "find": "paying"})

        assert list(response.context["found"]) == [feedback]
        assert ">Paying took</textarea>" in response.content.decode()

    def test_takes_words_off_with_a_reason(self, mina_pages: Client, row: CustomerRequest) -> None:
        linked = EvidenceFactory.create(request=row)

        mina_pages.post(f"{URL}unlink/{linked.pk}/", {"reason": "About something else"})

        linked.refresh_from_db()
        assert linked.unlinked_at is not None
        assert row.events.get(kind="evidence.unlinked").reason == "About something else"

    def test_takes_off_only_words_of_this_request(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        other = EvidenceFactory.create()

        assert mina_pages.post(f"{URL}unlink/{other.pk}/").status_code == 404


class TestNextSteps:
    def test_sets_a_departments_step(
        self, mina_pages: Client, row: CustomerRequest, sales: Department
    ) -> None:
        mina_pages.post(f"{URL}step/", {"department": sales.pk, "step": "Call the stores"})

        assert row.department_steps.get().step == "Call the stores"

    def test_puts_it_on_the_agenda_of_a_meeting_to_come(
        self, ada_pages: Client, row: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="under_review")
        council = CouncilFactory.create()
        council.products.add(row.product)
        meeting = MeetingFactory.create(council=council, starts_at=timezone.now())

        assert list(ada_pages.get(URL).context["steps"].meetings) == [meeting]
        ada_pages.post(f"{URL}agenda/", {"meeting": meeting.pk, "minutes": 15})

        item = AgendaItem.objects.get()
        assert (item.meeting, item.request, item.minutes) == (meeting, row, 15)
        steps = ada_pages.get(URL).context["steps"]
        assert (steps.meetings, steps.agenda_item) == ([], item)

    def test_says_that_a_meeting_is_needed_when_none_is_to_come(
        self, ada_pages: Client, row: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="under_review")

        page = ada_pages.get(URL).content.decode()

        assert reverse("admin:council_meeting_add") in page

    def test_leads_to_the_room_while_the_meeting_lasts(
        self, ada_pages: Client, row: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="under_review")
        item = AgendaItemFactory.create(request=row)
        room = reverse("council:room", args=[item.meeting_id])

        before = ada_pages.get(URL).content.decode()
        Meeting.objects.update(status="in_session", opened_at=NOON)
        during = ada_pages.get(URL).content.decode()

        assert room not in before
        assert room in during

    def test_leads_to_telling_the_customers_what_became_of_it(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        CustomerRequest.objects.update(status="delivered")
        outcome = OutcomeFactory.create(commitment__request=row)

        page = mina_pages.get(URL).content.decode()

        assert reverse("backlog:announce", args=[outcome.pk]) in page

    def test_takes_it_into_a_sprint(self, mina_pages: Client, row: CustomerRequest) -> None:
        sprint = SprintFactory.create(product=row.product)

        assert mina_pages.get(URL).context["steps"].sprints == [sprint]
        promise = {"hypothesis": "Less waiting", "baseline": "5.2", "target": "1"}
        mina_pages.post(f"{URL}commit/", {"sprint": sprint.pk, **promise})

        row.refresh_from_db()
        assert row.status == "planned"
        commitment = row.commitments.get()
        assert (commitment.hypothesis, commitment.is_less_better) == ("Less waiting", True)

    def test_takes_it_into_no_sprint_of_another_product(
        self, mina_pages: Client, row: CustomerRequest
    ) -> None:
        other = SprintFactory.create()

        assert mina_pages.post(f"{URL}commit/", {"sprint": other.pk}).status_code == 422


@pytest.mark.parametrize("act", ["assess", "link", "step", "agenda", "commit", "unlink/1"])
class TestEveryAct:
    def test_is_closed_to_who_may_only_look(
        self, omar_pages: Client, row: CustomerRequest, act: str
    ) -> None:
        assert omar_pages.post(f"{URL}{act}/").status_code == 403

    def test_never_happens_on_a_get(
        self, ada_pages: Client, row: CustomerRequest, act: str
    ) -> None:
        assert ada_pages.get(f"{URL}{act}/").status_code == 405

    def test_knows_no_request_of_another_name(
        self, ada_pages: Client, row: CustomerRequest, act: str
    ) -> None:
        assert ada_pages.post(f"/requests/PAY-9/{act}/").status_code == 404
