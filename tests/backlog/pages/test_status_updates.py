"""The page that says to customers what became of a request beside its outcomes."""

import pytest
from django.test import Client

from backlog.delivery import links
from backlog.models import Announcement, StatusUpdate
from tests.factories import NOON
from tests.factories import backlog as make
from tests.factories.backlog import NoticeFactory, NoticeItemFactory


@pytest.fixture
def told_no(db: None) -> StatusUpdate:
    status_update: StatusUpdate = make.StatusUpdateFactory.create(words={})
    kim = make.ConsentFactory.create(customer__name="Kim").customer
    make.ContactPointFactory.create(customer=kim)
    make.EvidenceFactory.create(request=status_update.request, feedback__customer=kim)
    make.ObligationFactory.create(
        event=make.EventFactory.create(request=status_update.request),
        status_update=status_update,
        customer=kim,
    )
    return status_update


def address(status_update: StatusUpdate, what: str = "announce") -> str:
    return f"/status-updates/{status_update.pk}/{what}/"


class TestAnnouncingStatusUpdate:
    def test_asks_for_words_before_a_no_is_told(
        self, mina_pages: Client, told_no: StatusUpdate
    ) -> None:
        page = mina_pages.get(address(told_no)).content.decode()

        assert "Write first what we say to customers." in page
        assert "announce/announce/" not in page
        assert "Kim" in page

    def test_writes_the_words_and_shows_what_will_be_read(
        self, mina_pages: Client, told_no: StatusUpdate
    ) -> None:
        shown = mina_pages.get(address(told_no)).context["words"]["shown_as"].value()
        words = {"en": "Not this year.", "ko": "", "shown_as": shown}

        page = mina_pages.post(address(told_no, "words"), words, follow=True).content.decode()

        assert "Written." in page
        assert "announce/announce/" in page
        kim = told_no.obligations.get().customer
        preview = mina_pages.get(
            f"/status-updates/{told_no.pk}/preview/{kim.pk}/html/"
        ).content.decode()
        assert "Not this year." in preview

    def test_does_not_write_over_what_somebody_wrote_meanwhile(
        self, mina_pages: Client, told_no: StatusUpdate
    ) -> None:
        shown = mina_pages.get(address(told_no)).context["words"]["shown_as"].value()
        StatusUpdate.objects.update(words={"en": "Theirs."})

        words = {"en": "Mine.", "ko": "", "shown_as": shown}
        refused = mina_pages.post(address(told_no, "words"), words)

        assert refused.status_code == 422
        assert "By now it is: Theirs." in refused.content.decode()
        assert "Mine." in refused.content.decode()
        told_no.refresh_from_db()
        assert told_no.words == {"en": "Theirs."}

    def test_announces(self, mina_pages: Client, told_no: StatusUpdate) -> None:
        StatusUpdate.objects.update(words={"en": "Not this year."})

        page = mina_pages.post(address(told_no, "announce/announce"), follow=True)

        told_no.refresh_from_db()
        assert told_no.announced_at is not None
        assert "until the first one leaves, you can cancel" in page.content.decode().lower()

    def test_refuses_words_that_are_too_late(
        self, mina_pages: Client, told_no: StatusUpdate
    ) -> None:
        StatusUpdate.objects.update(words={"en": "Not this year."})
        Announcement.objects.update(lacks_words=False, announced_at=NOON)

        shown = mina_pages.get(address(told_no)).context["words"]["shown_as"].value()
        never = {"en": "Never.", "shown_as": shown}
        page = mina_pages.post(address(told_no, "words"), never, follow=True)

        assert "Customers are being told already." in page.content.decode()


class TestTheCustomersPage:
    def test_tells_the_status_update_in_our_words_and_asks_nothing(
        self, client: Client, told_no: StatusUpdate
    ) -> None:
        StatusUpdate.objects.update(words={"en": "Not this year."})
        owed = told_no.obligations.get()
        notice = NoticeFactory.create(customer=owed.customer, status="sent", sent_at=NOON)
        NoticeItemFactory.create(notice=notice, obligation=owed)

        page = client.get(links.answer_url(notice)).content.decode()

        assert "Not this year." in page
        assert "Did this solve it?" not in page

    def test_shows_words_that_arrived(self, client: Client, db: None) -> None:
        said = make.FeedbackFactory.create(verbatim="Paying is slow.")
        receipt = make.ObligationFactory.create(
            event__request=None,
            event__subject_id=said.pk,
            request=None,
            feedback=said,
            customer=said.customer,
        )
        notice = NoticeFactory.create(customer=said.customer, status="sent", sent_at=NOON)
        NoticeItemFactory.create(notice=notice, obligation=receipt)

        page = client.get(links.answer_url(notice)).content.decode()

        assert "Paying is slow." in page
        assert "It has arrived." in page
        assert "Did this solve it?" not in page
