"""What happens when several people speak at once. Each was seen to fail with its guard removed."""

from functools import partial

import pytest

from backlog.models import MessageTemplate, News, Obligation
from backlog.operations import announcing, messages, news
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def told_no() -> News:
    request = make.RequestFactory.create(status="declined")
    make.EvidenceFactory.create(request=request)
    row = news.spread(
        request=request, kind=News.Kind.DECIDED_NO, words={"en": "No."}, by=None, at=NOON
    )
    assert row is not None
    return row


def test_words_are_never_changed_under_an_announcement() -> None:
    for _ in range(ROUNDS):
        row = told_no()
        announce = partial(announcing.announce_news, news_id=row.pk, by=None, at=NOON)
        writes = [
            partial(news.say_to_customers, news_id=row.pk, words={"en": f"{n}"}, by=None, at=NOON)
            for n in range(8)
        ]

        raised = at_once([*writes[:4], announce, *writes[4:]])

        assert {type(error) for error in raised} <= {news.NewsAnnounced}
        last = row.request.events.order_by("-pk")[0]
        assert last.kind == "news.announced"


def test_one_of_two_who_countersign_announces() -> None:
    for _ in range(ROUNDS):
        row, asking = told_no(), UserFactory.create()
        announcing.ask_to_announce_news(news_id=row.pk, by=asking, at=NOON)

        raised = at_once(
            partial(announcing.countersign_news, news_id=row.pk, by=each, at=NOON)
            for each in UserFactory.create_batch(3)
        )

        assert raised == []
        assert row.request.events.filter(kind="news.announced").count() == 1
        assert Obligation.objects.speakable().filter(news=row).count() == 1


def test_two_who_write_the_same_template_leave_one() -> None:
    for number, product in enumerate([None, make.ProductFactory.create(), None]):
        raised = at_once(
            partial(
                messages.write_template,
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
