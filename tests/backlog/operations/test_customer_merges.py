"""Records of one person become one, and can be made what they were."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog import errors
from backlog.models import (
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    CustomerRequest,
    Event,
    Evidence,
    Feedback,
    Identity,
    Notice,
    NoticeItem,
    Obligation,
    Outcome,
    Reply,
    User,
)
from backlog.operations import (
    announcements,
    consents,
    contact_points,
    customer_merges,
    erasure,
    evidence,
    notice_composition,
    outcomes,
)
from backlog.queries import askers, integrity_checks
from backlog.queries.reachability import Reason, reachability
from tests.at_once import at_once
from tests.backlog.operations.notices import asker, claim, owed, sent, written
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CommitmentFactory,
    ConsentFactory,
    ContactPointFactory,
    CustomerFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

LATER = NOON + timedelta(hours=1)
KEPT = (
    *(Customer, ContactPoint, Consent, Affiliation, Identity, Feedback, Evidence),
    *(Obligation, Notice, NoticeItem, Reply),
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def merge(
    merged: Customer, survivor: Customer, by: User | None = None, at: datetime = LATER
) -> Customer:
    return customer_merges.merge_customer(
        customer_id=merged.pk, into_id=survivor.pk, reason="The same.", by=by, at=at
    )


def unmerge(merged: Customer, by: User | None = None, at: datetime = LATER) -> Customer:
    return customer_merges.unmerge_customer(
        customer_id=merged.pk, reason="Two people.", by=by, at=at
    )


def rows(*models: type[Model]) -> dict[str, list[dict[str, Any]]]:
    """All rows of these, without the version, which counts what was done to them."""
    found = {}
    for model in models or KEPT:
        values = list(model._default_manager.order_by("pk").values())
        found[model.__name__] = [{**each, "version": 0} for each in values]
    return found


def ask(customer: Customer, request: CustomerRequest, at: datetime = NOON) -> Evidence:
    words = FeedbackFactory.create(customer=customer, verbatim="It is slow.")
    return evidence.link_evidence(request_id=request.pk, feedback_id=words.pk, by=None, at=at)


def deliver(request: CustomerRequest, at: datetime = LATER) -> Outcome:
    CustomerRequest.objects.filter(pk=request.pk).update(status="in_progress")
    commitment = CommitmentFactory.create(
        request=request, sprint__status="active", sprint__started_at=NOON
    )
    return outcomes.record_outcome(
        commitment_id=commitment.pk,
        result="delivered",
        summary={"en": "It is fast.", "ko": "빨라졌습니다."},
        by=None,
        at=at,
    )


def announce(outcome: Outcome, at: datetime = LATER) -> None:
    announcements.announce(subject=outcome, by=None, at=at, in_other_language=True)


def dispatch(at: datetime, heard: set[tuple[str, int]] | None = None) -> list[str]:
    """Write and send all that is due; the addresses that it went to.

    `heard` is what each address has heard before, by its event: none hears it twice.
    """
    while notice_composition.compose_notices(by=None, at=at):
        pass
    claims, before = claim(at), set() if heard is None else heard
    for one in claims:
        items = NoticeItem.objects.filter(notice=one.notice, is_live=True)
        told = {(one.address, event) for event in items.values_list("obligation__event", flat=True)}
        assert not told & before
        before |= told
        assert sent(one, at)
    return [one.address for one in claims]


def address_of(customer: Customer) -> str:
    return customer.contact_points.get().address


@pytest.fixture
def two(db: None) -> list[Customer]:
    return [asker(name=name) for name in ("Kim Jisu", "Jisu Kim")]


class TestMerge:
    def test_words_count_for_the_survivor(self, two: list[Customer]) -> None:
        old, new = two
        request = RequestFactory.create()
        ask(old, request)
        ask(new, request)

        assert merge(old, new) == new
        assert list(askers.askers(request)) == [new]

    def test_both_say_so_on_the_ledger(self, two: list[Customer], mina: User) -> None:
        old, new = two
        merge(old, new, mina)
        unmerge(old, mina)

        told = Event.objects.order_by("pk").values_list("kind", "subject_id", "actor", "reason")
        assert list(told) == [
            ("customer.merged", old.pk, mina.pk, "The same."),
            ("customer.took_in", new.pk, mina.pk, "The same."),
            ("customer.unmerged", old.pk, mina.pk, "Two people."),
            ("customer.gave_back", new.pk, mina.pk, "Two people."),
        ]

    def test_twice_is_once(self, two: list[Customer]) -> None:
        merge(*two)
        before, told = rows(), Event.objects.count()
        merge(*two)
        assert (rows(), Event.objects.count()) == (before, told)

    def test_brings_along_who_was_merged_into_them(self, two: list[Customer]) -> None:
        old, new = two
        third = asker()
        merge(old, new)
        merge(new, third)
        assert Customer.objects.get(pk=old.pk).merged_into == third

        unmerge(new)
        assert Customer.objects.get(pk=old.pk).merged_into == new
        assert Customer.objects.get(pk=new.pk).merged_into is None

    def test_scores_of_what_they_asked_for_are_stale(self, two: list[Customer]) -> None:
        request = RequestFactory.create()
        ask(two[0], request)
        CustomerRequest.objects.update(is_score_stale=False)
        merge(*two)
        assert CustomerRequest.objects.get().is_score_stale


class TestRefused:
    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason(self, two: list[Customer], reason: str) -> None:
        with pytest.raises(errors.ReasonRequired):
            customer_merges.merge_customer(
                customer_id=two[0].pk, into_id=two[1].pk, reason=reason, by=None, at=LATER
            )
        with pytest.raises(errors.ReasonRequired):
            customer_merges.unmerge_customer(
                customer_id=two[0].pk, reason=reason, by=None, at=LATER
            )

    def test_into_themselves(self, two: list[Customer]) -> None:
        with pytest.raises(errors.Invalid, match="themselves"):
            merge(two[0], two[0])

    def test_in_a_circle(self, two: list[Customer]) -> None:
        merge(*two)
        before = rows()
        with pytest.raises(errors.CustomerMerged) as refused:
            merge(two[1], two[0])
        assert refused.value.details["survivor"] == two[1].pk
        assert rows() == before

    def test_who_is_merged_elsewhere(self, two: list[Customer]) -> None:
        merge(*two)
        with pytest.raises(errors.CustomerMerged, match="Jisu Kim"):
            merge(two[0], asker())

    @pytest.mark.parametrize("which", [0, 1])
    def test_who_was_forgotten(self, two: list[Customer], which: int) -> None:
        erasure.erase_customer(customer_id=two[which].pk, reason="Wish.", by=None, at=NOON)
        with pytest.raises(errors.ErasedOnRequest):
            merge(*two)

    def test_to_unmerge_who_is_not_merged(self, two: list[Customer]) -> None:
        with pytest.raises(errors.IllegalTransition, match="Kim Jisu"):
            unmerge(two[0])

    def test_to_unmerge_who_was_forgotten(self, two: list[Customer]) -> None:
        merge(*two)
        erasure.erase_customer(customer_id=two[1].pk, reason="Wish.", by=None, at=LATER)
        assert Customer.objects.exclude(erased_at=None).count() == 2
        with pytest.raises(errors.ErasedOnRequest):
            unmerge(two[0])

    @pytest.mark.parametrize("which", [0, 1])
    def test_while_a_message_leaves(self, two: list[Customer], which: int) -> None:
        written(two[which])
        [one] = claim()
        with pytest.raises(errors.BeingSent):
            merge(*two)
        sent(one)
        merge(*two)


class TestConsent:
    """A merge widens none: of both the stricter one counts."""

    def why(self, customer: Customer) -> Reason | str:
        found = reachability([customer])[customer.pk]
        return found if isinstance(found, Reason) else found.address

    def test_the_survivor_is_written_to_at_their_address(self, two: list[Customer]) -> None:
        merge(*two)
        assert self.why(two[1]) == address_of(two[1])
        assert self.why(two[0]) == address_of(two[1])

    @pytest.mark.parametrize("which", [0, 1])
    def test_who_withdrew_is_not_written_to(self, two: list[Customer], which: int) -> None:
        consents.withdraw_consent(customer_id=two[which].pk, purpose="loop", by=None, at=NOON)
        merge(*two)
        assert self.why(two[1]) == Reason.NO_CONSENT

        consents.give_consent(
            customer_id=two[which].pk, purpose="loop", basis="opt_in", by=None, at=LATER
        )
        assert self.why(two[1]) == address_of(two[1])

    @pytest.mark.parametrize("which", [0, 1])
    @pytest.mark.parametrize("state", ["unsubscribed", "complained"])
    def test_who_wants_no_mail_gets_none_elsewhere(
        self, two: list[Customer], which: int, state: str
    ) -> None:
        point = two[which].contact_points.get()
        contact_points.set_contact_state(contact_point_id=point.pk, state=state, by=None, at=NOON)
        merge(*two)
        assert self.why(two[1]) == Reason(state)
        assert self.why(two[0]) == Reason(state)

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_bad_address_leaves_the_other(self, two: list[Customer], which: int) -> None:
        point = two[which].contact_points.get()
        contact_points.set_contact_state(
            contact_point_id=point.pk, state="bounced", by=None, at=NOON
        )
        merge(*two)
        assert self.why(two[1]) == address_of(two[1 - which])

    def test_an_address_without_consent_is_not_written_to(self, db: None) -> None:
        asked, known = CustomerFactory.create(), CustomerFactory.create()
        ConsentFactory.create(customer=asked)
        ContactPointFactory.create(customer=known)
        merge(known, asked)
        assert self.why(asked) == Reason.NO_ADDRESS

    @pytest.mark.parametrize("agreed", [[True, True], [True, False], [False, True]])
    def test_advertising_takes_both(self, two: list[Customer], agreed: list[bool]) -> None:
        for customer, has_agreed in zip(two, agreed, strict=True):
            if has_agreed:
                for purpose in ("advertising", "advertising_at_night"):
                    ConsentFactory.create(customer=customer, purpose=purpose, basis="opt_in")
        merge(*two)
        notice = written(two[1], nature="advertising")
        claimed = [one.notice for one in claim()]
        assert claimed == ([notice] if all(agreed) else [])

    def test_agrees_with_what_the_preview_says(self, two: list[Customer]) -> None:
        from backlog.queries import reachability as queries

        expected = queries.if_one([it.pk for it in two], survivor=two[1].pk)
        merge(*two)
        assert queries.reachability([two[1]])[two[1].pk] == expected


class TestOwed:
    def test_both_had_asked_and_one_message_leaves(self, two: list[Customer]) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        outcome = deliver(request)
        merge(*two, at=LATER)
        announce(outcome)

        assert dispatch(LATER) == [address_of(two[1])]
        assert sorted(Obligation.objects.values_list("status", flat=True)) == ["superseded", "told"]

    def test_two_messages_were_written_and_one_leaves(self, two: list[Customer]) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        announce(deliver(request))
        notice_composition.compose_notices(by=None, at=LATER)
        assert Notice.objects.count() == 2
        before = rows()

        merge(*two)
        assert Notice.objects.filter(status="queued").count() == 1
        unmerge(two[0])
        assert rows() == before

        merge(*two)
        assert dispatch(LATER) == [address_of(two[1])]
        assert not integrity_faults()

    @pytest.mark.parametrize("first", [0, 1])
    def test_one_has_heard_and_the_other_is_not_told_again(
        self, two: list[Customer], first: int
    ) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        announce(deliver(request))
        notice_composition.compose_notices(by=None, at=LATER)
        told = next(it for it in claim(LATER) if it.notice.customer_id == two[first].pk)
        sent(told, LATER)
        Notice.objects.filter(status="sending").update(
            status="queued", lease_token="", lease_until=None, attempts=0
        )

        merge(*two)
        assert dispatch(LATER + timedelta(minutes=1)) == []
        assert not Obligation.objects.filter(status="owed").exists()
        assert not integrity_faults()

        unmerge(two[0], at=LATER + timedelta(minutes=2))
        left = dispatch(LATER + timedelta(minutes=3))
        assert left == [address_of(two[1 - first])]
        assert not integrity_faults()

    def test_who_had_no_address_is_owed_again(self, db: None) -> None:
        asked, known = CustomerFactory.create(), asker()
        ConsentFactory.create(customer=asked)
        missed = owed(asked, status="suppressed", reason="no_address", settled_at=NOON)
        before = rows()
        merge(asked, known)
        missed.refresh_from_db()
        assert missed.status == "owed"

        unmerge(asked)
        assert rows() == before

        merge(asked, known)
        assert dispatch(LATER) == [address_of(known)]

    def test_words_of_both_are_quoted(self, two: list[Customer]) -> None:
        request = RequestFactory.create()
        ask(two[0], request)
        merge(*two)
        announce(deliver(request))
        dispatch(LATER)
        from backlog.delivery import message_items

        notice = Notice.objects.get(status="sent")
        [item] = message_items.items_of_each([notice])[notice.pk]
        assert [quote.words for quote in item.quotes] == ["It is slow."]


class TestUnmergedAfterAnOutcome:
    """Recorded while they were one: each hears of what they asked for, once."""

    @pytest.mark.parametrize("is_sent", [False, True])
    @pytest.mark.parametrize(
        "asking", [[True, False], [False, True], [True, True]], ids=["old", "new", "both"]
    )
    def test_each_hears_once(self, two: list[Customer], asking: list[bool], is_sent: bool) -> None:
        request = RequestFactory.create()
        for customer, has_asked in zip(two, asking, strict=True):
            if has_asked:
                ask(customer, request)
        merge(*two)
        announce(deliver(request, at=LATER + timedelta(minutes=1)), LATER + timedelta(minutes=1))
        left = dispatch(LATER + timedelta(minutes=2)) if is_sent else []
        unmerge(two[0], at=LATER + timedelta(minutes=3))
        left += dispatch(LATER + timedelta(minutes=4))

        heard = {address_of(two[at]) for at in (0, 1) if asking[at]}
        if is_sent:
            heard.add(address_of(two[1]))
        assert sorted(left) == sorted(heard)
        owed_to = Obligation.objects.values_list("customer", flat=True)
        assert {two[at].pk for at in (0, 1) if asking[at]} <= set(owed_to)
        assert not integrity_faults()

    def test_announced_after_they_were_parted(self, two: list[Customer]) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        merge(*two)
        outcome = deliver(request, at=LATER + timedelta(minutes=1))
        unmerge(two[0], at=LATER + timedelta(minutes=2))
        announce(outcome, LATER + timedelta(minutes=3))
        left = dispatch(LATER + timedelta(minutes=3))
        assert sorted(left) == sorted(map(address_of, two))

    def test_what_went_to_the_address_of_the_merged_one_was_heard_there(
        self, two: list[Customer]
    ) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        two[1].contact_points.update(state="bounced", state_changed_at=NOON)
        merge(*two)
        announce(deliver(request, at=LATER + timedelta(minutes=1)), LATER + timedelta(minutes=1))
        assert dispatch(LATER + timedelta(minutes=1)) == [address_of(two[0])]
        two[1].contact_points.update(state="usable")
        unmerge(two[0], at=LATER + timedelta(minutes=2))
        assert dispatch(LATER + timedelta(minutes=3)) == [address_of(two[1])]
        assert not integrity_faults()


def integrity_faults() -> dict[str, int]:
    """What `check_loop` finds, but for what these tests leave out: affiliations, made by hand."""
    found = {check.code: check.find().count() for check in integrity_checks.CHECKS}
    return {code: count for code, count in found.items() if count}


ACTS = st.lists(
    st.tuples(st.sampled_from("ssoadmuxb"), st.integers(0, 3), st.integers(0, 3)), max_size=14
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=ACTS, pair=st.permutations(range(4)))
@pytest.mark.django_db
def test_merging_and_unmerging_leaves_every_row(
    history: list[tuple[str, int, int]], pair: list[int]
) -> None:
    """After any history: asked, delivered, announced, sent, merged, un-merged, unsubscribed."""
    with transaction.atomic():
        account = AccountFactory.create()
        product = ProductFactory.create()
        four = [asker(account=account) for _number in range(4)]
        two = [RequestFactory.create(product=product) for _number in range(2)]
        heard: set[tuple[str, int]] = set()
        for minute, (act, first, second) in enumerate(history):
            at = LATER + timedelta(minutes=minute)
            _do(act, four[first], four[second], two[second % 2], heard, at)
            assert not integrity_faults(), (act, first, second)
        was, at = rows(), LATER + timedelta(hours=1)
        try:
            merge(four[pair[0]], four[pair[1]], at=at)
        except errors.CustomerMerged:
            assert rows() == was
        else:
            if rows() != was:
                unmerge(four[pair[0]], at=at)
            assert rows() == was
        dispatch(at, heard)
        assert not integrity_faults()
        transaction.set_rollback(True)


def _do(
    act: str,
    one: Customer,
    other: Customer,
    request: CustomerRequest,
    heard: set[tuple[str, int]],
    at: datetime,
) -> None:
    acts = {
        "s": partial(ask, one, request, at),
        "o": partial(deliver, request, at),
        "a": partial(_announce_all, at),
        "d": partial(dispatch, at, heard),
        "m": partial(merge, one, other, at=at),
        "u": partial(unmerge, one, at=at),
        "x": partial(consents.withdraw_consent, customer_id=one.pk, purpose="loop", by=None, at=at),
        "b": partial(
            contact_points.unsubscribe,
            contact_point_id=one.contact_points.get().pk,
            by=None,
            at=at,
        ),
    }
    with suppress(errors.Refusal), transaction.atomic():
        acts[act]()


def _announce_all(at: datetime) -> None:
    for outcome in Outcome.objects.filter(announcement__announced_at=None):
        announce(outcome, at)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_merge_crosswise(self) -> None:
        for _round in range(8):
            one, other = asker(), asker()
            raised = at_once([partial(merge, one, other), partial(merge, other, one)])
            assert [type(error) for error in raised] == [errors.CustomerMerged]
            merged = Customer.objects.filter(pk__in=[one.pk, other.pk], merged_into__isnull=False)
            assert merged.count() == 1

    def test_messages_are_written_meanwhile(self) -> None:
        for _round in range(8):
            one, other = asker(), asker()
            request = RequestFactory.create()
            for customer in (one, other):
                ask(customer, request)
            announce(deliver(request))
            compose = partial(notice_composition.compose_notices, by=None, at=LATER)
            at_once([partial(merge, one, other), compose])
            assert len(dispatch(LATER)) == 1
            assert not integrity_faults()
