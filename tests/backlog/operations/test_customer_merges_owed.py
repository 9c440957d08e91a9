"""Who hears of what, where customers were merged: everybody, once, also when they are un-merged."""

from datetime import timedelta

import pytest

from backlog.models import (
    Customer,
    Notice,
    Obligation,
)
from backlog.operations import (
    notice_composition,
)
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
from tests.backlog.operations.notices import asker, claim, owed, sent
from tests.factories import NOON
from tests.factories.backlog import (
    ConsentFactory,
    CustomerFactory,
    RequestFactory,
)

pytestmark = pytest.mark.usefixtures("english_texts")


@pytest.fixture
def two(db: None) -> tuple[Customer, Customer]:
    return asker(name="Kim Jisu"), asker(name="Jisu Kim")


class TestOwed:
    def test_both_had_asked_and_one_message_leaves(self, two: tuple[Customer, Customer]) -> None:
        request = RequestFactory.create()
        for customer in two:
            ask(customer, request)
        outcome = deliver(request)
        merge(*two, at=LATER)
        announce(outcome)

        assert dispatch(LATER) == [address_of(two[1])]
        assert sorted(Obligation.objects.values_list("status", flat=True)) == ["superseded", "told"]

    def test_two_messages_were_written_and_one_leaves(self, two: tuple[Customer, Customer]) -> None:
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
        self, two: tuple[Customer, Customer], first: int
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

    def test_words_of_both_are_quoted(self, two: tuple[Customer, Customer]) -> None:
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
    def test_each_hears_once(
        self, two: tuple[Customer, Customer], asking: list[bool], is_sent: bool
    ) -> None:
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

    def test_announced_after_they_were_parted(self, two: tuple[Customer, Customer]) -> None:
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
        self, two: tuple[Customer, Customer]
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
