"""Who sees what in the admin: the table of roles decides, for pages, columns, rows and choices."""

import re
import unicodedata
from html import unescape

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from backlog.models import (
    Assessment,
    Customer,
    CustomerRequest,
    Feedback,
    Reply,
    User,
)
from backlog.rules import roles
from tests.backlog.admin.pages import address, is_open
from tests.factories import backlog


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("mina", roles.PRODUCT_MANAGER),
        ("sora", roles.SECRETARY),
        ("noor", roles.COUNCIL_MEMBER),
        ("omar", roles.VIEWER),
        ("ada", roles.ADMIN),
    ],
)
def test_lists_and_add_pages_open_for_those_who_may(
    name: str, role: str, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(name)
    allowed = roles.PERMISSIONS[role]

    for model, model_admin in admin.site._registry.items():
        to_view = f"{model._meta.app_label}.view_{model._meta.model_name}"
        to_add = getattr(model_admin, "to_add", "")
        assert is_open(model_admin.changelist_view, user) == (to_view in allowed), model
        assert is_open(model_admin.add_view, user) == (to_add in allowed), model


@pytest.mark.parametrize("name", ["mina", "sora", "noor", "omar", "ada"])
def test_links_beside_a_field_lead_nowhere_that_is_closed(
    name: str, client: Client, request: pytest.FixtureRequest
) -> None:
    user: User = request.getfixturevalue(name)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    rows: list[Model] = [
        backlog.StatusUpdateFactory.create(),
        backlog.OutcomeFactory.create(),
        backlog.MessageTemplateFactory.create(product=None),
    ]

    for row in rows:
        page = client.get(address(type(row), "change", row.pk))
        links = re.findall(r'class="text-link" href="([^"]+)"', page.content.decode())
        assert page.status_code == 200
        assert links or name != "ada"
        for link in links:
            assert client.get(unescape(link)).status_code == 200, link


def test_nothing_opens_without_signing_in(client: Client, db: None) -> None:
    for model in admin.site._registry:
        response = client.get(address(model, "changelist"))
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_the_name_of_the_site_leads_home(as_mina: Client) -> None:
    response = as_mina.get(reverse("admin:index"))

    assert response["Location"] == reverse("council:home")


class TestFeedbackForThoseWhoSeeNoCustomers:
    def test_has_words_but_not_whose_they_are(self, as_omar: Client) -> None:
        customer = backlog.CustomerFactory.create(name="Jane Cooper")
        row = backlog.FeedbackFactory.create(customer=customer, verbatim="Too slow.")

        listed = as_omar.get(address(Feedback, "changelist")).content.decode()
        page = as_omar.get(address(Feedback, "change", row.pk)).content.decode()

        for text in (listed, page):
            assert "Too slow." in text
            assert "Jane Cooper" not in text

    def test_is_not_found_by_their_names(self, as_omar: Client) -> None:
        customer = backlog.CustomerFactory.create(name="Jane Cooper")
        backlog.FeedbackFactory.create(customer=customer)

        found = as_omar.get(address(Feedback, "changelist"), {"q": "Jane Cooper"})

        assert not found.context["cl"].result_list

    def test_cannot_be_guessed_by_asking_for_them(self, as_omar: Client) -> None:
        backlog.FeedbackFactory.create(customer=backlog.CustomerFactory.create(name="Jane Cooper"))
        asked = ["customer__name__startswith", "payload__icontains", "salt__startswith", "raw"]

        for lookup in asked:
            answer = as_omar.get(address(Feedback, "changelist"), {lookup: "J"})
            assert answer.status_code == 400, lookup

    def test_has_not_what_it_came_in_which_may_name_them(self, as_omar: Client, mina: User) -> None:
        row = backlog.FeedbackFactory.create(payload={"email": "jane@example.org"})
        page = address(Feedback, "change", row.pk)

        assert "jane@example.org" not in as_omar.get(page).content.decode()
        as_omar.force_login(mina, backend="django.contrib.auth.backends.ModelBackend")
        assert "jane@example.org" in as_omar.get(page).content.decode()


class TestAnswersForThoseWhoSeeNoCustomers:
    def test_have_verdict_and_words_but_not_whose_they_are(self, as_omar: Client) -> None:
        customer = backlog.CustomerFactory.create(name="Jane Cooper")
        words = backlog.FeedbackFactory.create(customer=customer, verbatim="Still too slow.")
        owed = backlog.ObligationFactory.create(customer=customer)
        row = backlog.ReplyFactory.create(obligation=owed, feedback=words, verdict="no")

        listed = as_omar.get(address(Reply, "changelist")).content.decode()
        page = as_omar.get(address(Reply, "change", row.pk)).content.decode()

        for text in (listed, page):
            assert "Still too slow." in text
            assert "Jane Cooper" not in text


class TestClosedProducts:
    def test_are_not_in_lists_nor_open_by_address(self, as_mina: Client) -> None:
        secret = backlog.ProductFactory.create(is_open=False)
        request = backlog.RequestFactory.create(product=secret)

        listed = as_mina.get(address(CustomerRequest, "changelist"))
        page = as_mina.get(address(CustomerRequest, "change", request.pk))

        assert not listed.context["cl"].result_list
        assert page.status_code == 404

    def test_are_not_among_the_choices(self, as_mina: Client) -> None:
        backlog.ProductFactory.create(is_open=False, name="Secret")
        asked = {"app_label": "backlog", "model_name": "customerrequest", "field_name": "product"}

        found = as_mina.get(reverse("admin:autocomplete"), {**asked, "term": "Secret"})

        assert found.json()["results"] == []


class TestAssessments:
    def test_are_blind_one_sees_ones_own(self, as_mina: Client, mina: User) -> None:
        own = backlog.AssessmentFactory.create(assessor=mina)
        theirs = backlog.AssessmentFactory.create()

        listed = as_mina.get(address(Assessment, "changelist"))

        assert list(listed.context["cl"].result_list) == [own]
        assert as_mina.get(address(Assessment, "change", theirs.pk)).status_code == 404


class TestColleagues:
    def test_can_be_chosen_by_all_and_listed_by_administrators(
        self, as_mina: Client, noor: User
    ) -> None:
        asked = {"app_label": "backlog", "model_name": "customerrequest", "field_name": "owner"}

        found = as_mina.get(reverse("admin:autocomplete"), {**asked, "term": "Noor"})

        assert [it["text"] for it in found.json()["results"]] == ["Noor"]
        assert as_mina.get(address(User, "changelist")).status_code == 403


class TestAnEmptyList:
    def test_says_what_to_do_next(self, as_mina: Client) -> None:
        page = as_mina.get(address(CustomerRequest, "changelist")).content.decode()

        assert "Open one from the words in the inbox." in page
        assert "Reset filters" not in page

    def test_offers_to_look_for_something_else(self, as_mina: Client) -> None:
        page = as_mina.get(address(CustomerRequest, "changelist"), {"q": "zzz"}).content.decode()

        assert "Nothing matches" in page
        assert "Reset filters" in page


class TestSearch:
    def test_finds_hangul_however_it_was_typed(self, as_mina: Client) -> None:
        row = backlog.FeedbackFactory.create(verbatim="결제")
        decomposed = unicodedata.normalize("NFD", "결제")

        found = as_mina.get(address(Feedback, "changelist"), {"q": decomposed})

        assert list(found.context["cl"].result_list) == [row]

    def test_finds_customers_by_address(self, as_mina: Client) -> None:
        point = backlog.ContactPointFactory.create(address="jane@example.org")
        backlog.CustomerFactory.create()

        found = as_mina.get(address(Customer, "changelist"), {"q": "JANE@example"})

        assert list(found.context["cl"].result_list) == [point.customer]
