"""What was decided as one over several requests is announced as one: one message a person."""

from datetime import timedelta

import pytest

from backlog import errors
from backlog.models import CustomerRequest, Notice, Obligation, StatusUpdate, User
from backlog.operations import announcements, notice_composition, status_updates
from backlog.queries import announcement_preview
from tests.backlog.operations.status_updates import asked_for, spread
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
EVEN_LATER = NOON + timedelta(hours=2)
YES = StatusUpdate.Kind.DECIDED_YES
pytestmark = pytest.mark.django_db


@pytest.fixture
def together() -> list[StatusUpdate]:
    """Three requests of one product; somebody asked for all of them, and one more for the last."""
    product = make.ProductFactory.create()
    first_words = make.EvidenceFactory.create(
        request=make.RequestFactory.create(product=product, status="approved")
    )
    customer = first_words.feedback.customer
    requests: list[CustomerRequest] = [first_words.request]
    for _ in range(2):
        request = make.RequestFactory.create(product=product, status="approved")
        make.EvidenceFactory.create(request=request, feedback__customer=customer)
        requests.append(request)
    make.EvidenceFactory.create(request=requests[-1])
    first = spread(requests[0], YES)
    return [first, *(spread(each, YES, recorded_with=first) for each in requests[1:])]


def test_one_step_lets_all_be_told_in_one_message_each(
    together: list[StatusUpdate], mina: User
) -> None:
    announcements.announce(subject=together[1], by=mina, at=LATER)
    notice_composition.compose_notices(by=None, at=EVEN_LATER)

    rows = StatusUpdate.objects.filter(announcement__announced_at=LATER)
    assert set(rows) == set(together)
    carried = sorted(each.items.count() for each in Notice.objects.all())
    assert carried == [1, 3]


def test_is_taken_back_as_one(together: list[StatusUpdate], mina: User) -> None:
    announcements.announce(subject=together[0], by=mina, at=LATER)

    announcements.cancel(subject=together[2], by=mina, at=EVEN_LATER)

    assert not Obligation.objects.speakable().exists()
    assert StatusUpdate.objects.waiting().count() == 3


def test_counts_each_person_once(together: list[StatusUpdate], mina: User, noor: User) -> None:
    assert announcement_preview.counts(together[0]).left_out == 2
    product = together[0].request.product
    product.countersign_from = 3
    product.save()
    row = announcements.ask_to_announce(subject=together[0], by=mina, at=LATER)
    row = announcements.countersign(subject=row, by=noor, at=EVEN_LATER)

    assert row.announced_at == EVEN_LATER
    assert Obligation.objects.speakable().count() == 4
    assert not StatusUpdate.objects.waiting().exists()


def test_asks_for_a_second_person_by_all_who_would_be_told(
    together: list[StatusUpdate], mina: User
) -> None:
    product = together[0].request.product
    product.countersign_from = 2
    product.save()

    with pytest.raises(errors.CountersignNeeded):
        announcements.announce(subject=together[0], by=mina, at=LATER)


def test_what_has_moved_on_goes_its_own_way(together: list[StatusUpdate], mina: User) -> None:
    request = together[1].request
    status_updates.mark_outdated(request, by=None, at=LATER)

    announcements.announce(subject=together[0], by=mina, at=LATER)

    together[1].announcement.refresh_from_db()
    assert together[1].announcement.announced_at is None


def test_one_that_lacks_words_holds_up_all(mina: User) -> None:
    no, product = StatusUpdate.Kind.DECIDED_NO, make.ProductFactory.create()
    first = spread(asked_for(product=product), no, words={"en": "Not now."})
    second = spread(asked_for(product=product), no, recorded_with=first)

    with pytest.raises(errors.WordsMissing):
        announcements.announce(subject=first, by=mina, at=LATER)
    status_updates.say_to_customers(
        status_update_id=second.pk, words={"en": "Nor this."}, by=mina, at=LATER
    )
    announcements.announce(subject=first, by=mina, at=LATER)
