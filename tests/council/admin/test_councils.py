"""The pages of the council: seats, meetings, decisions and action items by their operations."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from backlog.models import CustomerRequest, StatusUpdate, User
from council.models import ActionItem, AgendaItem, Council, Decision, Meeting, Seal, Seat
from tests.backlog.admin.pages import address, carried, errors, kinds, messages, submit
from tests.factories import NOON, backlog, council, people

CONFIRMED = {"_answered": "1"}
HOUSE_RULES = {
    "quorum_numerator": "1",
    "quorum_denominator": "2",
    "mode": "majority",
    "majority_numerator": "1",
    "majority_denominator": "2",
    "base": "yes_and_no",
    "abstention": "allowed",
    "is_blind": "on",
    "minutes_days": "7",
    "recorders": "officers",
}


@pytest.fixture
def request_before_council(body: Council) -> CustomerRequest:
    request = backlog.RequestFactory.create(status="under_review")
    body.products.add(request.product)
    return request


class TestCouncils:
    def test_are_founded_with_their_products(self, as_ada: Client, ada: User) -> None:
        product = backlog.ProductFactory.create()
        facts = {"name": "고객협의회", "products": [product.pk], "chair": ada.pk}

        as_ada.post(address(Council, "add"), {**facts, "secretary": ada.pk, **HOUSE_RULES})

        assert list(Council.objects.get().products.all()) == [product]
        assert kinds() == ["council.founded"]

    def test_change_their_products_through_the_operation(
        self, as_ada: Client, body: Council
    ) -> None:
        product = backlog.ProductFactory.create()
        facts = {"name": body.name, "chair": body.chair_id, "secretary": body.secretary_id}

        facts |= HOUSE_RULES
        submit(as_ada, address(Council, "change", body.pk), **facts, products=[product.pk])

        assert list(body.products.all()) == [product]
        assert kinds() == ["council.edited"]

    def test_change_their_house_rules_and_refuse_a_minority(
        self, as_ada: Client, body: Council
    ) -> None:
        facts = {"name": body.name, "chair": body.chair_id, "secretary": body.secretary_id}
        facts |= {"products": [backlog.ProductFactory.create().pk], **HOUSE_RULES}
        page = address(Council, "change", body.pk)

        refused = submit(as_ada, page, **facts | {"majority_denominator": "3"})
        submit(as_ada, page, **facts | {"mode": "consent", "quorum_denominator": "1"})

        assert "half or more" in str(errors(refused))
        body.refresh_from_db()
        assert (body.mode, body.quorum) == ("consent", Fraction(1))

    def test_give_a_department_one_voting_seat(self, as_ada: Client, body: Council) -> None:
        sales = people.DepartmentFactory.create(is_seated=False)
        page = address(Council, "add_seat", body.pk)
        answers = {"department": sales.pk, "is_voting": "on", **CONFIRMED}

        as_ada.post(page, answers)
        again = as_ada.post(page, answers | carried(as_ada, page))

        assert "has its voting seat already" in errors(again)["__all__"][0]
        assert Seat.objects.get().department == sales
        sales.refresh_from_db()
        assert sales.is_seated

    def test_appoint_people_to_seats(self, as_ada: Client, body: Council, noor: User) -> None:
        seat = council.SeatFactory.create(council=body)

        as_ada.post(address(Seat, "appoint", seat.pk), {"user": noor.pk, **CONFIRMED})

        assert seat.terms.get().user == noor


class TestMeetings:
    def test_are_scheduled_held_and_ended(self, as_sora: Client, body: Council) -> None:
        when = {"starts_at_0": "2026-12-01", "starts_at_1": "14:00:00", "minutes": "60"}
        as_sora.post(address(Meeting, "add"), {"council": body.pk, "title": "December", **when})
        meeting = Meeting.objects.get()

        Meeting.objects.update(starts_at=timezone.now())
        as_sora.post(address(Meeting, "open", meeting.pk), CONFIRMED)
        as_sora.post(address(Meeting, "end", meeting.pk), CONFIRMED)

        meeting.refresh_from_db()
        assert meeting.status == "minutes_draft"
        ended = ["meeting.ended", "minutes.begun"]
        assert kinds() == ["meeting.scheduled", "meeting.opened", *ended]

    def test_keep_who_comes_who_speaks_by_proxy_and_who_goes(
        self, as_sora: Client, body: Council, noor: User
    ) -> None:
        seat, away = council.SeatFactory.create_batch(2, council=body)
        council.SeatTermFactory.create(seat=seat, user=noor)
        meeting = council.MeetingFactory.create(council=body, starts_at=timezone.now())
        come = address(Meeting, "attend", meeting.pk)

        as_sora.post(come, {"user": noor.pk, **CONFIRMED})
        as_sora.post(come, {"user": noor.pk, "seat": away.pk, **CONFIRMED})
        assert kinds() == ["meeting.attended", "meeting.attended"]

        as_sora.post(address(Meeting, "leave", meeting.pk), {"user": noor.pk, **CONFIRMED})
        assert not meeting.attendances.there().exists()

    def test_are_called_off_with_a_reason(self, as_sora: Client, body: Council) -> None:
        meeting = council.MeetingFactory.create(council=body)
        page = address(Meeting, "cancel", meeting.pk)

        without = as_sora.post(page, CONFIRMED)
        as_sora.post(page, {"reason": "Nobody can come.", **CONFIRMED})

        assert "reason" in errors(without)
        meeting.refresh_from_db()
        assert meeting.status == "cancelled"

    def test_take_requests_and_topics_on_their_agenda(
        self, as_sora: Client, body: Council, request_before_council: CustomerRequest
    ) -> None:
        meeting = council.MeetingFactory.create(council=body)
        page = address(Meeting, "add_item", meeting.pk)

        as_sora.post(page, {"request": request_before_council.pk, "minutes": "15", **CONFIRMED})
        as_sora.post(page, {"title": "Any other business", "minutes": "5", **CONFIRMED})

        items = meeting.agenda_items.order_by("position")
        assert [str(item) for item in items] == [str(request_before_council), "Any other business"]

    def test_refuse_an_item_about_nothing(self, as_sora: Client, body: Council) -> None:
        meeting = council.MeetingFactory.create(council=body)

        response = as_sora.post(
            address(Meeting, "add_item", meeting.pk), {"minutes": "5", **CONFIRMED}
        )

        assert "title" in errors(response)
        assert not AgendaItem.objects.exists()


class TestDecisions:
    @pytest.fixture
    def item(self, body: Council, request_before_council: CustomerRequest) -> AgendaItem:
        meeting = council.MeetingFactory.create(council=body, status="in_session", opened_at=NOON)
        return council.AgendaItemFactory.create(meeting=meeting, request=request_before_council)

    def test_on_an_agenda_item_are_sealed_and_move_the_request(
        self, as_sora: Client, item: AgendaItem, request_before_council: CustomerRequest
    ) -> None:
        answers = {"verdict": "approve", "rationale": "Many asked.", "options": "now\n\nlater\n"}

        as_sora.post(address(AgendaItem, "decide", item.pk), {**answers, **CONFIRMED})

        decision = Decision.objects.get()
        assert (decision.agenda_item, decision.options) == (item, ["now", "later"])
        assert Seal.objects.get().subject_id == decision.pk
        request_before_council.refresh_from_db()
        assert request_before_council.status == "approved"

    def test_keep_the_words_that_customers_are_to_read(
        self, as_sora: Client, item: AgendaItem, request_before_council: CustomerRequest
    ) -> None:
        backlog.EvidenceFactory.create(request=request_before_council)
        answers = {"verdict": "decline", "rationale": "Too dear.", "customer_words_en": "Not now."}

        as_sora.post(address(AgendaItem, "decide", item.pk), {**answers, **CONFIRMED})

        assert StatusUpdate.objects.get().words == {"en": "Not now."}

    def test_are_recorded_from_the_meetings_page_and_lead_back_there(
        self, as_sora: Client, item: AgendaItem
    ) -> None:
        meeting = address(Meeting, "change", item.meeting_id)
        decide = address(AgendaItem, "decide", item.pk)
        answers = {"verdict": "approve", "rationale": "Many asked.", **CONFIRMED}

        before = as_sora.get(meeting).content.decode()
        recorded = as_sora.post(decide, answers)
        after = as_sora.get(meeting).content.decode()

        assert recorded["Location"] == meeting
        assert decide in before
        assert decide not in after
        assert address(Decision, "change", Decision.objects.get().pk) in after

    def test_are_never_given_by_leaving_the_form_as_it_is(
        self, as_sora: Client, item: AgendaItem
    ) -> None:
        asked = as_sora.get(address(AgendaItem, "decide", item.pk))

        assert not asked.context["form"]["verdict"].value()
        assert asked.context["form"].fields["verdict"].choices[0][0] == ""

    def test_are_not_offered_before_the_meeting_has_begun(
        self, as_sora: Client, item: AgendaItem
    ) -> None:
        Meeting.objects.update(status="scheduled", opened_at=None)

        page = as_sora.get(address(Meeting, "change", item.meeting_id)).content.decode()

        assert address(AgendaItem, "withdraw", item.pk) in page
        assert address(AgendaItem, "decide", item.pk) not in page

    def test_to_defer_name_the_day_until_when(self, as_sora: Client, item: AgendaItem) -> None:
        answers = {"verdict": "defer", "rationale": "Not now."}

        response = as_sora.post(address(AgendaItem, "decide", item.pk), {**answers, **CONFIRMED})

        assert errors(response) == {"review_on": ["Say until when."]}
        assert not Decision.objects.exists()

    def test_are_recorded_between_meetings_too(
        self, as_sora: Client, body: Council, request_before_council: CustomerRequest
    ) -> None:
        facts = {"verdict": "decline", "rationale": "The law forbids it."}
        about = {"council": body.pk, "request": request_before_council.pk}

        as_sora.post(address(Decision, "add"), {**facts, **about})

        assert Decision.objects.get().verdict == "decline"

    def test_need_a_place_at_the_council(
        self, client: Client, noor: User, body: Council, request_before_council: CustomerRequest
    ) -> None:
        client.force_login(noor, backend="django.contrib.auth.backends.ModelBackend")
        facts = {"verdict": "approve", "rationale": "I say so."}
        about = {"council": body.pk, "request": request_before_council.pk}

        response = client.post(address(Decision, "add"), {**facts, **about})

        assert errors(response)
        assert not Decision.objects.exists()

    def test_are_never_edited(self, as_ada: Client) -> None:
        decision = council.DecisionFactory.create()

        response = as_ada.post(address(Decision, "change", decision.pk), {"rationale": "Other."})

        assert response.status_code == 403


class TestActionItems:
    def about(self, body: Council, owner: User) -> dict[str, Any]:
        due_on = timezone.localdate() + timedelta(days=7)
        return {"council": body.pk, "title": "Ask the bank", "owner": owner.pk, "due_on": due_on}

    def test_are_assigned_claimed_by_their_owner_and_accepted_by_another(
        self, as_sora: Client, body: Council, sora: User, noor: User
    ) -> None:
        as_sora.post(address(ActionItem, "add"), self.about(body, noor))
        action = ActionItem.objects.get()

        refused = as_sora.post(
            address(ActionItem, "claim_done", action.pk), {"evidence": "Done.", **CONFIRMED}
        )
        as_sora.force_login(noor, backend="django.contrib.auth.backends.ModelBackend")
        as_sora.post(
            address(ActionItem, "claim_done", action.pk), {"evidence": "Letter 12", **CONFIRMED}
        )
        as_sora.force_login(sora, backend="django.contrib.auth.backends.ModelBackend")
        as_sora.post(address(ActionItem, "verify", action.pk), CONFIRMED)

        assert "Only" in errors(refused)["__all__"][0]
        action.refresh_from_db()
        assert (action.status, action.evidence) == ("verified", "Letter 12")

    def test_come_from_the_agenda(self, as_sora: Client, body: Council, noor: User) -> None:
        meeting = council.MeetingFactory.create(council=body)
        item = council.AgendaItemFactory.create(meeting=meeting, request=None, title="Refunds")
        facts = self.about(body, noor)
        facts.pop("council")

        as_sora.post(address(AgendaItem, "assign", item.pk), {**facts, **CONFIRMED})

        assert ActionItem.objects.get().agenda_item == item

    @pytest.mark.parametrize(("step", "status"), [("reopen", "reopened"), ("cancel", "cancelled")])
    def test_are_reopened_and_cancelled_with_a_reason(
        self, step: str, status: str, as_sora: Client, body: Council
    ) -> None:
        action = council.ActionItemFactory.create(
            council=body, status="claimed_done", evidence="Done."
        )
        page = address(ActionItem, step, action.pk)

        as_sora.post(page, {"reason": "Nobody saw it.", **CONFIRMED})

        action.refresh_from_db()
        assert action.status == status


class TestEndingAMeeting:
    def test_says_beforehand_what_is_carried_over_and_then_does_it(
        self, as_sora: Client, sora: User
    ) -> None:
        sitting = council.MeetingFactory.create(status="in_session", opened_at=NOON)
        item = council.AgendaItemFactory.create(
            meeting=sitting, request__title="Pay faster", request__product__name="Payments"
        )
        council.AgendaItemFactory.create(
            meeting=sitting, request=None, title="Welcome", kind="inform", position=2
        )
        page = address(Meeting, "end", sitting.pk)

        asked = as_sora.get(page).content.decode()
        done = as_sora.post(page, carried(as_sora, page))

        assert "Carried over to the next meeting that is called" in asked
        assert item.request is not None
        assert item.request.key in asked
        assert "Taken as heard:" in asked
        assert "<li>Welcome</li>" in asked
        assert messages(done) == ["The meeting is over. Its minutes can be written."]
        item.refresh_from_db()
        assert (item.status, item.get_status_display()) == ("deferred", "carried over")

    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_calls_it_by_another_word_than_the_verdict(self, language: str) -> None:
        """“보류” for both was read as a decision."""
        with translation.override(language):
            verdicts = {str(label) for label in Decision.Verdict.labels}

            assert str(AgendaItem.Status.DEFERRED.label) not in verdicts

    def test_offers_to_decide_what_became_an_action(self, as_sora: Client, sora: User) -> None:
        item = council.AgendaItemFactory.create(
            meeting__council__secretary=sora,
            meeting__status="in_session",
            meeting__opened_at=NOON,
            status="actioned",
        )

        page = as_sora.get(address(Meeting, "change", item.meeting_id)).content.decode()

        assert address(AgendaItem, "decide", item.pk) in page
