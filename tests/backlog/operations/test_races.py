"""What happens when several people do it at once. Each was seen to fail with its guard removed."""

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from backlog import errors
from backlog.models import (
    Commitment,
    Consent,
    ContactPoint,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Membership,
    Obligation,
    Outcome,
    Product,
    Source,
    Sprint,
)
from backlog.operations import (
    assessments,
    commitments,
    evidence,
    feedback,
    feedback_triage,
    memberships,
    outcomes,
    products,
    requests,
    scores,
    scoring_models,
    sprints,
    users,
)
from backlog.operations import ranks as rank_operations
from backlog.operations.customers_in_bulk import CustomerIdentifier
from tests.at_once import at_once
from tests.backlog.operations.boards import make_board, order
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    CustomerFactory,
    EvidenceFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
    SourceFactory,
    SprintFactory,
)
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


class TestMoving:
    def test_fifty_people_at_once_leave_a_total_order_and_no_error(self) -> None:
        board = make_board(20)
        dice = random.Random(7)

        def somewhere() -> Callable[[], object]:
            moved, beside = dice.sample([row.pk for row in board], 2)
            moves = (
                partial(rank_operations.move_request, request_id=moved, after=beside),
                partial(rank_operations.move_request, request_id=moved, before=beside),
                partial(rank_operations.move_to_top, request_id=moved),
                partial(rank_operations.move_up, request_id=moved),
                partial(rank_operations.move_down, request_id=moved),
            )
            return partial(dice.choice(moves), by=None, at=NOON)

        raised = at_once([somewhere() for _person in range(50)])

        assert raised == []
        assert sorted(order(board[0].product)) == [row.pk for row in board]
        ranks = set(CustomerRequest.objects.values_list("rank", flat=True))
        assert len(ranks) == len(board)
        assert Product.objects.get().board_version == Event.objects.count()

    def test_the_last_to_be_put_on_top_is_on_top(self) -> None:
        board = make_board(20)
        raised = at_once(
            partial(rank_operations.move_to_top, request_id=row.pk, by=None, at=NOON)
            for row in board[1:]
        )

        assert raised == []
        moved = Event.objects.order_by("-pk").values_list("request", flat=True)
        stayed = [row.pk for row in board if row.pk not in set(moved)]
        assert order(board[0].product) == [*moved, *stayed]


class TestReceiving:
    def receive(
        self,
        source: Source,
        incoming: feedback.FeedbackData,
        answers: list[tuple[Feedback, bool]],
    ) -> None:
        answers.append(
            feedback.receive_feedback(source=source, incoming=incoming, by=None, at=NOON)
        )

    def test_the_same_message_eight_times_makes_one_row(self) -> None:
        source = SourceFactory.create()
        for number in range(ROUNDS):
            incoming = feedback.FeedbackData(verbatim="Too slow.", external_id=str(number))
            answers: list[tuple[Feedback, bool]] = []
            raised = at_once([partial(self.receive, source, incoming, answers)] * 8)

            assert raised == []
            assert len({row.pk for row, _is_new in answers}) == 1
            assert [is_new for _row, is_new in answers].count(True) == 1
        assert Feedback.objects.count() == ROUNDS

    def test_the_first_messages_of_one_person_rest_on_one_consent(self) -> None:
        source = SourceFactory.create()
        for _round in range(ROUNDS):
            customer = CustomerFactory.create()
            incoming = feedback.FeedbackData(verbatim="Too slow.", customer=customer)
            receive = partial(
                feedback.receive_feedback, source=source, incoming=incoming, by=None, at=NOON
            )
            assert at_once([receive] * 8) == []
            assert customer.feedback.count() == 8
            assert Consent.objects.filter(customer=customer).count() == 1

    def test_one_address_recognised_by_all_is_one_person(self) -> None:
        source = SourceFactory.create()
        for number in range(ROUNDS):
            identifier = CustomerIdentifier(f"u{number}", f"a{number}@example.org")
            incoming = feedback.FeedbackData(verbatim="Too slow.", identifier=identifier)
            receive = partial(
                feedback.receive_feedback, source=source, incoming=incoming, by=None, at=NOON
            )
            assert at_once([receive] * 8) == []
        assert Customer.objects.count() == ROUNDS

    def test_a_person_who_is_known_learns_an_address_once(self) -> None:
        source = SourceFactory.create()
        for number in range(ROUNDS):
            known = feedback.FeedbackData(
                verbatim="Slow.", identifier=CustomerIdentifier(f"u{number}")
            )
            feedback.receive_feedback(source=source, incoming=known, by=None, at=NOON)
            identifier = CustomerIdentifier(f"u{number}", f"a{number}@example.org")
            incoming = feedback.FeedbackData(verbatim="Too slow.", identifier=identifier)
            receive = partial(
                feedback.receive_feedback, source=source, incoming=incoming, by=None, at=NOON
            )
            assert at_once([receive] * 8) == []
        assert ContactPoint.objects.count() == ROUNDS


