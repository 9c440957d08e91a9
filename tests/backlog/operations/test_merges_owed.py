"""Who hears of what, where requests were merged: everybody, once."""

from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import CustomerRequest, Obligation, Outcome
from backlog.operations import announcements, outcomes, status_updates
from backlog.queries import askers
from tests.backlog.operations.test_merges import (
    LATER,
    merge,
    product,
    rows,
    say,
    three,
    unmerge,
)
from tests.factories import NOON
from tests.factories.backlog import CommitmentFactory

__all__ = ["product", "three"]

pytestmark = pytest.mark.usefixtures("english_texts")


class TestOwed:
    def deliver(self, request: CustomerRequest) -> Outcome:
        CustomerRequest.objects.filter(pk=request.pk).update(status="in_progress")
        commitment = CommitmentFactory.create(
            request=request, sprint__status="active", sprint__started_at=NOON
        )
        return outcomes.record_outcome(
            commitment_id=commitment.pk,
            result="delivered",
            summary={"en": "It is fast.", "ko": "빨라졌습니다."},
            by=None,
            at=LATER,
        )

    def test_all_hear_of_the_outcome_once(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        said = say(slow)
        say(fast, said.feedback)
        only_slow, only_fast = say(slow), say(fast)
        merge(slow, fast)

        outcome = self.deliver(fast)

        owed = Obligation.objects.values_list("customer", flat=True)
        people = {row.feedback.customer_id for row in (said, only_slow, only_fast)}
        assert (set(owed), len(owed)) == (people, 3)
        announcements.announce(subject=outcome, by=None, at=LATER, in_other_language=True)
        assert Obligation.objects.speakable().count() == 3

    def test_what_was_owed_stays_owed_through_both(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        say(slow)
        self.deliver(slow)
        owed = rows(Obligation)

        merge(slow, fast)
        assert rows(Obligation) == owed
        unmerge(slow)
        assert rows(Obligation) == owed

    def test_an_update_nobody_announced_is_told_with_the_outcome(
        self, three: list[CustomerRequest]
    ) -> None:
        slow, fast, _other = three
        say(slow)
        status_updates.tell_where_it_stands(
            request_id=slow.pk, words={"en": "We look.", "ko": "봅니다."}, by=None, at=NOON
        )
        merge(slow, fast)

        outcome = self.deliver(fast)
        announcements.announce(subject=outcome, by=None, at=LATER, in_other_language=True)

        assert Obligation.objects.filter(released_at__isnull=False).count() == 2
        about = {each.about for each in Obligation.objects.select_related("request")}
        assert about == {(fast.pk, None)}

    def test_who_comes_after_the_outcome_waits_visibly(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        late = say(slow)
        say(fast)
        outcome = self.deliver(fast)
        announcements.announce(subject=outcome, by=None, at=LATER, in_other_language=True)

        merge(slow, fast)

        assert late.feedback.customer in askers.unanswered_customers(fast)

    def test_who_heard_of_the_merged_one_has_heard(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        say(slow)
        self.deliver(slow)
        Obligation.objects.update(status="told", settled_at=LATER + timedelta(days=1))

        merge(slow, fast)

        assert not askers.unanswered_customers(fast).exists()

    def test_no_roll_back_while_merged(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        outcome = self.deliver(slow)
        merge(slow, fast)
        with pytest.raises(errors.RequestMerged):
            outcomes.record_outcome(
                commitment_id=outcome.commitment_id,
                result="rolled_back",
                summary={"en": "Gone.", "ko": "뺐습니다."},
                missing={"en": "All.", "ko": "전부."},
                by=None,
                at=LATER,
            )
