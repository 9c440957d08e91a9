"""The page where the words around messages are edited beside the message as customers see it."""

import pytest
from django.test import Client

from backlog.models import MessageTemplate
from tests.factories import NOON
from tests.factories import backlog as make

EDIT = "/messages/decided_no/en/"
pytestmark = pytest.mark.django_db


def words(**said: str) -> dict[str, str]:
    return dict.fromkeys(MessageTemplate.PARTS, "") | said


def hears_no(language: str = "ko", **customer: object) -> None:
    """Somebody is owed word of a “no”."""
    status_update = make.StatusUpdateFactory.create()
    person = make.CustomerFactory.create(language=language, **customer)
    make.EvidenceFactory.create(
        request=status_update.request,
        feedback__customer=person,
        feedback__verbatim="Paying is slow.",
    )
    make.ObligationFactory.create(
        event=make.EventFactory.create(request=status_update.request),
        status_update=status_update,
        customer=person,
    )


class TestTheList:
    def test_shows_which_are_the_companys_own(self, mina_pages: Client) -> None:
        make.MessageTemplateFactory.create(product=None)
        make.MessageTemplateFactory.create(product=None, occasion="partly", headline="")

        page = mina_pages.get("/messages/").content.decode()

        assert page.count("your words") == 1
        assert EDIT in page

    def test_is_for_reading_to_those_who_may_not_edit(self, omar_pages: Client) -> None:
        assert EDIT not in omar_pages.get("/messages/").content.decode()
        assert omar_pages.get(EDIT).status_code == 403


class TestEditing:
    def test_begins_from_what_is_stored_and_shows_the_built_in_words_in_grey(
        self, mina_pages: Client
    ) -> None:
        make.MessageTemplateFactory.create(product=None, occasion="decided_no", headline="Thanks.")

        page = mina_pages.get(EDIT).content.decode()

        assert 'value="Thanks."' in page
        assert 'placeholder="{{ product }}: decided about what you told us"' in page

    def test_shows_the_message_of_a_real_customer_in_the_language_edited(
        self, mina_pages: Client
    ) -> None:
        hears_no("ko", name="Kim")

        page = mina_pages.get(EDIT).content.decode()

        assert "Kim" in page
        assert "Paying is slow." in page
        assert "Not this year." in page

    def test_shows_words_that_arrived_for_the_product(self, mina_pages: Client) -> None:
        product = make.ProductFactory.create()
        for of, words in ((product, "About ours."), (None, "About nothing.")):
            said = make.FeedbackFactory.create(product=of, verbatim=words)
            make.ObligationFactory.create(
                event__request=None,
                event__subject_id=said.pk,
                request=None,
                feedback=said,
                customer=said.customer,
            )

        address = f"/messages/received/en/?product={product.prefix}"
        page = mina_pages.get(address).content.decode()

        assert "About ours." in page
        assert "About nothing." not in page

    def test_shows_something_where_nobody_has_said_anything(self, mina_pages: Client) -> None:
        for occasion in ("received", "delivered", "several"):
            assert mina_pages.get(f"/messages/{occasion}/ko/").status_code == 200

    def test_previews_what_is_typed_and_keeps_nothing(self, mina_pages: Client) -> None:
        hears_no(name="Kim")
        typed = words(opening="Dear {{ name }} <b>", closing="Bye.")

        part = mina_pages.post(f"{EDIT}preview/", typed, headers={"hx-request": "true"})
        whole = mina_pages.post(f"{EDIT}preview/", typed)

        assert "<form" not in part.content.decode()
        assert "<form" in whole.content.decode()
        for answer in (part, whole):
            assert "Dear Kim &amp;lt;b&amp;gt;" in answer.content.decode()
            assert "Bye." in answer.content.decode()
        assert not MessageTemplate.objects.exists()

    def test_says_where_words_cannot_be_read_and_shows_the_rest(self, mina_pages: Client) -> None:
        typed = words(subject="{{ nmae }}", headline="Still shown.")

        page = mina_pages.post(f"{EDIT}preview/", typed).content.decode()

        assert "Line 1, character 1: nothing is called “nmae”." in page
        assert "Still shown." in page

    def test_saves_for_a_product(self, mina_pages: Client) -> None:
        product = make.ProductFactory.create()

        page = f"{EDIT}?product={product.prefix}"
        shown = mina_pages.get(page).context["form"]["shown_as"].value()
        said = words(closing="Bye.", shown_as=shown)
        answer = mina_pages.post(f"{EDIT}save/?product={product.prefix}", said)

        assert answer["Location"] == f"{EDIT}?product={product.prefix}"
        assert MessageTemplate.objects.get().product == product

    def test_does_not_save_over_what_somebody_wrote_meanwhile(self, mina_pages: Client) -> None:
        shown = mina_pages.get(EDIT).context["form"]["shown_as"].value()
        row = make.MessageTemplateFactory.create(
            product=None, occasion="decided_no", language="en", headline="Theirs."
        )

        said = words(closing="Mine.", shown_as=shown)
        answer = mina_pages.post(f"{EDIT}save/", said)

        assert answer.status_code == 422
        assert "By now it is: Theirs." in answer.content.decode()
        assert "Mine." in answer.content.decode()
        row.refresh_from_db()
        assert (row.headline, row.closing) == ("Theirs.", row.closing)

    def test_does_not_save_what_cannot_be_read(self, mina_pages: Client) -> None:
        answer = mina_pages.post(f"{EDIT}save/", words(closing="{{"))

        assert answer.status_code == 422
        assert not MessageTemplate.objects.exists()

    def test_goes_back_to_the_built_in_words(self, mina_pages: Client) -> None:
        row = make.MessageTemplateFactory.create(product=None, occasion="decided_no")

        mina_pages.post(f"{EDIT}reset/")

        row.refresh_from_db()
        assert row.headline == ""
        assert row.edited_at > NOON

    def test_knows_no_other_occasions_languages_or_products(self, mina_pages: Client) -> None:
        closed = make.ProductFactory.create(is_open=False)
        for address in (
            "/messages/birthday/en/",
            "/messages/received/fr/",
            f"{EDIT}?product={closed.prefix}",
        ):
            assert mina_pages.get(address).status_code == 404
