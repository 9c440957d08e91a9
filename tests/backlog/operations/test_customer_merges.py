"""Records of one person become one, and can be made what they were."""

from functools import partial

import pytest

from backlog import errors
from backlog.models import (
    Customer,
    CustomerRequest,
    Event,
    User,
)
from backlog.operations import (
    consents,
    contact_points,
    customer_merges,
    erasure,
    notice_composition,
)
from backlog.queries import askers
from backlog.queries.reachability import Reason, reachability
from tests.at_once import at_once
from tests.backlog.operations.merging import (
    LATER,
    address_of,
    announce,
    ask,
    deliver,
    dispatch,
    integrity_faults,
    merge,
    rows,
    unmerge,
)
from tests.backlog.operations.notices import asker, claim, sent, written
from tests.factories import NOON
from tests.factories.backlog import (
    ConsentFactory,
    ContactPointFactory,
    CustomerFactory,
    RequestFactory,
)

pytestmark = pytest.mark.usefixtures("english_texts")


@pytest.fixture
def two(db: None) -> tuple[Customer, Customer]:
    return asker(name="Kim Jisu"), asker(name="Jisu Kim")


class TestMerge:
    def test_words_count_for_the_survivor(self, two: tuple[Customer, Customer]) -> None:
        old, new = two
        request = RequestFactory.create()
        ask(old, request)
        ask(new, request)

        assert merge(old, new) == new
        assert list(askers.askers(request)) == [new]

    def test_both_say_so_on_the_ledger(self, two: tuple[Customer, Customer], mina: User) -> None:
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

    def test_twice_is_once(self, two: tuple[Customer, Customer]) -> None:
        merge(*two)
        before, told = rows(), Event.objects.count()
        merge(*two)
        assert (rows(), Event.objects.count()) == (before, told)

    def test_brings_along_who_was_merged_into_them(self, two: tuple[Customer, Customer]) -> None:
        old, new = two
        third = asker()
        merge(old, new)
        merge(new, third)
        assert Customer.objects.get(pk=old.pk).merged_into == third

        unmerge(new)
        assert Customer.objects.get(pk=old.pk).merged_into == new
        assert Customer.objects.get(pk=new.pk).merged_into is None

    def test_scores_of_what_they_asked_for_are_stale(self, two: tuple[Customer, Customer]) -> None:
        request = RequestFactory.create()
        ask(two[0], request)
        CustomerRequest.objects.update(is_score_stale=False)
        merge(*two)
        assert CustomerRequest.objects.get().is_score_stale


class TestRefused:
    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason(self, two: tuple[Customer, Customer], reason: str) -> None:
        with pytest.raises(errors.ReasonRequired):
            customer_merges.merge_customer(
                customer_id=two[0].pk, into_id=two[1].pk, reason=reason, by=None, at=LATER
            )
        with pytest.raises(errors.ReasonRequired):
            customer_merges.unmerge_customer(
                customer_id=two[0].pk, reason=reason, by=None, at=LATER
            )

    def test_into_themselves(self, two: tuple[Customer, Customer]) -> None:
        with pytest.raises(errors.Invalid, match="themselves"):
            merge(two[0], two[0])

    def test_in_a_circle(self, two: tuple[Customer, Customer]) -> None:
        merge(*two)
        before = rows()
        with pytest.raises(errors.CustomerMerged) as refused:
            merge(two[1], two[0])
        assert refused.value.details["survivor"] == two[1].pk
        assert rows() == before

    def test_who_is_merged_elsewhere(self, two: tuple[Customer, Customer]) -> None:
        merge(*two)
        with pytest.raises(errors.CustomerMerged, match="Jisu Kim"):
            merge(two[0], asker())

    @pytest.mark.parametrize("which", [0, 1])
    def test_who_was_forgotten(self, two: tuple[Customer, Customer], which: int) -> None:
        erasure.erase_customer(customer_id=two[which].pk, reason="Wish.", by=None, at=NOON)
        with pytest.raises(errors.ErasedOnRequest):
            merge(*two)

    def test_to_unmerge_who_is_not_merged(self, two: tuple[Customer, Customer]) -> None:
        with pytest.raises(errors.IllegalTransition, match="Kim Jisu"):
            unmerge(two[0])

    def test_to_unmerge_who_was_forgotten(self, two: tuple[Customer, Customer]) -> None:
        merge(*two)
        erasure.erase_customer(customer_id=two[1].pk, reason="Wish.", by=None, at=LATER)
        assert Customer.objects.exclude(erased_at=None).count() == 2
        with pytest.raises(errors.ErasedOnRequest):
            unmerge(two[0])

    @pytest.mark.parametrize("which", [0, 1])
    def test_while_a_message_leaves(self, two: tuple[Customer, Customer], which: int) -> None:
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

    def test_the_survivor_is_written_to_at_their_address(
        self, two: tuple[Customer, Customer]
    ) -> None:
        merge(*two)
        assert self.why(two[1]) == address_of(two[1])
        assert self.why(two[0]) == address_of(two[1])

    @pytest.mark.parametrize("which", [0, 1])
    def test_who_withdrew_is_not_written_to(
        self, two: tuple[Customer, Customer], which: int
    ) -> None:
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
        self, two: tuple[Customer, Customer], which: int, state: str
    ) -> None:
        point = two[which].contact_points.get()
        contact_points.set_contact_state(contact_point_id=point.pk, state=state, by=None, at=NOON)
        merge(*two)
        assert self.why(two[1]) == Reason(state)
        assert self.why(two[0]) == Reason(state)

    @pytest.mark.parametrize("which", [0, 1])
    def test_a_bad_address_leaves_the_other(
        self, two: tuple[Customer, Customer], which: int
    ) -> None:
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
    def test_advertising_takes_both(
        self, two: tuple[Customer, Customer], agreed: list[bool]
    ) -> None:
        for customer, has_agreed in zip(two, agreed, strict=True):
            if has_agreed:
                for purpose in ("advertising", "advertising_at_night"):
                    ConsentFactory.create(customer=customer, purpose=purpose, basis="opt_in")
        merge(*two)
        notice = written(two[1], nature="advertising")
        claimed = [one.notice for one in claim()]
        assert claimed == ([notice] if all(agreed) else [])

    def test_agrees_with_what_the_preview_says(self, two: tuple[Customer, Customer]) -> None:
        from backlog.queries import reachability as queries

        expected = queries.if_one([it.pk for it in two], survivor=two[1].pk)
        merge(*two)
        assert queries.reachability([two[1]])[two[1].pk] == expected


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