class TestTriage:
    def test_of_two_who_decide_about_the_same_words_one_does(self) -> None:
        words, request = FeedbackFactory.create(), RequestFactory.create()
        put_away = partial(
            feedback_triage.put_away, feedback_id=words.pk, done_as="spam", by=None, at=NOON
        )
        link = partial(
            feedback_triage.link, feedback_id=words.pk, request_id=request.pk, by=None, at=NOON
        )
        raised = at_once([put_away, link] * 4)
        assert [type(error) for error in raised] == [errors.TriagedAlready] * 7
        kinds = ("feedback.put_away", "evidence.linked")
        assert Event.objects.filter(kind__in=kinds).count() == 1


class TestRequests:
    def test_opened_together_have_numbers_without_gaps(self) -> None:
        product = ProductFactory.create(prefix="PAY")
        open_one = partial(
            requests.open_request,
            product_id=product.pk,
            title="Pay faster",
            problem="Slow.",
            by=None,
            at=NOON,
        )
        assert at_once([open_one] * 12) == []
        numbers = CustomerRequest.objects.order_by("rank").values_list("number", flat=True)
        assert list(numbers) == list(range(1, 13))

    def test_of_two_edits_of_one_version_one_is_refused(self) -> None:
        for _round in range(ROUNDS):
            row = RequestFactory.create()
            edits = [
                partial(
                    requests.edit_request,
                    request_id=row.pk,
                    version=1,
                    title=title,
                    by=None,
                    at=NOON,
                )
                for title in ("One tap", "Two taps")
            ]
            assert [type(error) for error in at_once(edits)] == [errors.VersionConflict]
            row.refresh_from_db()
            assert row.version == 2

    def test_the_same_words_are_linked_once(self) -> None:
        for _round in range(ROUNDS):
            row, said = RequestFactory.create(), FeedbackFactory.create()
            link = partial(
                evidence.link_evidence, request_id=row.pk, feedback_id=said.pk, by=None, at=NOON
            )
            raised = at_once([link] * 4)
            assert [type(error) for error in raised] == [errors.AlreadyLinked] * 3
        assert Evidence.objects.count() == ROUNDS

    def test_scores_count_every_assessment_given_together(self) -> None:
        model = scoring_models.default_model(by=None, at=NOON)
        answers = {
            "reach": assessments.Answer(value=Decimal(5)),
            "effort": assessments.Answer(value=Decimal(1)),
        }
        for _round in range(ROUNDS):
            row = RequestFactory.create(product__scoring_model=model, status="under_review")
            members = MembershipFactory.create_batch(6)
            raised = at_once(
                partial(
                    assessments.assess,
                    request_id=row.pk,
                    answers=answers,
                    by=membership.user,
                    at=NOON,
                )
                for membership in members
            )
            assert raised == []
            row.refresh_from_db()
            stored = (row.priority, row.priority_low, row.priority_high)
            anew = scores.rescore(request_id=row.pk, by=None, at=NOON)
            assert stored == (anew.priority, anew.priority_low, anew.priority_high)
            assert row.department_scores.count() == 12

    def test_a_sweep_at_the_same_moment_overwrites_no_score(self) -> None:
        model = scoring_models.default_model(by=None, at=NOON)
        for _round in range(2 * ROUNDS):
            row = RequestFactory.create(product__scoring_model=model, status="under_review")
            assess = partial(
                assessments.assess,
                answers={"reach": assessments.Answer(value=Decimal(5))},
                by=MembershipFactory.create().user,
            )
            sweep = partial(scores.rescore, by=None)

            raised = at_once(
                partial(it, request_id=row.pk, at=NOON) for it in (assess, *[sweep] * 4)
            )

            assert raised == []
            row.refresh_from_db()
            stored = (row.impact, row.impact_low, row.impact_high)
            anew = scores.rescore(request_id=row.pk, by=None, at=NOON)
            assert stored == (anew.impact, anew.impact_low, anew.impact_high)

    def test_nothing_is_assessed_once_customers_have_confirmed_it(self) -> None:
        """Either it was assessed before, or it was refused; never after."""
        model = scoring_models.default_model(by=None, at=NOON)
        for _round in range(2 * ROUNDS):
            row = RequestFactory.create(product__scoring_model=model, status="delivered")
            assess = partial(
                assessments.assess,
                answers={"reach": assessments.Answer(value=Decimal(5))},
                by=MembershipFactory.create().user,
            )
            verify = partial(
                requests.change_status, status="verified", cause="confirmation", by=None
            )

            raised = at_once(partial(it, request_id=row.pk, at=NOON) for it in (assess, verify))

            assert all(isinstance(error, errors.NotAssessable) for error in raised)
            kinds = list(row.events.order_by("pk").values_list("kind", flat=True))
            assessed = [] if raised else ["request.assessed"]
            assert kinds == [*assessed, "request.status_changed"]


