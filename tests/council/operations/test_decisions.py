"""Who may decide, what a decision does, and what it leaves behind."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog.errors import IllegalTransition, Invalid
from backlog.models import CustomerRequest, Event, User
from backlog.rules import bounds
from council import errors
from council.models import AgendaItem, Council, Decision, Seat
from council.operations import decisions
from council.rules import seals
from tests.factories import NOON, backlog, people
from tests.factories import council as make

NEXT_MONTH = (NOON + timedelta(days=30)).date()
pytestmark = pytest.mark.django_db


def decide(council: Council, request: CustomerRequest, by: User, **other: Any) -> Decision:
    words: dict[str, Any] = {"verdict": "approve", "rationale": "Many customers asked.", "at": NOON}
    return decisions.record_decision(
        council_id=council.pk, request_id=request.pk, by=by, **(words | other)
    )


@pytest.fixture
def item(council: Council, pay_faster: CustomerRequest) -> AgendaItem:
    meeting = make.MeetingFactory.create(council=council, status="in_session", opened_at=NOON)
    return make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)


class TestRecordDecision:
    def test_says_who_decided_what_and_why(
        self, council: Council, pay_faster: CustomerRequest, sales: Seat, noor: User
    ) -> None:
        Council.objects.update(recorders="seated")
        decision = decide(
            council,
            pay_faster,
            noor,
            options=["Buy it", "Build it"],
            dissent="Finance would wait.",
            expected_effect="Half the complaints.",
            review_on=NEXT_MONTH,
        )

        decision.refresh_from_db()
        assert (decision.verdict, decision.status) == ("approve", "in_effect")
        assert (decision.decided_by, decision.decided_at, decision.seat) == (noor, NOON, sales)
        assert decision.rationale == "Many customers asked."
        assert decision.options == ["Buy it", "Build it"]
        assert decision.dissent == "Finance would wait."
        assert decision.expected_effect == "Half the complaints."
        assert decision.review_on == NEXT_MONTH

    @pytest.mark.parametrize(
        ("verdict", "status"),
        [
            ("approve", "approved"),
            ("pilot", "approved"),
            ("defer", "deferred"),
            ("decline", "declined"),
            ("ask_for_evidence", "under_review"),
        ],
    )
    def test_moves_the_request_by_itself(
        self, council: Council, pay_faster: CustomerRequest, sora: User, verdict: str, status: str
    ) -> None:
        decide(council, pay_faster, sora, verdict=verdict, review_on=NEXT_MONTH)

        pay_faster.refresh_from_db()
        assert (pay_faster.status, pay_faster.review_on) == (status, NEXT_MONTH)

    def test_is_on_the_requests_line_before_what_it_causes(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        decision = decide(council, pay_faster, sora)

        recorded, moved = Event.objects.filter(request=pay_faster).order_by("pk")
        assert (recorded.kind, recorded.subject_id) == ("decision.recorded", decision.pk)
        assert (recorded.actor, recorded.at) == (sora, NOON)
        assert recorded.data == {
            "council": council.pk,
            "verdict": "approve",
            "supersedes": None,
            "seal": 1,
            "ballot": None,
        }
        assert (moved.kind, moved.data["cause"]) == ("request.status_changed", "decision")

    @pytest.mark.parametrize("status", ["in_effect", "review_due", "reaffirmed", "amended"])
    def test_takes_the_place_of_the_decision_that_stood(
        self, council: Council, pay_faster: CustomerRequest, sora: User, status: str
    ) -> None:
        first = decide(council, pay_faster, sora, verdict="decline")
        Decision.objects.update(status=status)
        second = decide(council, pay_faster, sora, verdict="approve")

        first.refresh_from_db()
        assert (first.status, second.supersedes) == ("superseded", first)
        assert council.seals.count() == 2
        pay_faster.refresh_from_db()
        assert pay_faster.status == "approved"

    def test_closes_its_agenda_item(
        self, council: Council, pay_faster: CustomerRequest, sora: User, item: AgendaItem
    ) -> None:
        decision = decide(council, pay_faster, sora, agenda_item_id=item.pk)

        item.refresh_from_db()
        assert (item.status, decision.agenda_item) == ("decided", item)

    def test_changes_nothing_the_second_time_on_one_agenda_item(
        self, council: Council, pay_faster: CustomerRequest, sora: User, item: AgendaItem
    ) -> None:
        first = decide(council, pay_faster, sora, agenda_item_id=item.pk)
        events = Event.objects.count()

        later = NOON + timedelta(hours=1)
        again = decide(council, pay_faster, sora, agenda_item_id=item.pk, at=later)

        assert again == first
        assert (Decision.objects.count(), Event.objects.count()) == (1, events)

    def test_refuses_another_verdict_on_a_decided_item(
        self, council: Council, pay_faster: CustomerRequest, sora: User, item: AgendaItem
    ) -> None:
        first = decide(council, pay_faster, sora, agenda_item_id=item.pk)

        with pytest.raises(errors.AgendaItemDecided) as refusal:
            decide(council, pay_faster, sora, agenda_item_id=item.pk, verdict="decline")

        assert refusal.value.details == {"decision": first.pk}


class TestWhoMayDecide:
    def test_the_alternate_of_a_seat(
        self, council: Council, pay_faster: CustomerRequest, sales: Seat
    ) -> None:
        Council.objects.update(recorders="seated")
        term = make.SeatTermFactory.create(seat=sales, is_alternate=True)

        assert decide(council, pay_faster, term.user).seat == sales

    def test_the_chair_and_the_secretary_without_a_seat(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        assert decide(council, pay_faster, council.chair).seat is None
        assert decide(council, pay_faster, sora).seat is None

    def test_nobody_else(self, council: Council, pay_faster: CustomerRequest, ada: User) -> None:
        with pytest.raises(errors.NotSeated, match="Ada"):
            decide(council, pay_faster, ada)

        pay_faster.refresh_from_db()
        assert pay_faster.status == "under_review"
        assert not Event.objects.exists()

    def test_nobody_whose_term_has_ended(
        self, council: Council, pay_faster: CustomerRequest, sales: Seat, noor: User
    ) -> None:
        sales.terms.update(ends_on=NOON.date())

        with pytest.raises(errors.NotSeated):
            decide(council, pay_faster, noor)

    def test_nobody_from_another_council(
        self, council: Council, pay_faster: CustomerRequest
    ) -> None:
        elsewhere = make.SeatTermFactory.create()

        with pytest.raises(errors.NotSeated):
            decide(council, pay_faster, elsewhere.user)


class TestWhatMayBeDecided:
    def test_not_a_request_of_a_product_the_council_has_no_say_in(
        self, council: Council, sora: User
    ) -> None:
        with pytest.raises(errors.ProductNotBeforeCouncil):
            decide(council, backlog.RequestFactory.create(), sora)

    @pytest.mark.parametrize("status", ["planned", "in_progress", "delivered", "verified"])
    def test_not_what_is_past_deciding(
        self, council: Council, pay_faster: CustomerRequest, sora: User, status: str
    ) -> None:
        CustomerRequest.objects.filter(pk=pay_faster.pk).update(status=status)

        with pytest.raises(IllegalTransition):
            decide(council, pay_faster, sora, verdict="decline")

        assert not Decision.objects.exists()
        assert not council.seals.exists()

    def test_not_on_an_item_about_another_request(
        self, council: Council, pay_faster: CustomerRequest, sora: User, item: AgendaItem
    ) -> None:
        other = backlog.RequestFactory.create(product=pay_faster.product)

        with pytest.raises(Invalid) as refusal:
            decide(council, other, sora, agenda_item_id=item.pk)

        assert (refusal.value.field, refusal.value.code) == (
            "agenda_item",
            "about_something_else",
        )

    def test_not_on_an_item_of_another_council(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        elsewhere = make.AgendaItemFactory.create(request=pay_faster)

        with pytest.raises(Invalid) as refusal:
            decide(council, pay_faster, sora, agenda_item_id=elsewhere.pk)

        assert refusal.value.field == "agenda_item"

    def test_not_on_an_item_that_was_withdrawn(
        self, council: Council, pay_faster: CustomerRequest, sora: User, item: AgendaItem
    ) -> None:
        AgendaItem.objects.update(status="withdrawn")

        with pytest.raises(errors.AgendaItemWithdrawn):
            decide(council, pay_faster, sora, agenda_item_id=item.pk)

    def test_not_on_the_agenda_of_a_meeting_that_is_not_in_session(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        meeting = make.MeetingFactory.create(council=council)
        item = make.AgendaItemFactory.create(meeting=meeting, request=pay_faster)

        with pytest.raises(errors.MeetingNotInSession):
            decide(council, pay_faster, sora, agenda_item_id=item.pk)

    @pytest.mark.parametrize(
        ("words", "field", "code"),
        [
            ({"verdict": "decline", "rationale": " \n"}, "rationale", "blank"),
            ({"verdict": "defer"}, "review_on", "blank"),
            ({"verdict": "defer", "review_on": NOON.date()}, "review_on", "in_the_past"),
            ({"dissent": "\x00"}, "dissent", "unstorable_text"),
            ({"options": ["Buy it", "\ud800"]}, "options", "unstorable_text"),
            ({"options": ["Buy it", "x" * (bounds.OPTION + 1)]}, "options", "too_large"),
            ({"options": ["Buy it"] * (bounds.OPTIONS + 1)}, "options", "too_large"),
        ],
        ids=[
            *("without-reasons", "deferred-for-ever", "due-today", "nul", "surrogate"),
            *("long-option", "many-options"),
        ],
    )
    def test_not_without_saying_what_belongs_to_it(
        self,
        council: Council,
        pay_faster: CustomerRequest,
        sora: User,
        words: dict[str, Any],
        field: str,
        code: str,
    ) -> None:
        with pytest.raises(Invalid) as refusal:
            decide(council, pay_faster, sora, **words)

        assert (refusal.value.field, refusal.value.code) == (field, code)
        assert not Decision.objects.exists()

    def test_not_with_a_verdict_there_is_not(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        with pytest.raises(ValidationError, match="verdict"):
            decide(council, pay_faster, sora, verdict="perhaps")


class TestWhatIsFrozen:
    def test_the_scores_as_they_were(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        CustomerRequest.objects.filter(pk=pay_faster.pk).update(
            priority=72.5,
            priority_low=60,
            priority_high=80,
            contested=12.5,
            scored_with=pay_faster.product.scoring_model,
            scored_at=NOON,
        )
        decision = decide(council, pay_faster, sora)
        CustomerRequest.objects.filter(pk=pay_faster.pk).update(priority=10)

        decision.refresh_from_db()
        nobody_knew = {"low": None, "middle": None, "high": None}
        assert decision.frozen["scores"] == {
            "impact": nobody_knew,
            "feasibility": nobody_knew,
            "priority": {"low": 60, "middle": 72.5, "high": 80},
            "contested": 12.5,
            "model": pay_faster.product.scoring_model_id,
            "scored_at": "2026-03-02T12:00:00+00:00",
        }

    def test_the_evidence_by_ids_and_salted_digests(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        evidence = backlog.EvidenceFactory.create(request=pay_faster, start=0, end=6, importance=3)
        said = evidence.feedback

        decision = decide(council, pay_faster, sora)

        assert said.customer is not None
        assert decision.frozen["evidence"] == [
            {
                "id": evidence.pk,
                "feedback": said.pk,
                "start": 0,
                "end": 6,
                "importance": 3,
                "customer": said.customer.token,
                "account": said.account_id,
                "digest": seals.digest_of_words(said.salt, "Paying"),
            }
        ]

    def test_no_words_and_no_names_of_customers(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        said = backlog.EvidenceFactory.create(
            request=pay_faster,
            feedback__verbatim="Paying is a pain",
            feedback__customer__name="Mira Kim",
        ).feedback

        decision = decide(council, pay_faster, sora)

        kept = json.dumps([decision.frozen, council.seals.get().content])
        assert said.verbatim[:6] not in kept
        assert "Mira" not in kept
        assert said.salt not in kept

    def test_only_evidence_that_counts_for_the_request_now(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        merged = backlog.EvidenceFactory.create(counts_for=pay_faster)
        backlog.EvidenceFactory.create(request=pay_faster, unlinked_at=NOON)
        backlog.EvidenceFactory.create()

        decision = decide(council, pay_faster, sora)

        assert [each["id"] for each in decision.frozen["evidence"]] == [merged.pk]

    def test_words_without_a_known_customer_and_words_already_erased(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        backlog.EvidenceFactory.create(
            request=pay_faster,
            feedback__customer=None,
            feedback__erased_at=NOON,
            feedback__verbatim="",
            feedback__salt="",
        )

        (kept,) = decide(council, pay_faster, sora).frozen["evidence"]

        assert (kept["customer"], kept["digest"]) == (None, None)

    def test_what_each_department_said_of_each_criterion(
        self, council: Council, pay_faster: CustomerRequest, sora: User
    ) -> None:
        model = pay_faster.product.scoring_model
        assert model is not None
        pain = backlog.CriterionFactory.create(model=model, key="pain", axis="impact")
        backlog.CriterionFactory.create(model=model, key="effort", axis="feasibility")
        heard = backlog.AssessmentFactory.create(
            request=pay_faster, criterion=pain, value=4, confidence="high"
        )
        silent = people.DepartmentFactory.create()

        decision = decide(council, pay_faster, sora)

        decision.refresh_from_db()
        explained = {each["criterion"]: each for each in decision.frozen["explanation"]}
        assert set(explained) == {"pain", "effort"}
        assert explained["pain"]["voices"] == {
            str(heard.department.pk): {"low": 4, "middle": 4, "high": 4},
            str(silent.pk): {"low": 1, "middle": None, "high": 5},
        }
        assert explained["pain"]["missing"] == [silent.pk]
