"""Requests that say the same become one, and can be made what they were."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog import errors
from backlog.models import (
    Assessment,
    Commitment,
    CustomerRequest,
    Event,
    Evidence,
    Obligation,
    Outcome,
    Product,
    RequestStatus,
    User,
)
from backlog.operations import evidence, merges, requests
from backlog.queries import askers
from backlog.queries import merges as queries
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories.backlog import (
    CommitmentFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

pytestmark = pytest.mark.usefixtures("english_texts")

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create()


@pytest.fixture
def three(product: Product) -> list[CustomerRequest]:
    return [RequestFactory.create(product=product) for _number in range(3)]


def merge(
    merged: CustomerRequest,
    survivor: CustomerRequest,
    by: User | None = None,
    at: datetime = LATER,
) -> None:
    merges.merge_request(
        request_id=merged.pk, into_id=survivor.pk, reason="The same.", by=by, at=at
    )


def unmerge(merged: CustomerRequest, by: User | None = None) -> None:
    merges.unmerge_request(request_id=merged.pk, reason="Not the same.", by=by, at=LATER)


def say(request: CustomerRequest, feedback: Any = None) -> Evidence:
    words = feedback or FeedbackFactory.create(verbatim="It is slow.")
    return evidence.link_evidence(request_id=request.pk, feedback_id=words.pk, by=None, at=NOON)


def rows(*models: type[Model]) -> dict[str, list[dict[str, Any]]]:
    """All rows of these; of requests without the version, which counts what was done to them."""
    found = {}
    for model in models:
        values = list(model._default_manager.order_by("pk").values())
        found[model.__name__] = [{**each, "version": 0} for each in values]
    return found


def everything() -> dict[str, list[dict[str, Any]]]:
    return rows(CustomerRequest, Evidence, Obligation, Assessment, Commitment, Outcome)


class TestMerge:
    def test_lets_the_words_count_for_the_survivor(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        said = say(slow)

        merge(slow, fast)

        said.refresh_from_db()
        slow.refresh_from_db()
        assert (said.request, said.counts_for) == (slow, fast)
        assert (slow.status, slow.merged_into, slow.rank) == (RequestStatus.MERGED, fast, None)
        assert list(askers.askers(fast)) == [said.feedback.customer]

    def test_counts_the_same_words_once(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        said = say(slow)
        say(fast, said.feedback)
        merge(slow, fast)

        live = Evidence.objects.live().filter(counts_for=fast)
        counted = CustomerRequest.objects.with_askers().get(pk=fast.pk)

        assert (live.count(), live.without_repeats().count()) == (2, 1)
        assert counted.customers == 1  # type: ignore[attr-defined] # An annotation.

    def test_both_say_so_on_the_ledger(self, three: list[CustomerRequest], mina: User) -> None:
        slow, fast, _other = three
        merge(slow, fast, mina)
        unmerge(slow, mina)

        told = Event.objects.order_by("pk").values_list("kind", "request", "actor", "reason")
        assert list(told) == [
            ("request.merged", slow.pk, mina.pk, "The same."),
            ("request.took_in", fast.pk, mina.pk, "The same."),
            ("request.unmerged", slow.pk, mina.pk, "Not the same."),
            ("request.gave_back", fast.pk, mina.pk, "Not the same."),
        ]

    def test_twice_is_once(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        merge(slow, fast)
        before, told = everything(), Event.objects.count()
        merge(slow, fast)
        assert (everything(), Event.objects.count()) == (before, told)

    def test_brings_along_what_was_merged_into_it(self, three: list[CustomerRequest]) -> None:
        first, second, third = three
        said = say(first)
        merge(first, second)
        merge(second, third)

        said.refresh_from_db()
        first.refresh_from_db()
        assert (said.counts_for, first.merged_into) == (third, third)

        unmerge(second)

        said.refresh_from_db()
        first.refresh_from_db()
        assert (said.counts_for, first.merged_into) == (second, second)

    def test_what_was_unmerged_and_merged_again_stays(self, three: list[CustomerRequest]) -> None:
        first, second, third = three
        merge(first, second)
        merge(second, third)
        unmerge(first)
        merge(first, third)

        unmerge(second)

        first.refresh_from_db()
        assert first.merged_into == third

    def test_what_comes_along_counts_there_from_then_on(self, three: list[CustomerRequest]) -> None:
        """Else who asked for it would seem forgotten by outcomes from before."""
        first, second, third = three
        merge(first, second)
        merge(second, third, at=LATER + timedelta(hours=1))

        first.refresh_from_db()
        assert first.status_changed_at == LATER + timedelta(hours=1)
        unmerge(second)
        first.refresh_from_db()
        assert first.status_changed_at == LATER

    def test_renews_the_board(self, three: list[CustomerRequest]) -> None:
        merge(three[0], three[1])
        assert Product.objects.get(pk=three[0].product_id).board_version == 1


class TestRefused:
    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason(self, three: list[CustomerRequest], reason: str) -> None:
        with pytest.raises(errors.ReasonRequired):
            merges.merge_request(
                request_id=three[0].pk, into_id=three[1].pk, reason=reason, by=None, at=LATER
            )

    def test_into_itself(self, three: list[CustomerRequest]) -> None:
        with pytest.raises(errors.Invalid, match="itself"):
            merge(three[0], three[0])

    def test_across_products(self, three: list[CustomerRequest]) -> None:
        with pytest.raises(errors.Invalid, match="another product"):
            merge(three[0], RequestFactory.create())

    def test_in_a_circle(self, three: list[CustomerRequest]) -> None:
        first, second, _third = three
        merge(first, second)
        with pytest.raises(errors.RequestMerged, match=second.key):
            merge(second, first)

    def test_of_what_is_merged_elsewhere(self, three: list[CustomerRequest]) -> None:
        first, second, third = three
        merge(first, second)
        with pytest.raises(errors.RequestMerged, match=second.key) as refused:
            merge(first, third)
        assert refused.value.details["survivor"] == second.pk

    def test_while_its_outcome_is_not_known(self, three: list[CustomerRequest]) -> None:
        CommitmentFactory.create(request=three[0])
        with pytest.raises(errors.AlreadyCommitted, match=three[0].key):
            merge(three[0], three[1])

    def test_to_unmerge_what_is_not_merged(self, three: list[CustomerRequest]) -> None:
        with pytest.raises(errors.IllegalTransition, match=three[0].key):
            unmerge(three[0])

    def test_what_is_merged_takes_nothing(self, three: list[CustomerRequest]) -> None:
        merge(three[0], three[1])
        with pytest.raises(errors.RequestMerged):
            requests.edit_request(request_id=three[0].pk, title="Other", by=None, at=LATER)
        with pytest.raises(errors.RequestMerged):
            say(three[0])

    def test_nothing_is_written(self, three: list[CustomerRequest]) -> None:
        merge(three[0], three[1])
        before = everything()
        with pytest.raises(errors.RequestMerged):
            merge(three[1], three[0])
        assert everything() == before


class TestUnmerge:
    def test_gives_the_place_back(self, three: list[CustomerRequest]) -> None:
        before = everything()
        merge(three[1], three[2])
        unmerge(three[1])
        assert everything() == before

    def test_or_the_one_below_who_took_it(self, three: list[CustomerRequest]) -> None:
        rank = three[1].rank
        merge(three[1], three[2])
        taken = RequestFactory.create(product=three[0].product, rank=rank)

        unmerge(three[1])

        order = CustomerRequest.objects.filter(product=taken.product).order_by("rank")
        assert list(order) == [three[0], taken, three[1], three[2]]


class TestPreview:
    def test_says_what_moves(self, three: list[CustomerRequest]) -> None:
        slow, fast, _other = three
        said = say(slow)
        say(fast, said.feedback)
        say(slow)

        seen = queries.preview(slow, fast)
        merge(slow, fast)
        after = queries.preview(fast, three[2]).merged

        assert (seen.merged.customers, seen.survivor.customers) == (2, 1)
        assert (seen.after.customers, seen.common, seen.after.words) == (2, 1, 2)
        assert (after.words, after.customers, after.accounts) == (
            seen.after.words,
            seen.after.customers,
            seen.after.accounts,
        )


ACTS = st.lists(
    st.tuples(st.sampled_from("lums"), st.integers(0, 3), st.integers(0, 3)), max_size=8
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=ACTS, pair=st.permutations(range(4)))
@pytest.mark.django_db
def test_merging_and_unmerging_leaves_every_row(
    before: list[tuple[str, int, int]], pair: list[int]
) -> None:
    """After any history: linked, unlinked, merged, and un-merged in between."""
    with transaction.atomic():
        product = ProductFactory.create()
        four = [RequestFactory.create(product=product) for _number in range(4)]
        words = [FeedbackFactory.create(verbatim="It is slow.") for _number in range(4)]
        for minute, (act, first, second) in enumerate(before):
            at = LATER + timedelta(minutes=minute)
            _do(act, four[first], four[second], words[second], at)
        was = everything()
        try:
            merge(four[pair[0]], four[pair[1]], at=LATER + timedelta(hours=1))
        except errors.RequestMerged:
            assert everything() == was
        else:
            is_new = everything() != was
            if is_new:
                unmerge(four[pair[0]])
            assert everything() == was
        _check_counts()
        transaction.set_rollback(True)


def _do(act: str, one: CustomerRequest, other: CustomerRequest, words: Any, at: datetime) -> None:
    try:
        if act == "l":
            say(one, words)
        elif act == "u":
            for row in Evidence.objects.live().filter(request=one)[:1]:
                evidence.unlink_evidence(evidence_id=row.pk, by=None, at=NOON)
        elif act == "m":
            merge(one, other, at=at)
        else:
            unmerge(one)
    except errors.Refusal:
        pass


def _check_counts() -> None:
    """Words count for the survivor of their request, and nothing leads to what is merged."""
    for row in Evidence.objects.select_related("request"):
        assert row.counts_for_id == (row.request.merged_into_id or row.request_id)
    assert not CustomerRequest.objects.filter(merged_into__status="merged").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_merge_crosswise(self) -> None:
        for _round in range(8):
            product = ProductFactory.create()
            one, other = (RequestFactory.create(product=product) for _number in range(2))
            say(one)
            say(other)

            raised = at_once([partial(merge, one, other), partial(merge, other, one)])

            assert [type(error) for error in raised] == [errors.RequestMerged]
            assert CustomerRequest.objects.filter(product=product, status="merged").count() == 1
            _check_counts()

    def test_words_are_linked_meanwhile(self) -> None:
        for _round in range(8):
            product = ProductFactory.create()
            one, other = (RequestFactory.create(product=product) for _number in range(2))
            at_once([partial(merge, one, other), partial(say, one)])
            _check_counts()
