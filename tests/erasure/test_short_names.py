"""Names that are words, too: redacted in what is about the person; elsewhere a colleague says."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from backlog.models import Customer, CustomerRequest, Event, Sprint, User
from backlog.operations import erasure
from backlog.queries import erasure_preview
from backlog.rules import personal
from tests.erasure import planted as world
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(days=1)
FRIENDS = "like a Job, et al, 이산화탄소 and 이산가족"
GOSSIP = f"Li said so, 이산님께서도. So it is {FRIENDS}."
NAMES = re.compile(r"\bli\b|(?<!\w)이산(?!화|가족)", re.IGNORECASE)
OF_NO_REQUEST = {
    *("backlog.Event", "backlog.WebhookDelivery", "council.AgendaItem", "council.ActionItem")
}
"""Some rows of these are planted beside any request."""
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[world.Planted]:
    """As in `test_everywhere`, with names that are words, too, and nothing else of them."""
    monkeypatch.setattr(world, "NAME", "Li")
    monkeypatch.setattr(world, "KOREAN_NAME", "이산")
    monkeypatch.setattr(world, "GOSSIP", GOSSIP)
    yield world.plant()
    for name in ("mailbox", "reports"):
        shutil.rmtree(Path(settings.DATA_DIR) / name, ignore_errors=True)


def erase(planted: world.Planted, *, others: bool) -> None:
    erasure.erase_customer(
        customer_id=planted.mira.pk,
        reason="Asked by phone.",
        answers=erasure.Answers(others=others),
        by=planted.admin,
        at=LATER,
    )


def named_in(label: str) -> set[str]:
    """The columns of a model in which the names stand."""
    columns = personal.declared().redacted[label]
    return {
        column
        for row in apps.get_model(label)._default_manager.all()
        for column in columns
        if NAMES.search(json.dumps(getattr(row, column), ensure_ascii=False))
    }


@pytest.mark.django_db(transaction=True)
class TestEverywhere:
    def test_the_names_stand_in_every_column_before(self, planted: world.Planted) -> None:
        for label, columns in personal.declared().redacted.items():
            assert set(columns) - named_in(label) <= {"data", "domain"}, label

    def test_nothing_is_left_where_a_colleague_says_that_it_means_them(
        self, planted: world.Planted
    ) -> None:
        erase(planted, others=True)

        left = [line for line in world.dump().splitlines() if NAMES.search(line)]
        assert left == []
        assert FRIENDS in Sprint.objects.get().goal
        assert FRIENDS in CustomerRequest.objects.get(pk=planted.request.pk).problem

    def test_what_is_about_them_is_redacted_without_asking(self, planted: world.Planted) -> None:
        erase(planted, others=False)

        about_requests = {
            label
            for label, paths in personal.declared().linked.items()
            if any(personal.ASKERS in path for path in paths)
        }
        assert len(about_requests) > 8
        for label in about_requests - OF_NO_REQUEST:
            assert named_in(label) == set(), label
        assert "Li" in Sprint.objects.get().goal

    def test_what_stays_is_counted_on_record_without_the_name(self, planted: world.Planted) -> None:
        possible = erasure_preview.preview(customer_id=planted.mira.pk, at=LATER).possible

        erase(planted, others=False)

        event = Event.objects.filter(kind="customer.erased").first()
        assert event is not None
        assert possible
        assert (event.data["meant"], event.data["kept"]) == (0, len(possible))
        assert NAMES.search(json.dumps(event.data, ensure_ascii=False)) is None


def test_every_model_says_who_its_rows_are_about() -> None:
    tables = personal.declared()

    assert tables.linked.keys() == tables.redacted.keys()


@pytest.fixture
def isan() -> Customer:
    return make.CustomerFactory.create(name="이산")


@pytest.fixture
def goal(isan: Customer) -> Sprint:
    return make.SprintFactory.create(goal="이산님의 화면과 이산화탄소")


def place(sprint: Sprint) -> str:
    return f"backlog.sprint:{sprint.pk}:goal"


@pytest.fixture
def as_ada(ada: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(ada)
    return client


@pytest.mark.django_db
class TestApi:
    def test_lists_what_may_mean_them(
        self, as_ada: APIClient, isan: Customer, goal: Sprint
    ) -> None:
        found = as_ada.get(f"/api/v1/customers/{isan.pk}/erase/").json()["possible"]

        assert found == [{"place": place(goal), "text": goal.goal, "words": ["이산"]}]

    def test_erases_nobody_before_each_is_decided(
        self, as_ada: APIClient, isan: Customer, goal: Sprint
    ) -> None:
        answer = as_ada.post(f"/api/v1/customers/{isan.pk}/erase/", {"reason": "Asked."})

        assert (answer.status_code, answer.json()["code"]) == (409, "mentions_undecided")
        assert answer.json()["details"]["places"] == [place(goal)]
        isan.refresh_from_db()
        assert isan.name == "이산"

    @pytest.mark.parametrize(
        ("said", "left"),
        [
            ("meant", "[erased]님의 화면과 이산화탄소"),
            ("not_meant", "이산님의 화면과 이산화탄소"),
        ],
    )
    def test_does_as_each_is_decided(
        self, as_ada: APIClient, isan: Customer, goal: Sprint, said: str, left: str
    ) -> None:
        body = {"reason": "Asked.", said: [place(goal)]}

        answer = as_ada.post(f"/api/v1/customers/{isan.pk}/erase/", body, format="json")

        goal.refresh_from_db()
        assert (answer.status_code, goal.goal) == (200, left)
        assert answer.json()["kept_mentions"] == (1 if said == "not_meant" else 0)

    def test_hides_the_text_of_a_closed_product(
        self, as_ada: APIClient, isan: Customer, goal: Sprint
    ) -> None:
        goal.product.is_open = False
        goal.product.save()

        found = as_ada.get(f"/api/v1/customers/{isan.pk}/erase/").json()["possible"]

        assert found == [{"place": place(goal), "text": None, "words": None}]


@pytest.mark.django_db
class TestAdmin:
    @pytest.fixture
    def admin(self, ada: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(ada, backend=SIGN_IN)
        return client

    def erase(self, admin: Client, isan: Customer, **said: str) -> Any:
        return admin.post(
            reverse("admin:backlog_customer_erase", args=[isan.pk]),
            {"_answered": "1", **said},
            follow=True,
        )

    def test_shows_the_text_with_the_words_marked(
        self, admin: Client, isan: Customer, goal: Sprint
    ) -> None:
        page = admin.get(reverse("admin:backlog_customer_erase", args=[isan.pk])).content.decode()

        assert "<mark>이산</mark>님의 화면과 이산화탄소" in page
        assert place(goal) in page

    def test_asks_of_each_before_it_erases(
        self, admin: Client, isan: Customer, goal: Sprint
    ) -> None:
        self.erase(admin, isan, reason="Asked.")
        assert Customer.objects.filter(pk=isan.pk, erased_at__isnull=True).exists()

        self.erase(admin, isan, reason="Asked.", **{place(goal): "yes"})

        goal.refresh_from_db()
        isan.refresh_from_db()
        assert isan.erased_at is not None
        assert goal.goal == "[erased]님의 화면과 이산화탄소"
