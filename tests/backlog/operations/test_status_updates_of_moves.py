"""What customers hear when a request is planned, reopened, or stands still."""

from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import (
    CustomerRequest,
    Evidence,
    Obligation,
    StatusUpdate,
    User,
)
from backlog.operations import (
    announcements,
    replies,
    status_updates,
)
from backlog.operations import commitments as commitment_operations
from tests.backlog.operations.status_updates import asked_for, spread
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)


EVEN_LATER = NOON + timedelta(hours=2)


WORDS = {"en": "Not this year.", "ko": "올해는 어렵습니다."}


YES, NO, PLANNED, REOPENED, STANDING = StatusUpdate.Kind


pytestmark = pytest.mark.django_db


class TestPlans:
    @pytest.mark.parametrize("speaks", [True, False])
    def test_are_status_update_where_the_product_says_so(self, mina: User, *, speaks: bool) -> None:
        request = asked_for("approved", product__tells_plans=speaks)
        sprint = make.SprintFactory.create(product=request.product)

        commitment_operations.commit_request(
            sprint_id=sprint.pk, request_id=request.pk, by=mina, at=NOON
        )

        assert StatusUpdate.objects.filter(kind="planned").exists() == speaks


class TestReopening:
    def test_is_status_update_where_the_product_says_so(self) -> None:
        request = asked_for("delivered", product__tells_reopening=True)
        outcome = make.OutcomeFactory.create(commitment__request=request)
        owed = make.ObligationFactory.create(
            event=make.EventFactory.create(request=request), outcome=outcome
        )

        replies.take_answer(obligation_id=owed.pk, verdict="no", by=None, at=NOON)

        request.refresh_from_db()
        assert request.status == "under_review"
        assert StatusUpdate.objects.get().kind == "reopened"

    def test_cannot_be_answered_itself(self) -> None:
        row = spread(asked_for(), words=WORDS)

        with pytest.raises(errors.NotAnswerable):
            replies.take_answer(
                obligation_id=row.obligations.get().pk, verdict="yes", by=None, at=NOON
            )


def tell(request: CustomerRequest, **words: str) -> StatusUpdate:
    return status_updates.tell_where_it_stands(
        request_id=request.pk, words=words or {"en": "Still being looked at."}, by=None, at=LATER
    )


class TestTellWhereItStands:
    def test_owes_it_to_those_who_have_heard_nothing_and_leaves_the_others_in_peace(self) -> None:
        request = asked_for("under_review", by=2)
        heard, waits = Evidence.objects.filter(request=request).order_by("pk")
        make.ObligationFactory.create(
            request=request,
            customer=heard.feedback.customer,
            status="told",
            settled_at=heard.feedback.said_at + timedelta(hours=1),
        )

        row = tell(request)

        assert row.kind == STANDING
        assert [owed.customer for owed in row.obligations.all()] == [waits.feedback.customer]

    def test_is_told_once_it_is_announced_and_ends_the_silence(self) -> None:
        request = asked_for("under_review")
        row = tell(request)
        assert not Obligation.objects.speakable().exists()

        announcements.announce(subject=row, by=None, at=EVEN_LATER)

        assert Obligation.objects.speakable().get().status_update == row

    def test_said_again_changes_only_the_words(self) -> None:
        request = asked_for("under_review")
        first = tell(request)

        again = tell(request, en="Next spring.")

        assert (again.pk, again.words) == (first.pk, {"en": "Next spring."})
        assert Obligation.objects.count() == 1

    def test_refuses_where_nobody_waits(self) -> None:
        with pytest.raises(errors.NobodyWaits):
            tell(asked_for("under_review", by=0))

    def test_refuses_where_other_status_update_says_it_better(self) -> None:
        request = asked_for()
        spread(request)

        with pytest.raises(errors.OtherStatusUpdateWaits):
            tell(request)

    @pytest.mark.parametrize(("is_pilot", "refuses"), [(False, True), (True, False)])
    def test_refuses_where_an_outcome_waits_to_be_announced(
        self, *, is_pilot: bool, refuses: bool
    ) -> None:
        """A pilot need not be announced."""
        request = asked_for("approved")
        make.OutcomeFactory.create(
            commitment__request=request, commitment__is_pilot=is_pilot, result="partly"
        )

        if refuses:
            with pytest.raises(errors.OtherStatusUpdateWaits):
                tell(request)
        else:
            assert tell(request).kind == STANDING

    def test_leaves_in_peace_who_is_being_told_already(self) -> None:
        """By a digest, say: one message would tell only the later of the two."""
        request = asked_for("delivered", by=2)
        digested, waits = Evidence.objects.filter(request=request).order_by("pk")
        make.ObligationFactory.create(
            request=request,
            customer=digested.feedback.customer,
            outcome=make.OutcomeFactory.create(commitment__request=request, announced_at=NOON),
            released_at=NOON,
        )

        row = tell(request)

        assert [owed.customer for owed in row.obligations.all()] == [waits.feedback.customer]

    def test_refuses_to_say_nothing(self) -> None:
        with pytest.raises(errors.Invalid):
            tell(asked_for("under_review"), en="  ")

    def test_is_not_announced_where_it_stands_there_no_more(self) -> None:
        request = asked_for("under_review")
        row = tell(request)
        CustomerRequest.objects.filter(pk=request.pk).update(
            status="declined", status_changed_at=EVEN_LATER
        )

        with pytest.raises(errors.StatusUpdateOutdated):
            announcements.announce(subject=row, by=None, at=EVEN_LATER)

    @pytest.mark.parametrize("status", ["declined", "delivered"])
    def test_is_told_wherever_it_stands(self, status: str) -> None:
        row = tell(asked_for(status))

        announcements.announce(subject=row, by=None, at=EVEN_LATER)

        assert Obligation.objects.speakable().get().status_update == row

    def test_said_again_where_it_stands_by_now_takes_its_place(self) -> None:
        request = asked_for("under_review")
        first = tell(request)
        CustomerRequest.objects.filter(pk=request.pk).update(
            status="approved", status_changed_at=EVEN_LATER
        )

        now = status_updates.tell_where_it_stands(
            request_id=request.pk, words={"en": "Approved."}, by=None, at=EVEN_LATER
        )

        first.refresh_from_db()
        assert (first.is_current, now.is_current) == (False, True)
