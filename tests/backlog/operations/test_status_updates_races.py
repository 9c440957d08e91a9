"""What happens when several people speak at once. Each was seen to fail with its guard removed."""

from functools import partial

import pytest

from backlog import errors
from backlog.models import MessageTemplate, Obligation, StatusUpdate
from backlog.operations import announcements, message_templates, status_updates
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def told_no() -> StatusUpdate:
    request = make.RequestFactory.create(status="declined")
    make.EvidenceFactory.create(request=request)
    row = status_updates.create_update(
        request=request, kind=StatusUpdate.Kind.DECIDED_NO, words={"en": "No."}, by=None, at=NOON
    )
    assert row is not None
    return row


def test_words_are_never_changed_under_an_announcement() -> None:
    for _ in range(ROUNDS):
        row = told_no()
        announce = partial(announcements.announce, subject=row, by=None, at=NOON)
        writes = [
            partial(
                status_updates.say_to_customers,
                status_update_id=row.pk,
                words={"en": f"{n}"},
                by=None,
                at=NOON,
            )
            for n in range(8)
        ]

        raised = at_once([*writes[:4], announce, *writes[4:]])

        assert {type(error) for error in raised} <= {errors.StatusUpdateAnnounced}
        last = row.request.events.order_by("-pk")[0]
        assert last.kind == "status_update.announced"


def test_one_of_two_who_countersign_announces() -> None:
    for _ in range(ROUNDS):
        row, asking = told_no(), UserFactory.create()
        announcements.ask_to_announce(subject=row, by=asking, at=NOON)

        raised = at_once(
            partial(announcements.countersign, subject=row, by=each, at=NOON)
            for each in UserFactory.create_batch(3)
        )

        assert raised == []
        assert row.request.events.filter(kind="status_update.announced").count() == 1
        assert Obligation.objects.speakable().filter(announcement__status_update=row).count() == 1


def test_two_who_write_the_same_template_leave_one() -> None:
    for number, product in enumerate([None, make.ProductFactory.create(), None]):
        raised = at_once(
            partial(
                message_templates.write_template,
                product=product,
                occasion="received" if number else "planned",
                language="en",
                headline=f"{writer}",
                by=None,
                at=NOON,
            )
            for writer in range(4)
        )

        assert raised == []
    assert MessageTemplate.objects.count() == 3