class TestSprints:
    def test_of_two_that_take_one_request_one_is_refused(self) -> None:
        for _round in range(ROUNDS):
            product = ProductFactory.create()
            row = RequestFactory.create(product=product, status="approved")
            raised = at_once(
                partial(
                    commitments.commit_request,
                    sprint_id=sprint.pk,
                    request_id=row.pk,
                    by=None,
                    at=NOON,
                )
                for sprint in SprintFactory.create_batch(2, product=product)
            )
            assert [type(error) for error in raised] == [errors.AlreadyCommitted]
            assert Commitment.objects.live().filter(request=row).count() == 1

    def test_a_start_leaves_out_nothing_that_is_taken_in_meanwhile(self) -> None:
        for _round in range(ROUNDS):
            sprint = SprintFactory.create()
            rows = RequestFactory.create_batch(4, product=sprint.product, status="approved")
            raised = at_once(
                [
                    partial(sprints.start_sprint, sprint_id=sprint.pk, by=None, at=NOON),
                    *(
                        partial(
                            commitments.commit_request,
                            sprint_id=sprint.pk,
                            request_id=row.pk,
                            by=None,
                            at=NOON,
                        )
                        for row in rows
                    ),
                ]
            )
            assert raised == []
            taken = CustomerRequest.objects.filter(commitments__sprint=sprint)
            assert set(taken.values_list("status", flat=True)) == {"in_progress"}

    def test_of_two_starts_one_is_refused(self) -> None:
        for _round in range(ROUNDS):
            product = ProductFactory.create()
            raised = at_once(
                partial(sprints.start_sprint, sprint_id=sprint.pk, by=None, at=NOON)
                for sprint in SprintFactory.create_batch(2, product=product)
            )
            assert [type(error) for error in raised] == [errors.AnotherSprintActive]
            assert Sprint.objects.filter(product=product, status="active").count() == 1

    def test_of_two_outcomes_one_is_refused(self) -> None:
        for _round in range(ROUNDS):
            sprint = SprintFactory.create(status="active", started_at=NOON)
            commitment = CommitmentFactory.create(sprint=sprint, request__status="in_progress")
            EvidenceFactory.create(request=commitment.request)
            record = partial(
                outcomes.record_outcome,
                commitment_id=commitment.pk,
                result="delivered",
                summary={"en": "Done."},
                by=None,
                at=NOON,
            )
            assert [type(error) for error in at_once([record] * 2)] == [errors.OutcomeOnRecord]
            assert Outcome.objects.filter(commitment=commitment).count() == 1
            assert Obligation.objects.filter(request=commitment.request).count() == 1


class TestPeople:
    def test_nobody_joins_two_departments(self) -> None:
        user = UserFactory.create()
        raised = at_once(
            partial(
                memberships.join_department,
                user_id=user.pk,
                department_id=department.pk,
                by=None,
                at=NOON + timedelta(days=1),
            )
            for department in DepartmentFactory.create_batch(6)
        )
        assert raised == []
        assert Membership.objects.current().filter(user=user).count() == 1

    def test_somebody_may_still_see_a_closed_product(self) -> None:
        for _round in range(ROUNDS):
            product = ProductFactory.create(is_open=False)
            holders = UserFactory.create_batch(2)
            for user in holders:
                products.grant_product(product_id=product.pk, user=user, by=None, at=NOON)

            raised = at_once(
                partial(products.revoke_grant, product_id=product.pk, user=user, by=None, at=NOON)
                for user in holders
            )

            assert [type(error) for error in raised] == [errors.LastGrant]
            assert product.grants.count() == 1

    def test_colleagues_may_edit_each_other(self) -> None:
        for number in range(ROUNDS):
            one, other = UserFactory.create_batch(2)
            raised = at_once(
                partial(users.edit_colleague, user_id=a.pk, name=f"{number}", by=b, at=NOON)
                for a, b in ((one, other), (other, one))
            )
            assert raised == []
